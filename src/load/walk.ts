import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import type { Tracked } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { bytesOf } from './bytes.ts';
import type { Caps } from './caps.ts';

/** What a `.gitignore` says, and the folder (with a trailing `/`, or empty) it says it of. */
interface IgnoreFile {
  readonly folder: string;
  readonly rules: Ignore;
}

interface Folder {
  /** With a trailing `/`; empty for the root. */
  readonly path: string;
  readonly depth: number;
  /** From the root's to the nearest. */
  readonly ignoreFiles: readonly IgnoreFile[];
}

const NEVER_ENTERED = new Set(['.git', '.hg', '.svn', 'node_modules', 'bower_components', 'jspm_packages']);

const MAX_IGNORE_FILE_BYTES = 100_000;

/** Where git cannot list the files: every file below a folder that no `.gitignore` excludes. Links are not followed. */
export function walk(
  root: string,
  caps: Caps,
  mattersThoughIgnored: (path: string) => boolean,
): { readonly files: ReadonlyMap<string, Tracked>; readonly gaps: readonly Gap[] } {
  const files = new Map<string, Tracked>();
  const gaps: Gap[] = [];
  const open: Folder[] = [{ path: '', depth: 0, ignoreFiles: [] }];
  const deadline = performance.now() + caps.milliseconds;
  for (let folder = open.pop(); folder; folder = open.pop()) {
    if (files.size > caps.files || performance.now() > deadline) {
      gaps.push({ kind: 'capped', message: `Listing the files stopped after ${files.size}: the folder is too large.` });
      break;
    }
    const entries = entriesOf(join(root, folder.path));
    if (entries === undefined) {
      gaps.push({ kind: 'unreadable', message: `The folder ${folder.path || '.'} cannot be read.` });
      continue;
    }
    const ignoreFiles = entries.some(({ name }) => name === '.gitignore')
      ? [...folder.ignoreFiles, ...ignoreFilesIn(root, folder.path)]
      : folder.ignoreFiles;
    for (const entry of entries) {
      const path = folder.path + entry.name;
      if (entry.isDirectory()) {
        if (NEVER_ENTERED.has(entry.name) || isIgnored(`${path}/`, ignoreFiles)) continue;
        if (folder.depth >= caps.depth) {
          gaps.push({ kind: 'capped', message: `The folder ${path} is too deep and was not entered.` });
        } else open.push({ path: `${path}/`, depth: folder.depth + 1, ignoreFiles });
      } else if (!isIgnored(path, ignoreFiles)) files.set(path, 'unknown');
      else if (mattersThoughIgnored(path)) files.set(path, 'ignored');
    }
  }
  return { files, gaps };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

function ignoreFilesIn(root: string, folder: string): readonly IgnoreFile[] {
  const content = bytesOf(join(root, folder, '.gitignore'), MAX_IGNORE_FILE_BYTES);
  if (content.state !== 'read') return [];
  return [{ folder, rules: ignore({ allowRelativePaths: true }).add(content.bytes.toString('utf8')) }];
}

/** The nearest file with an opinion decides. */
function isIgnored(path: string, ignoreFiles: readonly IgnoreFile[]): boolean {
  for (const { folder, rules } of ignoreFiles.toReversed()) {
    const { ignored, unignored } = rules.test(path.slice(folder.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
