import type { AuditReport } from '../report/audit-report.ts';
import { load } from '../load/load.ts';
import { targetOf } from '../load/target.ts';
import { auditRunOf, withOwnPaths } from './audit-run.ts';
import type { AuditFlags } from './flags.ts';
import { deliver, outputsOf } from './formats.ts';
import { progressOn, SILENT } from './progress.ts';
import { reportOf } from './report-of.ts';
import { isInteractive, terminalOf } from './terminal.ts';
import { timingText } from './timing.ts';

/** `audit [dir|files…]` → exit code. */
export async function auditCommand(named: readonly string[], flags: AuditFlags): Promise<number> {
  if (flags.dryRun && flags.url) {
    const { printPlan } = await import('./probe-command.ts');
    return printPlan(flags.url, flags.routes ? await withPathsOf(named, flags) : flags);
  }
  const outputs = outputsOf(flags.format ?? [], process.cwd());
  const progress = flags.quiet ? SILENT : progressOn(process.stderr, isInteractive());
  try {
    const run = await auditRunOf(named, flags, progress);
    const report = run.stopwatch.time('score', () => reportOf(run));
    progress.end();
    await deliver(report, outputs, terminalOf(flags));
    if (flags.timing) process.stderr.write(timingText(run.stopwatch));
    const code = exitCodeOf(report);
    if (!run.observation) return code;
    const { observedExitCode, sayUnobserved } = await import('./probe-command.ts');
    sayUnobserved(run.observation);
    return observedExitCode(code, run.observation);
  } finally {
    progress.end();
  }
}

/** The project is read for what it answers; nothing of it is judged. */
async function withPathsOf(named: readonly string[], flags: AuditFlags): Promise<AuditFlags> {
  return withOwnPaths(flags, await load(targetOf(named, process.cwd()).root));
}

/** 1: the gate is broken, whatever else could not be looked at. 3: it held, and a rule crashed. */
export function exitCodeOf({ gate, summary }: AuditReport): number {
  if (gate.status === 'broken') return 1;
  return summary.outcomes.crashed > 0 ? 3 : 0;
}
