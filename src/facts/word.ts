import type { Document, Span } from '../document/document.ts';
import { maskOf } from '../document/mask.ts';
import type { SecretFact } from './facts.ts';
import { isSecretName, isWellKnownPassword, secretValueOf } from './secret-name.ts';
import { hiddenBy } from './secrets/secret-fact.ts';
import { secretsIn } from './secrets.ts';

/**
 * A piece of text and where it stands. `text` is what it means: quotes and escapes gone, `$NAME` as written. Where the
 * span holds a secret, `text` is only what may be shown of it.
 */
export interface Word extends Span {
  readonly text: string;
  readonly secret?: SecretFact;
  /** Of a shell script: in single quotes, so that `$NAME` in it stays as it is. */
  readonly verbatim?: true;
}

/** `NAME=value`; no value where only the name is given. */
export interface Pair extends Span {
  readonly name: string;
  readonly nameAt: Span;
  readonly value?: Word;
}

/** Makes words of one document, none of which carries a secret. */
export interface WordMaker {
  readonly word: (span: Span, text: string) => Word;
  /** The value of something of that name: hidden as well where the name says it is a secret. */
  readonly value: (name: string, span: Span, text: string) => Word;
}

export function wordMakerOf(document: Document): WordMaker {
  const secrets = secretsIn(document);
  const word = ({ start, end }: Span, text: string): Word => {
    const secret = secrets.find((known) => known.start < end && start < known.end);
    if (!secret) return { start, end, text };
    const value = document.text.slice(secret.start, secret.end);
    const shown = text.includes(value) ? text.replaceAll(value, secret.masked) : secret.masked;
    return { start, end, text: shown, secret };
  };
  const value = (name: string, span: Span, text: string): Word => {
    const found = word(span, text);
    // what everybody tries first is no secret, and rules about it must see it
    const isNoSecret = isWellKnownPassword(text) || echoes(name, text);
    const { kind, strength } = found.secret ?? {};
    const isWord = strength === 'word' || (kind === 'named' && echoes(name, text));
    const made = isWord && isNoSecret ? { ...span, text } : found;
    if (made.secret || !isSecretName(name) || secretValueOf(text) !== 'literal' || isNoSecret) {
      return made;
    }
    const masked = maskOf(text);
    return { ...made, text: masked, secret: hiddenBy(name, span, masked) };
  };
  return { word, value };
}

/** `API_KEY=API_KEY_VALUE`: a name to be filled in. */
const echoes = (name: string, text: string): boolean =>
  name.length >= 4 && /^[A-Z][A-Z0-9_]+$/.test(text) && text.includes(name.toUpperCase());
