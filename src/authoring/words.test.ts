import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';

const LONGEST_LINE = 200;

describe.each(rules)('$id', (rule) => {
  it('lives in the file of its name', () => {
    expect(existsSync(new URL(`../../rules/${rule.id}.ts`, import.meta.url))).toBe(true);
    expect(rule.id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('says the good state in one sentence, why it matters, and what to do', () => {
    const { ensures, why, fix } = rule;
    expect(ensures).toMatch(/^[^\n]+\.$/);
    expect(ensures.length).toBeLessThanOrEqual(LONGEST_LINE);
    for (const text of [ensures, why, fix]) {
      expect(text).not.toMatch(/^…/); // what `npm run new-rule` leaves to fill in
      expect(text.trim()).not.toBe('');
    }
    expect(`${why} ${fix}`).not.toMatch(/\b(possible|potential) (security )?(vulnerability|issue)/i);
  });

  it('has examples whose titles are situations of their own', () => {
    const titles = rule.examples.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).not.toMatch(/^(…|(test|example|should)\b)/i);
  });
});
