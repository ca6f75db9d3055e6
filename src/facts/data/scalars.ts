import type { Span } from '../../document/document.ts';
import { maskOf } from '../../document/mask.ts';
import { secretValueOf } from '../secret-name.ts';
import { hiddenBy } from '../secrets/secret-fact.ts';
import type { WordMaker } from '../word.ts';
import type { DataEntry, DataNode, DataScalar } from './data-facts.ts';

const ASSIGNMENT = /^([A-Za-z_]\w{0,100})=/;

/** A scalar of the value of `key`; a list item that reads `NAME=value` hides its value as `NAME: value` would. */
export function scalarOf(
  key: string,
  span: Span,
  text: string,
  type: DataScalar['type'],
  maker: WordMaker,
): DataScalar {
  const name = type === 'string' ? ASSIGNMENT.exec(text)?.[1] : undefined;
  if (name === undefined) return { kind: 'scalar', type, ...maker.value(key, span, text) };
  const value = maker.value(name, span, text.slice(name.length + 1));
  return { kind: 'scalar', type, ...value, text: `${name}=${value.text}` };
}

/** Everything below `data` and `stringData` of a Kubernetes Secret is a secret, unless it only stands in for one. */
export function withHiddenData(entries: readonly DataEntry[]): readonly DataEntry[] {
  const kind = entries.find(({ key }) => key === 'kind')?.value;
  if (kind?.kind !== 'scalar' || kind.text !== 'Secret') return entries;
  return entries.map((entry) =>
    entry.key === 'data' || entry.key === 'stringData'
      ? { ...entry, value: hidden(entry.value, entry.key, entry.key === 'data') }
      : entry,
  );
}

function hidden(node: DataNode, key: string, encoded: boolean): DataNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => hidden(item, key, encoded)) };
  if (node.kind === 'map') {
    return {
      ...node,
      entries: node.entries.map((entry) => ({ ...entry, value: hidden(entry.value, entry.key, encoded) })),
    };
  }
  if (node.secret) return node;
  // a template fills it in later; what is encoded is never a reference once decoded
  if (secretValueOf(node.text) === 'reference') return node;
  const meant = encoded ? decoded(node.text) : node.text;
  const state = secretValueOf(meant);
  if (state === 'empty' || state === 'placeholder') return node;
  const masked = maskOf(meant);
  return { ...node, text: masked, secret: { ...hiddenBy(key, node, masked), detector: 'kubernetes-secret' } };
}

function decoded(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 ? bytes.toString('utf8') : text;
}
