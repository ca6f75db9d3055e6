import type { Span } from '../../document/document.ts';
import type { Word } from '../word.ts';

export interface NginxFacts {
  readonly directives: readonly NginxDirective[];
}

/** `name argument … ;` or `name argument … { … }`. Source: https://nginx.org/en/docs/beginners_guide.html */
export interface NginxDirective extends Span {
  readonly name: string;
  readonly nameAt: Span;
  readonly words: readonly Word[];
  /** Directives of its block; absent where it has none. */
  readonly block?: readonly NginxDirective[];
}
