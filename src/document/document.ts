/**
 * Everything the auditor reads is a document: a source file, a Dockerfile, a `.env`, and the transcript of one HTTP
 * exchange. A finding points at a span of a document.
 */
export interface Document {
  /** Relative to the project root, with `/`; a transcript's path starts with `live/`. */
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  readonly tracked: Tracked;
}

/** What git says of a file; `unknown` without a repository, or where git could not be asked. */
export type Tracked = 'tracked' | 'untracked' | 'ignored' | 'unknown';

export const LANGUAGES = [
  'javascript', // js, mjs, cjs, jsx, ts, mts, cts, tsx
  'template', // ejs, pug, handlebars, nunjucks …
  'manifest', // package.json
  'lockfile', // package-lock.json, npm-shrinkwrap.json, pnpm-lock.yaml, yarn.lock, bun.lock
  'dockerfile',
  'ignore-file', // .dockerignore, .gitignore
  'dotenv', // .env and its family
  'yaml', // compose, Kubernetes, CI
  'json', // tsconfig.json, ecosystem.json, vercel.json …
  'ini', // pgbouncer.ini, .npmrc
  'nginx',
  'procfile',
  'shell', // sh, bash, and scripts whose first line says so
  'hcl', // docker-bake.hcl
  'version-file', // .nvmrc, .node-version, .tool-versions
  'http', // a recorded exchange
  'text', // anything else: read for secrets only
] as const;

export type Language = (typeof LANGUAGES)[number];

/** Half-open range of UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span of one document. */
export interface Location extends Span {
  readonly path: string;
}

export const locationOf = (path: string, { start, end }: Span): Location => ({ path, start, end });
