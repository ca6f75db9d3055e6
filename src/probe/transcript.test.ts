import { describe, expect, it } from 'vitest';
import type { Pair, Record } from './exchange.ts';
import { documentOf } from './transcript.ts';

function textOf(headers: readonly Pair[]): string {
  const record: Record = {
    kind: 'http',
    question: { step: 'home', method: 'GET', url: new URL('https://app.example/'), headers: [] },
    answer: { kind: 'response', status: 200, reason: 'OK', headers, body: new Uint8Array(), wireBytes: 0 },
    notes: [],
  };
  return documentOf(record, 1, (text) => text).text;
}

describe('the transcript of an answer', () => {
  it('keeps the tab that separates words of a field', () => {
    expect(textOf([['Content-Security-Policy', "script-src https:\t'self'"]])).toContain("script-src https:\t'self'\n");
  });

  it('writes out whatever else could move a cursor or begin a line', () => {
    const text = textOf([['X-Powered-By', 'a\u001b[2J\u202eb\nSet-Cookie: c=d\u009b']]);
    expect(text).toContain(String.raw`X-Powered-By: a\x1b[2J\u{202e}b\x0aSet-Cookie: c=d\x9b`);
    expect(text.split('\n').some((line) => line.startsWith('Set-Cookie'))).toBe(false);
  });
});
