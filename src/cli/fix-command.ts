import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixesOf } from '../engine/fix.ts';
import type { Fix } from '../engine/fix.ts';
import { diffOf } from '../report/diff.ts';
import { auditRunOf } from './audit-run.ts';
import type { AuditRun } from './audit-run.ts';
import type { AuditFlags } from './flags.ts';
import { progressOn } from './progress.ts';
import { hasColor, isInteractive } from './terminal.ts';

export interface FixFlags extends AuditFlags {
  readonly write?: boolean;
}

/** One edit may make room for another; more rounds than this would be edits that undo each other. */
const MAX_ROUNDS = 5;

/** `audit fix [folder]` → exit code: 1 where there is something to fix and it was not written. */
export async function fixCommand(folder: string | undefined, flags: FixFlags): Promise<number> {
  const fixes = fixesIn(await runOf(folder, flags));
  for (const { path, shown } of fixes)
    process.stdout.write(diffOf(path, shown.before, shown.after, flags.color && hasColor(process.stdout)));
  if (fixes.length === 0) {
    process.stderr.write('There is nothing that can be fixed safely.\n');
    return 0;
  }
  if (flags.write) return written(folder, flags);
  process.stderr.write(
    `${solved(fixes)} in ${files(fixes)} can be solved. Write the changes with: audit fix --write\n`,
  );
  return 1;
}

async function written(folder: string | undefined, flags: FixFlags): Promise<number> {
  let all: readonly Fix[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const run = await runOf(folder, flags);
    const fixes = fixesIn(run);
    if (fixes.length === 0) {
      const left = run.result.findings.filter(({ ignored }) => !ignored).length;
      process.stderr.write(`${solved(all)} solved in ${files(all)}; ${left} left for you.\n`);
      return 0;
    }
    for (const { path, after } of fixes) writeFileSync(join(run.project.root, path), after);
    all = [...all, ...fixes];
  }
  process.stderr.write('Some edits keep undoing each other; look at the result before you commit it.\n');
  return 1;
}

const fixesIn = ({ project, result }: AuditRun): readonly Fix[] => fixesOf(project.documents, result.findings);

async function runOf(folder: string | undefined, flags: FixFlags): Promise<AuditRun> {
  const progress = progressOn(process.stderr, isInteractive());
  return auditRunOf(folder === undefined ? [] : [folder], flags, progress).finally(progress.end);
}

const solved = (fixes: readonly Fix[]): string =>
  counted(
    fixes.reduce((sum, { findings }) => sum + findings, 0),
    'finding',
  );
const files = (fixes: readonly Fix[]): string => counted(new Set(fixes.map(({ path }) => path)).size, 'file');
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
