import type { AuditReport } from './audit-report.ts';
import { SEVERITIES } from './category.ts';
import { counted } from './text.ts';

/** The whole report in one line that stands alone. */
export function verdictOf(report: AuditReport): string {
  const { gate, score, summary } = report;
  if (isUnseen(report)) return 'Nothing could be judged: no target could be looked at.';
  const grade = `score ${score.value} (${score.letter}${score.provisional ? ', provisional' : ''})`;
  const verdict = gate.status === 'broken' ? 'Not fit for production' : heldText(report);
  const { crashed } = summary.outcomes;
  return `${verdict}: ${findingsText(report)}; ${grade}.${crashed > 0 ? ` ${counted(crashed, 'rule')} crashed.` : ''}`;
}

/** A deployment of which nothing was seen has no score, whatever the sum says. */
export const isUnseen = ({ target, score, summary }: AuditReport): boolean =>
  target.path === null &&
  score.coverage === 0 &&
  score.lines.length === 0 &&
  summary.outcomes.passed + summary.outcomes.failed + summary.outcomes.partly + summary.outcomes.unsure === 0;

/** Nothing found is only as good as what was seen. */
function heldText({ summary, score }: AuditReport): string {
  const { critical, high } = summary.findings;
  if (critical + high > 0) return 'Nothing new against production';
  return score.provisional ? 'Nothing against production in the part that could be judged' : 'Fit for production';
}

/** `2 critical, 5 high`, or `nothing found`. */
export function findingsText({ summary }: AuditReport): string {
  const parts = SEVERITIES.filter((severity) => summary.findings[severity] > 0).map(
    (severity) => `${summary.findings[severity]} ${severity}`,
  );
  return parts.length > 0 ? parts.join(', ') : 'nothing found';
}

/** What was audited, for the header: name, roles, files, rules, deployments. */
export function targetText({ target, outcomes, tool }: AuditReport): readonly string[] {
  const ran = outcomes.filter(({ status }) => status !== 'not applicable' && status !== 'not checked').length;
  return [
    `${tool.name} ${tool.version}`,
    target.name,
    ...(target.roles.length > 0 ? [target.roles.join(' + ')] : target.path === null ? [] : ['role unknown']),
    ...(target.path === null ? [] : [counted(target.files, 'file')]),
    ...target.urls.filter((url) => url !== target.name),
    `${ran} of ${counted(outcomes.length, 'rule')} apply`,
    ...(target.only ? [`${counted(target.only.length, 'file')} reported`] : []),
  ];
}
