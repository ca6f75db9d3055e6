import type { Location } from '../../document/document.ts';
import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import type { SinkRow } from './sink.ts';

const MAX_TEXTS = 12;

/** A value handed to a sink: an argument of a call, or what a property is given. */
export interface Site {
  readonly row: Pick<SinkRow, 'sink' | 'label' | 'sources'>;
  readonly module: Module;
  readonly block: BlockId;
  /** What takes the value, in the user's own words: `db.query`. */
  readonly into: string;
  readonly value: Node;
  /** The part of the argument that matters. */
  readonly path: readonly string[];
  readonly at: Location;
  /** The receiver could not be seen: told by its name or by the text. */
  readonly guessed: boolean;
  /** The patterns a text is matched against. */
  readonly patterns?: readonly Pattern[];
}

export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** The literal pieces of a text. */
export function textsIn(program: Program, node: Node, depth = 0): readonly string[] {
  if (depth > 4) return [];
  return program
    .origins(node)
    .slice(0, MAX_TEXTS)
    .flatMap((origin): readonly string[] => {
      const value = program.valueOf(origin);
      if (value.kind === 'literal') return typeof value.value === 'string' ? [value.value] : [];
      if (value.kind !== 'join') return [];
      return value.parts.flatMap((part) => textsIn(program, program.child(origin, part.value), depth + 1));
    });
}
