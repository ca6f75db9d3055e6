import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parse as parseJson } from 'jsonc-parser';
import { AuditError } from '../document/audit-error.ts';
import { bytesOf } from './bytes.ts';
import { matchesGlob } from '../document/glob.ts';

/** Where the project is, and which part of it was asked about. */
export interface Target {
  /** Absolute path of the folder of the project. */
  readonly root: string;
  /** Paths relative to the root, with `/`: files, or folders with a trailing `/`. Absent: everything. */
  readonly only?: readonly string[];
}

/**
 * The project around what was named: a folder is a project of its own unless a workspace root above claims it; files
 * belong to the project of the nearest manifest.
 */
export function targetOf(named: readonly string[], cwd: string): Target {
  const paths = (named.length === 0 ? ['.'] : named).map((path) => ({ path, absolute: resolve(cwd, path) }));
  for (const { path, absolute } of paths) {
    if (existsSync(absolute)) continue;
    throw new AuditError(
      2,
      `${path} does not exist.`,
      'Name a folder or files that do; `audit --help` shows examples.',
    );
  }
  const folders = paths.filter(({ absolute }) => statSync(absolute).isDirectory());
  const [first] = folders;
  if (first && paths.length === 1) {
    const root = workspaceRootOf(first.absolute);
    return root === undefined ? { root: first.absolute } : { root, only: [`${pathIn(root, first.absolute)}/`] };
  }
  const start = commonFolderOf(paths.map(({ absolute }) => (isFolder(absolute) ? absolute : dirname(absolute))));
  const root = projectRootOf(start);
  const only = paths.map(({ absolute }) => pathIn(root, absolute) + (isFolder(absolute) ? '/' : ''));
  return only.includes('/') ? { root } : { root, only: only.toSorted() };
}

const isFolder = (path: string): boolean => statSync(path).isDirectory();

const pathIn = (root: string, path: string): string => relative(root, path).replaceAll(sep, '/');

function commonFolderOf(folders: readonly string[]): string {
  const [first = [], ...rest] = folders.map((folder) => folder.split(sep));
  const length = rest.reduce((shared, other) => {
    const differs = first.slice(0, shared).findIndex((segment, index) => segment !== other[index]);
    return differs === -1 ? shared : differs;
  }, first.length);
  return first.slice(0, length).join(sep) || sep;
}

/** The nearest folder upward that has a manifest or our configuration; else the repository; else the folder itself. */
function projectRootOf(start: string): string {
  for (const folder of upwardFrom(start)) {
    if (existsSync(join(folder, 'audit.config.json'))) return folder;
    if (existsSync(join(folder, 'package.json'))) return workspaceRootOf(folder) ?? folder;
    if (existsSync(join(folder, '.git'))) return folder;
  }
  return start;
}

/** The folder above whose workspaces include this one; not looked for beyond the repository. */
function workspaceRootOf(member: string): string | undefined {
  if (existsSync(join(member, '.git')) || existsSync(join(member, 'audit.config.json'))) return undefined;
  for (const folder of upwardFrom(dirname(member))) {
    const path = pathIn(folder, member);
    const globs = workspaceGlobsOf(folder);
    if (globs.some((glob) => !glob.startsWith('!') && matchesGlob(path, glob))) {
      const excluded = globs.some((glob) => glob.startsWith('!') && matchesGlob(path, glob.slice(1)));
      return excluded ? undefined : folder;
    }
    if (existsSync(join(folder, '.git'))) return undefined;
  }
  return undefined;
}

function* upwardFrom(start: string): Generator<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    yield folder;
    if (dirname(folder) === folder) return;
  }
}

/** The `workspaces` of npm, yarn and bun, and the `packages` of pnpm. */
function workspaceGlobsOf(folder: string): readonly string[] {
  return [
    ...manifestGlobsIn(textIn(folder, 'package.json')),
    ...pnpmGlobsIn(textIn(folder, 'pnpm-workspace.yaml')),
  ].map((glob) => glob.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''));
}

function textIn(folder: string, name: string): string {
  const content = bytesOf(join(folder, name), MAX_MANIFEST_BYTES);
  return content.state === 'read' ? content.bytes.toString('utf8') : '';
}

const MAX_MANIFEST_BYTES = 1_000_000;

function manifestGlobsIn(text: string): readonly string[] {
  if (!text.includes('"workspaces"')) return [];
  const manifest: unknown = parseJson(text);
  const workspaces = isRecord(manifest) ? manifest['workspaces'] : undefined;
  return strings(isRecord(workspaces) ? workspaces['packages'] : workspaces);
}

/** The list below `packages:`, in either notation; a full YAML reader would cost every start its loading time. */
function pnpmGlobsIn(text: string): readonly string[] {
  const block =
    /^packages:[ \t]*(\[[^\]]*\]|(?:\r?\n(?:[ \t]*-[^\n]*|[ \t]*#[^\n]*|[ \t]*(?=\r?\n)))*)/m.exec(text)?.[1] ?? '';
  const items = block.startsWith('[') ? block.slice(1, -1).split(',') : block.split('\n');
  return items
    .map((item) =>
      item
        .trim()
        .replace(/^-\s*/, '')
        .replace(/\s+#.*$/, '')
        .replace(/^(['"])(.*)\1$/, '$2'),
    )
    .filter((item) => item !== '' && !item.startsWith('#'));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
