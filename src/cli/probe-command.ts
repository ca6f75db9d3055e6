import { resolve } from 'node:path';
import { rules as known } from '../../rules/index.ts';
import { AuditError } from '../document/audit-error.ts';
import { audit } from '../engine/audit.ts';
import { Stopwatch } from '../engine/stopwatch.ts';
import type { Project } from '../load/project.ts';
import type { AuditReport } from '../report/audit-report.ts';
import type { Rule } from '../rule/rule.ts';
import { DEFAULT_GATE } from '../score/gate.ts';
import { exitCodeOf } from './audit-command.ts';
import { BASELINE_FILE, baselineIn } from './baseline-file.ts';
import { configOf } from './config.ts';
import type { AuditFlags } from './flags.ts';
import { deliver, outputsOf } from './formats.ts';
import type { ProbeFlags } from './probe-flags.ts';
import { probeOptionsOf, urlsOf } from './probe-options.ts';
import { observationOf } from './probe-run.ts';
import type { Observation } from './probe-run.ts';
import { progressOn, SILENT } from './progress.ts';
import type { Progress } from './progress.ts';
import { reportOf } from './report-of.ts';
import type { Run } from './report-of.ts';
import { selected } from './selection.ts';
import { isInteractive, terminalOf } from './terminal.ts';
import { timingText } from './timing.ts';

/** `audit probe <url…>` → exit code. */
export async function probeCommand(targets: readonly string[], flags: AuditFlags): Promise<number> {
  if (targets.length === 0 && flags.replay === undefined) {
    throw new AuditError(2, 'No URL was given.', 'Write audit probe https://app.example/.');
  }
  if (flags.dryRun) return printPlan(targets, flags);
  const outputs = outputsOf(flags.format ?? [], process.cwd());
  const progress = flags.quiet ? SILENT : progressOn(process.stderr, isInteractive());
  const stopwatch = new Stopwatch();
  try {
    const { report, observation } = await probeReportOf(targets, flags, progress, stopwatch);
    progress.end();
    await deliver(report, outputs, terminalOf(flags));
    if (flags.timing) process.stderr.write(timingText(stopwatch));
    sayUnobserved(observation);
    return observedExitCode(exitCodeOf(report), observation);
  } finally {
    progress.end();
  }
}

/** Everything short of printing. */
export async function probeReportOf(
  targets: readonly string[],
  flags: AuditFlags,
  progress: Progress,
  stopwatch = new Stopwatch(),
): Promise<{ report: AuditReport; observation: Observation }> {
  const start = performance.now();
  const observation = await observationOf(targets, flags, progress);
  stopwatch.add('load', performance.now() - start);
  return { report: reportOf(await runOf(observation, flags, stopwatch)), observation };
}

/** What could not be observed is no success: 3, unless the gate is broken by what was. */
export const observedExitCode = (code: number, { unobserved }: Observation): number =>
  code === 0 && unobserved.length > 0 ? 3 : code;

export function sayUnobserved({ unobserved }: Observation): void {
  for (const line of unobserved) process.stderr.write(`audit: ${line}\n`);
}

export async function printPlan(targets: readonly string[], flags: ProbeFlags): Promise<number> {
  const { plannedLines } = await import('../probe/dry-run.ts');
  process.stdout.write(`${plannedLines(urlsOf(targets), probeOptionsOf(flags)).join('\n')}\n`);
  return 0;
}

async function runOf(observation: Observation, flags: AuditFlags, stopwatch: Stopwatch): Promise<Run> {
  const { documents, gaps, urls } = observation;
  const root = process.cwd();
  const { config, ignore } = await configOf(root, root, flags.config);
  const baselineFile = typeof flags.baseline === 'string' ? flags.baseline : (config.baseline ?? BASELINE_FILE);
  const baseline = flags.baseline === false ? undefined : await baselineIn(resolve(root, baselineFile));
  const project: Project = { root, documents, files: [], gaps };
  const chosen = { only: flags.only ?? config.only ?? [], skip: flags.skip ?? config.skip ?? [] };
  const rules = liveRules(selected(known, chosen));
  const today = new Date();
  const result = await audit(project, rules, {
    today,
    known: known.map(({ id }) => id),
    ignore: flags.ignores ? ignore : 'none',
    ...(baseline && { baseline: new Set(baseline.findings.map(({ fingerprint }) => fingerprint)) }),
    stopwatch,
  });
  return {
    project,
    path: null,
    urls,
    rules,
    known,
    result,
    today,
    gate: {
      level: flags.gate ?? config.gate ?? DEFAULT_GATE.level,
      minScore: flags.minScore ?? config.minScore ?? null,
      minCoverage: flags.minCoverage ?? config.minCoverage ?? null,
    },
  };
}

const LIVE_VIEWS = new Set('responses pages cookies transport secured active strained counted errorPages'.split(' '));

/** The rules that a deployment alone can answer. */
export const liveRules = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(({ needs }) => needs.every((need) => LIVE_VIEWS.has(need)));
