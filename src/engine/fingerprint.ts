import { createHash } from 'node:crypto';
import type { Location } from '../document/document.ts';
import type { RuleId } from '../rule/rule.ts';
import type { Page } from './excerpt.ts';

/**
 * Identity of a finding across edits elsewhere: rule, path, flagged text without white space, and its ordinal among
 * equal ones in document order. No line numbers; a flagged secret counts by what kind it is, never by its value.
 */
export class Fingerprints {
  readonly #seen = new Map<string, number>();

  next(rule: RuleId, page: Page, at: Location): string {
    const secret = page.secrets.find(({ start, end }) => start < at.end && at.start < end);
    const flagged = secret ? 'secret' : page.document.text.slice(at.start, at.end);
    const identity = [rule, at.path, flagged.replaceAll(/\s+/g, '')].join('\n');
    const nth = this.#seen.get(identity) ?? 0;
    this.#seen.set(identity, nth + 1);
    return createHash('sha256').update(`${identity}\n${nth}`).digest('hex').slice(0, 24);
  }
}
