import type { Location } from '../../document/document.ts';
import type { App } from '../apps/app.ts';

/** A check of the origin that other sites pass as well. */
export interface Hole {
  readonly at: Location;
  /** In the user's own words: `origin.endsWith('example.com')`. */
  readonly check: string;
  /** An origin that passes: `https://evilexample.com`. */
  readonly lets: string;
}

/**
 * Whose scripts may read the answers.
 * `star`: everybody's, without cookies: browsers refuse `*` with credentials.
 * `any`: everybody's: the origin of the request is written back.
 * `holes`: those a check lets through, and more than it means to.
 */
export type Origins =
  | { readonly kind: 'star' | 'any' | 'closed' | 'unknown' }
  | { readonly kind: 'holes'; readonly holes: readonly [Hole, ...Hole[]] };

/** What the code says of requests from other sites, by a package or by headers of its own. */
export interface CorsPolicy {
  /** What says which origins, where it is written; the call where nothing does. */
  readonly at: Location;
  /** Where it is registered; absent for headers of a function that is no middleware. */
  readonly app?: App;
  readonly origins: Origins;
  readonly credentials: boolean;
  /** Who the routes it is for answer: those with a cookie, those with a token in a header, all. */
  readonly callers: 'cookie' | 'token' | 'all' | 'unknown';
}
