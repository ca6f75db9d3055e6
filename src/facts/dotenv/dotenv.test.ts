import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DotenvEntry } from './dotenv-facts.ts';
import { extract } from './extract.ts';
import { readingsOf } from './readings.ts';

const entriesOf = (text: string): readonly DotenvEntry[] =>
  extract({ path: '.env', text, language: 'dotenv', tracked: 'tracked' }).facts.entries;

describe('a .env file', () => {
  it('says what stands where', () => {
    const text = '# head\nPORT=3000\nexport NAME = \'my app\' # the name\nEMPTY=\nMULTI="a\nb"\n';
    const shown = entriesOf(text).map(({ name, value, quote }) => [
      name,
      value.text,
      quote,
      text.slice(value.start, value.end),
    ]);
    expect(shown).toEqual([
      ['PORT', '3000', 'none', '3000'],
      ['NAME', 'my app', 'single', 'my app'],
      ['EMPTY', '', 'none', ''],
      ['MULTI', 'a\nb', 'double', 'a\nb'],
    ]);
  });

  it('never carries the value of a secret', () => {
    const text = 'DB_PASSWORD=hunter2x\nJWT_SECRET="Kf93 vuqLd"\nURL=postgres://a:Kf93vuq@db.acme.io/x\n';
    const facts = JSON.stringify(entriesOf(text));
    expect(facts).not.toMatch(/hunter2x|Kf93/);
  });

  it.each([
    ['A=pa#ss', 'cut', 'cut'],
    ['A="pa#ss"', undefined, undefined],
    ['A=a # b', undefined, undefined],
    ['A: v', undefined, 'absent'],
    [String.raw`A="a\"b"`, 'different', 'different'],
    ["A='it's'", undefined, 'cut'],
    ['A=x\r\n', undefined, undefined],
  ])('%j is read by dotenv: %s, by Node: %s', (text, dotenv, node) => {
    const [entry] = entriesOf(text);
    expect([entry?.dotenv, entry?.node]).toEqual([dotenv, node]);
  });

  it('knows weak values by what they are, not by what they say', () => {
    const weak = entriesOf(
      'JWT_SECRET=secret\nSESSION_SECRET=q9!x\nDB_PASSWORD=postgres\nJWT_KEY=Kf93vuqLd82hsXpq71Zm\nA=secret',
    ).map(({ secret }) => secret?.weak);
    expect(weak).toEqual(['word', 'short', 'word', undefined, undefined]);
  });
});

describe('random text', () => {
  const quotes = ['', '"', "'", '`'];
  const plain = ['x', 'val', ' ', '#', ' #', '\\n', '${A}', '$', '1', '-', '.', '{', '}', 'é', '=', ':'];
  const pieces = [
    'x',
    'val',
    ' ',
    '"',
    "'",
    '`',
    '#',
    ' #',
    '\\n',
    '${A}',
    '$',
    '1',
    '-',
    '.',
    '{',
    '}',
    'é',
    '=',
    ':',
  ];
  let seed = 3;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const textOf = (wild: boolean): string =>
    Array.from({ length: 1 + next(4) }, (_, line) => {
      const from = wild ? pieces : plain;
      const text = Array.from({ length: next(7) }, () => from[next(from.length)]).join('');
      const quote = wild ? '' : (quotes[next(4)] ?? '');
      const value = `${quote}${text}${quote}`;
      return `${wild && next(3) === 0 ? '' : `KEY_${line}=`}${value}${next(5) === 0 ? '\r\n' : '\n'}`;
    }).join('');

  it('is read as Node.js reads it', () => {
    for (let i = 0; i < 300; i += 1) {
      const text = textOf(false);
      expect(Object.fromEntries(readingsOf(text).node), JSON.stringify(text)).toEqual({ ...parseEnv(text) });
    }
  });

  it('yields spans of the text', () => {
    for (let i = 0; i < 300; i += 1) {
      const text = textOf(true);
      for (const { name, nameAt, value, end } of entriesOf(text)) {
        expect(text.slice(nameAt.start, nameAt.end)).toBe(name);
        expect(value.start <= value.end && value.end <= end && end <= text.length).toBe(true);
      }
    }
  });
});
