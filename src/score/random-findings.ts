import type { Finding, Outcome } from '../engine/finding.ts';
import { CATEGORIES } from '../rule/category.ts';
import { SEVERITIES } from '../rule/rule.ts';
import type { Rule } from '../rule/rule.ts';
import type { Scored } from './score.ts';

/** For property tests: the same seed gives the same numbers (xorshift32). */
export function randomOf(seed: number): <T>(choices: readonly [T, ...T[]]) => T {
  let state = seed * 2_654_435_761 || 1;
  return (choices) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return choices[(state >>> 0) % choices.length] ?? choices[0];
  };
}

const CONTROLS = CATEGORIES.flatMap((category) => [`${category}/a`, `${category}/b`] as const);

/** A run no engine made: rules that share controls, findings of every kind. */
export function randomRun(seed: number): Scored {
  const one = randomOf(seed);
  const controls = CONTROLS as [(typeof CONTROLS)[number], ...(typeof CONTROLS)[number][]];
  const rules: Pick<Rule, 'id' | 'control' | 'severity'>[] = Array.from({ length: 40 }, (_, n) => ({
    id: `${one(CATEGORIES)}/rule-${n}`,
    control: one(controls),
    severity: one(SEVERITIES),
  }));
  const findings = Array.from({ length: one([0, 1, 2, 5, 12, 40]) }, (_, n): Finding => {
    const rule = one(rules as [(typeof rules)[number], ...(typeof rules)[number][]]);
    return findingOf(n, {
      rule: rule.id,
      control: rule.control ?? rule.id,
      severity: one([rule.severity, rule.severity, one(SEVERITIES)]),
      confidence: one(['certain', 'certain', 'likely', 'unsure']),
      ...one<Partial<Finding>>([{}, {}, {}, { mitigated: 'The edge sets it.' }]),
      ...one<Partial<Finding>>([
        {},
        {},
        {},
        { ignored: { by: 'comment', reason: 'x' } },
        { ignored: { by: 'baseline', reason: 'x' } },
      ]),
    });
  });
  const failed = new Set(findings.filter(({ confidence }) => confidence !== 'unsure').map(({ rule }) => rule));
  const outcomes = rules.map(({ id }): Outcome => ({
    rule: id,
    status: failed.has(id) ? 'failed' : one(['passed', 'partly', 'not checked', 'not applicable', 'crashed']),
    gaps: [],
  }));
  return { rules, findings, outcomes };
}

export function findingOf(n: number, given: Partial<Finding> & Pick<Finding, 'rule'>): Finding {
  const at = { path: `f${n % 7}.js`, start: { line: n + 1, column: 1 }, end: { line: n + 1, column: 2 } };
  return {
    category: 'injection',
    control: given.rule,
    severity: 'medium',
    confidence: 'certain',
    cwe: [],
    owasp: null,
    message: `Finding ${n}.`,
    at,
    trail: [],
    excerpt: { line: n + 1, text: 'x' },
    fix: 'Mend it.',
    fingerprint: `f${n}`,
    ...given,
  };
}
