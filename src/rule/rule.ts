import type { Location, Span } from '../document/document.ts';
import type { Role } from '../model/role.ts';
import type { ViewName, Views } from '../model/views.ts';
import type { Category } from './category.ts';
import type { Example } from './example.ts';

export { bad, good, unsure } from './example.ts';
export type { Example } from './example.ts';
export type { Location } from '../document/document.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type RuleId = `${Category}/${string}`;

/**
 * One rule: its words, its check and its examples, in one file at `rules/<id>.ts`.
 * The examples are at once the tests and the documentation.
 */
export interface Rule<Needs extends ViewName = ViewName> {
  /** `category/what-is-wrong` in kebab case; also the path of its file below `rules/`. */
  readonly id: RuleId;
  /** The good state, one sentence; printed when the rule passes. */
  readonly ensures: string;
  readonly severity: Severity;
  /**
   * What can be lost once, in the category that pays for it. Static and live rules that judge the same thing share one.
   * Default: the id.
   */
  readonly control?: `${Category}/${string}`;
  /** The roles of code in which a problem counts; `any` for what holds whatever the project is. */
  readonly roles: readonly [Role | 'any', ...(Role | 'any')[]];
  /** Markdown: what an attacker or an outage does with it. */
  readonly why: string;
  /** Markdown, imperative. */
  readonly fix: string;
  readonly references: readonly `https://${string}`[];
  /** Number in the Common Weakness Enumeration. */
  readonly cwe?: number;
  /** Category of the OWASP Top Ten 2025, for example `A05`. */
  readonly owasp?: `A${string}`;
  /** The views `check` reads. The rule is not applicable when one is absent. */
  readonly needs: readonly Needs[];
  /**
   * What the rule judges, where the views are there with or without it. A rule that finds nothing, in a project that has
   * none of it, is not applicable: to pass would claim what nobody saw.
   */
  readonly about?: {
    /** For a sentence: `Kubernetes workload`. */
    readonly what: string;
    readonly isIn: (views: Pick<Views, Needs>) => boolean;
  };
  readonly examples: readonly [Example, Example, ...Example[]];
  /** Pure: the same views always yield the same problems in the same order. */
  readonly check: (views: Pick<Views, Needs>) => Iterable<Problem>;
}

export interface Problem {
  readonly at: Location;
  /** The bad fact in the user's own names, one sentence. Never the value of a secret. */
  readonly message: string;
  /** Only to lower or raise by evidence. */
  readonly severity?: Severity;
  /** The flagged text is a secret, whatever it looks like: it is masked wherever it would be quoted. */
  readonly secret?: true;
  /** From the source by every step to the sink. */
  readonly trail?: readonly Step[];
  /**
   * Names the one change that repairs this and every other problem of the rule with the same name: where they are many,
   * they are told as one, with their places.
   */
  readonly repair?: string;
  /** A safe automatic fix. */
  readonly edits?: readonly Edit[];
  /** Why it cannot be certain. Shown, costs no points, fails no gate. */
  readonly unsure?: string;
  /** What makes up for it in the running deployment, where that was seen. A quarter of the points; breaks no gate. */
  readonly mitigated?: string;
  /** `likely` halves the points: the evidence is a heuristic. Default: `certain`. */
  readonly confidence?: 'certain' | 'likely';
}

export interface Step {
  readonly at: Location;
  readonly note: string;
}

/** Replace a span of the document the problem is in, or of `path`. */
export interface Edit extends Span {
  readonly path: string;
  readonly text: string;
}

export const defineRule = <const Needs extends ViewName>(rule: Rule<Needs>): Rule<Needs> => rule;
