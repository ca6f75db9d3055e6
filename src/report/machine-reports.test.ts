import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { auditReport } from './audit-report.ts';
import { isReadByAgent } from './agent.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { CodeQualityIssue } from './gitlab.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { lines } from './lines.ts';
import { markdown } from './markdown.ts';
import { CLEAN, SAMPLE, hostileReport, sampleFinding } from './sample-report.ts';
import { sarif } from './sarif.ts';

const ALL = { github, gitlab, json, junit, lines, markdown, sarif };

describe.each(Object.entries(ALL))('%s', (_, render) => {
  it('prints no character that does something', () => {
    for (const report of [SAMPLE, CLEAN, hostileReport()]) {
      // the gap in a mention is our own
      const text = render(report).replaceAll(/(?<=[@#])\u200B/g, '');
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }
  });

  it('ends with one line break', () => {
    expect(render(SAMPLE)).toMatch(/[^\n]\n$/);
  });
});

describe('json', () => {
  it('is what its schema says, and comes back the same', () => {
    for (const report of [SAMPLE, CLEAN, hostileReport()]) {
      expect(auditReport.parse(JSON.parse(json(report)))).toEqual(report);
    }
  });

  it('is what the published JSON Schema says, which lets later versions add fields', () => {
    const file = new URL('../../schema/audit.report.schema.json', import.meta.url);
    const validate = new Ajv2020({ validateFormats: false }).compile(JSON.parse(readFileSync(file, 'utf8')));
    expect(validate({ ...SAMPLE, later: true })).toBe(true);
    expect(validate(JSON.parse(json(SAMPLE))), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...SAMPLE, schema: 2 })).toBe(false);
    expect(validate({ ...SAMPLE, findings: [{ ...SAMPLE.findings[0], severity: 'grave' }] })).toBe(false);
  });
});

describe('lines', () => {
  it('has one line for each finding, gap and verdict, and says once for each rule what to do', () => {
    const all = lines(SAMPLE).trimEnd().split('\n');
    expect(all).toHaveLength(8 + 1 + 1);
    expect(all[0]).toBe(
      "src/routes/orders.js:14:37: critical injection/sql: `req.query.customer` reaches a SQL statement. Fix: Pass values apart from the statement: `pool.query('… WHERE customer = $1', [customer])`.",
    );
    expect(all.filter((line) => line.includes('Fix: Put `rateLimit'))).toHaveLength(1);
  });

  it('is for agents, where nobody watches', () => {
    expect(isReadByAgent({ CLAUDECODE: '1' }, false)).toBe(true);
    expect(isReadByAgent({ CLAUDECODE: '1' }, true)).toBe(false);
    expect(isReadByAgent({ CLAUDECODE: '' }, false)).toBe(false);
    expect(isReadByAgent({ HOME: '/' }, false)).toBe(false);
  });
});

describe('github', () => {
  /** As the runner reads a line: white space first, then `::name key=value,…::data`. */
  const commandsOf = (text: string): readonly string[] =>
    text.split('\n').flatMap((line) => /^\s*::(\w+)( [^:]*)?::/.exec(line)?.[1] ?? []);

  it('annotates the worst, says how many more, and prints every finding', () => {
    const many = Array.from({ length: 25 }, (_, n) =>
      sampleFinding('src/a.js', n + 1, '«x»', {
        rule: 'limits/a',
        severity: n === 24 ? 'critical' : 'medium',
        message: `Number ${n}.`,
      }),
    );
    const text = github({ ...SAMPLE, findings: many });
    expect(commandsOf(text)).toEqual(['error', ...Array.from({ length: 9 }, () => 'warning'), 'notice']);
    expect(text).toContain('::error title=limits/a,file=src/a.js,line=25,endLine=25,col=1,endColumn=2::Number 24.%0A');
    expect(text).toMatch(/::notice title=seaworthy::.* 15 more findings in the log\.\n$/);
    expect(text).toContain('src/a.js:20:1: medium limits/a: Number 19.');
  });

  it('gives no columns for a span over several lines', () => {
    const finding = sampleFinding('a.js', 1, 'a(«{\n}»)', { rule: 'limits/a', severity: 'low', message: 'x' });
    expect(github({ ...SAMPLE, findings: [finding] })).toContain('file=a.js,line=1,endLine=2::');
  });

  it('runs no command of the project', () => {
    const hostile = hostileReport('a\n::error::owned\n##[add-mask]x,line=1::y');
    expect(commandsOf(github(hostile))).toEqual(commandsOf(github(SAMPLE)));
    expect(github(hostile)).not.toContain('##[');
  });
});

describe('gitlab', () => {
  it('lists every finding that is not ignored; the unsure as info', () => {
    const issues: readonly CodeQualityIssue[] = JSON.parse(gitlab(SAMPLE));
    expect(issues.map(({ check_name, severity }) => `${check_name} ${severity}`)).toEqual([
      'container/node-end-of-life major',
      'headers/powered-by minor',
      'injection/path-traversal info',
      'limits/login-unlimited major',
      'limits/login-unlimited major',
      'limits/login-unlimited major',
      'limits/login-unlimited major',
      'injection/sql blocker',
      'secrets/session-secret-in-code critical',
    ]);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    expect(issues.at(-1)?.location).toEqual({ path: 'src/session.js', lines: { begin: 5, end: 5 } });
  });
});

describe('junit', () => {
  it.each([
    ['a run', SAMPLE],
    ['a run of a hostile project', hostileReport()],
  ])('has a test for each rule of %s, and nothing else', (_, report) => {
    const opened: string[] = [];
    const parser = new Parser(
      { onopentag: (name) => void opened.push(name), onerror: (error) => expect.fail(error.message) },
      { xmlMode: true },
    );
    parser.end(junit(report));
    const count = (name: string): number => opened.filter((one) => one === name).length;
    expect(count('testcase')).toBe(report.outcomes.length);
    expect([count('failure'), count('skipped'), count('error')]).toEqual([4, 4, 0]);
    expect(new Set(opened)).toEqual(new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'skipped']));
  });
});

describe('markdown', () => {
  it('says first whether it may be merged and where to start', () => {
    const [title, , target, , start] = markdown(SAMPLE).split('\n');
    expect(title).toMatch(/^## ❌ Not fit for production: 1 critical, 1 high/);
    expect(target).toBe('seaworthy 1.2.3 · shop · service · 42 files · 9 of 11 rules apply');
    expect(start).toMatch(/^\*\*Start here:\*\* `src\/routes\/orders.js:14` `req.query.customer` reaches/);
    expect(markdown(CLEAN)).toMatch(/^## ✅ Fit for production: nothing found/);
  });

  it('fits into a comment however much was found', () => {
    const many = Array.from({ length: 3000 }, (_, n) =>
      sampleFinding(`src/${'long/'.repeat(20)}${n}.js`, 1, '«x»', {
        rule: 'limits/a',
        severity: 'medium',
        message: 'x'.repeat(300),
      }),
    );
    const text = markdown({ ...SAMPLE, findings: many });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('_2950 more findings in the full report._');
  });

  it('holds no link, image, element or mention of the project outside of code', () => {
    const text = markdown(hostileReport())
      .replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, '')
      .replaceAll(/\\`/g, '')
      .replaceAll(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(text).not.toMatch(/<(?!\/?(details|summary)>)/);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    expect(text).not.toMatch(/@\w/);
    expect(text).not.toContain('://');
  });
});
