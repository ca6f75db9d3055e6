import { parseTree } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { Document } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import type { WordMaker } from '../word.ts';
import { wordMakerOf } from '../word.ts';
import type { DataEntry, DataFacts, DataNode } from './data-facts.ts';
import { scalarOf, withHiddenData } from './scalars.ts';

const MAX_LENGTH = 500_000;
const MAX_NODES = 50_000;
/** Translations configure nothing, and some projects have thousands of them. */
const WORDS_ONLY = /(^|\/)(i18n|l10n|locales?|languages?|translations?|lang)\/.*\.json$/i;

/** Of `json` and `manifest` documents; comments and trailing commas are allowed. */
export const extract = (document: Document): Extraction<DataFacts> => {
  const { path, text } = document;
  const nothing = { documents: [], template: false };
  if (WORDS_ONLY.test(path)) return { facts: nothing, gaps: [] };
  if (text.length > MAX_LENGTH) {
    const message = `${path} is longer than ${MAX_LENGTH} characters and was not read.`;
    return { facts: nothing, gaps: [{ kind: 'capped', message }] };
  }
  try {
    const errors: ParseError[] = [];
    const strict = document.language === 'manifest';
    const tree = parseTree(text, errors, { allowTrailingComma: !strict, disallowComments: strict });
    const node = tree && new Reader(wordMakerOf(document), text.length).node(tree, '');
    const [error] = strict ? errors : [];
    const broken = error && {
      start: Math.min(error.offset, text.length),
      end: Math.min(error.offset + error.length, text.length),
    };
    const facts = { documents: node ? [node] : [], template: false, ...(broken && { broken }) };
    const message = `${path} is not valid JSON, so what it says may have been misread.`;
    return { facts, gaps: broken ? [{ kind: 'unreadable', message, at: { path, ...broken } }] : [] };
  } catch {
    return { facts: nothing, gaps: [{ kind: 'unreadable', message: `${path} could not be parsed as JSON.` }] };
  }
};

class Reader {
  #nodes = 0;
  readonly #maker: WordMaker;
  readonly #length: number;

  constructor(maker: WordMaker, length: number) {
    this.#maker = maker;
    this.#length = length;
  }

  node(node: Node, key: string): DataNode | undefined {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) return undefined;
    const span = { start: node.offset, end: Math.min(node.offset + node.length, this.#length) };
    const children = node.children ?? [];
    if (node.type === 'object') {
      const entries = children
        .map((child) => this.entry(child, labelIn(children)))
        .filter((entry) => entry !== undefined);
      return { kind: 'map', ...span, entries: withHiddenData(entries) };
    }
    if (node.type === 'array') {
      const items = children.map((child) => this.node(child, key)).filter((item) => item !== undefined);
      return { kind: 'list', ...span, items };
    }
    if (node.type === 'property') return undefined;
    return scalarOf(key, span, node.value === null ? '' : String(node.value), node.type, this.#maker);
  }

  /** `label`: what `name` beside it says; a `value` hides as if it stood under that name. */
  entry({ children }: Node, label: string): DataEntry | undefined {
    const [name, value] = children ?? [];
    if (!name || !value) return undefined;
    const key = String(name.value);
    const node = this.node(value, key === 'value' ? label : key);
    return (
      node && {
        key,
        keyAt: { start: name.offset, end: Math.min(name.offset + name.length, this.#length) },
        value: node,
      }
    );
  }
}

function labelIn(properties: readonly Node[]): string {
  const name = properties.find(({ children }) => children?.[0]?.value === 'name')?.children?.[1];
  return typeof name?.value === 'string' ? name.value : 'value';
}
