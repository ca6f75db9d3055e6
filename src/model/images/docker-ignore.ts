import type { IgnorePattern } from '../../facts/ignore-file/ignore-facts.ts';

/**
 * Which files of a build context a `.dockerignore` keeps out: patterns are anchored at the context's root, `**` spans
 * folders, a pattern that matches a folder covers what is in it, the last match wins.
 * Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export interface DockerIgnore {
  /** Absent where the context has no ignore file. */
  readonly path?: string;
  readonly patterns: readonly IgnorePattern[];
  /** Whether a file, relative to the context, is kept out. */
  readonly ignores: (path: string) => boolean;
}

export function dockerIgnoreOf(patterns: readonly IgnorePattern[], path?: string): DockerIgnore {
  const compiled = patterns.map(({ text, negated }) => ({ segments: segmentsOf(text), negated }));
  return {
    ...(path !== undefined && { path }),
    patterns,
    ignores: (file) => {
      const segments = file.split('/');
      let ignored = false;
      for (const pattern of compiled) {
        if (pattern.negated === ignored && matchesItOrAParent(pattern.segments, segments)) ignored = !pattern.negated;
      }
      return ignored;
    },
  };
}

const segmentsOf = (pattern: string): readonly string[] =>
  pattern.split('/').filter((segment) => segment !== '' && segment !== '.');

/** A pattern that matches a folder matches everything below it. */
function matchesItOrAParent(pattern: readonly string[], path: readonly string[]): boolean {
  // reachable[i]: the first i segments of the pattern match the segments of the path read so far
  let reachable = withSkips(pattern, new Set([0]));
  for (const segment of path) {
    const next = new Set<number>();
    for (const at of reachable) {
      const part = pattern[at];
      if (part === '**') next.add(at);
      else if (part !== undefined && matchesSegment(part, segment)) next.add(at + 1);
    }
    reachable = withSkips(pattern, next);
    if (reachable.has(pattern.length)) return true;
  }
  return false;
}

/** `**` also stands for no folder at all. */
function withSkips(pattern: readonly string[], reachable: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(reachable);
  for (const at of all) if (pattern[at] === '**') all.add(at + 1);
  return all;
}

/** `*`, `?`, `[a-z]` and `\` within one path segment, without backtracking. */
export function matchesSegment(pattern: string, text: string): boolean {
  let reachable = new Set([0]);
  const parts = globPartsOf(pattern);
  const star = (from: Set<number>): Set<number> => {
    for (const at of from) if (parts[at] === '*') from.add(at + 1);
    return from;
  };
  star(reachable);
  for (const character of text) {
    const next = new Set<number>();
    for (const at of reachable) {
      const part = parts[at];
      if (part === '*') next.add(at);
      else if (typeof part === 'function' && part(character)) next.add(at + 1);
    }
    reachable = star(next);
  }
  return reachable.has(parts.length);
}

type GlobPart = '*' | ((character: string) => boolean);

function globPartsOf(pattern: string): readonly GlobPart[] {
  const parts: GlobPart[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const close = character === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (character === '*') {
      if (parts.at(-1) !== '*') parts.push('*');
    } else if (character === '?') parts.push(() => true);
    else if (close > 0) {
      parts.push(classOf(pattern.slice(at + 1, close)));
      at = close;
    } else {
      const literal = character === '\\' && at + 1 < pattern.length ? pattern.charAt((at += 1)) : character;
      parts.push((other) => other === literal);
    }
  }
  return parts;
}

function classOf(body: string): (character: string) => boolean {
  const inverted = /^[!^]/.test(body);
  const ranges = [...(inverted ? body.slice(1) : body).matchAll(/([^])-([^])|([^])/g)];
  return (character) =>
    inverted !==
    ranges.some(([, from, to, single]) =>
      single === undefined ? character >= (from ?? '') && character <= (to ?? '') : character === single,
    );
}
