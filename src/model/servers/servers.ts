import type { FunctionRef, Node } from '../program/program.ts';

/** A place where the process starts to accept connections. */
export interface Listen {
  readonly call: Node;
  readonly framework: string;
  /** What listens: the app or server the call is made on, and what the call returns. */
  readonly servers: readonly Node[];
}

/** A listener for a signal, an uncaught exception, or another event of the process. */
export interface ProcessListener {
  /** `SIGTERM`, `uncaughtException` …; undefined where it cannot be seen. */
  readonly event: string | undefined;
  /** The call of `process.on`. */
  readonly call: Node;
  readonly fn?: FunctionRef;
  /** The calls of `process.exit` and its kin in all it runs. */
  readonly exits: readonly Node[];
  /** Calls that close something, in all it runs. */
  readonly closes: readonly Node[];
  /** Calls of what we cannot see: they may exit or close. */
  readonly unseen: readonly Node[];
  /** The timers after which it exits whatever is still open, and how long they are. */
  readonly deadlines: readonly { readonly call: Node; readonly milliseconds: number }[];
}

export interface Servers {
  readonly listens: readonly Listen[];
  /** How long idle connections are kept, in seconds; `unknown` where that is decided when it runs. */
  readonly keepAlive: number | 'unknown';
  readonly process: readonly ProcessListener[];
  /** Packages that shut a server down in order, where they are imported. */
  readonly shutdownPackages: readonly { readonly name: string; readonly path: string }[];
  /** Other ways to be told of signals: NestJS's `enableShutdownHooks()`. */
  readonly shutdownHooks: readonly Node[];
  /** A call in what a listener runs that closes something which listens. */
  readonly closesServer: (close: Node) => boolean;
}
