import type { Span } from '../../document/document.ts';

/** The patterns of a `.dockerignore` or `.gitignore`, in order: the last that matches wins. */
export interface IgnoreFacts {
  readonly patterns: readonly IgnorePattern[];
}

export interface IgnorePattern extends Span {
  /** Without the leading `!`. */
  readonly text: string;
  /** `!`: takes back what an earlier pattern ignored. */
  readonly negated: boolean;
}
