import { describe, expect, it } from 'vitest';
import { findsOf } from './regex.ts';

const TEXTS = [
  'https://a.example',
  'https://evila.example',
  'http://a.example:8080',
  'A.EXAMPLE',
  'null',
  '',
  'https://a.b.example',
];

describe('findsOf', () => {
  it.each([
    ['^https?:\\/\\/(.+\\.)?a\\.example(:\\d{1,5})?$', ''],
    ['a.example', 'i'],
    ['^(?:https|http)://[a-z0-9-]+\\.example$', 'i'],
    ['^https:\\/\\/([^.]+\\.){1,2}example$', ''],
    ['^(?<all>.*)$|x', ''],
    ['[^\\w:/.]', ''],
    ['^$', ''],
    ['(a|b)?\\.b{0,2}', ''],
    ['^h*?t+', ''],
  ])('agrees with the engine on /%s/%s', (pattern, flags) => {
    const finds = findsOf(pattern, flags);
    for (const text of TEXTS) expect([text, finds?.(text)]).toEqual([text, new RegExp(pattern, flags).test(text)]);
  });

  it.each(['(?=a)b', '(a)\\1', '\\bword', 'a{1,', '(', '[a', '(a{900}){900}', '*'])('leaves %s alone', (pattern) => {
    expect(findsOf(pattern, '')).toBeUndefined();
  });

  it('takes no time over a pattern that would take an engine years', () => {
    expect(findsOf('^(a+)+$', '')?.(`${'a'.repeat(60)}!`)).toBe(false);
  });
});
