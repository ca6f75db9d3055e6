import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditReport } from '../report/audit-report.ts';
import { installed, writeFiles } from './installed.ts';
import type { Installed } from './installed.ts';

let tool: Installed;
beforeAll(async () => {
  tool = await installed();
}, 120_000);
afterAll(() => rmSync(tool.folder, { recursive: true, force: true }));

let project = '';
let count = 0;
beforeEach(() => {
  count += 1;
  project = join(tool.folder, `project-${count}`);
  mkdirSync(project);
});

const write = (files: Readonly<Record<string, string>>): void => writeFiles(project, files);

interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const audit = (args: readonly string[], { cwd = project, env = {} }: Options = {}) =>
  execa(tool.bin, args, {
    cwd,
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', HOME: tool.folder, XDG_CACHE_HOME: join(tool.folder, 'cache'), ...env },
  });

const git = (...args: string[]) =>
  execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: project });

/** A high finding: the password of a database, written into the code. */
const leak = (host: string): string => `postgres://api:${'vT9'}${'kQ2mXw7'}@${host}.acme.io/shop`;
const LEAKY = `const url = '${leak('db')}';\n`;

const reportOf = async (args: readonly string[] = [], options: Options = {}) => {
  const { stdout } = await audit(['--format', 'json', ...args], options);
  return auditReport.parse(JSON.parse(stdout));
};
const rulesIn = async (args: readonly string[] = []): Promise<readonly string[]> =>
  (await reportOf(args)).findings.filter(({ ignored }) => !ignored).map(({ rule, at }) => `${at.path} ${rule}`);

describe('the package', () => {
  it('contains only what runs', () => {
    const unexpected = tool.files.filter(
      (path) =>
        !/^(bin\/audit\.js|dist\/[\w-]+\.js|dist\/(?:examples|words)\.br|dist\/THIRD-PARTY-LICENSES\.txt|schema\/[\w.-]+\.json)$/.test(
          path,
        ),
    );
    expect(unexpected.filter((path) => !['package.json', 'README.md', 'LICENSE'].includes(path))).toEqual([]);
    expect(tool.unpackedSize).toBeLessThan(3_000_000);
  });

  it('installs nothing else', () => {
    const packages = readdirSync(join(tool.folder, 'app/node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['seaworthy']);
  });

  it('names every package it carries', () => {
    const licences = readFileSync(
      join(tool.folder, 'app/node_modules/seaworthy/dist/THIRD-PARTY-LICENSES.txt'),
      'utf8',
    );
    for (const name of ['@babel/parser', 'commander', 'yaml', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(licences).not.toMatch(/undefined/);
  });
});

describe('what it prints', () => {
  it('is the report and nothing else, and the gate is in the exit code', async () => {
    write({ 'package.json': '{ "name": "shop" }', 'db.js': LEAKY });
    const { stdout, stderr, exitCode } = await audit(['--format', 'json']);
    expect(exitCode).toBe(1);
    expect(stderr).toBe('');
    const report = auditReport.parse(JSON.parse(stdout));
    expect(report.target).toMatchObject({ name: 'shop', path: '.' });
    expect(report.findings.map(({ rule }) => rule)).toContain('secrets/url-credential');
    expect(report.gate.status).toBe('broken');
    expect(stdout).not.toContain('kQ2mXw7');
  });

  it('passes what is sound, and says so', async () => {
    write({ 'package.json': '{}', 'README.md': 'Nothing here.' });
    const { stdout, exitCode } = await audit(['--only', 'secrets']);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^✓ /);
  });

  it('has no escape byte without a terminal, nor where it is asked not to have one', async () => {
    write({ 'package.json': '{}', 'db.js': LEAKY });
    expect((await audit([])).stdout).not.toContain('\u001b');
    expect((await audit([], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[');
    expect((await audit([], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
    expect((await audit(['--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\u001b');
  });

  it('can be several reports at once, files never in colour', async () => {
    write({ 'package.json': '{}', 'db.js': LEAKY });
    const { stdout } = await audit(['--format', 'json=out/a.json,human=out/a.txt', '--format', 'github'], {
      env: { FORCE_COLOR: '1' },
    });
    expect(stdout).toMatch(/^::error /m);
    expect(JSON.parse(readFileSync(join(project, 'out/a.json'), 'utf8'))).toMatchObject({ schema: 1 });
    const text = readFileSync(join(project, 'out/a.txt'), 'utf8');
    expect(text).toContain('secrets/url-credential');
    expect(text).not.toContain('\u001b');
  });

  it.each(['human', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown', 'html'])(
    'as %s never holds the secret',
    async (format) => {
      write({ 'package.json': '{}', 'db.js': LEAKY });
      const { stdout, exitCode } = await audit(['--verbose', '--format', format]);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('url-credential');
      expect(stdout).not.toContain('kQ2mXw7');
    },
  );

  it('may be cut off by its reader', async () => {
    write({ 'package.json': '{}', 'db.js': LEAKY });
    const { stdout, stderr } = await execa(
      'bash',
      ['-c', `"${tool.bin}" --format json | head -c 1; echo " \${PIPESTATUS[0]}"`],
      {
        cwd: project,
      },
    );
    expect(stdout).toBe('{ 1');
    expect(stderr).toBe('');
  });
});

describe('a call that is wrong', () => {
  it.each([
    [['--onyl', 'secrets'], /unknown option '--onyl'[^]*--only/],
    [['--gate', 'hihg'], /'hihg' is invalid[^]*critical, high/],
    [['--min-score', '101'], /from 0 to 100/],
    [['--only', 'secrets/url-credentials'], /Did you mean secrets\/url-credential\?/],
    [['--skip', 'secret'], /Did you mean secrets\?/],
    [['--format', 'sarfi'], /Did you mean sarif\?/],
    [['--format', 'json', '--format', 'sarif'], /Only one report/],
    [['nowhere'], /nowhere does not exist/],
    [['explain', 'url-credential'], /Did you mean secrets\/url-credential\?/],
    [['--config', 'nope.json'], /nope\.json does not exist/],
    [['--changed', '--only=secrets', '--config', 'x', 'a b'], /does not exist/],
  ])('%j', async (args, message) => {
    write({ 'package.json': '{}' });
    const { stdout, stderr, exitCode } = await audit(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('or a folder with nothing in it', async () => {
    const { stdout, stderr, exitCode } = await audit([]);
    expect(stderr).toMatch(/has no files\.\n {2}Name the folder/);
    expect([stdout, exitCode]).toEqual(['', 3]);
  });
});

describe('help', () => {
  it('teaches by examples', async () => {
    const { stdout, exitCode } = await audit(['--help']);
    expect(exitCode).toBe(0);
    for (const part of ['Examples:', 'Exit codes:', '--only', 'audit baseline']) expect(stdout).toContain(part);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('lists and explains the rules', async () => {
    expect((await audit(['rules', 'secrets'])).stdout).toMatch(/^secrets\/url-credential +high/m);
    expect(JSON.parse((await audit(['rules', '--format', 'json'])).stdout)).toContainEqual(
      expect.objectContaining({ id: 'secrets/url-credential', severity: 'high' }),
    );
    const { stdout } = await audit(['explain', 'secrets/url-credential']);
    for (const part of ['Why', 'How to fix it', 'Found:', 'Not found:', 'https://']) expect(stdout).toContain(part);
  });
});

describe('the configuration', () => {
  it.each([
    [
      { 'audit.config.json': '{\n  "gates": "low"\n}' },
      /audit\.config\.json:2:\d+ has an unknown key "gates"\.\n {2}Did you mean "gate"\? Known keys: .*ignore/,
    ],
    [
      { 'audit.config.json': '{ "ignore": [{ "rule": "secrets", "reson": "x" }] }' },
      /unknown key "reson"[^]*Did you mean "reason"/,
    ],
    [{ 'audit.config.json': '{ "ignore": [{ "rule": "secrets" }] }' }, /"ignore\.0\.reason" is wrong/],
    [
      { 'audit.config.json': '{ "declare": { "sinks": [{ "call": "run", "knd": "sql" }] } }' },
      /unknown key "knd"[^]*Did you mean "kind"/,
    ],
    [
      { 'audit.config.json': '{ "declare": { "gates": [{ "call": "run", "is": "login" }] } }' },
      /"declare\.gates\.0\.is" is wrong: .*"auth"\|"role"\|"limiter"\|"csrf"\|"validator"/,
    ],
    [{ 'audit.config.json': '{ "gate": }' }, /audit\.config\.json:1:11 is not JSON/],
    [{ 'audit.config.json': '{ "baseline": "../elsewhere.json" }' }, /inside the project/],
    [{ 'audit.config.json': '{ "skip": ["nonsense"] }' }, /no rule or category called nonsense/],
    [
      { 'package.json': '{ "audit": { "minscore": 3 } }' },
      /package\.json:1:\d+ has an unknown key "minscore"\.\n {2}Did you mean "minScore"/,
    ],
  ])('that is wrong: %j', async (files, message) => {
    write({ 'app.js': '', ...files });
    const { stderr, exitCode } = await audit([]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
    expect((await audit(['--no-config', '--only', 'transport'])).exitCode).toBe(0);
  });

  it('may hold comments, lives in package.json as well, and yields to the command line', async () => {
    write({ 'package.json': '{ "audit": { "gate": "none" } }', 'db.js': LEAKY });
    expect((await audit([])).exitCode).toBe(0);
    expect((await audit(['--gate', 'high'])).exitCode).toBe(1);
    write({ 'audit.config.json': '{\n  // strict\n  "gate": "high",\n}' });
    expect((await audit([])).exitCode).toBe(1);
  });

  it('declares what functions of the project are', async () => {
    const app = `const app = require('express')();
const { run } = require('./db');
app.get('/', (req, res) => res.json(run('select ' + req.query.id)));
app.listen(3000);
`;
    write({
      'package.json': '{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "5.1.0" } }',
      'app.js': app,
      'db.js': 'exports.run = function run(text) { return somewhere.ask(text); };',
    });
    const args = ['--only', 'injection/sql'];
    expect(await rulesIn(args)).toEqual([]);
    write({ 'audit.config.json': '{ "declare": { "sinks": [{ "call": "db.js#run", "kind": "sql" }] } }' });
    expect(await rulesIn(args)).toEqual(['app.js injection/sql']);
  });

  it('declares what stands on the way to routes, by names that the code has', async () => {
    write({
      'package.json': '{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "5.1.0" } }',
      'app.js': `const app = require('express')();
const { checked } = require('./checked');
app.post('/login', checked, (req, res) => res.json(db.login(req.body.name, req.body.password)));
app.listen(3000);
`,
      'checked.js': 'exports.checked = function checked(req, res, next) { next(); };',
    });
    const args = ['--only', 'limits/rate-limit-missing-on-auth'];
    expect(await rulesIn(args)).toEqual(['app.js limits/rate-limit-missing-on-auth']);
    const gates = (call: string): string => JSON.stringify({ declare: { gates: [{ call, is: 'limiter' }] } });
    write({ 'audit.config.json': gates('checked.js#checked') });
    expect(await rulesIn(args)).toEqual([]);
    write({ 'audit.config.json': gates('chekced') });
    const { stderr, exitCode } = await audit(args);
    expect(stderr).toMatch(/"declare\.gates\.0\.call" names "chekced"[^]*Did you mean "checked"\?/);
    expect(exitCode).toBe(2);
  });

  it('is written by init, and never over another', async () => {
    write({ 'package.json': '{}' });
    expect((await audit(['init'])).exitCode).toBe(0);
    expect((await audit(['--only', 'secrets'])).exitCode).toBe(0);
    expect((await audit(['init'])).exitCode).toBe(2);
  });
});

describe('an accepted finding', () => {
  it('stays in the report with its reason', async () => {
    write({ 'package.json': '{}', 'db.js': `// audit-ignore secrets: a sandbox that is reset each night\n${LEAKY}` });
    const report = await reportOf(['--only', 'secrets,config']);
    expect(report.findings).toMatchObject([
      { ignored: { by: 'comment', reason: 'a sandbox that is reset each night' } },
    ]);
    expect(report.gate.status).toBe('held');
    expect((await audit(['--no-ignores'])).exitCode).toBe(1);
  });

  it('through the configuration, by folder, until a day', async () => {
    write({ 'package.json': '{}', 'legacy/db.js': LEAKY, 'src/db.js': LEAKY });
    const ignoring = (until: string): void =>
      write({
        'audit.config.json': JSON.stringify({
          ignore: [{ rule: 'secrets/url-credential', path: 'legacy', reason: 'a sandbox', until }],
        }),
      });
    ignoring('2999-01-01');
    expect(await rulesIn(['--only', 'secrets,config'])).toEqual(['src/db.js secrets/url-credential']);
    ignoring('2020-01-01');
    expect(await rulesIn(['--only', 'secrets,config'])).toEqual([
      'audit.config.json config/ignore-expired',
      'legacy/db.js secrets/url-credential',
      'src/db.js secrets/url-credential',
    ]);
  });
});

describe('the baseline', () => {
  const only = ['--only', 'secrets'];

  it('lets through what was there, never something else in its place, and swallows nothing new', async () => {
    write({ 'package.json': '{}', 'db.js': LEAKY });
    expect(await audit(['baseline', ...only])).toMatchObject({
      exitCode: 0,
      stdout: 'audit-baseline.json: +1 −0, 1 in all.',
    });
    expect((await audit(only)).exitCode).toBe(0);
    write({ 'db.js': `\n\n// moved\n${LEAKY}` });
    expect((await audit(only)).exitCode).toBe(0);

    write({ 'db.js': '', 'other.js': LEAKY });
    expect((await audit(only)).exitCode).toBe(1);
    const refused = await audit(['baseline', ...only]);
    expect(refused.stdout).toMatch(
      /^audit-baseline\.json: \+0 −1, 0 in all\.\n1 finding is new and not in it:\n {2}other\.js {2}secrets/,
    );
    expect(refused.exitCode).toBe(1);
    expect((await audit(only)).exitCode).toBe(1);

    expect((await audit(['baseline', '--accept-new', ...only])).stdout).toMatch(/\+1 −0, 1 in all/);
    expect((await audit(only)).exitCode).toBe(0);
    expect((await audit(['--no-baseline', ...only])).exitCode).toBe(1);
  });

  it('keeps what a smaller run could not see', async () => {
    write({ 'package.json': '{}', 'db.js': LEAKY });
    await audit(['baseline', ...only]);
    expect((await audit(['baseline', '--only', 'transport'])).stdout).toMatch(/\+0 −0, 1 in all/);
  });

  it('that is damaged is a wrong call', async () => {
    write({ 'package.json': '{}', 'audit-baseline.json': '{ "schema": 9 }' });
    expect(await audit([])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/baseline .* cannot be read/) });
  });
});

describe('part of a project', () => {
  it('is reported when files are named, though all of it is understood', async () => {
    write({ 'package.json': '{}', 'a.js': LEAKY, 'b.js': LEAKY });
    expect(await rulesIn(['--only', 'secrets', 'a.js'])).toEqual(['a.js secrets/url-credential']);
    expect((await reportOf(['b.js'])).target.only).toEqual(['b.js']);
  });

  it('is reported when it has changed', async () => {
    write({ 'package.json': '{}', 'a.js': LEAKY, 'b.js': '' });
    await git('init', '-q', '-b', 'main');
    await git('add', '.');
    await git('commit', '-qm', 'first');
    expect(await rulesIn(['--only', 'secrets', '--changed'])).toEqual([]);
    write({ 'b.js': LEAKY, 'c.js': LEAKY });
    const changed = ['b.js secrets/url-credential', 'c.js secrets/url-credential'];
    expect(await rulesIn(['--only', 'secrets', '--changed'])).toEqual(changed);
    await git('checkout', '-qb', 'work');
    await git('add', '.');
    await git('commit', '-qm', 'second');
    expect(await rulesIn(['--only', 'secrets', '--changed'])).toEqual([]);
    expect(await rulesIn(['--only', 'secrets', '--changed', 'main'])).toEqual(changed);
    expect(await audit(['--changed', 'nope'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no commit nope/),
    });
  });
});
