import type { Extractor } from '../facts.ts';
import { wordAt } from '../shell/plain-commands.ts';
import type { Pair, Word, WordMaker } from '../word.ts';
import { wordMakerOf } from '../word.ts';
import type { IniEntry } from './ini-facts.ts';

const MAX_ENTRIES = 5000;
const MAX_LINE = 20_000;

/** Source: https://www.pgbouncer.org/config.html */
export const extract: Extractor<'ini'> = (document) => {
  const maker = wordMakerOf(document);
  const entries: IniEntry[] = [];
  const includes: string[] = [];
  let section = '';
  let start = 0;
  for (const line of document.text.split('\n')) {
    const trimmed = line.slice(0, MAX_LINE).trim();
    const from = start + line.indexOf(trimmed);
    start += line.length + 1;
    if (trimmed === '' || trimmed.startsWith(';') || trimmed.startsWith('#')) continue;
    const header = /^\[([^\]]*)\]/.exec(trimmed)?.[1];
    if (header !== undefined) section = header.trim().toLowerCase();
    else if (trimmed.startsWith('%include')) includes.push(trimmed.slice('%include'.length).trim());
    else if (entries.length < MAX_ENTRIES) entries.push(entryOf(section, trimmed, from, maker));
  }
  return { facts: { entries, includes }, gaps: [] };
};

function entryOf(section: string, line: string, from: number, maker: WordMaker): IniEntry {
  const equals = line.indexOf('=');
  const name = (equals < 0 ? line : line.slice(0, equals)).trimEnd();
  const nameAt = { start: from, end: from + name.length };
  const whole = { start: from, end: from + line.length, section, name, nameAt };
  if (equals < 0) return { ...whole, settings: [] };
  const raw = line.slice(equals + 1);
  const value = raw.trim();
  const at = from + equals + 1 + (raw.length - raw.trimStart().length);
  const settings = /^\w+\s*=/.test(value) ? settingsOf(value, at, maker) : [];
  return {
    ...whole,
    value: withHiddenSettings(maker.value(name, { start: at, end: at + value.length }, value), settings),
    settings,
  };
}

/** `host=db port=5432 password='x y'` */
function settingsOf(text: string, offset: number, maker: WordMaker): Pair[] {
  const pairs: Pair[] = [];
  const pattern = /(\w+)\s*=\s*/g;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const name = found[1] ?? '';
    const valueStart = found.index + found[0].length;
    const { end, text: value } = wordAt(text, valueStart, /\s/);
    const start = found.index + offset;
    pairs.push({
      start,
      end: end + offset,
      name,
      nameAt: { start, end: start + name.length },
      value: maker.value(name, { start: valueStart + offset, end: end + offset }, value),
    });
    pattern.lastIndex = Math.max(end, pattern.lastIndex);
  }
  return pairs;
}

function withHiddenSettings(value: Word, settings: readonly Pair[]): Word {
  const secret = settings.find((pair) => pair.value?.secret)?.value?.secret;
  if (!secret) return value;
  return { ...value, secret, text: settings.map((pair) => `${pair.name}=${pair.value?.text ?? ''}`).join(' ') };
}
