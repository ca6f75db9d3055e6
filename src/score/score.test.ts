import { describe, expect, it } from 'vitest';
import type { Finding } from '../engine/finding.ts';
import { CATEGORIES } from '../rule/category.ts';
import type { RuleId, Severity } from '../rule/rule.ts';
import { PROFILE_1 } from './profile.ts';
import { findingOf, randomOf, randomRun } from './random-findings.ts';
import { scoreOf } from './score.ts';
import type { Scored } from './score.ts';

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed + 1);

describe('any run', () => {
  it('loses exactly the points of its printed lines', () => {
    for (const seed of SEEDS) {
      const { value, lines } = scoreOf(randomRun(seed));
      const lost = lines.reduce((sum, { points }) => sum + points, 0);
      expect(lost, `seed ${seed}`).toBe(100 - value);
      expect(value, `seed ${seed}`).toBeGreaterThanOrEqual(0);
    }
  });

  it('never scores lower for having one finding less', () => {
    for (const seed of SEEDS) {
      const run = randomRun(seed);
      const { value } = scoreOf(run);
      for (const gone of run.findings) {
        const less = { ...run, findings: run.findings.filter((finding) => finding !== gone) };
        expect(scoreOf(less).value, `seed ${seed} without ${gone.fingerprint}`).toBeGreaterThanOrEqual(value);
      }
    }
  });

  it('scores the same whatever order findings, outcomes and rules come in', () => {
    for (const seed of SEEDS) {
      const { rules, outcomes, findings } = randomRun(seed);
      const shuffled = {
        rules: shuffle(rules, seed),
        outcomes: shuffle(outcomes, seed + 1),
        findings: shuffle(findings, seed + 2),
      };
      expect(scoreOf(shuffled), `seed ${seed}`).toEqual(scoreOf({ rules, outcomes, findings }));
    }
  });

  it('is worth the same with one more rule that passes', () => {
    for (const seed of SEEDS) {
      const run = randomRun(seed);
      const one = randomOf(seed);
      const id: RuleId = `${one(CATEGORIES)}/new`;
      const more: Scored = {
        ...run,
        rules: [...run.rules, { id, severity: one(['critical', 'medium'] as const) }],
        outcomes: [...run.outcomes, { rule: id, status: 'passed' }],
      };
      const { coverage: before, provisional: _before, ...rest } = scoreOf(run);
      const { coverage: after, provisional: _after, ...same } = scoreOf(more);
      expect(same, `seed ${seed}`).toEqual(rest);
      expect(after, `seed ${seed}`).toBeGreaterThanOrEqual(before);
    }
  });

  it('has its floor no higher, and its value without ignores no higher, than its value', () => {
    for (const seed of SEEDS) {
      const { value, floor, withoutIgnores } = scoreOf(randomRun(seed));
      expect(floor, `seed ${seed}`).toBeLessThanOrEqual(value);
      expect(withoutIgnores, `seed ${seed}`).toBeLessThanOrEqual(value);
    }
  });
});

describe('profile 1', () => {
  it('can lose no more than 100', () => {
    expect(Object.values(PROFILE_1.caps).reduce((sum, cap) => sum + cap, 0)).toBe(100);
  });

  it('gives a clean run 100 and an A+', () => {
    expect(scoreOf(runOf([]))).toMatchObject({ value: 100, letter: 'A+', lines: [], floor: 100, coverage: 100 });
  });

  it.each([
    ['critical', 49, [14, 37]],
    ['high', 79, [12, 9]],
    ['medium', 94, [6]],
    ['low', 98, [2]],
    ['info', 100, []],
  ] as const)('a confirmed %s in injection leaves %i', (severity, value, points) => {
    const score = scoreOf(runOf([finding(1, { severity })]));
    expect(score.value).toBe(value);
    expect(score.lines.map((line) => line.points)).toEqual(points);
  });

  it('halves what is only likely, quarters what the deployment makes up for, and lets neither hold the score down', () => {
    expect(scoreOf(runOf([finding(1, { severity: 'high', confidence: 'likely' })])).value).toBe(94);
    expect(scoreOf(runOf([finding(1, { severity: 'high', mitigated: 'The edge sets it.' })])).value).toBe(97);
  });

  it('charges a control once, at its worst finding', () => {
    const { lines } = scoreOf(
      runOf([finding(1, { severity: 'low' }), finding(2, { severity: 'medium' }), finding(3, { severity: 'medium' })]),
    );
    expect(lines).toMatchObject([{ points: 6, fingerprint: 'f2', findings: 3 }]);
  });

  it('shows what the cap of a category leaves unpaid', () => {
    const { value, lines } = scoreOf(
      runOf([1, 2].map((n) => finding(n, { rule: `resilience/r${n}`, control: `resilience/r${n}` }))),
    );
    expect(lines.map(({ points, full }) => [points, full])).toEqual([
      [3, 6],
      [0, 6],
    ]);
    expect(value).toBe(97);
  });

  it('costs nothing where it is unsure', () => {
    expect(scoreOf(runOf([finding(1, { severity: 'critical', confidence: 'unsure' })])).value).toBe(100);
  });

  it('costs nothing where it is ignored with a reason, and says what that was worth', () => {
    const ignored = finding(1, { severity: 'high', ignored: { by: 'comment', reason: 'the list above' } });
    expect(scoreOf(runOf([ignored]))).toMatchObject({ value: 100, withoutIgnores: 79, lines: [] });
  });

  it('costs in full where it is of the baseline', () => {
    const old = finding(1, { severity: 'medium', ignored: { by: 'baseline', reason: 'known' } });
    expect(scoreOf(runOf([old]))).toMatchObject({ value: 94, withoutIgnores: 94 });
  });

  it('lowers the floor and the coverage by what could not be decided', () => {
    const run = runOf([]);
    const score = scoreOf({
      ...run,
      rules: [
        { id: 'limits/a', severity: 'medium' },
        { id: 'limits/b', severity: 'medium' },
        { id: 'limits/c', severity: 'high' },
      ],
      outcomes: [
        { rule: 'limits/a', status: 'passed' },
        { rule: 'limits/b', status: 'partly' },
        { rule: 'limits/c', status: 'not applicable' },
      ],
    });
    expect(score).toMatchObject({ value: 100, floor: 94, coverage: 50, provisional: true });
  });

  it('decides a control by whichever of its rules could', () => {
    const score = scoreOf({
      findings: [],
      rules: [
        { id: 'headers/hsts-missing', control: 'headers/hsts', severity: 'medium' },
        { id: 'headers/live-hsts-missing', control: 'headers/hsts', severity: 'medium' },
      ],
      outcomes: [
        { rule: 'headers/hsts-missing', status: 'passed' },
        { rule: 'headers/live-hsts-missing', status: 'not checked' },
      ],
    });
    expect(score).toMatchObject({ floor: 100, coverage: 100, provisional: false });
  });

  it('calls a run in which nothing applied provisional', () => {
    expect(scoreOf({ rules: [], outcomes: [], findings: [] })).toMatchObject({ coverage: 0, provisional: true });
  });
});

const finding = (n: number, given: Partial<Finding> & { severity?: Severity } = {}): Finding =>
  findingOf(n, { rule: 'injection/sql', ...given });

/** A run of the rules of these findings, all else passing. */
function runOf(findings: readonly Finding[]): Scored {
  const ids: readonly RuleId[] = [...new Set(findings.map(({ rule }) => rule)), 'config/passing'];
  return {
    findings,
    rules: ids.map((id) => ({ id, severity: 'medium' })),
    outcomes: ids.map((id) => ({ rule: id, status: id === 'config/passing' ? 'passed' : 'failed' })),
  };
}

function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  const one = randomOf(seed);
  const keys = Array.from({ length: 1000 }, (_, n) => n) as [number, ...number[]];
  return items
    .map((item) => ({ item, key: one(keys) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
