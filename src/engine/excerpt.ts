import type { Document, Location, Span } from '../document/document.ts';
import { maskOf } from '../document/mask.ts';
import { lineStartsOf, positionAt } from '../document/position.ts';
import type { SecretFact } from '../facts/facts.ts';
import type { Excerpt, Place } from './finding.ts';

const CONTEXT_LINES = 2;
const MAX_LINES = 12;
const MAX_LINE_LENGTH = 400;

/** A document together with what printing parts of it needs: its lines, and the secrets never to print. */
export interface Page {
  readonly document: Document;
  readonly lineStarts: readonly number[];
  readonly secrets: readonly SecretFact[];
}

export const pageOf = (document: Document, secrets: Page['secrets']): Page => ({
  document,
  lineStarts: lineStartsOf(document.text),
  secrets,
});

export function placeOf(page: Page, at: Location): Place {
  return { path: at.path, start: positionAt(page.lineStarts, at.start), end: positionAt(page.lineStarts, at.end) };
}

/** The lines of a finding and a little around them, with every secret masked and long lines cut. */
export function excerptOf(page: Page, at: Location): Excerpt {
  const { text } = page.document;
  const first = Math.max(1, positionAt(page.lineStarts, at.start).line - CONTEXT_LINES);
  const last = Math.min(
    page.lineStarts.length,
    positionAt(page.lineStarts, at.end).line + CONTEXT_LINES,
    first + MAX_LINES - 1,
  );
  const lines: string[] = [];
  for (let line = first; line <= last; line += 1) {
    const start = page.lineStarts[line - 1] ?? 0;
    const end = page.lineStarts[line] ?? text.length;
    // a secret may be said a second time, in a comment beside it
    lines.push(cut(withoutSecrets(masked(page, { start, end }).replace(/[\r\n]+$/, ''), [page])));
  }
  return { line: first, text: lines.join('\n') };
}

const cut = (line: string): string => (line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}…` : line);

/** A whole document with every secret masked. */
export const maskedText = (page: Page): string => masked(page, { start: 0, end: page.document.text.length });

function masked({ document, secrets }: Page, { start, end }: Span): string {
  let output = '';
  let from = start;
  for (const secret of secrets) {
    if (secret.end <= from || secret.start >= end) continue;
    output += document.text.slice(from, Math.max(from, secret.start)) + secret.masked;
    from = Math.min(end, secret.end);
  }
  return output + document.text.slice(from, end);
}

/** Text of our own making that may quote the target: a secret of these pages in it is masked as well. */
export function withoutSecrets(text: string, pages: Iterable<Page>): string {
  let clean = text;
  for (const { document, secrets } of pages) {
    for (const { start, end, strength } of secrets) {
      if (strength === 'word') continue; // a word of every language, and no message quotes a value
      const value = document.text.slice(start, end);
      if (value.length >= 4 && clean.includes(value)) clean = clean.replaceAll(value, maskOf(value));
    }
  }
  return clean;
}
