import type { Document } from '../document/document.ts';
import type { SecretFact } from './facts.ts';

/** Every secret in a text, whatever its language, in order and without overlaps. */
export function secretsIn(_document: Document): readonly SecretFact[] {
  return [];
}
