import { describe, expect, it } from 'vitest';
import type { Document } from '../document/document.ts';
import { languageOf } from '../document/language.ts';
import type { Project } from '../load/project.ts';
import { defineRule, good } from '../rule/rule.ts';
import type { Rule } from '../rule/rule.ts';
import ignoreExpired from '../../rules/config/ignore-expired.ts';
import ignoreUnexplained from '../../rules/config/ignore-unexplained.ts';
import ignoreUnused from '../../rules/config/ignore-unused.ts';
import { audit } from './audit.ts';
import type { AuditOptions } from './audit.ts';

const TODAY = new Date('2026-11-22T12:00:00Z');
const nothing = [good('', {}), good('', {})] as const;

/** Finds the word BAD wherever it stands. */
const badWord = (documents: readonly Document[]): Rule =>
  defineRule({
    id: 'exposure/bad-word',
    ensures: 'No file says it.',
    severity: 'high',
    roles: ['any'],
    why: '',
    fix: '',
    references: [],
    needs: [],
    examples: nothing,
    *check() {
      for (const { path, text } of documents) {
        for (const { index } of text.matchAll(/BAD/g)) {
          yield { at: { path, start: index, end: index + 3 }, message: 'It says it.' };
        }
      }
    },
  });

/** `path:line` of what is found, with the reason where it is ignored; then what is said about the ignores. */
async function said(files: Readonly<Record<string, string>>, options: Partial<AuditOptions> = {}): Promise<string[]> {
  const documents = Object.entries(files).map(([path, text]): Document => ({
    path,
    text,
    language: languageOf(path, text),
    tracked: 'tracked',
  }));
  const project: Project = { root: '/', documents, files: [], gaps: [] };
  const rules = [badWord(documents), ignoreExpired, ignoreUnexplained, ignoreUnused];
  const { findings } = await audit(project, rules, { today: TODAY, ...options });
  return findings.map(({ rule, at, ignored, message }) =>
    rule === 'exposure/bad-word'
      ? `${at.path}:${at.start.line}${ignored ? ` ignored by ${ignored.by}: ${ignored.reason}` : ''}`
      : `${rule.slice('config/ignore-'.length)}: ${message}`,
  );
}

describe('a comment', () => {
  it.each([
    ['app.js', 'const a = BAD; // audit-ignore exposure/bad-word: why\n', 1],
    ['app.js', '// audit-ignore exposure/bad-word: why\n\n// more\n/* and\n more */\nconst a = BAD;\n', 6],
    ['app.js', '/* audit-ignore exposure/bad-word: why */\nconst a = BAD;\n', 2],
    ['app.js', '/**\n * audit-ignore exposure/bad-word: why\n */\nconst a = BAD;\n', 4],
    ['app.jsx', 'const a = <p>\n{/* audit-ignore exposure/bad-word: why */}\nBAD</p>;\n', 3],
    ['Dockerfile', '# audit-ignore exposure/bad-word: why\r\nRUN BAD\r\n', 2],
    ['.env', '# audit-ignore exposure/bad-word: why\nA=BAD\n', 2],
    ['compose.yaml', 'a: BAD # audit-ignore exposure/bad-word: why\n', 1],
    ['pgbouncer.ini', '; audit-ignore exposure/bad-word: why\na = BAD\n', 2],
    ['nginx.conf', 'a BAD; # audit-ignore exposure/bad-word: why\n', 1],
    ['view.ejs', '<!-- audit-ignore exposure/bad-word: why -->\n<p>BAD</p>\n', 2],
    ['view.hbs', '{{!-- audit-ignore exposure/bad-word: why --}}\n<p>BAD</p>\n', 2],
    ['tsconfig.json', '{\n  // audit-ignore exposure/bad-word: why\n  "a": "BAD"\n}\n', 3],
    ['run.sh', '# audit-ignore exposure: why\necho BAD\n', 2],
    ['app.js', '// audit-ignore secrets, exposure/bad-word until 2026-11-22: why\nBAD;\n', 2],
  ])('in %s: %j', async (path, text, line) => {
    expect(await said({ [path]: text })).toEqual([`${path}:${line} ignored by comment: why`]);
  });

  it('is about one line and one rule', async () => {
    expect(await said({ 'a.js': '// audit-ignore exposure/bad-word: why\nBAD;\nBAD;\n' })).toEqual([
      'a.js:2 ignored by comment: why',
      'a.js:3',
    ]);
    expect(await said({ 'a.js': 'BAD; // audit-ignore secrets: why\n' }, { known: ['secrets/x'] })).toEqual(['a.js:1']);
  });

  it('stacks with others above the same line', async () => {
    const text = '// audit-ignore headers: one\n// audit-ignore exposure: two\nBAD;\n';
    expect(await said({ 'a.js': text }, { known: ['headers/x', 'exposure/bad-word'] })).toEqual([
      'a.js:3 ignored by comment: two',
    ]);
  });

  it('inside a string, a package.json, a lockfile or an answer from the network ignores nothing', async () => {
    const comment = '// audit-ignore exposure/bad-word: why\nBAD\n';
    expect(await said({ 'a.js': `const text = \`\n${comment}\`;\n` })).toEqual(['a.js:3']);
    expect(await said({ 'package.json': comment })).toEqual(['package.json:2']);
    expect(await said({ 'yarn.lock': `# audit-ignore exposure: why\nBAD\n` })).toEqual(['yarn.lock:2']);
    expect(await said({ 'live/1.http': `GET / HTTP/1.1\n\n${comment}` })).toEqual(['live/1.http:4']);
  });

  it('without a reason, or after its day, ignores nothing and is told', async () => {
    expect(await said({ 'a.js': 'BAD; // audit-ignore exposure/bad-word\n' })).toEqual([
      'a.js:1',
      'unexplained: exposure/bad-word is ignored without a reason.',
    ]);
    expect(await said({ 'a.js': 'BAD; // audit-ignore exposure until 2026-11-21: why\n' })).toEqual([
      'a.js:1',
      'expired: exposure was to be ignored until 2026-11-21.',
    ]);
  });

  it('that nothing answers to is told, but only where every rule it names could look', async () => {
    const text = '// audit-ignore exposure/bad-word: why\nfine;\n';
    expect(await said({ 'a.js': text })).toEqual(['unused: Nothing here is found by exposure/bad-word.']);
    const other = '// audit-ignore exposure/bad-word, exposure/other: why\nfine;\n';
    expect(await said({ 'a.js': other }, { known: ['exposure/bad-word', 'exposure/other'] })).toEqual([]);
  });

  it('that is mistyped is told with what was meant', async () => {
    expect(await said({ 'a.js': '// audit-ignore exposure/bad-wrod: why\nBAD;\n' })).toEqual([
      'unused: No rule or category is called exposure/bad-wrod. Did you mean exposure/bad-word?',
      'a.js:2',
    ]);
  });
});

it('can be switched off as a whole', async () => {
  expect(
    await said({ 'a.js': 'BAD; // audit-ignore exposure: why\n// audit-ignore nothing\n' }, { ignore: 'none' }),
  ).toEqual(['a.js:1']);
});

it('knows a finding of the baseline again after lines have moved, and not its copy', async () => {
  const before = { 'a.js': 'BAD;\n' };
  const documents = Object.entries(before).map(([path, text]): Document => ({
    path,
    text,
    language: 'javascript',
    tracked: 'tracked',
  }));
  const project: Project = { root: '/', documents, files: [], gaps: [] };
  const { findings } = await audit(project, [badWord(documents)], { today: TODAY });
  const baseline = new Set(findings.map(({ fingerprint }) => fingerprint));
  const known = 'It was there when the baseline was written.';
  expect(await said({ 'a.js': '\n\nBAD;\n' }, { baseline })).toEqual([`a.js:3 ignored by baseline: ${known}`]);
  expect(await said({ 'a.js': 'BAD;\nBAD;\n' }, { baseline })).toEqual([
    `a.js:1 ignored by baseline: ${known}`,
    'a.js:2',
  ]);
  expect(await said({ 'b.js': 'BAD;\n' }, { baseline })).toEqual(['b.js:1']);
});
