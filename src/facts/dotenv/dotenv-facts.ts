import type { Span } from '../../document/document.ts';
import type { Word } from '../word.ts';

/** The settings of a `.env` file, in the order they are written. */
export interface DotenvFacts {
  readonly entries: readonly DotenvEntry[];
  /** Encrypted for dotenvx, SOPS or git-crypt: what is committed opens nothing. */
  readonly encrypted: boolean;
}

export interface DotenvEntry extends Span {
  readonly name: string;
  readonly nameAt: Span;
  /** As meant: without quotes and comment. The span is that of the text between the quotes. */
  readonly value: Word;
  readonly quote: 'none' | 'single' | 'double' | 'backtick';
  /** What the value of a secret's name is; absent for other names. */
  readonly secret?: SecretValueFact;
  /** `${NAME}` in a value that is not in single quotes. */
  readonly expands: boolean;
  /** How each loader reads it, where that is not what is meant. */
  readonly dotenv?: Misreading;
  readonly node?: Misreading;
}

export interface SecretValueFact {
  readonly state: 'literal' | 'placeholder' | 'reference' | 'empty';
  readonly characters: number;
  /** `word`: everybody tries it first; `short`: too few characters for a key. */
  readonly weak?: 'word' | 'short';
}

/** `cut`: only the beginning; `absent`: not at all; `different`: other characters than are meant. */
export type Misreading = 'cut' | 'absent' | 'different';
