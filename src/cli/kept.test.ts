import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeFiles } from './installed.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-'));
const build = fileURLToPath(new URL('../../scripts/build.js', import.meta.url));
beforeAll(async () => {
  await execa(process.execPath, [build, join(folder, 'dist')]);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let project = '';
let count = 0;
beforeEach(() => {
  count += 1;
  project = join(folder, `project-${count}`);
  mkdirSync(project);
});

const write = (files: Readonly<Record<string, string>>): void => writeFiles(project, files);

const audit = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  execa(process.execPath, [join(folder, 'dist/audit.js'), ...args], {
    cwd: project,
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
  });

const git = (...args: string[]) =>
  execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: project });

/** A high finding: the password of a database, written into the code. */
const LEAKY = `const url = 'postgres://api:${'vT9'}${'kQ2mXw7'}@db.acme.io/shop';\n`;

describe('kept facts', () => {
  it('change nothing, and are not trusted when damaged', async () => {
    write({
      'package.json': '{ "scripts": { "start": "node app.js" } }',
      'app.js': `require('./db');\n`,
      'db.js': LEAKY,
    });
    const cache = join(folder, 'other-cache');
    const env = { XDG_CACHE_HOME: cache };
    const fresh = (await audit(['--format', 'json', '--no-cache'], env)).stdout;
    expect(existsSync(cache) && readdirSync(join(cache, 'seaworthy')).some((name) => name.endsWith('.facts'))).toBe(
      false,
    );
    expect((await audit(['--format', 'json'], env)).stdout).toBe(fresh);
    const [name = ''] = readdirSync(join(cache, 'seaworthy')).filter((file) => file.endsWith('.facts'));
    const file = join(cache, 'seaworthy', name);
    expect(readFileSync(file, 'utf8')).not.toContain('kQ2mXw7');
    expect((await audit(['--format', 'json'], env)).stdout).toBe(fresh);
    for (const damaged of ['', '{}', '{"version":1', readFileSync(file, 'utf8').slice(0, -20)]) {
      writeFileSync(file, damaged);
      for (const result of readdirSync(join(cache, 'seaworthy')).filter((each) => each.endsWith('.result')))
        rmSync(join(cache, 'seaworthy', result));
      expect((await audit(['--format', 'json'], env)).stdout).toBe(fresh);
    }
  }, 120_000);
});

describe('the kept result', () => {
  const env = (): Readonly<Record<string, string>> => ({ XDG_CACHE_HOME: join(folder, `results-${count}`) });
  const kept = (): string => {
    const cache = join(folder, `results-${count}`, 'seaworthy');
    const name = readdirSync(cache).find((each) => each.endsWith('.result'));
    return join(cache, name ?? 'none');
  };
  const said = async (...args: string[]): Promise<string> => (await audit(['--format', 'json', ...args], env())).stdout;

  it('is what is said again, and holds no secret', async () => {
    write({ 'package.json': '{ "scripts": { "start": "node app.js" } }', 'app.js': LEAKY });
    const first = await said();
    expect(readFileSync(kept(), 'utf8')).not.toContain('kQ2mXw7');
    // what is said comes from the file: a word changed there is a word changed in the report
    writeFileSync(kept(), readFileSync(kept(), 'utf8').replaceAll('"app.js"', '"was.js"'));
    expect(await said()).toBe(first.replaceAll('"app.js"', '"was.js"'));
    for (const damaged of ['', '{}', readFileSync(kept(), 'utf8').slice(0, -9)]) {
      writeFileSync(kept(), damaged);
      expect(await said()).toBe(first);
    }
  }, 120_000);

  it('is of no use once a file, a wish or a commit differs', async () => {
    write({ 'package.json': '{ "scripts": { "start": "node app.js" } }', 'app.js': LEAKY });
    await git('init', '-q');
    const changes: readonly (() => unknown)[] = [
      () => write({ 'app.js': `${LEAKY}eval(process.argv[2]);\n` }),
      () =>
        write({ 'audit.config.json': '{ "ignore": [{ "rule": "secrets/*", "path": "app.js", "reason": "a test" }] }' }),
      () => git('add', '.').then(() => git('commit', '-qm', 'all')),
      () => write({ 'app.js': '' }),
    ];
    let last = await said();
    for (const change of changes) {
      await change();
      const next = await said();
      expect(next).toBe(await said('--no-cache'));
      last = next;
    }
    expect(await said('--skip', 'dependencies/*')).not.toBe(last);
    expect(await said()).toBe(last);
  }, 120_000);
});
