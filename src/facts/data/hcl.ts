import type { Document, Span } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import type { WordMaker } from '../word.ts';
import { wordMakerOf } from '../word.ts';
import type { DataEntry, DataFacts, DataNode } from './data-facts.ts';
import { scalarOf } from './scalars.ts';

const MAX_LENGTH = 200_000;
const MAX_DEPTH = 20;
/** A comment, the start of a longer one, a string, a name or number, or one character. */
const TOKEN = /#[^\n]*|\/\/[^\n]*|\/\*|"(?:[^"\\\n]|\\.){0,2000}"|[\w.-]+|\n|[^\s]/g;

interface Token extends Span {
  readonly text: string;
}

/**
 * `docker-bake.hcl`, as the map its blocks make: `target "api" { … }` is `target.api`. What an expression computes is
 * left as it is written. Source: https://docs.docker.com/build/bake/reference/
 */
export const extract = (document: Document): Extraction<DataFacts> => {
  const { path, text } = document;
  if (text.length > MAX_LENGTH) {
    const message = `${path} is longer than ${MAX_LENGTH} characters and was not read.`;
    return { facts: { documents: [], template: false }, gaps: [{ kind: 'capped', message }] };
  }
  const entries = new Reader(text, wordMakerOf(document)).body(0);
  const whole: DataNode = { kind: 'map', start: 0, end: text.length, entries };
  return { facts: { documents: [whole], template: false }, gaps: [] };
};

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let commentEnd = 0;
  for (const { 0: found, index } of text.matchAll(TOKEN)) {
    if (index < commentEnd) continue;
    if (found === '/*') {
      const end = text.indexOf('*/', index + 2);
      commentEnd = end < 0 ? text.length : end + 2;
    } else if (!/^(#|\/\/)/.test(found)) tokens.push({ text: found, start: index, end: index + found.length });
  }
  return tokens;
}

class Reader {
  #at = 0;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #maker: WordMaker;

  constructor(text: string, maker: WordMaker) {
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#maker = maker;
  }

  /** Attributes and blocks up to the closing brace. */
  body(depth: number): readonly DataEntry[] {
    const entries: DataEntry[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (!token || token.text === '}') break;
      this.#at += 1;
      if (!/^["\w]/.test(token.text)) continue;
      const entry = this.#entry(token, depth);
      if (entry) entries.push(entry);
    }
    this.#at += 1;
    return merged(entries);
  }

  /** `name = value`, `name : value`, `name { … }`, `name "label" { … }` */
  #entry(name: Token, depth: number): DataEntry | undefined {
    const key = unquoted(name.text);
    const next = this.#tokens[this.#at];
    if (next?.text === '=' || next?.text === ':') {
      this.#at += 1;
      const value = this.#value(key, depth);
      return value && { key, keyAt: spanOf(name), value };
    }
    const label = next && /^["\w]/.test(next.text) ? next : undefined;
    if (this.#tokens[this.#at + (label ? 1 : 0)]?.text !== '{' || depth > MAX_DEPTH) return undefined;
    this.#at += label ? 2 : 1;
    const entries = this.body(depth + 1);
    const end = this.#tokens[Math.min(this.#at, this.#tokens.length) - 1]?.end ?? name.end;
    const block: DataNode = { kind: 'map', start: name.start, end, entries };
    if (!label) return { key, keyAt: spanOf(name), value: block };
    const inner: DataEntry = { key: unquoted(label.text), keyAt: spanOf(label), value: block };
    return { key, keyAt: spanOf(name), value: { kind: 'map', start: name.start, end, entries: [inner] } };
  }

  #value(key: string, depth: number): DataNode | undefined {
    const first = this.#tokens[this.#at];
    if (!first || depth > MAX_DEPTH) return undefined;
    this.#at += 1;
    if (first.text === '{') {
      const entries = this.body(depth + 1);
      return { kind: 'map', start: first.start, end: this.#tokens[this.#at - 1]?.end ?? first.end, entries };
    }
    if (first.text === '[') return this.#list(key, first, depth);
    const last = this.#expression(first);
    const single = last === first;
    const text = single ? unquoted(first.text) : this.#text.slice(first.start, last.end);
    const type = /^\d+$/.test(first.text) ? 'number' : 'string';
    return scalarOf(key, { start: first.start, end: last.end }, text, type, this.#maker);
  }

  #list(key: string, first: Token, depth: number): DataNode {
    const items: DataNode[] = [];
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]?.text !== ']') {
      const text = this.#tokens[this.#at]?.text;
      if (text === ',' || text === '\n') this.#at += 1;
      else {
        const item = this.#value(key, depth + 1);
        if (!item) break;
        items.push(item);
      }
    }
    this.#at += 1;
    return { kind: 'list', start: first.start, end: this.#tokens[this.#at - 1]?.end ?? first.end, items };
  }

  /** Over calls and operators, to the end of the line, the list or the block. */
  #expression(first: Token): Token {
    let last = first;
    let open = 0;
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (open === 0 && /^[\n,\]}]$/.test(token.text)) break;
      if (/^[([{]$/.test(token.text)) open += 1;
      if (/^[)\]}]$/.test(token.text)) open -= 1;
      last = token;
      this.#at += 1;
    }
    return last;
  }
}

/** Blocks of one kind are one map: `target "a" {} target "b" {}`. */
function merged(entries: readonly DataEntry[]): readonly DataEntry[] {
  const all = new Map<string, DataEntry>();
  for (const entry of entries) {
    const known = all.get(entry.key);
    if (known?.value.kind !== 'map' || entry.value.kind !== 'map') all.set(entry.key, entry);
    else {
      const value: DataNode = {
        ...known.value,
        end: Math.max(known.value.end, entry.value.end),
        entries: [...known.value.entries, ...entry.value.entries],
      };
      all.set(entry.key, { ...known, value });
    }
  }
  return [...all.values()];
}

const unquoted = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text);

const spanOf = ({ start, end }: Token): Span => ({ start, end });
