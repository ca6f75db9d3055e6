import type { Span } from '../../document/document.ts';

/** One line of the plain, indented subset of YAML that package managers write. */
export interface IndentedLine {
  readonly indent: number;
  readonly key: string;
  readonly keyAt: Span;
  /** Without quotes; empty where the value is the lines below. */
  readonly value: string;
  readonly valueAt: Span;
}

/** Lines of keys and values; items of lists have the key `-`. Keys longer than a line may be are written `? key`. */
export function* indentedLinesOf(text: string): Generator<IndentedLine> {
  let at = 0;
  let explicit: { indent: number; key: string; keyAt: Span } | undefined;
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end === -1) end = text.length;
    const start = at;
    at = end + 1;
    let from = start;
    while (text[from] === ' ') from += 1;
    let to = end;
    while (to > from && (text[to - 1] === '\r' || text[to - 1] === ' ')) to -= 1;
    const indent = from - start;
    if (from === to || text[from] === '#') continue;
    if (to > from + 2 && text.startsWith('? ', from)) {
      explicit = { indent, key: unquoted(text.slice(from + 2, to)), keyAt: { start: from + 2, end: to } };
      yield { ...explicit, value: '', valueAt: { start: to, end: to } };
    } else if (text[from] === ':' && explicit?.indent === indent) {
      const rest = text.slice(from + 1, to);
      const inner = from + 1 + (rest.length - rest.trimStart().length);
      if (inner < to) yield lineOf(text, inner, to, indent + 2);
    } else yield lineOf(text, from, to, indent);
  }
}

function lineOf(text: string, from: number, to: number, indent: number): IndentedLine {
  if (to > from + 2 && text.startsWith('- ', from)) {
    const valueAt = { start: from + 2, end: to };
    return {
      indent,
      key: '-',
      keyAt: { start: from, end: from + 1 },
      value: unquoted(text.slice(from + 2, to)),
      valueAt,
    };
  }
  const colon = endOfKey(text, from, to);
  const keyAt = { start: from, end: colon };
  let start = Math.min(colon + 1, to);
  while (start < to && text[start] === ' ') start += 1;
  return {
    indent,
    key: unquoted(text.slice(from, colon)),
    keyAt,
    value: unquoted(text.slice(start, to)),
    valueAt: { start, end: to },
  };
}

/** The colon behind a key; the end of the line where there is none. */
function endOfKey(text: string, from: number, to: number): number {
  let at = from;
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, from + 1);
    at = close === -1 || close >= to ? from : close;
  }
  for (; at < to; at += 1) {
    if (text[at] === ':' && (at + 1 === to || text[at + 1] === ' ')) return at;
  }
  return to;
}

export function unquoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== '"' && quote !== "'") || text.at(-1) !== quote) return text;
  return text.slice(1, -1);
}

/** `{integrity: sha512-…, tarball: https://…}` → its members. */
export function flowMapOf(text: string): ReadonlyMap<string, string> {
  if (!text.startsWith('{') || !text.endsWith('}')) return new Map();
  return new Map(
    text
      .slice(1, -1)
      .split(/, (?=[\w-]+: )/)
      .map((member): [string, string] => {
        const colon = member.indexOf(': ');
        return colon === -1 ? [member, ''] : [member.slice(0, colon).trim(), unquoted(member.slice(colon + 2).trim())];
      }),
  );
}
