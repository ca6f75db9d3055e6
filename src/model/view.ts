import type { AdvisoryReport } from '../document/advisory.ts';
import type { Language, Tracked } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import type { HistoryReport } from '../document/history.ts';
import type { DocumentFacts } from '../facts/facts.ts';
import type { Declared } from './flows/surroundings.ts';
import type { Role } from './role.ts';
import type { Ignore } from './ignores.ts';
import type { DocumentSecrets } from './secrets.ts';
import type { ViewName, Views } from './views.ts';

/** What the model is built from: the facts of every document that was read, and what is known of the rest. */
export interface Source {
  readonly facts: <L extends Language>(language: L) => readonly DocumentFacts<L>[];
  /** Every file of the project, read or not, in path order. */
  readonly files: readonly ListedFile[];
  /** The secrets of every document that has some, in path order; looked for when first asked. */
  readonly secrets?: () => readonly DocumentSecrets[];
  /** Which of these names stand nowhere in the project but in settings and prose. */
  readonly unmentioned?: (names: readonly string[]) => readonly string[];
  /** Known holes in the packages of the lockfiles; absent where nobody was asked. */
  readonly advisories?: AdvisoryReport;
  /** What git keeps of before, once it has answered; undefined where nobody looked. */
  readonly history?: () => HistoryReport | undefined;
  /** What the user says of calls of the project; absent where nothing is said. */
  readonly declared?: Declared;
  /** The role the user says all code has; absent where it is to be discovered. */
  readonly assume?: Role;
  /** The day of the audit: decides what has reached its end of life. */
  readonly today: Date;
  /** What became of every wish to ignore a finding; known only after all rules that do not ask for it have run. */
  readonly ignores?: readonly Ignore[];
}

export interface ListedFile {
  readonly path: string;
  readonly tracked: Tracked;
  readonly bytes: number;
}

/**
 * What a view says. `absent`: the project has nothing the view is about, so rules that need it do not apply.
 * `unavailable`: it could not be looked at in this run (no URL given, no network), so they are not checked.
 */
export type Answer<T> =
  | { readonly state: 'present'; readonly answer: T; readonly gaps: readonly Gap[] }
  | { readonly state: 'absent'; readonly reason: string }
  | { readonly state: 'unavailable'; readonly reason: string };

export const present = <T>(answer: T, gaps: readonly Gap[] = []): Answer<T> => ({ state: 'present', answer, gaps });
export const absent = (reason: string): Answer<never> => ({ state: 'absent', reason });
export const unavailable = (reason: string): Answer<never> => ({ state: 'unavailable', reason });

export type Answers<Names extends ViewName> = { readonly [Name in Names]: Answer<Views[Name]> };

/** A question the model can answer: which languages it reads, which other views it builds on, and how. */
export interface ViewDefinition<Name extends ViewName = ViewName, Needs extends ViewName = ViewName> {
  readonly name: Name;
  readonly reads: readonly Language[];
  readonly needs: readonly Needs[];
  /** Pure. Called at most once a run, and only if an enabled rule needs the view. */
  readonly build: (source: Source, views: Answers<Needs>) => Answer<Views[Name]>;
}

export const defineView = <const Name extends ViewName, const Needs extends ViewName = never>(
  view: ViewDefinition<Name, Needs>,
): ViewDefinition<Name, Needs> => view;
