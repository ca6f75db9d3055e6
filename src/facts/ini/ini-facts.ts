import type { Pair } from '../word.ts';

/** `key = value` lines in their sections. A value runs to the end of its line: `;` and `#` only begin whole-line comments. */
export interface IniFacts {
  readonly entries: readonly IniEntry[];
  /** Files named by `%include`. */
  readonly includes: readonly string[];
}

export interface IniEntry extends Pair {
  /** Empty before the first section. */
  readonly section: string;
  /** Of a value that is a connection string (`host=… port=…`), its settings. */
  readonly settings: readonly Pair[];
}
