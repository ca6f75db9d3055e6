import type { Location } from '../../document/document.ts';
import type { Block, Property } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node } from '../program/program.ts';

/**
 * What an argument or a property is, where it can be seen, and `at` which place it is given: the argument or the whole
 * property, whose value may be defined elsewhere. `unknown`: it may be given, but we cannot see it.
 */
export type Option =
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' }
  | { readonly state: 'given'; readonly value: Node; readonly at: Location; readonly property?: Property };

/** A call of a method on a value: `pool.on('error', …)`. */
export interface MethodCall {
  readonly name: string;
  readonly call: Node;
}

/** Where a value is given away: argument `index` of a call. */
export interface HandOver {
  readonly call: Node;
  readonly index: number;
}

/** A `throw` statement. */
export interface Thrown {
  readonly at: Location;
  readonly value: Node;
  readonly isCaught: boolean;
}

/**
 * Where things are written and what is done with them: the function around a value, the calls in a function, the
 * methods called on a value, the options of a call. Fluent calls (`.on()`, `.unref()`) stand for what they are called
 * on.
 */
export interface Code {
  /** The function a value is written in; undefined for code that runs when its module is loaded. */
  readonly ownerOf: (node: Node) => FunctionRef | undefined;
  /** Calls written in a function (not in those inside it), in order; of module code for a module. */
  readonly callsIn: (where: FunctionRef | Module) => readonly Node[];
  /** Everything a function runs: the calls in it, and in the functions it calls or hands on as callbacks. */
  readonly runs: (fn: FunctionRef) => readonly FunctionRef[];
  /** Canonical paths of what is called. */
  readonly apiOf: (call: Node) => readonly string[];
  /** Where what is called is named; the whole call where its name stands elsewhere. */
  readonly calleeAt: (call: Node) => Location;
  /** Calls of one of these methods whose receiver may be the value; of any method where none is named. */
  readonly callsOn: (value: Node, ...methods: readonly string[]) => readonly MethodCall[];
  /** What the value may be called on: the receivers of a method call, through fluent calls. */
  readonly receiversOf: (call: Node) => readonly Node[];
  readonly handedOut: (value: Node) => readonly HandOver[];
  /** Listeners for an event on a value: the calls of `on`, `once` … with this event, or with one we cannot see. */
  readonly listenersOn: (value: Node, event: string) => readonly Node[];
  readonly argument: (call: Node, index: number) => Option;
  /** A property of an object given somewhere, followed through spreads and assignments. */
  readonly property: (object: Node, name: string) => Option;
  /** An option in the object that is argument `index` of a call. */
  readonly option: (call: Node, index: number, name: string) => Option;
  /** The blocks a value is in, innermost first, up to the body of its function. */
  readonly blocksAround: (node: Node) => readonly Block[];
  /** An error thrown at this place is caught in the same function. */
  readonly isCaught: (node: Node) => boolean;
  /** The `throw` statements of a function, not of those inside it. */
  readonly throwsIn: (fn: FunctionRef) => readonly Thrown[];
  /** It runs only where something that outlives the call was not there yet: `if (!cached) cached = …`, `??=`. */
  readonly isOnceOnly: (node: Node) => boolean;
  /** It runs only in some environments: a condition around it reads `NODE_ENV` or the like. */
  readonly isEnvironmentGuarded: (node: Node) => boolean;
  /** The functions a value is, may hold (arrays), or wraps (`asyncHandler(fn)` of a package). */
  readonly functionsIn: (node: Node) => readonly FunctionRef[];
}
