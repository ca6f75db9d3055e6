import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document as YamlDocument, Node, Pair as YamlPair } from 'yaml';
import type { Span } from '../../document/document.ts';
import type { Gap } from '../../document/gap.ts';
import type { Extractor } from '../facts.ts';
import type { WordMaker } from '../word.ts';
import { wordMakerOf } from '../word.ts';
import type { DataEntry, DataNode, DataScalar } from './data-facts.ts';
import { scalarOf, withHiddenData } from './scalars.ts';

const MAX_LENGTH = 1_000_000;
/** Aliases counted as often as they are used: what a bomb expands to. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 60;
const MAX_FLOW_DEPTH = 200;

/** Go templates in YAML; `${{ }}` of CI files is none. */
const TEMPLATE = /(^|[^$])\{\{-?\s*(\.|\$|\/\*|(include|if|range|with|end|template|define|toYaml|default|else|tpl)\b)/m;

export const extract: Extractor<'yaml'> = ({ path, text, ...rest }) => {
  if (text.length > MAX_LENGTH) return unread(`${path} is longer than ${MAX_LENGTH} characters and was not read.`);
  if (TEMPLATE.test(text)) return { facts: { documents: [], template: true }, gaps: [] };
  if (deepestFlow(text) > MAX_FLOW_DEPTH)
    return unread(`${path} nests deeper than ${MAX_FLOW_DEPTH} and was not read.`);
  const maker = wordMakerOf({ path, text, ...rest });
  const gaps: Gap[] = [];
  const documents: DataNode[] = [];
  try {
    const parsed = parseAllDocuments(text, { logLevel: 'silent', strict: false, uniqueKeys: false, stringKeys: false });
    for (const document of Array.isArray(parsed) ? parsed : []) {
      const [error] = document.errors;
      if (error) {
        const at = { path, start: Math.min(error.pos[0], text.length), end: Math.min(error.pos[1], text.length) };
        gaps.push({ kind: 'unreadable', message: `${path} is not valid YAML: ${firstLine(error.message)}`, at });
      }
      const reader = new Reader(document, maker, text);
      const node = reader.node(document.contents, '', 0);
      if (reader.capped)
        gaps.push({ kind: 'capped', message: `${path} expands to too much YAML; a part was not read.` });
      if (node) documents.push(node);
    }
  } catch {
    gaps.push({ kind: 'unreadable', message: `${path} could not be parsed as YAML.` });
  }
  return { facts: { documents, template: false }, gaps };
};

const unread = (message: string): ReturnType<typeof extract> => ({
  facts: { documents: [], template: false },
  gaps: [{ kind: 'capped', message }],
});

const firstLine = (message: string): string => (/^[^\n:]*/.exec(message)?.[0] ?? '').slice(0, 120);

/** The parser recurses into `[[[[`; what nests too deep is not given to it. */
function deepestFlow(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

class Reader {
  capped = false;
  #nodes = 0;
  readonly #document: YamlDocument;
  readonly #maker: WordMaker;
  readonly #text: string;

  constructor(document: YamlDocument, maker: WordMaker, text: string) {
    this.#text = text;
    this.#document = document;
    this.#maker = maker;
  }

  node(node: Node | null | undefined, key: string, depth: number): DataNode | undefined {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
      this.capped = true;
      return undefined;
    }
    if (!node) return undefined;
    if (isAlias(node)) return this.node(node.resolve(this.#document), key, depth + 1);
    const span = this.span(node);
    if (isMap(node)) {
      const entries = this.entries(node.items as readonly YamlPair<Node, Node | null>[], depth);
      return { kind: 'map', ...span, entries: withHiddenData(entries) };
    }
    if (isSeq(node)) {
      const items = node.items
        .map((item) => this.node(item as Node, key, depth + 1))
        .filter((item) => item !== undefined);
      return { kind: 'list', ...span, items };
    }
    return isScalar(node) ? scalarOf(key, span, textOf(node.value), typeOf(node.value), this.#maker) : undefined;
  }

  /** Without the line breaks that end a block. */
  span(node: Node): Span {
    const { start, end } = spanOf(node);
    return { start, end: start + this.#text.slice(start, end).trimEnd().length };
  }

  entries(pairs: readonly YamlPair<Node, Node | null>[], depth: number): readonly DataEntry[] {
    const own = new Map<string, DataEntry>();
    const merged: DataEntry[] = [];
    // `{ name: DB_PASSWORD, value: … }`: the value hides as if it stood under that name
    const label = pairs.find(({ key }) => isScalar(key) && key.value === 'name')?.value;
    const valueName = isScalar(label) ? textOf(label.value) : 'value';
    for (const { key, value } of pairs) {
      if (!isScalar(key)) continue;
      const name = textOf(key.value);
      const keyAt = spanOf(key);
      const node = this.node(value, name === 'value' ? valueName : name, depth + 1) ?? {
        kind: 'scalar',
        type: 'null',
        text: '',
        start: keyAt.end,
        end: keyAt.end,
      };
      if (name === '<<') merged.push(...entriesIn(node));
      else own.set(name, { key: name, keyAt, value: node });
    }
    for (const entry of merged) if (!own.has(entry.key)) own.set(entry.key, entry);
    return [...own.values()];
  }
}

const entriesIn = (node: DataNode): readonly DataEntry[] =>
  node.kind === 'map' ? node.entries : node.kind === 'list' ? node.items.flatMap(entriesIn) : [];

function spanOf({ range }: Node): Span {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

function typeOf(value: unknown): DataScalar['type'] {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'string';
}
