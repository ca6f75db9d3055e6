import type { Location } from '../document/document.ts';
import { absent, defineView, present, unavailable } from './view.ts';

/** Every wish to ignore findings, and what became of it in this run. */
export interface Ignores {
  readonly all: readonly Ignore[];
}

export interface Ignore {
  /** The comment, or the entry of the configuration. */
  readonly at: Location;
  readonly by: 'comment' | 'config';
  /** The rules and categories it names, as written. */
  readonly names: readonly string[];
  /** The last day it holds, `YYYY-MM-DD`. */
  readonly until?: string;
  readonly state: IgnoreState;
  /** What it names that no rule or category is called, and the nearest that is. */
  readonly unknown?: { readonly name: string; readonly nearest?: string };
}

export type IgnoreState =
  | 'used'
  | 'unused' // every rule it names ran and was decided, and none had a problem there
  | 'undecided' // some rule it names did not run or could not see everything
  | 'expired'
  | 'unexplained' // gives no reason
  | 'unknown'; // names no rule or category

export const ignores = defineView({
  name: 'ignores',
  reads: [],
  needs: [],
  build: ({ ignores: all }) => {
    if (all === undefined) return unavailable('What was ignored is known only after every other rule has run.');
    return all.length === 0 ? absent('Nothing is ignored.') : present({ all });
  },
});
