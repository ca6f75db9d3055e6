import { nearestOf } from '../document/nearest.ts';
import type { Ignore, IgnoreState } from '../model/ignores.ts';
import { CATEGORIES } from '../rule/category.ts';
import type { RuleId } from '../rule/rule.ts';
import type { Finding, Ignored, Outcome } from './finding.ts';
import type { IgnoreWish } from './ignore-comment.ts';

export interface IgnoreContext {
  /** Every rule there is, enabled or not. */
  readonly known: readonly RuleId[];
  readonly outcomes: readonly Outcome[];
  readonly today: Date;
}

/** Which wish each ignored finding is owed to, by fingerprint. A wish that has expired or gives no reason grants nothing. */
export function grantedOf(
  findings: readonly Finding[],
  wishes: readonly IgnoreWish[],
  today: Date,
): ReadonlyMap<Finding['fingerprint'], IgnoreWish> {
  const valid = wishes.filter((wish) => wish.reason !== undefined && !hasExpired(wish, today));
  const granted = new Map<string, IgnoreWish>();
  if (valid.length === 0) return granted;
  for (const { fingerprint, rule, at } of findings) {
    const wish = valid.find(({ names, covers }) => names.some(isAbout(rule)) && covers(at.path, at.start.line));
    if (wish) granted.set(fingerprint, wish);
  }
  return granted;
}

export const ignoredBy = ({ by, reason = '' }: IgnoreWish): Ignored => ({ by, reason });

/** What became of every wish. */
export function ignoresOf(
  wishes: readonly IgnoreWish[],
  used: ReadonlySet<IgnoreWish>,
  { known, outcomes, today }: IgnoreContext,
): readonly Ignore[] {
  const decided = new Set(outcomes.filter(isDecided).map(({ rule }) => rule));
  const names = new Set<string>([...known, ...CATEGORIES]);
  return wishes.map((wish) => {
    const unknown = wish.names.find((name) => !names.has(name)) ?? (wish.names.length === 0 ? '' : undefined);
    const nearest = unknown === undefined ? undefined : nearestOf(unknown, names);
    const stateOf = (): IgnoreState => {
      if (unknown !== undefined) return 'unknown';
      if (wish.reason === undefined) return 'unexplained';
      if (hasExpired(wish, today)) return 'expired';
      if (used.has(wish)) return 'used';
      const about = known.filter((rule) => wish.names.some(isAbout(rule)));
      return about.every((rule) => decided.has(rule)) ? 'unused' : 'undecided';
    };
    return {
      at: wish.at,
      by: wish.by,
      names: wish.names,
      state: stateOf(),
      ...(wish.until !== undefined && { until: wish.until }),
      ...(unknown !== undefined && { unknown: { name: unknown, ...(nearest !== undefined && { nearest }) } }),
    };
  });
}

/** Whether a name in a wish, or on the command line, means a rule. */
export const isAbout =
  (rule: RuleId) =>
  (name: string): boolean =>
    rule === name || rule.startsWith(`${name}/`);

const hasExpired = ({ until }: IgnoreWish, today: Date): boolean =>
  until !== undefined && today.toISOString().slice(0, 10) > until;

const isDecided = ({ status }: Outcome): boolean => status === 'failed' || status === 'unsure' || status === 'passed';
