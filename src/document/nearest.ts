/** The name most like a mistyped one; undefined where none is close. */
export function nearestOf(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, MAX_LENGTH);
  let nearest: string | undefined;
  // a third of the letters may be wrong
  let least = Math.floor(wanted.length / 3) + 1;
  for (const candidate of names) {
    const distance = editDistanceOf(wanted, candidate.toLowerCase().slice(0, MAX_LENGTH));
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

const MAX_LENGTH = 64;

/** Insertions, deletions and replacements that turn one into the other. */
function editDistanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
