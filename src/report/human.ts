import type { AuditReport, ReportedFinding } from './audit-report.ts';
import { CATEGORY_TITLES } from './category.ts';
import { frameLines } from './human-frame.ts';
import { groupsOf, openFindings, ruleGroupsOf, startHere } from './groups.ts';
import type { CategoryGroup, RuleGroup } from './groups.ts';
import { scoreText } from './human-score.ts';
import { paintOf } from './paint.ts';
import type { Paint } from './paint.ts';
import { placeText } from './place.ts';
import { printable, withoutCommands } from './safe.ts';
import { counted, firstParagraph, gistOf, shortened, wrapped } from './text.ts';
import { isUnseen, targetText, verdictOf } from './verdict.ts';

export interface HumanOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** `quiet`: the summary alone. `verbose`: every finding framed, every outcome listed. */
  readonly detail: 'quiet' | 'normal' | 'verbose';
}

export interface Page extends HumanOptions {
  readonly paint: Paint;
}

/** Beyond this a line is tiring to read, however wide the terminal is. */
const MAX_WIDTH = 110;
/** Of one rule: so many findings with their code, so many more with their place. */
const FRAMED = { critical: 2, high: 2, medium: 1, low: 0, info: 0 } as const;
const LISTED = 8;
/** Other places that one change repairs. */
const OTHERS = 3;
const GAPS = 8;

/** For people at a terminal: what is wrong, where, why it matters and what to do first. */
export function human(report: AuditReport, options: HumanOptions): string {
  const page: Page = {
    ...options,
    width: Math.max(40, Math.min(options.width, MAX_WIDTH)),
    paint: paintOf(options.color),
  };
  const sections =
    options.detail === 'quiet'
      ? []
      : [
          headerText(report, page),
          ...groupsOf(report, openFindings(report)).map((group) => categoryText(group, page)),
          unsureText(report, page),
          ignoredText(report, page),
          gapsText(report, page),
          outcomesText(report, page),
        ];
  const all = [
    ...sections,
    isUnseen(report) ? [] : scoreText(report, page),
    startText(report, page),
    verdictLines(report, page),
  ];
  const text = all
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return `${withoutCommands(text)}\n`;
}

function headerText(report: AuditReport, { paint }: Page): readonly string[] {
  const [tool = '', name = '', ...rest] = targetText(report).map(printable);
  return [[paint.strong(tool), paint.strong(name), ...rest.map((part) => paint.faint(part))].join(paint.faint(' · '))];
}

function categoryText(group: CategoryGroup, page: Page): readonly string[] {
  const { paint, width } = page;
  const title = CATEGORY_TITLES[group.category];
  const points = group.points > 0 ? `−${counted(group.points, 'point')}` : '';
  const rule = '─'.repeat(Math.max(0, width - title.length - points.length - 2));
  const heading = `${paint.strong(title)} ${paint.faint(rule)} ${paint.bad(points)}`.trimEnd();
  return [heading, ...group.rules.flatMap((one) => ['', ...ruleText(one, page)])];
}

function ruleText({ rule, severity, findings, outcome }: RuleGroup, page: Page): string[] {
  const { paint, detail } = page;
  const framed = detail === 'verbose' ? findings.length : FRAMED[severity];
  const listed = findings.slice(framed, framed + LISTED);
  const left = findings.length - framed - listed.length;
  const count = findings.reduce((sum, { also = [] }) => sum + 1 + also.length, 0);
  const places = count > 1 ? paint.faint(` · ${count} places`) : '';
  return [
    `${badge(severity, paint)} ${paint.strong(rule)}${places}`,
    ...findings.slice(0, framed).flatMap((finding) => [...framedText(finding, page), '']),
    ...listed.flatMap((finding) => placedText(finding, page)),
    ...(left > 0 ? [paint.faint(`  and ${counted(left, 'more', 'more')}: --verbose shows all`)] : []),
    ...(outcome ? labelled('why', gistOf(outcome.why), page) : []),
    ...labelled('fix', firstParagraph(findings[0].fix), page),
  ];
}

const badge = (severity: RuleGroup['severity'], paint: Paint): string =>
  paint.severity[severity](severity === 'critical' ? ' critical ' : severity);

/** A finding with its code, and the way the value took. */
function framedText(finding: ReportedFinding, page: Page): readonly string[] {
  const { paint } = page;
  return [
    ...placedText(finding, page),
    ...frameLines(finding, page),
    ...finding.trail.flatMap(({ at, note }, index) => {
      const word = index === 0 ? 'from' : index === finding.trail.length - 1 ? 'to  ' : 'via ';
      const place = placeText(at);
      const [first = '', ...rest] = wrapped(`${'x'.repeat(place.length)} ${printable(note)}`, page.width - 10);
      return [
        `    ${paint.faint(word)} ${paint.place(place)} ${first.slice(place.length + 1)}`.trimEnd(),
        ...rest.map((line) => `         ${line}`),
      ];
    }),
  ];
}

/** `path:line:column  message`, on one line where it fits. */
function placedText(finding: ReportedFinding, { paint, width, detail }: Page): string[] {
  const { at, message, confidence, mitigated, also = [] } = finding;
  const place = placeText(at);
  const likely = confidence === 'likely' ? ' (likely)' : '';
  const text = `${printable(message)}${likely}${mitigated === undefined ? '' : ` Made up for: ${printable(mitigated)}`}`;
  const oneLine = place.length + text.length + 4 <= width;
  const others = also
    .slice(0, detail === 'verbose' ? also.length : OTHERS)
    .map((each) => `    also ${paint.place(placeText(each.at))}`);
  if (oneLine) return [`  ${paint.place(place)}  ${paint.markdown(text)}`, ...others];
  return [`  ${paint.place(place)}`, ...prose(wrapped(text, width - 4), paint).map((line) => `    ${line}`), ...others];
}

/** Lines of Markdown, painted as a whole: a code span may go over several. */
const prose = (lines: readonly string[], paint: Paint): readonly string[] =>
  paint.markdown(lines.join('\n')).split('\n');

function labelled(label: string, text: string, { paint, width }: Page): readonly string[] {
  return prose(wrapped(printable(text), width - 7), paint).map(
    (line, index) => `  ${index === 0 ? paint.strong(label.padEnd(4)) : '    '} ${line}`,
  );
}

function unsureText(report: AuditReport, page: Page): readonly string[] {
  const unsure = report.findings.filter(({ confidence, ignored }) => confidence === 'unsure' && !ignored);
  if (unsure.length === 0) return [];
  const { paint, width, detail } = page;
  const groups = ruleGroupsOf(report, unsure);
  return [
    `${paint.strong('Please look yourself')} ${paint.faint(`· ${counted(unsure.length, 'place')}, no points, no gate`)}`,
    ...groups.flatMap(({ rule, findings }) => [
      `  ${paint.strong(rule)}`,
      ...findings
        .slice(0, detail === 'verbose' ? findings.length : 3)
        .flatMap((finding) => [
          ...placedText(finding, page).map((line) => `  ${line}`),
          ...prose(wrapped(printable(finding.unsure ?? ''), width - 6), paint).map((line) => `      ${line}`),
        ]),
      ...(findings.length > 3 && detail !== 'verbose' ? [paint.faint(`    and ${findings.length - 3} more`)] : []),
    ]),
  ];
}

function ignoredText(report: AuditReport, page: Page): readonly string[] {
  const ignored = report.findings.filter((finding) => finding.ignored !== undefined);
  if (ignored.length === 0) return [];
  const { paint, detail } = page;
  const known = report.summary.baseline > 0 ? `, ${report.summary.baseline} known from the baseline` : '';
  const heading = paint.faint(`${report.summary.ignored} ignored with a reason${known}`);
  if (detail !== 'verbose') return [heading];
  return [
    heading,
    ...ignored.map(
      ({ at, rule, ignored: by }) =>
        `  ${placeText(at)}  ${rule}  ${paint.faint(`${by?.by}: ${printable(by?.reason ?? '')}`)}`,
    ),
  ];
}

function gapsText({ gaps, notRun }: AuditReport, page: Page): readonly string[] {
  const { paint, detail } = page;
  const reasons = new Map<string, number>();
  for (const { because, reason } of notRun) {
    if (because === 'skipped') continue;
    const text = because === 'crashed' ? `A rule crashed: ${reason}` : reason;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  if (gaps.length + reasons.size === 0) return [];
  const shown = detail === 'verbose' ? gaps : gaps.slice(0, GAPS);
  return [
    paint.strong('Could not be seen'),
    ...shown.flatMap(({ message, at }) => bullet(`${at ? `${placeText(at)}  ` : ''}${printable(message)}`, page)),
    ...(shown.length < gaps.length
      ? [paint.faint(`  and ${gaps.length - shown.length} more: --verbose shows all`)]
      : []),
    ...[...reasons].flatMap(([reason, count]) =>
      bullet(`${counted(count, 'rule')} not checked: ${printable(reason)}`, page),
    ),
  ];
}

const bullet = (text: string, { width, paint }: Page): readonly string[] =>
  prose(wrapped(text, width - 4), paint).map((line, index) => `  ${index === 0 ? '·' : ' '} ${line}`);

function outcomesText({ outcomes }: AuditReport, { paint, detail, width }: Page): readonly string[] {
  if (detail !== 'verbose') return [];
  return [
    paint.strong('What every rule says'),
    ...outcomes.map(({ rule, status, ensures, reason }) => {
      const text =
        status === 'passed' ? ensures : status === 'partly' ? 'Nothing found in what could be seen.' : (reason ?? '');
      const room = width - 20 - rule.length;
      return `  ${status.padEnd(14)}  ${rule}  ${paint.faint(shortened(printable(text), room))}`.trimEnd();
    }),
  ];
}

function startText(report: AuditReport, page: Page): readonly string[] {
  const [first, ...next] = startHere(report);
  if (!first) return [];
  const { paint, width } = page;
  const { at, message, fix } = first.findings[0];
  const what = first.outcome ? `${message} ${gistOf(first.outcome.why)}` : message;
  return [
    `${paint.strong('Start here:')} ${paint.place(placeText(at))}`,
    ...prose(wrapped(printable(what), width - 2), paint).map((line) => `  ${line}`),
    ...labelled('fix', firstParagraph(fix), page),
    ...(next.length > 0
      ? labelled('then', next.map(({ rule, findings: [worst] }) => `${placeText(worst.at)} ${rule}`).join(', '), page)
      : []),
    `  ${paint.faint('more')} ${paint.code(`audit explain ${first.rule}`)}`,
  ];
}

/** What breaks the gate, where something does, and the line that stands alone. */
function verdictLines(report: AuditReport, { paint }: Page): readonly string[] {
  const text = printable(verdictOf(report));
  if (isUnseen(report)) return [paint.bad(`✗ ${text}`)];
  if (report.gate.status === 'held') return [paint.good(`✓ ${text}`)];
  const breaches = report.gate.breaches.map(({ message }) => paint.faint(`The gate is broken: ${message}`));
  return [...breaches, paint.bad(`✗ ${text}`)];
}
