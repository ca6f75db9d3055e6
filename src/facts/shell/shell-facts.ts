import type { Span } from '../../document/document.ts';
import type { Pair, Word } from '../word.ts';

/** One simple command of a shell script. Scripts are a flat list of them, in the order they are written. */
export interface ShellCommand extends Span {
  /** `NAME=value` before the command. */
  readonly env: readonly Pair[];
  /** The command's name and its arguments. Empty where only variables are set. */
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** What joins it with the command before it in the same list. */
  readonly joined: 'first' | 'then' | 'and' | 'or' | 'pipe';
  /** `branch`: may not run (if, case, loops). `substitution`: its output is part of another command. */
  readonly inside: 'list' | 'branch' | 'substitution' | 'function';
  readonly background: boolean;
}

export interface Redirect {
  /** `>`, `>>`, `<`, `<<` … */
  readonly operator: string;
  readonly target?: Word;
  /** The body of a here-document. */
  readonly body?: Span;
}

export interface ShellFacts {
  readonly commands: readonly ShellCommand[];
}
