import { describe, expect, it } from 'vitest';
import { isFoundIn } from './found.ts';

const TEXTS = [
  'https://a.example',
  'https://evila.example',
  'http://a.example:8080',
  'A.EXAMPLE',
  'null',
  '',
  'https://a.b.example',
];

describe('isFoundIn', () => {
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
    ['^(?!http:).*\\bexample', ''],
    ['(l)\\1|^$', ''],
    ['a{1,', ''],
  ])('agrees with the engine on /%s/%s', (pattern, flags) => {
    for (const text of TEXTS)
      expect([text, isFoundIn(text, pattern, flags)]).toEqual([text, new RegExp(pattern, flags).test(text)]);
  });

  it.each(['(?<=a)b', '(', '[a', '(a{900}){900}', '*', '^(a+)+$'])('leaves %s alone', (pattern) => {
    expect(isFoundIn(`${'a'.repeat(60)}!`, pattern, '')).toBeUndefined();
  });
});
