import { relative } from 'node:path';
import { refreshed } from '../engine/baseline.ts';
import type { BaselineEntry } from '../engine/baseline.ts';
import { auditRunOf } from './audit-run.ts';
import { baselineIn, writeBaseline } from './baseline-file.ts';
import type { AuditFlags } from './flags.ts';
import { progressOn } from './progress.ts';
import { isInteractive } from './terminal.ts';

export interface BaselineFlags extends AuditFlags {
  readonly acceptNew?: boolean;
}

const LISTED = 20;

/** `audit baseline [folder]` → exit code: 1 where findings are not in it that would have to be accepted. */
export async function baselineCommand(folder: string | undefined, flags: BaselineFlags): Promise<number> {
  const progress = progressOn(process.stderr, isInteractive());
  const run = await auditRunOf(folder === undefined ? [] : [folder], flags, progress).finally(progress.end);
  const old = await baselineIn(run.baselineFile);
  const ran = new Set<string>(
    run.result.outcomes
      .filter(({ status }) => status !== 'not checked' && status !== 'crashed')
      .map(({ rule }) => rule),
  );
  const { baseline, gone, fresh } = refreshed(old ?? { findings: [] }, run.result.findings, {
    accept: flags.acceptNew === true || old === undefined,
    wasSeen: ({ rule, path }) => ran.has(rule) && (run.only === undefined || run.only.includes(path)),
  });
  writeBaseline(run.baselineFile, baseline);
  const isAccepted = flags.acceptNew === true || old === undefined;
  const name = relative(process.cwd(), run.baselineFile) || run.baselineFile;
  process.stdout.write(
    [
      `${name}: ${isAccepted ? `+${fresh.length}` : '+0'} −${gone.length}, ${baseline.findings.length} in all.`,
      ...(isAccepted || fresh.length === 0 ? [] : notAccepted(fresh)),
      '',
    ].join('\n'),
  );
  return isAccepted || fresh.length === 0 ? 0 : 1;
}

const notAccepted = (fresh: readonly BaselineEntry[]): readonly string[] => [
  `${fresh.length === 1 ? '1 finding is' : `${fresh.length} findings are`} new and not in it:`,
  ...fresh.slice(0, LISTED).map(({ rule, path }) => `  ${path}  ${rule}`),
  ...(fresh.length > LISTED ? [`  and ${fresh.length - LISTED} more`] : []),
  'Solve them, or take them in with --accept-new.',
];
