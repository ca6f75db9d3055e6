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

/** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
function editDistanceOf(from: string, to: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
