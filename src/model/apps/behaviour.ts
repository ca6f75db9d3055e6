import type { Effect } from './effect.ts';
import type { Node } from '../program/program.ts';
import type { Met } from './strangers.ts';

/** What the code of a middleware does with a request, counted over it and what it calls. */
export interface Behaviour {
  /** Statuses it may answer with or throw. */
  readonly statuses: ReadonlySet<number>;
  /** Names of headers it writes, lower case. */
  readonly headers: ReadonlySet<string>;
  /** Names of headers it takes away, lower case. */
  readonly removed: ReadonlySet<string>;
  /** It lets requests pass: calls `next`, or a hook's `done`. */
  readonly passes: boolean;
  /** It ends requests by itself. */
  readonly answers: boolean;
  /** It asks who is calling: an authorization header, a session, a token. */
  readonly asksWho: boolean;
  /** It asks what the caller may do. */
  readonly asksRole: boolean;
  /** It refuses because of what the caller may do, or because something is not the caller's own. */
  readonly refusesByRole: boolean;
  /** The same by a redirect or another status than 401 and 403. */
  readonly refusesOwnRole: Met;
  /** A refusal is written in it, not only in something it calls. */
  readonly refusesItself: boolean;
  /** It verifies a token, and what happens where that fails lets no request go on. */
  readonly refusesUnverified: boolean;
  /** It finds out itself who is calling: by a token, a session, the answer of another service. */
  readonly identifies: boolean;
  /** It compares something named after CSRF. */
  readonly asksCsrf: boolean;
  readonly redirectsToLogin: Met;
  /** It sends callers elsewhere that are not known. */
  readonly redirectsStrangers: Met;
  /** It lets callers pass because they say nothing of who they are. */
  readonly passesStrangers: boolean;
  /** It refuses because of what is sent, whoever sends it. */
  readonly refusesInput: boolean;
  /** It reads the body as a stream. */
  readonly readsBody: boolean;
  readonly throwsUnnamed: boolean;
  /** It waits for what comes after it, and is told when that fails. */
  readonly catchesNext: boolean;
  /** Middlewares of packages that it runs. */
  readonly runs: readonly Effect[];
  /** Something it hands the request to and that cannot be seen. */
  readonly unseen?: Node;
  /** It hands something it is given, its first parameter aside, to code that cannot be seen. */
  readonly handsOn: boolean;
}
