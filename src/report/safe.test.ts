import { describe, expect, it } from 'vitest';
import {
  codeBlock,
  codeSpan,
  printable,
  safeCommandData,
  safeCommandProperty,
  safeHtml,
  safeJson,
  safeMarkdown,
  safeXml,
  withoutCommands,
} from './safe.ts';

describe('a line to print', () => {
  it.each([
    ['an escape sequence', '\u001B[2Jx', String.raw`\x1b[2Jx`],
    ['an 8-bit control sequence', '\u009B2Jx', String.raw`\x9b2Jx`],
    ['a bell and a DEL', '\u0007\u007F', String.raw`\x07\x7f`],
    ['a line break', 'a\r\nb', String.raw`a\r\nb`],
    ['a tab', 'a\tb', String.raw`a\tb`],
    ['a direction override', 'a\u202Egnp.exe', String.raw`a\u{202e}gnp.exe`],
    ['direction isolates', '\u2066a\u2069', String.raw`\u{2066}a\u{2069}`],
    ['zero-width characters', 'a\u200Bb\u200Dc\uFEFF', String.raw`a\u{200b}b\u{200d}c\u{feff}`],
    ['line and paragraph separators', '\u2028\u2029', String.raw`\u{2028}\u{2029}`],
    ['tag characters', 'a\u{E0041}', String.raw`a\u{e0041}`],
    ['a lone surrogate', 'a\uD83Db', String.raw`a\u{d83d}b`],
    ['letters of any script and emoji', 'añ中🚀⚠️', 'añ中🚀⚠️'],
  ])('spells out %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('cuts what is too long to mean anything', () => {
    expect(printable('x'.repeat(5000))).toBe(`${'x'.repeat(1000)}…(4000 more characters)`);
  });
});

describe('text in a CI log', () => {
  it.each([
    ['a command', 'a\n  ::error::owned', 'a\n  \\x3a:error::owned'],
    ['the older form of a command', 'a ##[add-mask]b', 'a #\\x23[add-mask]b'],
    ['a command of Azure Pipelines', '##vso[task.setvariable]x', '#\\x23vso[task.setvariable]x'],
    ['colons inside of a line', 'std::vector', 'std::vector'],
  ])('keeps no %s', (_, text, shown) => {
    expect(withoutCommands(text)).toBe(shown);
  });
});

describe('text in Markdown', () => {
  it.each([
    ['markup', '**a** _b_ `c`', '\\*\\*a\\*\\* \\_b\\_ \\`c\\`'],
    ['a link', '[a](b)', '\\[a\\]\\(b\\)'],
    ['HTML', '<img src=x>', '&#60;img src=x&#62;'],
    ['an entity', '&lt;', '&#38;lt;'],
    ['the end of a cell', 'a|b', 'a\\|b'],
    ['a mention', '@everyone', '@\u200Beveryone'],
    ['a reference', '#12', '\\#\u200B12'],
    ['a bare address', 'https://a.example', 'https&#58;//a.example'],
  ])('is no %s', (_, text, shown) => {
    expect(safeMarkdown(text)).toBe(shown);
  });

  it('cannot end the code span or the code block it is in', () => {
    expect(codeSpan('a`` b')).toBe('```a`` b```');
    expect(codeSpan('`a`')).toBe('`` `a` ``');
    expect(codeBlock('a\n````\nb', 'js')).toBe('`````js\na\n````\nb\n`````');
  });
});

describe('text elsewhere', () => {
  it('is no element, attribute or entity in HTML and XML', () => {
    expect(safeHtml(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;');
    expect(safeXml(']]><x>\u0000')).toBe(']]&#62;&#60;x&#62;\\x00');
  });

  it('stays inside of its workflow command', () => {
    expect(safeCommandData('a\n::b %0A')).toBe('a%0A::b %250A');
    expect(safeCommandProperty('a,b:c%\n')).toBe('a%2Cb%3Ac%25\\n');
  });

  it('is the same value in JSON, without a character that does something', () => {
    const value = { 'a\u202E': ['\u009B2J', '\u2028', '\uD800', '\u{E0041}', 'é'] };
    const text = safeJson(value, 2);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Cs}]/u);
  });
});
