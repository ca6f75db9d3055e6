import type { AuditReport, ReportedFinding } from './audit-report.ts';
import type { Severity } from './category.ts';
import { safeJson } from './safe.ts';

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export interface CodeQualityIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end: number } };
}

const SEVERITY: Readonly<Record<Severity, CodeQualityIssue['severity']>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/** GitLab's code quality report. It compares branches itself, so what is of the baseline is in it. */
export const gitlab = (report: AuditReport): string =>
  `${safeJson(
    report.findings.filter(({ ignored }) => ignored === undefined || ignored.by === 'baseline').map(issueOf),
    2,
  )}\n`;

const issueOf = ({
  message,
  unsure,
  rule,
  fingerprint,
  severity,
  confidence,
  at,
}: ReportedFinding): CodeQualityIssue => ({
  description: unsure === undefined ? message : `${message} Not certain: ${unsure}`,
  check_name: rule,
  fingerprint,
  severity: confidence === 'unsure' ? 'info' : SEVERITY[severity],
  location: { path: at.path, lines: { begin: at.start.line, end: at.end.line } },
});
