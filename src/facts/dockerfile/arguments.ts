import type { Span } from '../../document/document.ts';
import { wordAt } from '../shell/plain-commands.ts';
import type { Pair, Word, WordMaker } from '../word.ts';
import type { DockerFlag } from './dockerfile-facts.ts';

/** Leading `--name=value` of an instruction's arguments, and where the rest begins. `line` stands at `offset`. */
export function flagsOf(
  line: string,
  from: number,
  offset: number,
  maker: WordMaker,
): { flags: DockerFlag[]; rest: number } {
  const flags: DockerFlag[] = [];
  let at = afterSpace(line, from);
  while (line.startsWith('--', at)) {
    const { end } = wordAt(line, at, /\s/);
    if (end <= at + 2) break;
    const span = { start: at + offset, end: end + offset };
    const written = maker.word(span, line.slice(at + 2, end)).text;
    const equals = written.indexOf('=');
    const name = equals < 0 ? written : written.slice(0, equals);
    const value = equals < 0 ? '' : unquoted(written.slice(equals + 1));
    flags.push({ ...span, name, value, options: name === 'mount' ? optionsOf(value) : {} });
    at = afterSpace(line, end);
  }
  return { flags, rest: at };
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

const optionsOf = (value: string): Record<string, string> =>
  Object.fromEntries(
    value.split(',').map((option) => {
      const equals = option.indexOf('=');
      return equals < 0 ? [option, 'true'] : [option.slice(0, equals), option.slice(equals + 1)];
    }),
  );

export const afterSpace = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
};

/** Words separated by white space, quotes taken off. */
export function shellWordsOf(line: string, from: number, offset: number, maker: WordMaker): Word[] {
  const words: Word[] = [];
  for (let at = afterSpace(line, from); at < line.length;) {
    const { end, text } = wordAt(line, at, /\s/);
    words.push(maker.word({ start: at + offset, end: end + offset }, text));
    at = afterSpace(line, Math.max(end, at + 1));
  }
  return words;
}

/** The strings of a JSON array; undefined where the arguments are none. Spans include the quotes. */
export function jsonWordsOf(line: string, from: number, offset: number, maker: WordMaker): Word[] | undefined {
  const start = afterSpace(line, from);
  if (line.charAt(start) !== '[') return undefined;
  const words: Word[] = [];
  let at = afterSpace(line, start + 1);
  if (line.charAt(at) === ']') return words;
  for (;;) {
    const end = jsonStringEnd(line, at);
    const text = end === undefined ? undefined : jsonString(line.slice(at, end));
    if (end === undefined || text === undefined) return undefined;
    words.push(maker.word({ start: at + offset, end: end + offset }, text));
    at = afterSpace(line, end);
    if (line.charAt(at) === ']') return line.slice(at + 1).trim() === '' ? words : undefined;
    if (line.charAt(at) !== ',') return undefined;
    at = afterSpace(line, at + 1);
  }
}

function jsonStringEnd(line: string, start: number): number | undefined {
  if (line.charAt(start) !== '"') return undefined;
  for (let at = start + 1; at < line.length; at += 1) {
    if (line.charAt(at) === '\\') at += 1;
    else if (line.charAt(at) === '"') return at + 1;
  }
  return undefined;
}

function jsonString(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `A=b C="d e"`, and the old `A b c` of ENV and LABEL. */
export function pairsOf(
  line: string,
  from: number,
  offset: number,
  maker: WordMaker,
  keyword: 'ENV' | 'ARG' | 'LABEL',
): Pair[] {
  const first = afterSpace(line, from);
  const firstEnd = wordAt(line, first, /[\s=]/).end;
  if (keyword !== 'ARG' && firstEnd < line.length && line.charAt(firstEnd) !== '=') {
    const start = afterSpace(line, firstEnd);
    const end = line.trimEnd().length;
    if (start >= end) return [];
    const name = line.slice(first, firstEnd);
    const nameAt = { start: first + offset, end: firstEnd + offset };
    return [
      {
        start: first + offset,
        end: end + offset,
        name,
        nameAt,
        value: maker.value(name, span(start, end, offset), wordAt(line.slice(0, end), start, /(?!)/).text),
      },
    ];
  }
  const pairs: Pair[] = [];
  for (let at = first; at < line.length;) {
    const end = Math.max(wordAt(line, at, /\s/).end, at + 1);
    pairs.push(pairAt(line, at, end, offset, maker));
    at = afterSpace(line, end);
  }
  return pairs;
}

const span = (start: number, end: number, offset: number): Span => ({ start: start + offset, end: end + offset });

function pairAt(line: string, start: number, end: number, offset: number, maker: WordMaker): Pair {
  const { end: nameEnd, text: name } = wordAt(line.slice(0, end), start, /[\s=]/);
  const whole = { ...span(start, end, offset), name, nameAt: span(start, nameEnd, offset) };
  if (line.charAt(nameEnd) !== '=' || nameEnd >= end) return whole;
  const { text } = wordAt(line.slice(0, end), nameEnd + 1, /\s/);
  return { ...whole, value: maker.value(name, span(nameEnd + 1, end, offset), text) };
}
