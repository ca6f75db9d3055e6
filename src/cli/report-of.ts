import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Document, Location } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { lineStartsOf, positionAt } from '../document/position.ts';
import type { AuditResult } from '../engine/audit.ts';
import type { Finding, Outcome } from '../engine/finding.ts';
import type { Project } from '../load/project.ts';
import type { AuditReport, ReportedFinding, ReportedGap, ReportedPlace } from '../report/audit-report.ts';
import type { Category } from '../rule/category.ts';
import type { Rule } from '../rule/rule.ts';
import { gateOf } from '../score/gate.ts';
import type { GateOptions } from '../score/gate.ts';
import { scoreOf } from '../score/score.ts';
import { VERSION } from './build.ts';

export interface Run {
  readonly project: Project;
  /** As the user named it; null where only a deployment was probed. */
  readonly path: string | null;
  readonly urls: readonly string[];
  readonly only?: readonly string[];
  /** Those that ran. */
  readonly rules: readonly Rule[];
  /** Every one there is. */
  readonly known: readonly Rule[];
  readonly result: AuditResult;
  readonly today: Date;
  readonly gate: GateOptions;
}

/** Everything a report may say, joined: what was found, what it costs, and whether it may be merged. */
export function reportOf(run: Run): AuditReport {
  const { project, rules, known, result } = run;
  const score = scoreOf({ rules, outcomes: result.outcomes, findings: result.findings });
  const gaps = result.gaps.map(placedGaps(project.documents));
  const indicesOf = indicesIn(result.gaps);
  const byId = new Map(known.map((rule) => [rule.id, rule]));
  return {
    schema: 1,
    tool: { name: 'seaworthy', version: VERSION, ruleset: rulesetOf(rules), profile: score.profile },
    target: {
      name: nameOf(run),
      path: run.path,
      urls: run.urls,
      roles: result.roles,
      files: run.path === null ? 0 : project.files.length,
      ...(run.only && { only: run.only }),
      date: run.today.toISOString().slice(0, 10),
    },
    summary: summaryOf(result),
    score,
    gate: gateOf(result.findings, score, run.gate),
    outcomes: result.outcomes.flatMap((outcome) => {
      const rule = byId.get(outcome.rule);
      return rule ? [outcomeOf(outcome, rule, indicesOf(outcome.gaps))] : [];
    }),
    findings: result.findings.map(findingOf),
    gaps,
    notRun: notRunOf(result.outcomes, rules, known),
  };
}

/** Of the manifest, else of the folder, else the first URL. */
function nameOf({ project, path, urls }: Run): string {
  if (path === null) return urls[0] ?? '';
  const manifest = project.documents.find((document) => document.path === 'package.json');
  const value: unknown = manifest ? parse(manifest.text) : undefined;
  const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  return typeof name === 'string' && name !== '' ? name.slice(0, 214) : basename(project.root);
}

const rulesetOf = (rules: readonly Rule[]): string =>
  createHash('sha256')
    .update([VERSION, ...rules.map(({ id, severity, control = '' }) => `${id} ${severity} ${control}`)].join('\n'))
    .digest('hex')
    .slice(0, 12);

function summaryOf({ findings, outcomes }: AuditResult): AuditReport['summary'] {
  const open = findings.filter(({ ignored }) => ignored === undefined);
  const sure = open.filter(({ confidence }) => confidence !== 'unsure');
  const countOf = (severity: Finding['severity']): number => sure.filter((one) => one.severity === severity).length;
  const outcomeCount = (status: Outcome['status']): number => outcomes.filter((one) => one.status === status).length;
  return {
    findings: {
      critical: countOf('critical'),
      high: countOf('high'),
      medium: countOf('medium'),
      low: countOf('low'),
      info: countOf('info'),
    },
    unsure: open.length - sure.length,
    ignored: findings.filter(({ ignored }) => ignored && ignored.by !== 'baseline').length,
    baseline: findings.filter(({ ignored }) => ignored?.by === 'baseline').length,
    outcomes: {
      failed: outcomeCount('failed'),
      unsure: outcomeCount('unsure'),
      partly: outcomeCount('partly'),
      passed: outcomeCount('passed'),
      'not applicable': outcomeCount('not applicable'),
      'not checked': outcomeCount('not checked'),
      crashed: outcomeCount('crashed'),
    },
  };
}

/** Everything but the edits: those are for `audit fix`, not for a report. */
function findingOf(finding: Finding): ReportedFinding {
  const { edits, ...reported } = finding;
  return edits ? reported : finding;
}

function outcomeOf({ status, reason }: Outcome, rule: Rule, gaps: readonly number[]): AuditReport['outcomes'][number] {
  const { id, control = id, severity, ensures, why, fix, references, cwe, owasp = null } = rule;
  return {
    rule: id,
    category: id.slice(0, id.indexOf('/')) as Category,
    control,
    severity,
    status,
    ...(reason !== undefined && { reason }),
    gaps,
    ensures,
    why,
    fix,
    references,
    cwe: cwe === undefined ? [] : [cwe],
    owasp,
  };
}

/** Where gaps stand in the list of all. Many rules have the same list. */
function indicesIn(all: readonly Gap[]): (gaps: readonly Gap[]) => readonly number[] {
  const indexOf = new Map(all.map((gap, index) => [keyOf(gap), index]));
  const known = new Map<readonly Gap[], readonly number[]>();
  return (gaps) => {
    const found = known.get(gaps) ?? [...new Set(gaps.flatMap((gap) => indexOf.get(keyOf(gap)) ?? []))];
    known.set(gaps, found);
    return found;
  };
}

/** What makes two gaps the same one. */
const keyOf = ({ message, at }: Gap): string => `${message}\n${at?.path}\n${at?.start}`;

function placedGaps(documents: readonly Document[]): (gap: Gap) => ReportedGap {
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  const lineStarts = new Map<string, readonly number[]>();
  const placeOf = ({ path, start, end }: Location): ReportedPlace => {
    const starts = lineStarts.get(path) ?? lineStartsOf(texts.get(path) ?? '');
    lineStarts.set(path, starts);
    return { path, start: positionAt(starts, start), end: positionAt(starts, end) };
  };
  return ({ kind, message, at }) => ({ kind, message, ...(at && { at: placeOf(at) }) });
}

function notRunOf(outcomes: readonly Outcome[], rules: readonly Rule[], known: readonly Rule[]): AuditReport['notRun'] {
  const ran = new Set(rules.map(({ id }) => id));
  return [
    ...outcomes.flatMap(({ rule, status, reason = '' }) =>
      status === 'not checked' || status === 'crashed' ? [{ rule, because: status, reason }] : [],
    ),
    ...known
      .filter(({ id }) => !ran.has(id))
      .map(({ id }) => ({
        rule: id,
        because: 'skipped' as const,
        reason: 'It was left out by --only, --skip or the configuration.',
      })),
  ];
}
