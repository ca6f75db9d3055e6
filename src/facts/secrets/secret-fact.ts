import type { Span } from '../../document/document.ts';

/** A secret as facts may carry it: where it is, what kind, and how far it can be trusted to be one. Never its value. */
export interface SecretFact extends Span {
  /** Which detector recognised it, for example `github-token`. */
  readonly detector: string;
  /** How it may be shown: public prefix and length. */
  readonly masked: string;
  readonly kind: SecretKind;
  /** What it is, as a noun phrase: "a GitHub personal access token". */
  readonly name: string;
  /** How bad it is when a stranger reads it. */
  readonly grade: SecretGrade;
  readonly strength: SecretStrength;
  /** `test`: issued for trying out; `public`: meant to be seen; `local`: for a service on the same machine or network. */
  readonly mode?: 'test' | 'public' | 'local';
  /** The name the value is bound to, where one is written beside it. */
  readonly key?: string;
  /** It stands in a Secret of Kubernetes: there the object is what is told of. */
  readonly object?: true;
  /** What follows `||` or `??`, or a default: used only where the real one is missing. */
  readonly fallback?: true;
  /** User and host of a URL, which are no secret. */
  readonly user?: string;
  readonly host?: string;
  /** Seconds since 1970 after which it is refused. */
  readonly expires?: number;
  /** A comment of another scanner on the same line says that this is intended. */
  readonly allowed?: true;
}

export type SecretKind = 'token' | 'private-key' | 'url' | 'jwt' | 'registry-auth' | 'named';

export type SecretGrade = 'critical' | 'high' | 'medium' | 'low' | 'info';

/**
 * `verified`: a checksum or a decoder agrees; `shaped`: the issuer's own format; `guessed`: by its name and look;
 * `word`: bound to the name of a secret, but a word: hidden, and for rules about weak values; `refuted`: the issuer's
 * format, but its checksum is wrong.
 */
export type SecretStrength = 'verified' | 'shaped' | 'guessed' | 'word' | 'refuted';

/** A value that is hidden only because of the name it stands under. */
export const hiddenBy = (key: string, { start, end }: Span, masked: string): SecretFact => ({
  start,
  end,
  detector: 'named-secret',
  kind: 'named',
  name: `the value of ${key}`,
  grade: 'high',
  strength: 'word',
  masked,
  key,
});
