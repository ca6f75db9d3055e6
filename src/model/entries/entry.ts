import type { Location } from '../../document/document.ts';
import type { Role } from '../role.ts';

/** What says that a module is started. */
export type EntryKind =
  | 'image' // CMD or ENTRYPOINT of a Dockerfile
  | 'compose'
  | 'kubernetes'
  | 'procfile'
  | 'pm2'
  | 'platform' // serverless, SAM, Vercel, Netlify, Next.js and the like
  | 'script' // start and its kind in a package.json
  | 'bin'
  | 'main' // main, module and exports of a package.json
  | 'excerpt' // of code nothing is said of
  | 'assumed' // the user says so
  | 'unimported'; // it listens, and nothing imports it

/** A module something outside the program starts or loads. */
export interface Entry {
  /** Path of the source module, not of what is built from it. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Where it says so. */
  readonly at: Location;
  /** In words for the report: `CMD runs dist/server.js`. */
  readonly evidence: string;
  /** `certain`: a deployment starts it. `likely`: a start script does. `weak`: nothing says what it is for. */
  readonly confidence: 'certain' | 'likely' | 'weak';
  /** Known where the evidence itself says it, such as a handler of a serverless function. */
  readonly role?: Role;
  /** It is loaded before the module that is started at the same place: `node --import ./tracing.js server.js`. */
  readonly preload?: true;
  /** A framework's command makes the application and gives it to what the module exports: `fastify start app.js`. */
  readonly by?: 'fastify';
}

/** Something that is started, but not from a module we can find. */
export interface LostEntry {
  readonly at: Location;
  readonly evidence: string;
  /** A framework's own start command: `next start`. */
  readonly framework?: string;
}

export interface Entries {
  readonly entries: readonly Entry[];
  readonly lost: readonly LostEntry[];
}

/** A deployment or a start script runs it: what it reaches is in production. */
export const isDeployed = ({ kind }: Pick<Entry, 'kind'>): boolean =>
  kind !== 'bin' && kind !== 'main' && kind !== 'unimported' && kind !== 'excerpt';
