import type { Location } from '../../document/document.ts';
import type { Bypass } from './bypasses.ts';

/** A PgBouncer the project brings along: by its own ini file, or as a service of compose. */
export interface Pooler {
  /** Where to point when a setting is missing. */
  readonly at: Location;
  /** By lower-case name, as PgBouncer knows them: `pool_mode`, `max_client_conn`. */
  readonly settings: ReadonlyMap<string, { readonly value: string; readonly at: Location }>;
  readonly mode: 'session' | 'transaction' | 'statement';
  /** Databases it reaches on several servers by turns. */
  readonly spread: readonly { readonly database: string; readonly servers: number; readonly at: Location }[];
  /** Under which name other services reach it. */
  readonly name?: string;
  /** From the tag of its image, for example `1.23`. */
  readonly version?: string;
}

export interface Poolers {
  /** In path order; never empty. */
  readonly all: readonly Pooler[];
  readonly bypasses: readonly Bypass[];
}
