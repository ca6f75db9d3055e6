import type { AuditReport, ReportedFinding } from './audit-report.ts';
import type { Severity } from './category.ts';
import { byWeight } from './groups.ts';
import { lines } from './lines.ts';
import { safeCommandData, safeCommandProperty } from './safe.ts';
import { counted, firstParagraph } from './text.ts';
import { verdictOf } from './verdict.ts';

/** GitHub shows no more annotations of one kind in a step. */
const ANNOTATIONS = 10;

const COMMANDS: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** Workflow commands: the worst findings as annotations, one notice with the count, and every finding in the log. */
export function github(report: AuditReport): string {
  const findings = report.findings
    .filter(({ ignored, confidence }) => ignored === undefined && confidence !== 'unsure')
    .toSorted(byWeight);
  const left = findings.length - Math.min(findings.length, ANNOTATIONS);
  const more = left > 0 ? ` ${counted(left, 'more finding')} in the log.` : '';
  return [
    lines(report).trimEnd(),
    ...findings.slice(0, ANNOTATIONS).map(annotation),
    `::notice title=seaworthy::${safeCommandData(`${verdictOf(report)}${more}`)}`,
    '',
  ].join('\n');
}

function annotation({ at, severity, rule, message, fix }: ReportedFinding): string {
  const isOneLine = at.start.line === at.end.line;
  const properties = {
    title: rule,
    file: at.path,
    line: String(at.start.line),
    endLine: String(at.end.line),
    // columns of a span over several lines make GitHub drop the annotation
    ...(isOneLine && { col: String(at.start.column), endColumn: String(Math.max(at.start.column, at.end.column)) }),
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${safeCommandProperty(value)}`);
  return `::${COMMANDS[severity]} ${list.join(',')}::${safeCommandData(`${message}\n${firstParagraph(fix)}`)}`;
}
