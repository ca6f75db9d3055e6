import type { Span } from '../../document/document.ts';

/** What a template puts into a page as it is, and which other templates it is made of. */
export interface TemplateFacts {
  readonly outputs: readonly RawOutput[];
  /** Names as they are written: `partials/head`, `../layout.pug`. */
  readonly includes: readonly string[];
}

/** An output without escaping: `<%- user.name %>` is `['user', 'name']`; `*` is an element of a list. */
export interface RawOutput extends Span {
  readonly path: readonly string[];
}
