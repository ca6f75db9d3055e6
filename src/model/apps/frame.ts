import type { EffectKind } from './effect.ts';
import type { Instance } from './registry.ts';
import type { FunctionRef, Node } from '../program/program.ts';

/** A value at one place of the walk: the same function called twice yields different values. */
export interface Ref {
  readonly node: Node;
  /** The call of the function it is written in; absent for code of a module, and where that is not known. */
  readonly frame?: Frame;
  /** An application that a framework itself hands to the function: what a plugin is given. */
  readonly instance?: Instance;
  /** Of a hook: when in the life of a request it runs. */
  readonly phase?: number;
  /** Its name on its application: of `fastify.decorate('authenticate', …)`. */
  readonly called?: string;
  /** What it does, where the name it has on its application says so: `fastify.csrfProtection`. */
  readonly does?: EffectKind;
  /** Gates it is made of: `fastify.auth([a, b])`. */
  readonly gates?: { readonly relation: 'and' | 'or'; readonly refs: readonly Ref[] };
}

/** One call of a function of the program. */
export interface Frame {
  readonly id: number;
  readonly fn: FunctionRef;
  /** The call that runs it; absent for callbacks. */
  readonly call?: Node;
  readonly caller?: Frame;
  /** The call of the function it is written in, where that is known. */
  readonly lexical?: Frame;
  readonly depth: number;
  /** One round of a loop: what its variable holds, for the values written between these offsets. */
  readonly loop?: { readonly element: Node; readonly item: Ref; readonly start: number; readonly end: number };
  /** What an argument is; undefined where the caller is not ours. */
  readonly argument: (index: number) => readonly Ref[] | undefined;
}

export const refKey = ({ node, frame, instance }: Ref): string =>
  (frame ? `${node}@${frame.id}` : `${node}`) + (instance ? `#${instance.id}` : '');

/** Whether a value is written in a round of a loop. */
export const isWithin = (
  [start, end]: readonly [number, number],
  loop: { readonly start: number; readonly end: number },
): boolean => loop.start <= start && end <= loop.end;

/** A function that runs within its own calls more than once. */
export const isNested = (fn: FunctionRef, caller: Frame | undefined): boolean => {
  let times = 0;
  for (let frame = caller; frame; frame = frame.caller) if (frame.fn.node === fn.node) times += 1;
  return times >= 2;
};
