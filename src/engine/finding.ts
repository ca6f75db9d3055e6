import type { Gap } from '../document/gap.ts';
import type { Position } from '../document/position.ts';
import type { Category } from '../rule/category.ts';
import type { Edit, RuleId, Severity } from '../rule/rule.ts';

/** A location as people and machines read it: 1-based lines and columns, `end` exclusive. */
export interface Place {
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
}

export interface Finding {
  readonly rule: RuleId;
  readonly category: Category;
  readonly control: `${Category}/${string}`;
  readonly severity: Severity;
  readonly confidence: 'certain' | 'likely' | 'unsure';
  readonly cwe: readonly number[];
  readonly owasp: string | null;
  readonly message: string;
  /** Why it is unsure, where it is. */
  readonly unsure?: string;
  /** What outside the code makes up for it in the running deployment. */
  readonly mitigated?: string;
  readonly at: Place;
  readonly trail: readonly { readonly at: Place; readonly note: string }[];
  /** Names the change that repairs it together with others; gone once they are told as one. */
  readonly repair?: string;
  /** The other places of the same, repaired by the same change; in path and position order. */
  readonly also?: readonly { readonly at: Place; readonly fingerprint: string }[];
  readonly excerpt: Excerpt;
  readonly fix: string;
  readonly fingerprint: string;
  readonly ignored?: Ignored;
  readonly edits?: readonly Edit[];
}

/** Lines around a finding, secrets masked. `line` is the number of the first. */
export interface Excerpt {
  readonly line: number;
  readonly text: string;
}

export interface Ignored {
  readonly by: 'comment' | 'config' | 'baseline';
  readonly reason: string;
}

export const OUTCOMES = ['failed', 'unsure', 'partly', 'passed', 'not applicable', 'not checked', 'crashed'] as const;

/** What became of one rule in one run. */
export interface Outcome {
  readonly rule: RuleId;
  readonly status: (typeof OUTCOMES)[number];
  /** Why it does not apply, was not checked, or crashed. */
  readonly reason?: string;
  /** What the rule's views could not see. */
  readonly gaps: readonly Gap[];
}
