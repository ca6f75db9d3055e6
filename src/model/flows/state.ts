import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from '../program/program.ts';
import type { Role } from './requests.ts';
import type { SourceKind } from './shapes.ts';

/** The call a function is being looked at for. */
export interface Frame {
  readonly call: Node;
  readonly fn: Node;
  readonly outer: Frame | undefined;
  readonly depth: number;
  /** Names the whole stack. */
  readonly key: string;
}

/** Where a value is used: the conditions that hold there may exclude something of it. */
export interface Place {
  readonly module: Module;
  readonly block: BlockId;
  /** Conditions of `a ? b : c` and `a && b` around the use. */
  readonly tests: readonly { readonly condition: Node; readonly holds: boolean }[];
}

/** One step of the search: a value, and the part of it that matters. */
export interface State {
  readonly node: Node;
  /** `['a', '*']`: any property of its property `a`. */
  readonly path: readonly string[];
  readonly frames: Frame | undefined;
  readonly place: Place | undefined;
  /** Steps that had to be guessed. */
  readonly doubt: number;
  readonly from: State | undefined;
  /** What was text here is parsed on the way to the sink: it may become any data. */
  readonly parsed?: true;
  /** What the step from this value towards the sink is, where it is worth telling. */
  readonly note?: string;
}

export interface Hit {
  readonly state: State;
  readonly role: Role;
  readonly kind: SourceKind;
}

const MAX_FRAMES = 8;
/** How many properties deep a value is told apart. */
export const MAX_PATH = 5;

/** The frame of a function among those of a stack. */
export function frameOf(frames: Frame | undefined, fn: Node): Frame | undefined {
  for (let frame = frames; frame; frame = frame.outer) if (frame.fn === fn) return frame;
  return undefined;
}

export function pushed(outer: Frame | undefined, call: Node, fn: Node): Frame | undefined {
  const depth = (outer?.depth ?? 0) + 1;
  if (depth > MAX_FRAMES) return outer;
  return { call, fn, outer, depth, key: `${outer?.key ?? ''}>${call}:${fn}` };
}
