import type { Location } from '../../document/document.ts';

/** A literal that ends up where a package expects a secret. */
export interface LiteralCredential {
  /** What it is used as, for a sentence: "the key that signs tokens". */
  readonly what: string;
  readonly at: Location;
  /** Where it is used. */
  readonly use: Location;
  /** The call it is given to, in the user's own words. */
  readonly into: string;
  /** Used only where something else, such as an environment variable, is missing. */
  readonly isFallback: boolean;
  /** The name of the variable it stands in for, where that can be seen. */
  readonly insteadOf?: string;
}

export type Credentials = readonly LiteralCredential[];
