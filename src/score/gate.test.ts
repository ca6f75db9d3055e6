import { describe, expect, it } from 'vitest';
import { DEFAULT_GATE, gateOf } from './gate.ts';
import { findingOf } from './random-findings.ts';

const score = { value: 80, coverage: 70 };
const high = findingOf(1, { rule: 'injection/sql', severity: 'high' });

describe('the gate', () => {
  it('breaks on a high by default, and names it', () => {
    const gate = gateOf([findingOf(2, { rule: 'config/x', severity: 'medium' }), high], score, DEFAULT_GATE);
    expect(gate.status).toBe('broken');
    expect(gate.breaches).toEqual([{ kind: 'findings', message: '1 finding is high or worse.', fingerprints: ['f1'] }]);
  });

  it.each([
    ['ignored', { ...high, ignored: { by: 'comment', reason: 'x' } }],
    ['of the baseline', { ...high, ignored: { by: 'baseline', reason: 'x' } }],
    ['unsure', { ...high, confidence: 'unsure' }],
    ['made up for by the deployment', { ...high, mitigated: 'The edge sets it.' }],
    ['below the level', { ...high, severity: 'medium' }],
  ] as const)('holds against a finding that is %s', (_, finding) => {
    expect(gateOf([finding], score, DEFAULT_GATE)).toMatchObject({ status: 'held', breaches: [] });
  });

  it('holds against anything at level none', () => {
    expect(gateOf([high], score, { ...DEFAULT_GATE, level: 'none' }).status).toBe('held');
  });

  it('names the worst first', () => {
    const critical = findingOf(9, { rule: 'injection/code', severity: 'critical' });
    expect(gateOf([high, critical], score, DEFAULT_GATE).breaches[0]?.fingerprints).toEqual(['f9', 'f1']);
  });

  it('breaks below a least score and a least coverage, and holds at them', () => {
    const least = { level: 'none', minScore: 81, minCoverage: 71 } as const;
    expect(gateOf([], score, least).breaches.map(({ message }) => message)).toEqual([
      'The score is 80, less than 81.',
      'The coverage is 70, less than 71.',
    ]);
    expect(gateOf([], score, { level: 'none', minScore: 80, minCoverage: 70 }).status).toBe('held');
  });
});
