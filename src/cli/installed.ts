import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

const ROOT = new URL('../../', import.meta.url).pathname;

/** The package as a stranger gets it: built, packed, and installed without network in an empty folder. */
export interface Installed {
  /** Of everything below; for the test to delete. */
  readonly folder: string;
  readonly bin: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  /** Of all files, in bytes. */
  readonly unpackedSize: number;
}

export async function installed(): Promise<Installed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'installed-')));
  const source = join(folder, 'source');
  mkdirSync(source);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  for (const name of ['package.json', 'README.md', 'LICENSE', ...manifest.files.filter((file) => file !== 'dist')]) {
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(source, name), { recursive: true });
  }
  await execa('node', [join(ROOT, 'scripts/build.js'), join(source, 'dist')]);
  const packed = await execa('npm', ['pack', '--json', '--ignore-scripts', '--offline'], { cwd: source });
  const [tarball] = JSON.parse(packed.stdout) as {
    filename: string;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  const app = join(folder, 'app');
  mkdirSync(app);
  // without one, npm takes the next folder above that has one for the project
  writeFileSync(join(app, 'package.json'), '{ "private": true }\n');
  await execa('npm', ['install', '--offline', '--no-audit', '--no-fund', join(source, tarball?.filename ?? '')], {
    cwd: app,
  });
  return {
    folder,
    bin: join(app, 'node_modules/.bin/audit'),
    files: tarball?.files.map(({ path }) => path) ?? [],
    unpackedSize: tarball?.unpackedSize ?? 0,
  };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
