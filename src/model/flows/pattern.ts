import { META_CHARACTERS, STRING_LABELS } from './label.ts';
import type { StringLabel } from './label.ts';

const SHORTHANDS: Readonly<Record<string, string>> = {
  d: '0123456789',
  w: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_',
  s: ' \t\n\r\f\v',
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' };

/** Characters text may hold: a set of those that may be in it, or all but some. */
interface Characters {
  readonly not: boolean;
  readonly set: ReadonlySet<string>;
}

/**
 * The labels text loses when the whole of it matches a pattern: those none of whose meta-characters the pattern lets
 * through. Nothing for a pattern that is not anchored at both ends, or that reads lines.
 */
export function clearedByMatch(pattern: string, flags: string): readonly StringLabel[] {
  if (flags.includes('m') || !isAnchored(pattern)) return [];
  const allowed = charactersIn(pattern.slice(1, -1));
  if (!allowed) return [];
  const without = labelsWithout((character) => allowed.some((characters) => holds(characters, character)));
  const cleared: readonly StringLabel[] =
    staysOnSite(pattern) && !without.includes('redirect') ? [...without, 'redirect', 'url-host'] : without;
  // `^\w[\w-]*$`: no option begins like that
  const [first] = allowed;
  const isNoOption = first !== undefined && !holds(first, '-') && /^\^(\[[^\]]*\]|\\?[^([])(?![?*{])/.test(pattern);
  const isShort = !/[*+]|\{\d+,\}/.test(pattern.replaceAll(/\\.|\[[^\]]*\]/g, ''));
  return [...cleared, ...(isNoOption ? (['argument'] as const) : []), ...(isShort ? (['long-text'] as const) : [])];
}

/** `^\/[a-z]…$`: behind the first slash stands neither a slash nor a backslash, so that no host follows. */
function staysOnSite(pattern: string): boolean {
  const behind = /^\^\\\/(\[(?:\\.|[^\]\\])+\]|\\w|[\w-])(?![*?{])/.exec(pattern)?.[1];
  const [only] = behind === undefined ? [] : (charactersIn(behind) ?? []);
  return only !== undefined && !holds(only, '/') && !holds(only, '\\');
}

/** Matches the address of another host that begins with two slashes, so that what it does not match is none. */
export function refusesOtherHosts(pattern: string, flags: string): boolean {
  try {
    return (
      pattern.startsWith('^') && !flags.includes('m') && new RegExp(pattern, flags.replace(/[gy]/g, '')).test('//a.b')
    );
  } catch {
    return false;
  }
}

/** What matches is no object: the pattern lets no `[object Object]` through, which is what an object is as text. */
export function refusesObjects(pattern: string, flags: string): boolean {
  if (flags.includes('m') || !isAnchored(pattern)) return false;
  const allowed = charactersIn(pattern.slice(1, -1));
  if (!allowed) return false;
  // an `@` that must be there, as in addresses of mail
  if (/^[^()|]*[^()|\\[]@(?![?*{])[^()|]*$/.test(pattern)) return true;
  return [...'[object Object]'].some((character) => !allowed.some((characters) => holds(characters, character)));
}

/** The labels text loses when everything that matches is taken out of it (`replace(/[^\w]/g, '')`). */
export function clearedByRemoval(pattern: string, flags: string): readonly StringLabel[] {
  if (!flags.includes('g')) return [];
  const removed = charactersIn(pattern.replace(/[+*]$/, ''));
  const [only, ...others] = removed ?? [];
  if (!only || others.length > 0) return [];
  return labelsWithout((character) => !holds(only, character));
}

const labelsWithout = (mayHold: (character: string) => boolean): readonly StringLabel[] =>
  STRING_LABELS.filter(
    (label) => ![...META_CHARACTERS[label]].some(mayHold) || (label === 'path' && !mayHold('.') && !mayHold('\\')),
  );

const holds = ({ not, set }: Characters, character: string): boolean => set.has(character) !== not;

function isAnchored(pattern: string): boolean {
  if (!pattern.startsWith('^') || !pattern.endsWith('$') || pattern.endsWith('\\$')) return false;
  // `^a|b$` anchors neither alternative at both ends; inside a group it does not matter
  let depth = 0;
  let inClass = false;
  for (let i = 0; i < pattern.length; i += 1) {
    const character = pattern[i];
    if (character === '\\') i += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return false;
  }
  return true;
}

/** Every character or class a pattern consumes; undefined where it uses what is not understood. */
function charactersIn(pattern: string): readonly Characters[] | undefined {
  const found: Characters[] = [];
  let i = 0;
  while (i < pattern.length) {
    const character = pattern[i] ?? '';
    if (character === '[') {
      const end = classEnd(pattern, i);
      if (end === undefined) return undefined;
      found.push(classOf(pattern.slice(i + 1, end)));
      i = end + 1;
    } else if (character === '\\') {
      const next = pattern[i + 1] ?? '';
      if (/[pPkuxc1-9]/.test(next)) return undefined;
      if (!/[bB]/.test(next)) found.push(escapeOf(next));
      i += 2;
    } else if (character === '.') {
      found.push({ not: true, set: new Set('\n\r') });
      i += 1;
    } else if (character === '{') {
      const end = pattern.indexOf('}', i);
      i = end === -1 ? i + 1 : end + 1;
    } else if (character === '(' && pattern[i + 1] === '?') {
      const group = /^\(\?(:|<\w+>|=|!|<=|<!)/.exec(pattern.slice(i));
      if (!group) return undefined;
      i += group[0].length;
    } else {
      if (!'()|*+?^$'.includes(character)) found.push({ not: false, set: new Set(character) });
      i += 1;
    }
  }
  return found;
}

function classEnd(pattern: string, start: number): number | undefined {
  for (let i = start + 1; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1;
    else if (pattern[i] === ']') return i;
  }
  return undefined;
}

function escapeOf(letter: string): Characters {
  const lower = letter.toLowerCase();
  const shorthand = Object.hasOwn(SHORTHANDS, lower) ? SHORTHANDS[lower] : undefined;
  if (shorthand !== undefined) return { not: letter !== lower, set: new Set(shorthand) };
  return { not: false, set: new Set(Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : letter) };
}

function classOf(body: string): Characters {
  const not = body.startsWith('^');
  const set = new Set<string>();
  let hasOpenEnd = false;
  for (let i = not ? 1 : 0; i < body.length; i += 1) {
    const character = body[i] ?? '';
    if (character === '\\') {
      i += 1;
      const escaped = escapeOf(body[i] ?? '');
      // `[\W]` and its like may hold nearly anything
      if (escaped.not) hasOpenEnd = true;
      else escaped.set.forEach((each) => set.add(each));
    } else if (body[i + 1] === '-' && i + 2 < body.length) {
      const last = Math.min(body.codePointAt(i + 2) ?? 0, 0x24f);
      for (let code = character.codePointAt(0) ?? 0; code <= last; code += 1) set.add(String.fromCodePoint(code));
      i += 2;
    } else set.add(character);
  }
  return hasOpenEnd ? { not: !not, set: new Set() } : { not, set };
}
