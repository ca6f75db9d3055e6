import type { Write } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from './program.ts';

/** A call that may run a function; `shift` arguments stand before the function's own (`fn.call(self, a)`: 1). */
export interface Caller {
  readonly call: Node;
  readonly shift: number;
}

export interface PlacedWrite {
  readonly module: Module;
  readonly write: Write;
}

/**
 * What one round of following values found out for the next: who calls a function, where it is handed to, who writes
 * to an object. Each round sees through one more layer of parameters and aliases.
 */
export interface Linkage {
  readonly callers: ReadonlyMap<Node, readonly Caller[]>;
  readonly handedTo: ReadonlyMap<Node, readonly { readonly call: Node; readonly index: number }[]>;
  /** By the origin of the object. */
  readonly writes: ReadonlyMap<Node, readonly PlacedWrite[]>;
  /** Writes to `F.prototype`, by the node of `F`. */
  readonly prototypeWrites: ReadonlyMap<Node, readonly PlacedWrite[]>;
  /** The function whose instances a function is a method of: `F.prototype.m = function () { … }`. */
  readonly constructorOf: ReadonlyMap<Node, Node>;
  /** What instances of a function inherit from: `util.inherits(F, Parent)`. */
  readonly prototypeParents: ReadonlyMap<Node, readonly Node[]>;
  /** What `table.set(name, value)` puts in, by the origin of the table. */
  readonly puts: ReadonlyMap<Node, readonly Node[]>;
  /** What an app hands to everything it calls, by name: `app.decorate('db', db)`, `app.locals.db = db`. */
  readonly shared: ReadonlyMap<string, readonly Node[]>;
}

export const NO_LINKAGE: Linkage = {
  callers: new Map(),
  handedTo: new Map(),
  writes: new Map(),
  prototypeWrites: new Map(),
  constructorOf: new Map(),
  prototypeParents: new Map(),
  puts: new Map(),
  shared: new Map(),
};
