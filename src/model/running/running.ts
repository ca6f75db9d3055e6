import type { App, Route } from '../apps/app.ts';
import type { LiveResponse } from '../live/live-response.ts';
import type { Site } from '../live/site.ts';

/** A host that was looked at, and the application of the project that answers there. */
export interface Deployed {
  readonly app: App;
  readonly site: Site;
  /** `sure`: two independent traces agree, or the user says so. What is only guessed changes no verdict. */
  readonly identity: 'sure' | 'guessed';
  /** What speaks for it, in the words of the report. */
  readonly traces: readonly string[];
  /** The route that answers at a path. */
  readonly routeAt: (method: string, path: string) => Route | undefined;
  /** Answers the application gave of its own, one for each path: no error page of the framework, no redirect. */
  readonly answers: readonly LiveResponse[];
}

/** Where what the code says and what the deployment does can be held side by side. */
export interface Running {
  readonly all: readonly Deployed[];
  /** The deployment of an application, where it is sure. */
  readonly of: (app: App) => Deployed | undefined;
}
