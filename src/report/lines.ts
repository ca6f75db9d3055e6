import type { AuditReport, ReportedFinding } from './audit-report.ts';
import { byWeight } from './groups.ts';
import { placeText } from './place.ts';
import { printable, withoutCommands } from './safe.ts';
import { firstParagraph } from './text.ts';
import { verdictOf } from './verdict.ts';

/**
 * One finding a line, worst first, with what to do; then what could not be seen, and the verdict. For programs that
 * read text and pay for every word of it.
 */
export function lines(report: AuditReport): string {
  const findings = report.findings.filter(({ ignored }) => ignored === undefined).toSorted(byWeight);
  const all = [
    ...findings.map((finding) => findingLine(finding, findings.find(({ rule }) => rule === finding.rule) === finding)),
    ...report.gaps.map(({ at, message }) => `${at ? placeText(at) : '-'}: not seen: ${printable(message)}`),
    ...report.notRun
      .filter(({ because }) => because === 'crashed')
      .map(({ rule, reason }) => `-: crashed ${rule}: ${printable(reason)}`),
    printable(verdictOf(report)),
  ];
  return `${withoutCommands(all.join('\n'))}\n`;
}

/** What to do is said once for each rule. */
function findingLine(
  { at, severity, confidence, rule, message, unsure, fix }: ReportedFinding,
  isFirst: boolean,
): string {
  const word = confidence === 'certain' ? severity : `${severity} (${confidence})`;
  const why = unsure === undefined ? '' : ` Not certain: ${printable(unsure)}`;
  const how = isFirst ? ` Fix: ${printable(firstParagraph(fix))}` : '';
  return `${placeText(at)}: ${word} ${rule}: ${printable(message)}${why}${how}`;
}
