/** A set of UTF-16 code units: disjoint ranges in order, both ends in it. Characters above are not looked at. */
export type Characters = readonly (readonly [first: number, last: number])[];

export const LAST = 0xffff;
export const ANY: Characters = [[0, LAST]];
const LINE_ENDS: Characters = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const DIGIT: Characters = [[48, 57]];
const WORD: Characters = [...DIGIT, [65, 90], [95, 95], [97, 122]];
const SPACE: Characters = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

export const single = (code: number): Characters => (code > LAST ? [] : [[code, code]]);

export function union(...sets: readonly Characters[]): Characters {
  const merged: [number, number][] = [];
  for (const [first, last] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function negated(set: Characters): Characters {
  const left: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) left.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) left.push([next, LAST]);
  return left;
}

export const holds = (set: Characters, code: number): boolean =>
  set.some(([first, last]) => code >= first && code <= last);

export const isWord = (code: number): boolean => holds(WORD, code);
export const isLineEnd = (code: number): boolean => holds(LINE_ENDS, code);
export const dot = (flags: string): Characters => (flags.includes('s') ? ANY : negated(LINE_ENDS));

/** `\d`, `\W` and their like. */
export function classOf(letter: string): Characters | undefined {
  const lower = letter.toLowerCase();
  const set = lower === 'd' ? DIGIT : lower === 'w' ? WORD : lower === 's' ? SPACE : undefined;
  return set && letter !== lower ? negated(set) : set;
}

/** Both cases of every letter, as far as Latin, Greek and Cyrillic go. */
export function caseless(set: Characters): Characters {
  const added: (readonly [number, number])[] = [];
  for (const [first, last] of set) {
    for (let code = Math.max(first, 65); code <= Math.min(last, 0x530); code += 1) {
      const character = String.fromCharCode(code);
      for (const other of [character.toLowerCase(), character.toUpperCase()]) {
        if (other.length === 1 && other !== character) added.push([other.charCodeAt(0), other.charCodeAt(0)]);
      }
    }
  }
  return added.length === 0 ? set : union(set, added);
}

const properties = new Map<string, Characters | undefined>();

/** `\p{…}`, as the Node.js that runs us knows it; undefined for a name it does not know. */
export function propertyOf(name: string, isNegated: boolean): Characters | undefined {
  const known = properties.has(name) ? properties.get(name) : charactersWith(name);
  properties.set(name, known);
  return known && isNegated ? negated(known) : known;
}

function charactersWith(name: string): Characters | undefined {
  if (!/^\w+(=\w+)?$/.test(name)) return undefined;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^\\p{${name}}$`, 'u');
  } catch {
    return undefined;
  }
  const found: [number, number][] = [];
  for (let code = 0; code <= LAST; code += 1) {
    if (!pattern.test(String.fromCharCode(code))) continue;
    const previous = found.at(-1);
    if (previous && previous[1] === code - 1) previous[1] = code;
    else found.push([code, code]);
  }
  return found;
}
