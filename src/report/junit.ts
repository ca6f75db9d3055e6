import type { AuditReport, ReportedFinding, ReportedOutcome } from './audit-report.ts';
import { CATEGORIES, CATEGORY_TITLES } from './category.ts';
import type { Category } from './category.ts';
import { byWeight, isOpen } from './groups.ts';
import { placeText } from './place.ts';
import { safeXml } from './safe.ts';
import { firstParagraph } from './text.ts';

/** JUnit XML, which most CI servers draw: a suite for each category, a test for each rule. */
export function junit(report: AuditReport): string {
  const suites = CATEGORIES.filter((category) => report.outcomes.some((outcome) => outcome.category === category));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="seaworthy" ${countsOf(report.outcomes, report.findings)}>`,
    ...suites.map((category) => suite(category, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(category: Category, report: AuditReport): string {
  const outcomes = report.outcomes.filter((outcome) => outcome.category === category);
  return [
    `  <testsuite name="${safeXml(CATEGORY_TITLES[category])}" ${countsOf(outcomes, report.findings)}>`,
    ...outcomes.map((outcome) => testCase(outcome, openOf(outcome, report.findings))),
    '  </testsuite>',
  ].join('\n');
}

const openOf = ({ rule }: ReportedOutcome, findings: readonly ReportedFinding[]): readonly ReportedFinding[] =>
  findings.filter((finding) => finding.rule === rule && isOpen(finding)).toSorted(byWeight);

/** Nobody may take for passed what could not be decided. */
const isSkipped = ({ status }: ReportedOutcome): boolean =>
  status === 'not applicable' || status === 'not checked' || status === 'partly' || status === 'unsure';

function countsOf(outcomes: readonly ReportedOutcome[], findings: readonly ReportedFinding[]): string {
  const failures = outcomes.filter((outcome) => openOf(outcome, findings).length > 0).length;
  const errors = outcomes.filter(({ status }) => status === 'crashed').length;
  return `tests="${outcomes.length}" failures="${failures}" errors="${errors}" skipped="${outcomes.filter(isSkipped).length}"`;
}

function testCase(outcome: ReportedOutcome, findings: readonly ReportedFinding[]): string {
  const { rule, category, status, reason = '', ensures } = outcome;
  const [worst] = findings;
  const open = `    <testcase classname="${safeXml(category)}" name="${safeXml(`${rule}: ${ensures}`)}"`;
  const inner = worst
    ? `<failure type="${worst.severity}" message="${safeXml(worst.message)}">${findings.map(findingText).join('\n')}</failure>`
    : status === 'crashed'
      ? `<error message="${safeXml(reason)}"/>`
      : isSkipped(outcome)
        ? `<skipped message="${safeXml(reason === '' ? status : `${status}: ${reason}`)}"/>`
        : '';
  return inner === '' ? `${open}/>` : `${open}>\n      ${inner}\n    </testcase>`;
}

const findingText = ({ at, severity, message, fix }: ReportedFinding): string =>
  safeXml(`${placeText(at)} ${severity}: ${message} Fix: ${firstParagraph(fix)}`);
