import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { load } from './load.ts';
import { targetOf } from './target.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'load-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
  });

const trackedOf = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await load(root)).files.map(({ path, tracked }) => [path, tracked]));

describe('a git repository', () => {
  it('tells tracked from untracked files, and of the ignored ones loads those that hold secrets', async () => {
    write({
      '.gitignore': 'node_modules/\ndist/\n.env\n*.pem\n',
      'app.js': '1',
      'new file ü.js': '2',
      '.env': 'A=1',
      'api/.env': 'B=1',
      'api/keys/tls.pem': 'x',
      'dist/app.js': '3',
      'dist/.env': 'C=1',
      'node_modules/x/.env': 'D=1',
    });
    git('init', '-q');
    git('add', 'app.js', '.gitignore');
    expect(await trackedOf()).toEqual({
      '.env': 'ignored',
      '.gitignore': 'tracked',
      'api/.env': 'ignored',
      'api/keys/tls.pem': 'ignored',
      'app.js': 'tracked',
      'new file ü.js': 'untracked',
    });
  });

  it('runs nothing that its configuration or attributes name', async () => {
    write({ 'app.js': '1', '.gitattributes': '*.js filter=evil diff=evil' });
    git('init', '-q');
    git('add', '.');
    const evil = `touch ${join(root, 'ran')}`;
    for (const name of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.process',
      'diff.evil.textconv',
      'core.pager',
    ]) {
      git('config', name, evil);
    }
    write({ 'app.js': '2' });
    expect(Object.keys(await trackedOf())).toEqual(['.gitattributes', 'app.js']);
  });

  it('whose work tree is said to be elsewhere shows nothing from there', async () => {
    write({ 'project/app.js': '1', 'private/key.js': '2' });
    execFileSync('git', ['init', '-q'], { cwd: join(root, 'project') });
    execFileSync('git', ['config', 'core.worktree', join(root, 'private')], { cwd: join(root, 'project') });
    const { documents } = await load(join(root, 'project'));
    expect(documents.map(({ path }) => path)).toEqual(['app.js']);
  });

  it('that a parent repository ignores is still read', async () => {
    write({ '.gitignore': 'vendor-app/\n', 'vendor-app/app.js': '1' });
    git('init', '-q');
    const { files } = await load(join(root, 'vendor-app'));
    expect(files).toEqual([{ path: 'app.js', tracked: 'unknown', bytes: 1 }]);
  });

  it('does not list what was deleted as something to report', async () => {
    write({ 'app.js': '1', 'gone.js': '2' });
    git('init', '-q');
    git('add', '.');
    rmSync(join(root, 'gone.js'));
    const project = await load(root);
    expect(project.documents.map(({ path }) => path)).toEqual(['app.js']);
    expect(project.gaps).toEqual([]);
  });
});

describe('a folder without git', () => {
  it('honours every .gitignore, the nearest first', async () => {
    write({
      '.gitignore': '*.log\n/build\n.env*\n!.env.example\n',
      'app.js': '1',
      'a.log': 'x',
      'build/app.js': '2',
      '.env.local': 'A=1',
      '.env.example': 'A=',
      'api/.gitignore': '!keep.log\ntmp/\n',
      'api/keep.log': 'x',
      'api/tmp/a.js': '3',
      'api/build/b.js': '4',
      'node_modules/x/index.js': '5',
    });
    expect(await trackedOf()).toEqual({
      '.env.example': 'unknown',
      '.env.local': 'ignored',
      '.gitignore': 'unknown',
      'api/.gitignore': 'unknown',
      'api/build/b.js': 'unknown',
      'api/keep.log': 'unknown',
      'app.js': 'unknown',
    });
  });
});

describe('links and special files', () => {
  it('never lead out of the root', async () => {
    write({ 'project/app.js': '1', 'outside/secret.js': 'const secret = 1;' });
    symlinkSync(join(root, 'outside/secret.js'), join(root, 'project/secret.js'));
    symlinkSync(join(root, 'outside'), join(root, 'project/lib'));
    const { documents } = await load(join(root, 'project'));
    expect(documents.map(({ path }) => path)).toEqual(['app.js']);
  });

  it('are not followed even where the git index swears that the folder is real', async () => {
    write({ 'project/lib/secret.js': '1', 'project/app.js': '1', 'outside/secret.js': 'const secret = 1;' });
    const project = join(root, 'project');
    execFileSync('git', ['init', '-q'], { cwd: project });
    execFileSync('git', ['add', '.'], { cwd: project });
    rmSync(join(project, 'lib'), { recursive: true });
    symlinkSync(join(root, 'outside'), join(project, 'lib'));
    const { documents, files } = await load(project);
    expect(documents.map(({ path }) => path)).toEqual(['app.js']);
    expect(files.find(({ path }) => path === 'lib/secret.js')?.unread).toBe('link');
  });

  it('do not make it wait', async () => {
    write({ 'app.js': '1' });
    execFileSync('mkfifo', [join(root, 'pipe.js')]);
    const { files } = await load(root);
    expect(files.find(({ path }) => path === 'pipe.js')?.unread).toBe('special');
  });
});

describe('what a file is', () => {
  const unreadOf = async (content: string | Buffer, name = 'file.js'): Promise<string | undefined> => {
    write({ [name]: content, 'other.js': '1' });
    return (await load(root)).files.find(({ path }) => path === name)?.unread;
  };

  it('is seen from its content', async () => {
    expect(await unreadOf(Buffer.from([1, 0, 2]))).toBe('binary');
    expect(await unreadOf('!function(e,t){e.a=t(1);var n={b:2,c:3};return n}(window,f);'.repeat(100))).toBe('minified');
    expect(await unreadOf(`/* @generated by a tool */\n${'export const a = 1;\n'.repeat(20_000)}`)).toBe('generated');
    expect(await unreadOf(`${'export const a = 1;\n'.repeat(60_000)}`)).toBe('large');
    expect(await unreadOf('1', 'node_modules.js')).toBeUndefined();
  });

  it('is source where one line holds a long picture', async () => {
    const picture = 'iVBORw0KGgoAAAANSUhEUg'.repeat(400);
    expect(await unreadOf(`app.get('/', (req, res) => {\n  res.send('${picture}');\n});\n`)).toBeUndefined();
  });

  it('is searched for secrets, not parsed, where nobody wrote it', async () => {
    write({ 'public/jquery.min.js': '!function(){}()' });
    expect((await load(root)).documents).toMatchObject([{ path: 'public/jquery.min.js', language: 'text' }]);
  });

  it('is no setting where it is a translation', async () => {
    write({
      'public/language/de/user.json': '{}',
      'locales/fr.yml': 'a: b',
      'config/app.json': '{}',
      'src/i18n/tsconfig.json': '{}',
    });
    const { documents } = await load(root);
    expect(documents.map(({ path, language }) => `${path} ${language}`)).toEqual([
      'config/app.json json',
      'locales/fr.yml text',
      'public/language/de/user.json text',
      'src/i18n/tsconfig.json json',
    ]);
  });

  it('is text in UTF-16 as well, and a byte order mark is no part of it', async () => {
    write({ 'a.js': Buffer.from('\uFEFFhello', 'utf16le'), 'b.js': '\uFEFFhello' });
    expect((await load(root)).documents.map(({ text }) => text)).toEqual(['hello', 'hello']);
  });

  it('is no recorded exchange because it calls itself one', async () => {
    write({ 'live/0001.http': 'HTTP/1.1 200 OK' });
    expect((await load(root)).documents[0]?.language).toBe('text');
  });
});

describe('limits', () => {
  it.each([
    ['files', { files: 2 }, /3 files; only the first 2/],
    ['bytes in all', { bytes: 1 }, /1 files were not read: the project has more than 1 bytes/],
    ['bytes of one file', { fileBytes: 3 }, /c\.js has 4 bytes and was not read/],
    ['time', { milliseconds: -1 }, /3 files|Listing the files stopped/],
    ['depth', { depth: 0 }, /folder d is too deep/],
  ])('of %s are told', async (_, caps, message) => {
    write({ 'a.js': '1', 'b.js': '2', ...('depth' in caps ? { 'd/e.js': '1' } : { 'c.js': '1234' }) });
    const project = await load(root, { caps }).catch((error: unknown) => ({ gaps: [], error }));
    const messages = project.gaps.map((gap) => gap.message);
    if ('error' in project) expect(project.error).toMatchObject({ exitCode: 3 });
    else expect(messages).toContainEqual(expect.stringMatching(message));
  });
});

describe('a target that cannot be looked at', () => {
  it('is missing: the caller is wrong', async () => {
    await expect(load(join(root, 'nowhere'))).rejects.toMatchObject({ exitCode: 2 });
  });

  it('is empty', async () => {
    await expect(load(root)).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('no files') });
  });

  it('has no text', async () => {
    write({ 'logo.png': Buffer.from([0x89, 0x50, 0, 0]) });
    await expect(load(root)).rejects.toMatchObject({ exitCode: 3 });
  });

  it.skipIf(process.getuid?.() === 0)('may not be read', async () => {
    chmodSync(root, 0);
    await expect(load(root)).rejects.toMatchObject({ exitCode: 3 });
    chmodSync(root, 0o700);
  });
});

describe('the project around what was named', () => {
  beforeEach(() =>
    write({
      'package.json': '{ "workspaces": ["packages/*", "!packages/old"] }',
      'packages/api/package.json': '{}',
      'packages/api/src/app.js': '1',
      'packages/api/src/db.js': '1',
      'packages/old/package.json': '{}',
      'tools/package.json': '{}',
      'tools/a.js': '1',
    }),
  );

  it.each([
    [['.'], '', undefined],
    [['packages/api'], '', ['packages/api/']],
    [['packages/old'], 'packages/old', undefined],
    [['tools'], 'tools', undefined],
    [['packages/api/src/app.js'], '', ['packages/api/src/app.js']],
    [['tools/a.js'], 'tools', ['a.js']],
    [['packages/api/src/app.js', 'tools/a.js'], '', ['packages/api/src/app.js', 'tools/a.js']],
  ])('%j', (named, folder, only) => {
    expect(targetOf(named, root)).toEqual({ root: join(root, folder), ...(only && { only }) });
  });

  it.each([
    'packages:\n  - "packages/*"\n',
    "packages:\n# ours\n- 'packages/**'\n\ncatalog:\n  a: 1\n",
    'packages: [tools, "packages/*"]\n',
  ])('is found through pnpm as well', (text) => {
    write({ 'package.json': '{}', 'pnpm-workspace.yaml': text });
    expect(targetOf(['packages/api'], root)).toEqual({ root, only: ['packages/api/'] });
  });

  it('must exist', () => {
    expect(() => targetOf(['nope.js'], root)).toThrow(/nope\.js does not exist/);
  });
});
