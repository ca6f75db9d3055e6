import type { Node } from '../program/program.ts';

/** What a middleware does for the requests that pass it. */
export type EffectKind =
  | 'headers' // writes security headers
  | 'cors'
  | 'csrf'
  | 'limiter'
  | 'auth' // lets only known callers pass
  | 'identity' // finds out who calls, lets everyone pass
  | 'role' // lets only some of the known callers pass
  | 'session'
  | 'cookies'
  | 'body' // reads the body
  | 'upload' // reads files
  | 'validator'
  | 'sanitizer'
  | 'errors'
  | 'static'
  | 'proxy'
  | 'compression'
  | 'logging'
  | 'health'
  | 'answers' // ends every request it gets
  | 'none' // known to protect nothing
  | 'unknown'; // cannot be seen

export interface Effect {
  readonly kind: EffectKind;
  /** How it is known: a package by its table, the project's own code by what it does, only a name, or the user. */
  readonly by: 'package' | 'behaviour' | 'name' | 'config';
  /** The package, where it is one. */
  readonly package?: string;
  /** The call that makes it: `helmet({ … })`. */
  readonly call?: Node;
  /** Its options. */
  readonly options?: Node;
  /** Of `headers`: the names it writes, lower case. */
  readonly headers?: readonly string[];
  /** Of `body`: the formats it reads. */
  readonly format?: 'json' | 'urlencoded' | 'text' | 'raw' | 'any';
  /** It does so where something else holds as well, such as a setting. */
  readonly partly?: true;
  /** Of `unknown`: why. */
  readonly reason?: string;
}
