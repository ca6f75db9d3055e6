import type { Document, Language, Location } from '../document/document.ts';
import { lineStartsOf } from '../document/position.ts';

/** A wish to ignore findings, wherever it was written. */
export interface IgnoreWish {
  readonly by: 'comment' | 'config';
  readonly at: Location;
  /** Rules and categories. */
  readonly names: readonly string[];
  readonly reason?: string;
  /** `YYYY-MM-DD`, the last day it holds. */
  readonly until?: string;
  /** Whether it is about a line of a file. */
  readonly covers: (path: string, line: number) => boolean;
}

const WORD = 'audit-ignore';
/** Of one comment, in characters. */
const MAX_LENGTH = 1_000;

/** What opens a comment, by language. Text from the network and files without comments have none. */
const MARKERS: Readonly<Record<Language, readonly string[]>> = {
  javascript: ['//', '/*', '/**', '*'],
  json: ['//', '/*'],
  dockerfile: ['#'],
  dotenv: ['#'],
  yaml: ['#'],
  shell: ['#'],
  nginx: ['#'],
  procfile: ['#'],
  'ignore-file': ['#'],
  hcl: ['#', '//', '/*'],
  'version-file': ['#'],
  ini: ['#', ';'],
  template: ['<!--', '{{!--', '{{!', '{#', '<%#', '//-', '//'],
  text: ['#', '//', '<!--', '--'],
  manifest: [],
  lockfile: [],
  http: [],
};

const CLOSERS = /\s*(?:\*\/\s*\}?|-->|--\}\}|\}\}|#\}|%>)\s*$/;

/**
 * `audit-ignore <rule or category>[, …][ until YYYY-MM-DD]: reason` in comments. Behind code it is about its own line,
 * on a line of its own about the next line of code.
 */
export async function ignoreCommentsIn(documents: readonly Document[]): Promise<readonly IgnoreWish[]> {
  const wishes: IgnoreWish[] = [];
  for (const document of documents) {
    if (MARKERS[document.language].length === 0 || !document.text.includes(WORD)) continue;
    const inComment = await commentTestOf(document);
    wishes.push(...wishesIn(document).filter(({ at }) => inComment(at.start)));
  }
  return wishes;
}

/** Program text can hold what looks like a comment in a string; there the parser decides, if it can read the file. */
async function commentTestOf(document: Document): Promise<(offset: number) => boolean> {
  if (document.language !== 'javascript') return () => true;
  const { commentsIn } = await import('../facts/javascript/comments.ts');
  const comments = commentsIn(document);
  return (offset) => comments?.some(({ start, end }) => start < offset && offset < end) ?? true;
}

function wishesIn(document: Document): readonly IgnoreWish[] {
  const markers = MARKERS[document.language];
  const lines = linesOf(document.text);
  const wishes: IgnoreWish[] = [];
  for (const [index, line] of lines.entries()) {
    const column = line.text.indexOf(WORD);
    if (column === -1) continue;
    const before = line.text.slice(0, column).trimEnd();
    const marker = markers.filter((candidate) => before.endsWith(candidate)).toSorted((a, b) => b.length - a.length)[0];
    if (marker === undefined) continue;
    const code = before.slice(0, -marker.length).trim();
    const isAlone = code === '' || code === '{';
    const about = isAlone ? nextCodeLine(lines, index, markers) : index;
    const wish = wishIn(document.path, line, column, about + 1);
    if (wish) wishes.push(wish);
  }
  return wishes;
}

interface Line {
  readonly start: number;
  readonly text: string;
}

const linesOf = (text: string): readonly Line[] => {
  const starts = lineStartsOf(text);
  return starts.map((start, index) => ({ start, text: text.slice(start, starts[index + 1]).replace(/[\r\n]+$/, '') }));
};

function wishIn(path: string, { start, text }: Line, column: number, about: number): IgnoreWish | undefined {
  const said = text
    .slice(column, column + MAX_LENGTH)
    .replace(CLOSERS, '')
    .trimEnd();
  const rest = said.slice(WORD.length);
  if (rest !== '' && !/^[\s:]/.test(rest)) return undefined;
  const colon = rest.indexOf(':');
  const head = colon === -1 ? rest : rest.slice(0, colon);
  const reason = colon === -1 ? '' : rest.slice(colon + 1).trim();
  const until = /\suntil\s+(\d{4}-\d{2}-\d{2})\s*$/.exec(head)?.[1];
  const names = head
    .replace(/\suntil\s[^,]*$/, '')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  return {
    by: 'comment',
    at: { path, start: start + column, end: start + column + said.length },
    names,
    ...(reason !== '' && { reason }),
    ...(until !== undefined && { until }),
    covers: (otherPath, line) => otherPath === path && line === about,
  };
}

/** Index of the next line with something else than a comment; the comment's own where there is none. */
function nextCodeLine(lines: readonly Line[], from: number, markers: readonly string[]): number {
  let isInBlock = isBlockOpen(lines[from]?.text ?? '');
  for (let index = from + 1; index < lines.length; index += 1) {
    const text = lines[index]?.text.trim() ?? '';
    if (isInBlock) isInBlock = !text.includes('*/');
    else if (text === '') continue;
    else if (markers.some((marker) => text.replace(/^\{/, '').startsWith(marker))) isInBlock = isBlockOpen(text);
    else return index;
  }
  return from;
}

const isBlockOpen = (text: string): boolean => /\/\*|^\s*\*/.test(text) && !text.includes('*/');
