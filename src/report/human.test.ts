import { describe, expect, it } from 'vitest';
import type { AuditReport } from './audit-report.ts';
import { human } from './human.ts';
import type { HumanOptions } from './human.ts';
import { CLEAN, SAMPLE, hostileReport, sampleFinding } from './sample-report.ts';
import { widthOf } from './text.ts';

const PLAIN: HumanOptions = { color: false, width: 80, detail: 'normal' };
const linesOf = (report: AuditReport, options: Partial<HumanOptions> = {}): readonly string[] =>
  human(report, { ...PLAIN, ...options })
    .trimEnd()
    .split('\n');

describe('the report for people', () => {
  it('has a last line that stands alone', () => {
    expect(linesOf(SAMPLE).at(-1)).toBe('✗ Not fit for production: 1 critical, 1 high, 4 medium, 1 low; score 49 (F).');
    expect(linesOf(CLEAN).at(-1)).toBe('✓ Fit for production: nothing found; score 100 (A+).');
  });

  it('says before it where to start, why it matters and what to do', () => {
    const lines = linesOf(SAMPLE);
    const start = lines.findIndex((line) => line.startsWith('Start here:'));
    expect(lines.slice(start, start + 8)).toEqual([
      'Start here: src/routes/orders.js:14:37',
      '  `req.query.customer` reaches a SQL statement. Whoever finds it can use it. The',
      '  second sentence says more.',
      '  fix  Pass values apart from the statement:',
      "       `pool.query('… WHERE customer = $1', [customer])`.",
      '  then src/session.js:5:34 secrets/session-secret-in-code',
      '  more audit explain injection/sql',
      '',
    ]);
    expect(lines.slice(start + 8, -1)).toEqual(['The gate is broken: 2 findings are high or worse.']);
  });

  it('starts, among equals, with the category that comes first, whatever the files are called', () => {
    const given = { severity: 'high', message: 'x' } as const;
    const findings = [
      sampleFinding('Dockerfile', 1, '«a»', { ...given, rule: 'container/a' }),
      sampleFinding('src/z.js', 1, '«a»', { ...given, rule: 'auth/a', confidence: 'likely' }),
      sampleFinding('src/z.js', 2, '«a»', { ...given, rule: 'secrets/a' }),
    ];
    const lines = linesOf({ ...SAMPLE, findings, gate: { ...SAMPLE.gate, breaches: [] } });
    expect(lines).toContain('Start here: src/z.js:2:1');
    expect(lines).toContain('  then Dockerfile:1:1 container/a, src/z.js:1:1 auth/a');
  });

  it('underlines what is flagged', () => {
    const lines = linesOf(SAMPLE);
    const code = lines.findIndex((line) => line.startsWith('  > 10 '));
    expect(lines.slice(code, code + 2)).toEqual(["  > 10 │ router.post('/login', login);", '       │        ━━━━']);
  });

  it('keeps to the width of the terminal, cutting code around what is flagged', () => {
    for (const width of [60, 80, 140]) {
      const tooLong = linesOf(SAMPLE, { width })
        .slice(1, -1)
        .filter((line) => widthOf(line) > width);
      expect(tooLong, `at ${width}`).toEqual([]);
    }
    expect(linesOf(SAMPLE, { width: 80 })).toContain(
      "  > 14 │ …wait pool.query(`SELECT * FROM orders WHERE customer = '${customer}'`…",
    );
  });

  it('adds up: the printed lines of the score are 100 less the score', () => {
    const lines = linesOf(SAMPLE);
    const from = lines.indexOf('Score');
    const lost = lines.slice(from).flatMap((line) => /^ +−(\d+)  /.exec(line)?.[1] ?? []);
    expect(lost.map(Number).reduce((sum, points) => sum + points, 0)).toBe(100 - SAMPLE.score.value);
  });

  it('has categories with the worst first, and rules within', () => {
    const headings = linesOf(SAMPLE).flatMap((line) => /^(\S.*?) ─+/.exec(line)?.[1] ?? []);
    expect(headings).toEqual(['Injection', 'Secrets', 'Limits', 'Browser headers']);
  });

  it('frames the first places of a rule, lists some more, counts the rest, and shows all when asked', () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      sampleFinding('src/a.js', n + 1, `«eval»(x${n});`, {
        rule: 'injection/code',
        severity: 'critical',
        message: `x${n} is run.`,
      }),
    );
    const report = { ...SAMPLE, findings: many };
    const places = (lines: readonly string[]): number => lines.filter((line) => line.includes(' is run.')).length;
    const frames = (lines: readonly string[]): number => lines.filter((line) => /^ {2}> +\d+ │/.test(line)).length;
    const [some, all] = [linesOf(report), linesOf(report, { detail: 'verbose' })];
    expect([frames(some), places(some) - 1]).toEqual([2, 10]); // one more in "Start here"
    expect(some).toContain('  and 20 more: --verbose shows all');
    expect([frames(all), places(all) - 1]).toEqual([30, 30]);
  });

  it('tells apart what is unsure, what is ignored and what could not be seen', () => {
    const text = human(SAMPLE, PLAIN);
    expect(text).toContain('Please look yourself · 1 place, no points, no gate');
    expect(text).toContain('1 ignored with a reason, 1 known from the baseline');
    expect(text).toContain('  · 1 rule not checked: No URL was given.');
    expect(text).not.toContain('file comes from the list above');
    expect(human(SAMPLE, { ...PLAIN, detail: 'verbose' })).toContain('comment: file comes from the list above');
  });

  it('is short when asked to be quiet', () => {
    const lines = linesOf(SAMPLE, { detail: 'quiet' });
    expect(lines[0]).toBe('Score');
    expect(lines.at(-1)).toMatch(/^✗ Not fit/);
  });

  it('has no escape byte without colour, and only colours of the theme with it', () => {
    expect(human(SAMPLE, { ...PLAIN, detail: 'verbose' })).not.toContain('\u001B');
    // oxlint-disable-next-line no-control-regex
    const sequences = human(SAMPLE, { ...PLAIN, color: true }).match(/\u001B\[[\d;]*m/g) ?? [];
    expect(sequences.length).toBeGreaterThan(50);
    expect(sequences.filter((sequence) => /[34]8;/.test(sequence))).toEqual([]);
  });

  it('lets no text of the project control the terminal or the CI runner', () => {
    const text = human(hostileReport(), { ...PLAIN, detail: 'verbose' });
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(text).not.toMatch(/^\s*::/m);
  });
});
