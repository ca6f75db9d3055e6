import { readFileSync } from 'node:fs';

declare const BUILT_VERSION: string | undefined;
declare const BUILT_EXTRACTORS: string | undefined;
declare const BUILT_OF: string | undefined;

/** Of the package. */
export const VERSION =
  typeof BUILT_VERSION === 'string'
    ? BUILT_VERSION
    : (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Hash of everything that turns text into facts; undefined when run from source, where nothing is cached. */
export const EXTRACTORS: string | undefined = typeof BUILT_EXTRACTORS === 'string' ? BUILT_EXTRACTORS : undefined;

/** Hash of all code there is; undefined when run from source, where no result is kept. */
export const BUILD: string | undefined = typeof BUILT_OF === 'string' ? BUILT_OF : undefined;
