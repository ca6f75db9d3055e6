import type { FunctionRef, Node } from '../program/program.ts';
import type { Trigger } from './registrations.ts';

/** A function a request, a message or a job runs. */
export interface Handler {
  readonly fn: FunctionRef;
  readonly trigger: Trigger;
  readonly framework: string;
  /** The framework waits for its promise and deals with a rejection. */
  readonly awaits: boolean;
  /** The call that registers it; absent where a decorator, a path or its shape says what it is. */
  readonly registered?: Node;
  /** It has the shape of a handler, but we did not see it registered. */
  readonly byShape?: true;
}

/** How a request gets to a function: the handler and the calls on the way. */
export interface Reach {
  readonly handler: Handler;
  /** Calls from the handler to the function, outermost first. */
  readonly calls: readonly Node[];
}

/**
 * What runs because a request, a message or a job came in. Code that runs while modules are loaded or before the
 * server listens is not among it.
 */
export interface Handlers {
  readonly all: readonly Handler[];
  /** How a request gets to the code a value is in; undefined where none does. */
  readonly reach: (node: Node) => Reach | undefined;
  /**
   * Made once, and lives as long as the process: by code that runs when a module is loaded, or in a function or class
   * no request reaches.
   */
  readonly isLongLived: (node: Node) => boolean;
  /** `in \`createUser\`, which \`router.post\` runs`, for messages. */
  readonly describe: (reach: Reach) => string;
}
