import { expect, it } from 'vitest';
import type { Document } from '../document/document.ts';
import pathTraversal from '../../rules/injection/path-traversal.ts';
import type { Project } from '../load/project.ts';
import { defineRule, good } from '../rule/rule.ts';
import { audit } from './audit.ts';
import type { AuditOptions } from './audit.ts';
import { refreshed } from './baseline.ts';
import type { Finding } from './finding.ts';

const REPAIR: Readonly<Record<string, string>> = { BAD: 'spelling', EVIL: 'morals' };

/** What is found of the words BAD and EVIL, which two changes repair, and UGLY, which has to be repaired one by one. */
async function found(files: Readonly<Record<string, string>>, options: Partial<AuditOptions> = {}) {
  const documents = Object.entries(files).map(([path, text]): Document => ({
    path,
    text,
    language: 'javascript',
    tracked: 'tracked',
  }));
  const rule = defineRule({
    id: 'exposure/bad-word',
    ensures: 'No file says it.',
    severity: 'high',
    roles: ['any'],
    why: '',
    fix: '',
    references: [],
    needs: [],
    examples: [good('', {}), good('', {})],
    *check() {
      for (const { path, text } of documents) {
        for (const { index, 0: word } of text.matchAll(/BAD|EVIL|UGLY/g)) {
          const repair = REPAIR[word];
          const at = { path, start: index, end: index + word.length };
          yield { at, message: `It says ${word}.`, ...(repair !== undefined && { repair }) };
        }
      }
    },
  });
  const project: Project = { root: '/', documents, files: [], gaps: [] };
  return (await audit(project, [rule], { today: new Date('2026-11-22'), ...options })).findings;
}

const said = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ at, message, ignored, also }) =>
    [
      `${at.path}:${at.start.line}`,
      message,
      ...(ignored ? [ignored.by] : []),
      ...(also ?? []).map((each) => `${each.at.path}:${each.at.start.line}`),
    ].join(' '),
  );

const TWO_FILES = { 'a.js': 'BAD;\nBAD;\nEVIL;\n', 'b.js': 'BAD;\nBAD;\nBAD;\n' };

it('many that one change repairs are one finding with all its places', async () => {
  expect(said(await found(TWO_FILES))).toEqual([
    'a.js:1 It says BAD. The same in 4 more places, and one change repairs them all. a.js:2 b.js:1 b.js:2 b.js:3',
    'a.js:3 It says EVIL.',
  ]);
});

it('a few, and what has to be repaired one by one, are told one by one', async () => {
  expect(said(await found({ 'a.js': 'BAD;\nBAD;\nBAD;\nBAD;\n' }))).toHaveLength(4);
  expect(said(await found({ 'a.js': 'UGLY;\n'.repeat(6) }))).toHaveLength(6);
});

it('an ignored place stays by itself and hides no other', async () => {
  expect(said(await found({ ...TWO_FILES, 'c.js': '// audit-ignore exposure/bad-word: quoted\nBAD;\n' }))).toEqual([
    'a.js:1 It says BAD. The same in 4 more places, and one change repairs them all. a.js:2 b.js:1 b.js:2 b.js:3',
    'a.js:3 It says EVIL.',
    'c.js:2 It says BAD. comment',
  ]);
});

it('a baseline knows every place, so that a new one is told', async () => {
  const { baseline } = refreshed({ findings: [] }, await found(TWO_FILES), { accept: true, wasSeen: () => true });
  const known = new Set(baseline.findings.map(({ fingerprint }) => fingerprint));
  expect(known.size).toBe(6);
  const fresh = await found({ ...TWO_FILES, 'b.js': 'BAD;\nBAD;\nBAD;\nBAD;\n' }, { baseline: known });
  expect(said(fresh.filter(({ ignored }) => !ignored))).toEqual(['b.js:4 It says BAD.']);
});

it('only what the named files have is told of', async () => {
  expect(said(await found(TWO_FILES, { only: ['b.js'] }))).toHaveLength(3);
});

it('what comes in at one place and reaches many is repaired where it comes in', async () => {
  const text = `const fs = require('fs/promises');
const app = require('express')();
const keep = async (name) => {
  await fs.mkdir('/a/' + name);
  await fs.writeFile('/a/b/' + name, '');
  await fs.readFile('/a/c/' + name);
  await fs.stat('/a/d/' + name);
  await fs.unlink('/a/e/' + name);
  await fs.rm('/a/f/' + name);
};
app.get('/keep', (req) => keep(req.query.name));
app.get('/other', (req) => fs.unlink('/a/' + req.query.other));
app.listen(3000);
`;
  const document: Document = { path: 'app.js', text, language: 'javascript', tracked: 'tracked' };
  const project: Project = { root: '/', documents: [document], files: [], gaps: [] };
  const { findings } = await audit(project, [pathTraversal], { today: new Date('2026-11-22'), assume: 'service' });
  expect(findings.map(({ at, also = [] }) => [at.start.line, ...also.map((each) => each.at.start.line)])).toEqual([
    [4, 5, 6, 8, 9],
    [12],
  ]);
});
