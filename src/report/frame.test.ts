import { describe, expect, it } from 'vitest';
import { frameOf } from './frame.ts';
import { sampleFinding } from './sample-report.ts';

const given = { rule: 'config/x', severity: 'low', message: 'x' } as const;
const shown = (path: string, line: number, marked: string): readonly string[] =>
  frameOf(sampleFinding(path, line, marked, given)).map(({ number, before, flagged, after, isFlagged }) =>
    isFlagged ? `${number} ${before}«${flagged}»${after}` : `${number} ${before}`,
  );

describe('the frame of a finding', () => {
  it('takes away the indentation all lines share', () => {
    expect(shown('a.js', 7, '    if (x) {\n      «y()»;\n    }')).toEqual(['7 if (x) {', '8   «y()»;', '9 }']);
  });

  it('keeps the span in place behind tabs and characters that are spelled out', () => {
    expect(shown('a.js', 1, 'a\u202E\t«b»c')).toEqual([String.raw`1 a\u{202e}  «b»c`]);
  });

  it('flags every line of a longer span, without the white space around', () => {
    expect(shown('a.js', 1, 'a(«{\n  b,  \n}»);')).toEqual(['1 a(«{»', '2   «b,»  ', '3 «}»);']);
  });

  it('finds the span again where a secret is shorter in the excerpt than in the file', () => {
    const excerpt = { line: 1, text: `key = '…(40 characters)'; call(x);` };
    const before = `key = '${'s'.repeat(40)}'; call(`;
    const at = (start: number, end: number) => ({
      path: 'a.js',
      start: { line: 1, column: start + 1 },
      end: { line: 1, column: end + 1 },
    });
    const flagged = (start: number, end: number): string | undefined =>
      frameOf({ excerpt, at: at(start, end) })[0]?.flagged;
    expect(flagged(before.length, before.length + 1)).toBe('x');
    expect(flagged(6, 48)).toBe(`'…(40 characters)'`);
  });

  it('shows a mask that takes several lines once', () => {
    const mask = '-----BEGIN PRIVATE KEY-----…';
    expect(shown('a.pem', 1, `«${mask}\n${mask}\n${mask}»\nend`)).toEqual([`1 «${mask}»`, '4 end']);
  });

  it('shows the place of a span without text', () => {
    expect(shown('a.js', 3, 'app«»')).toEqual(['3 app«»']);
  });
});
