import type { Span } from '../../document/document.ts';
import type { Word } from '../word.ts';

/** What a YAML or JSON file says. */
export interface DataFacts {
  /** YAML files may hold several, one after another. */
  readonly documents: readonly DataNode[];
  /** Written in a template language around YAML (Helm): it says nothing until it is rendered. */
  readonly template: boolean;
  /** Where it stops being what its language allows; what was understood before and behind it is still there. */
  readonly broken?: Span;
}

export type DataNode = DataMap | DataList | DataScalar;

/** Aliases are replaced by what they stand for, merge keys by the entries they bring; spans are where those stand. */
export interface DataMap extends Span {
  readonly kind: 'map';
  readonly entries: readonly DataEntry[];
}

export interface DataEntry {
  readonly key: string;
  readonly keyAt: Span;
  readonly value: DataNode;
}

export interface DataList extends Span {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
}

export interface DataScalar extends Word {
  readonly kind: 'scalar';
  readonly type: 'string' | 'number' | 'boolean' | 'null';
}
