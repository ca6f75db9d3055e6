import type { Span } from '../../document/document.ts';

/**
 * An instruction on one line, as long as it was: line continuations, and comment and empty lines between them, are
 * spaces, so that offsets stay what they are. `untilFirstBreak` ends it at the first line break that is none of these,
 * where here-documents begin.
 */
export function blanked(text: string, { start, end }: Span, escape: string): { line: string; lineEnd: number } {
  let line = '';
  let at = start;
  while (at < end) {
    const lineEnd = endOfLine(text, at, end);
    const content = text.slice(at, lineEnd);
    const continued = continuationIn(content, escape);
    if (continued === undefined) return { line: line + content, lineEnd };
    line += content.slice(0, continued) + ' '.repeat(content.length - continued);
    at = afterBreak(text, lineEnd, end);
    line += ' '.repeat(at - lineEnd);
    for (;;) {
      const next = endOfLine(text, at, end);
      if (at >= end || !/^[ \t]*(#|$)/.test(text.slice(at, next))) break;
      const after = afterBreak(text, next, end);
      line += ' '.repeat(after - at);
      at = after;
    }
  }
  return { line, lineEnd: end };
}

/** Where the escape character that joins a line with the next one stands. */
function continuationIn(content: string, escape: string): number | undefined {
  const trimmed = content.trimEnd();
  return trimmed.endsWith(escape) ? trimmed.length - 1 : undefined;
}

function endOfLine(text: string, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 10 || character === 13) return at;
  }
  return end;
}

const afterBreak = (text: string, lineEnd: number, end: number): number =>
  Math.min(end, lineEnd + (text.startsWith('\r\n', lineEnd) ? 2 : 1));
