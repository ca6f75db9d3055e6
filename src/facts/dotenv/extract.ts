import type { Document } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import { isSecretName, isWellKnownPassword, secretValueOf } from '../secret-name.ts';
import { entropyOf, wordsOf } from '../secrets/placeholders.ts';
import { wordMakerOf } from '../word.ts';
import type { WordMaker } from '../word.ts';
import type { DotenvEntry, DotenvFacts, Misreading, SecretValueFact } from './dotenv-facts.ts';
import { readingsOf } from './readings.ts';
import type { Readings } from './readings.ts';

const MAX_LENGTH = 500_000;
const MAX_ENTRIES = 5_000;
/** RFC 7518 §3.2 asks for a key as long as the hash: 256 bits. */
const SHORTEST_KEY = 16;

export function extract(document: Document): Extraction<DotenvFacts> {
  const { path, text } = document;
  if (text.length > MAX_LENGTH) {
    const message = `${path} is longer than ${MAX_LENGTH} characters and was not read.`;
    return { facts: { entries: [], encrypted: false }, gaps: [{ kind: 'capped', message }] };
  }
  const readings = readingsOf(text);
  const maker = wordMakerOf(document);
  const lines = linesOf(text);
  const lastOf = new Map(lines.map((line, index) => [line.name, index]));
  const entries = lines.map((line, index) => entryOf(line, lastOf.get(line.name) === index, readings, maker));
  return { facts: { entries, encrypted: isEncrypted(text) }, gaps: [] };
}

interface Line {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly quote: DotenvEntry['quote'];
  readonly valueStart: number;
  readonly valueEnd: number;
  /** What its author means, as far as that can be told. */
  readonly meant: string;
}

const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,200})(?:[ \t]*=|:(?=[ \t]))[ \t]*/y;
const QUOTES: ReadonlyMap<string, DotenvEntry['quote']> = new Map([
  ['"', 'double'],
  ["'", 'single'],
  ['`', 'backtick'],
]);

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length && lines.length < MAX_ENTRIES) {
    NAME.lastIndex = at;
    const head = NAME.exec(text);
    const name = head?.[1];
    if (!head || name === undefined) {
      at = nextLine(text, at);
      continue;
    }
    const nameStart = at + head[0].indexOf(name);
    const from = at + head[0].length;
    const value = quotedFrom(text, from) ?? bareFrom(text, from);
    lines.push({ name, start: nameStart, nameStart, ...value });
    at = nextLine(text, value.end);
  }
  return lines;
}

type LineValue = Omit<Line, 'name' | 'start' | 'nameStart'>;

/** A value in quotes, which may span lines. The closing quote is the last one before the end of a line or a comment. */
function quotedFrom(text: string, from: number): LineValue | undefined {
  const quote = text[from] ?? '';
  const kind = QUOTES.get(quote);
  if (!kind) return undefined;
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === '\\' && text[i + 1] === quote) i += 1;
    else if (text[i] === quote && /^[ \t]*(?:#[^\n]*)?(?:\r?\n|\r|$)/.test(text.slice(i + 1, i + 400))) {
      const inner = text.slice(from + 1, i);
      const meant = kind === 'double' ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner;
      return {
        quote: kind,
        valueStart: from + 1,
        valueEnd: i,
        end: i + 1,
        meant: meant.replaceAll(`\\${quote}`, quote),
      };
    }
  }
  return undefined;
}

/** Up to the end of the line, or to a `#` after white space. */
function bareFrom(text: string, from: number): LineValue {
  let end = text.indexOf('\n', from);
  if (end === -1) end = text.length;
  const line = text.slice(from, end);
  const comment = /^#|[ \t]#/.exec(line);
  const meant = line.slice(0, comment?.index ?? line.length).trimEnd();
  const valueEnd = from + meant.length;
  return { quote: 'none', valueStart: from, valueEnd, end: valueEnd, meant };
}

const nextLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
};

function entryOf(line: Line, isLast: boolean, readings: Readings, maker: WordMaker): DotenvEntry {
  const { name, nameStart, quote, valueStart, valueEnd, meant } = line;
  const secret = isSecretName(name) ? secretFactOf(name, meant) : undefined;
  const dotenv = isLast ? misreadingOf(meant, readings.dotenv.get(name)) : undefined;
  const node = isLast ? misreadingOf(meant, readings.node.get(name)) : undefined;
  return {
    name,
    start: line.start,
    end: line.end,
    nameAt: { start: nameStart, end: nameStart + name.length },
    value: maker.value(name, { start: valueStart, end: valueEnd }, meant),
    quote,
    expands: quote !== 'single' && /(?<!\\)\$\{[A-Za-z_]\w*/.test(meant),
    ...(secret && { secret }),
    ...(dotenv && { dotenv }),
    ...(node && { node }),
  };
}

function misreadingOf(meant: string, read: string | undefined): Misreading | undefined {
  if (read === undefined) return 'absent';
  if (read === meant || read.replaceAll('\r', '') === meant.replaceAll('\r', '').trim()) return undefined;
  return meant.startsWith(read) ? 'cut' : 'different';
}

function secretFactOf(name: string, value: string): SecretValueFact {
  const state = secretValueOf(value);
  const weak = state === 'literal' || state === 'placeholder' ? weaknessOf(name, value) : undefined;
  return { state, characters: value.length, ...(weak && { weak }) };
}

const GUESSED_FIRST = new Set(
  (
    'secret secrets key jwt jwtsecret password pass passwd token test testing dev development demo default admin root ' +
    'user keyboard cat my super top very this is a the app session cookie change me changeme please example sample ' +
    'secretkey mysecret supersecret shhh shhhh shhhhh hello world foo bar baz abc qwerty letmein welcome private salt'
  ).split(' '),
);

function weaknessOf(name: string, value: string): SecretValueFact['weak'] {
  const words = wordsOf(value).map((word) => word.replace(/\d{1,4}$/, ''));
  if (isWellKnownPassword(value) || words.every((word) => word === '' || GUESSED_FIRST.has(word))) return 'word';
  const isKey =
    /jwt|session|cookie|secret|signing|encryption|hmac|salt|pepper/i.test(name) &&
    !/client|api|app_?secret|consumer/i.test(name);
  return isKey && (value.length < SHORTEST_KEY || entropyOf(value) < 2.5) ? 'short' : undefined;
}

const isEncrypted = (text: string): boolean =>
  /^(?:DOTENV_PUBLIC_KEY\w*=|sops_version=|sops_\w+=)/m.test(text) ||
  text.startsWith('\0GITCRYPT') ||
  text.startsWith('$ANSIBLE_VAULT');
