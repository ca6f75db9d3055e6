import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AuditError } from '../document/audit-error.ts';
import { bytesOf } from './bytes.ts';
import { git } from './git.ts';
import type { Project } from './project.ts';

/**
 * The files of a project that differ from a commit. `ref` is what the work branched off from: the common ancestor
 * counts. Contents are compared here and not by `git diff`, which runs the filters a repository names.
 */
export async function changedSince(ref: string, project: Project): Promise<readonly string[]> {
  const base = await baseOf(ref, project.root);
  const listed = await git(project.root, ['ls-tree', '-r', '-z', '--end-of-options', base, '--', '.']);
  if (listed.state !== 'answered') throw unanswered(ref);
  const committed = new Map<string, string>();
  for (const entry of listed.output.split('\0')) {
    const tab = entry.indexOf('\t');
    const [, , hash] = entry.slice(0, tab).split(' ');
    if (hash !== undefined) committed.set(entry.slice(tab + 1), hash);
  }
  return project.documents
    .map(({ path }) => path)
    .filter((path) => committed.get(path) !== hashOf(join(project.root, path), committed.get(path)));
}

async function baseOf(ref: string, root: string): Promise<string> {
  const commit = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (commit.state !== 'answered') throw unanswered(ref);
  const base = await git(root, ['merge-base', '--end-of-options', commit.output.trim(), 'HEAD']);
  return base.state === 'answered' ? base.output.trim() : commit.output.trim();
}

/** The name git gives the content of a file; a name as long as the other one is by the same method. */
function hashOf(file: string, other = ''): string | undefined {
  const content = bytesOf(file, Number.MAX_SAFE_INTEGER);
  if (content.state !== 'read') return undefined;
  return createHash(other.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.bytes.length}\0`)
    .update(content.bytes)
    .digest('hex');
}

const unanswered = (ref: string): AuditError =>
  new AuditError(
    2,
    `Git knows no commit ${ref} here.`,
    'Name a branch, tag or commit of this repository; in CI fetch it first (fetch-depth: 0).',
  );
