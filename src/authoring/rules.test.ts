import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { verdictOf } from './example-project.ts';

describe.each(rules)('$id', (rule) => {
  it.each(rule.examples)('$verdict: $title', async (example) => {
    const { found, expected, status, reason, fixed } = await verdictOf(rule, example.files);
    expect(found, reason).toEqual(expected);
    if (example.verdict === 'good') expect(status, reason).not.toMatch(/failed|unsure|crashed/);
    else expect(status, reason).toBe(example.verdict === 'bad' ? 'failed' : 'unsure');
    if (!example.fixed) return;
    expect(fixed).toEqual(example.fixed);
    expect((await verdictOf(rule, { ...example.files, ...fixed })).found).toEqual([]);
  });

  it('shows what it must say and what it must not', () => {
    const verdicts = rule.examples.map(({ verdict }) => verdict);
    expect(verdicts).toContain('good');
    expect(verdicts.some((verdict) => verdict !== 'good')).toBe(true);
  });
});
