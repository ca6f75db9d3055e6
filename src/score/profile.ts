import type { Category } from '../rule/category.ts';
import type { Severity } from '../rule/rule.ts';

export const LETTERS = ['A+', 'A', 'B', 'C', 'D', 'F'] as const;
export type Letter = (typeof LETTERS)[number];

export type Evidence = 'certain' | 'likely' | 'mitigated';

/** How points are counted. A released profile is frozen: another count is another profile. */
export interface Profile {
  readonly name: string;
  /** What a control costs. */
  readonly points: Readonly<Record<Severity, number>>;
  /** Share of the points that evidence of this kind costs. */
  readonly share: Readonly<Record<Evidence, number>>;
  /** What a category costs at most; together 100. */
  readonly caps: Readonly<Record<Category, number>>;
  /** The highest score beside a confirmed problem of this severity. */
  readonly ceilings: Readonly<Partial<Record<Severity, number>>>;
  /** The least score for a letter, best first. */
  readonly letters: readonly (readonly [Letter, number])[];
  /** Percent of what applies that must be decided before the letter is more than provisional. */
  readonly decisive: number;
}

export const PROFILE_1: Profile = {
  name: '1',
  points: { critical: 25, high: 12, medium: 6, low: 2, info: 0 },
  share: { certain: 1, likely: 0.5, mitigated: 0.25 },
  caps: {
    injection: 14,
    auth: 9,
    headers: 9,
    transport: 7,
    limits: 9,
    secrets: 9,
    exposure: 6,
    config: 6,
    container: 7,
    dependencies: 6,
    lifecycle: 7,
    runtime: 4,
    resilience: 3,
    database: 2,
    observability: 2,
  },
  ceilings: { critical: 49, high: 79 },
  letters: [
    ['A+', 95],
    ['A', 90],
    ['B', 80],
    ['C', 65],
    ['D', 50],
    ['F', 0],
  ],
  decisive: 60,
};
