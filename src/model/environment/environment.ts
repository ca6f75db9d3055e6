import type { Location, Tracked } from '../../document/document.ts';
import type { DotenvEntry } from '../../facts/dotenv/dotenv-facts.ts';
import type { Place } from '../place.ts';
import type { UnreadTemplate } from './unread.ts';

/** The variables of the program: set by files of the project, documented in templates. */
export interface Environment {
  /** `.env` and its family, in path order. */
  readonly files: readonly DotenvFile[];
  /** Assignments in every kind of file: `.env`, compose, Kubernetes, CI, images, scripts. */
  readonly assignments: readonly Assignment[];
  /** Names some template or deployment file mentions. */
  readonly documented: ReadonlySet<string>;
  /** What templates name and nothing reads. */
  readonly unread: readonly UnreadTemplate[];
  /** What reads `.env` files; empty where nothing in the project does. */
  readonly loaders: ReadonlySet<'dotenv' | 'node' | 'framework'>;
  /** Something replaces `${NAME}` inside values. */
  readonly expands: boolean;
  /** Whether git keeps `.env` at the root out; undefined where there is no .gitignore to ask. */
  readonly ignoresDotenv: boolean | undefined;
  /** Where a line for `.env` belongs. */
  readonly gitignore?: Location;
}

export interface DotenvFile {
  readonly path: string;
  readonly tracked: Tracked;
  readonly place: Place;
  readonly encrypted: boolean;
  readonly entries: readonly DotenvEntry[];
  readonly at: (entry: { readonly start: number; readonly end: number }) => Location;
}

/** A variable the code reads. */
export interface VariableRead {
  readonly name: string;
  readonly at: Location;
  readonly place: Place;
  /** Another value follows where it is not set. */
  readonly optional: boolean;
  /** The module gives it this value where it has none: `process.env.A ||= 'b'`. */
  readonly becomes?: string;
}

export interface Assignment {
  readonly name: string;
  /** What may be shown of it. */
  readonly value: string;
  readonly secret: boolean;
  readonly at: Location;
  readonly by: 'dotenv' | 'data' | 'image' | 'script' | 'ini';
  readonly place: Place;
  /** Its name says it is for development or tests. */
  readonly development: boolean;
}
