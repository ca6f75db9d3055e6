/**
 * Whether a path with `/` matches a glob: `*` within a segment, `**` for any number of segments, `?` for one
 * character. Linear in the length of each for every segment: no glob of a hostile project makes it slow.
 */
export function matchesGlob(path: string, glob: string): boolean {
  const segments = path.split('/');
  // the set of segment counts the glob so far can have consumed
  let reached = new Set([0]);
  for (const part of glob.split('/').slice(0, MAX_PARTS)) {
    const next = new Set<number>();
    if (part === '**') for (let at = Math.min(...reached); at <= segments.length; at += 1) next.add(at);
    else
      for (const at of reached) if (at < segments.length && matchesSegment(segments[at] ?? '', part)) next.add(at + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(segments.length);
}

const MAX_PARTS = 64;

function matchesSegment(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  // where to resume when the text after the last star turns out to be part of the star
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    if (pattern[wanted] === '*') {
      star = wanted;
      starAt = at;
      wanted += 1;
    } else if (pattern[wanted] === '?' || pattern[wanted] === text[at]) {
      wanted += 1;
      at += 1;
    } else if (star !== -1) {
      wanted = star + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  while (pattern[wanted] === '*') wanted += 1;
  return wanted === pattern.length;
}
