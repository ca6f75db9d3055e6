import type { Node } from 'jsonc-parser';
import type { Span } from '../../document/document.ts';

export interface Member {
  readonly key: string;
  /** Of the key with its quotes. */
  readonly keyAt: Span;
  readonly value: Node;
}

/** The members of a JSON object, in order; none of anything else. */
export const membersOf = (node: Node | undefined): readonly Member[] =>
  node?.type !== 'object'
    ? []
    : (node.children ?? []).flatMap(({ children }) => {
        const [key, value] = children ?? [];
        if (!key || !value) return [];
        return [{ key: String(key.value), keyAt: { start: key.offset, end: key.offset + key.length }, value }];
      });

export const memberOf = (node: Node | undefined, key: string): Node | undefined =>
  node?.type === 'object'
    ? node.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1]
    : undefined;
