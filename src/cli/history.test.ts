import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BRIEF_CAPS } from '../load/history.ts';
import type { HistoryCaps } from '../load/history.ts';
import { load } from '../load/load.ts';
import { historyOf } from './history.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'history-'));
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@acme.io', ...args], { encoding: 'utf8' });

/** Writes the files, `undefined` for one to delete, and commits them. */
function commit(files: Readonly<Record<string, string | undefined>>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  git('add', '--all');
  git('commit', '--quiet', '-m', 'a');
}

const look = async (caps: Partial<HistoryCaps> = {}, folder = root) =>
  historyOf(await load(folder), { ...BRIEF_CAPS, milliseconds: 30_000, ...caps });

const TOKEN = `glpat-${'Kf93vuqLd82hhsXpqT4z'}`;
const PASSWORD = 'Kf93-vuqLd82';

describe('the git history', () => {
  it('keeps a token that was taken out again', async () => {
    commit({ 'src/a.js': `const t = '${TOKEN}';\n` });
    commit({ 'src/a.js': 'const t = process.env.T;\n' });
    const found = await look();
    expect(found).toMatchObject({
      state: 'searched',
      commits: 2,
      searched: 2,
      shallow: false,
      leaks: [{ path: 'src/a.js', name: 'a GitLab token', grade: 'critical' }],
    });
    expect(found).not.toHaveProperty('stopped');
    expect(JSON.stringify(found)).not.toContain(TOKEN);
  });

  it('tells the commit that brought it first, on whatever branch', async () => {
    commit({ 'a.js': '1\n' });
    git('checkout', '--quiet', '-b', 'other');
    commit({ 'b.js': `x('${TOKEN}')\n` });
    const first = git('rev-parse', '--short', 'HEAD').trim();
    commit({ 'c.js': `x('${TOKEN}')\n` });
    git('checkout', '--quiet', 'main');
    expect(await look()).toMatchObject({ leaks: [{ path: 'b.js', commit: first }] });
  });

  it('says nothing of what is still there: that has findings of its own', async () => {
    commit({ 'a.js': `x('${TOKEN}')\n` });
    commit({ 'a.js': '1\n', 'b.js': `y('${TOKEN}')\n` });
    expect(await look()).toMatchObject({ leaks: [] });
  });

  it('knows the values of settings that were deleted, and files by their names', async () => {
    commit({ '.env': `DB_PASSWORD=${PASSWORD}\nPORT=3000\n`, 'release.p12': '\0\u0001\0', 'a.js': '1\n' });
    commit({ '.env': undefined, 'release.p12': undefined });
    const found = await look();
    expect(found).toMatchObject({
      leaks: [{ path: '.env', name: expect.stringContaining('DB_PASSWORD') }],
      files: expect.arrayContaining([
        expect.objectContaining({ path: '.env', searched: true }),
        expect.objectContaining({ path: 'release.p12', searched: false }),
      ]),
    });
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });

  it('is silent on templates, tests, test keys and what is no secret', async () => {
    commit({
      '.env.example': `DB_PASSWORD=${PASSWORD}\n`,
      '.env.test': `DB_PASSWORD=${PASSWORD}\n`,
      'test/a.test.js': `x('${TOKEN}')\n`,
      'src/a.js': `x('sk_test_${'4eC39HqLyjWDarjtT1zdp7dc'}', 'pk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}')\n`,
      'src/b.js': "const url = 'postgres://app:app@localhost:5432/app';\n",
      '.env': 'PORT=3000\nDB_PASSWORD=\nAPI_KEY=${API_KEY}\n',
    });
    rmSync(join(root, 'src'), { recursive: true });
    commit({
      '.env.example': undefined,
      '.env.test': undefined,
      '.env': undefined,
      'test/a.test.js': undefined,
      'a.js': '1\n',
    });
    expect(await look()).toMatchObject({ leaks: [], files: [{ path: '.env', searched: true }] });
  });

  it('says how far it came', async () => {
    for (let i = 0; i < 6; i += 1)
      commit({ 'a.js': `${i}\n`, ...(i === 0 && { 'b.js': `x('${TOKEN}')\n`, '.env': 'A_PASSWORD=Kf93-vuqLd82\n' }) });
    commit({ 'b.js': undefined, '.env': undefined });
    expect(await look({ commits: 3 })).toMatchObject({
      searched: 3,
      commits: 7,
      stopped: 'more than 3 commits',
      leaks: [],
      files: [{ path: '.env', searched: false }],
    });
    expect(await look({ bytes: 400 })).toMatchObject({ stopped: 'more than 400 bytes' });
  });

  it('of a folder concerns that folder', async () => {
    commit({ 'api/a.js': '1\n', 'web/b.js': `x('${TOKEN}')\n` });
    commit({ 'web/b.js': undefined });
    expect(await look({}, join(root, 'api'))).toMatchObject({ leaks: [] });
  });

  it('of a shallow clone is short', async () => {
    commit({ 'a.js': `x('${TOKEN}')\n` });
    commit({ 'a.js': '1\n' });
    const clone = `${root}-clone`;
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${root}`, clone]);
    try {
      expect(await look({}, clone)).toMatchObject({ shallow: true, commits: 1, leaks: [] });
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it('of a clone without all objects ends where the first is missing', async () => {
    commit({ 'a.js': `x('${TOKEN}')\n` });
    const first = git('rev-parse', 'HEAD:a.js').trim();
    commit({ 'a.js': '1\n' });
    commit({ 'b.js': '2\n' });
    rmSync(join(root, '.git/objects', first.slice(0, 2), first.slice(2)), { force: true });
    const found = await look();
    expect(found).toMatchObject({
      state: 'searched',
      commits: 3,
      stopped: expect.stringContaining('objects'),
      leaks: [],
    });
  });

  it('runs nothing the repository names', async () => {
    const mark = join(root, 'ran');
    const script = join(root, 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    for (const name of [
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'core.pager',
      'core.fsmonitor',
      'gpg.program',
    ])
      git('config', name, script);
    git('config', 'log.showSignature', 'true');
    writeFileSync(join(root, '.gitattributes'), '* diff=evil\n');
    commit({ 'a.js': `x('${TOKEN}')\n` });
    rmSync(mark, { force: true }); // fsmonitor ran for our own commit
    commit({ 'a.js': '1\n' });
    rmSync(mark, { force: true });
    expect(await look()).toMatchObject({ leaks: [{ path: 'a.js' }] });
    expect(() => execFileSync('ls', [mark], { stdio: 'ignore' })).toThrow();
  });

  it('of a folder without git is not there', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    writeFileSync(join(root, 'a.js'), '1\n');
    expect(await look()).toEqual({ state: 'unknown', reason: 'this is no git repository' });
  });
});
