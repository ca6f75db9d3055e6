import type { AuditReport, ReportedFinding, ReportedPlace, ScoreLine } from './audit-report.ts';
import { CATEGORY_TITLES } from './category.ts';
import { groupsOf, openFindings, startHere } from './groups.ts';
import { codeBlock, codeSpan, printable, safeMarkdown } from './safe.ts';
import { counted, firstSentence } from './text.ts';
import { isUnseen, targetText, verdictOf } from './verdict.ts';

/** A comment on GitHub holds 65,536 characters; each part is held well below its share of that. */
const FINDINGS = 50;
const GAPS = 20;
const LINES = 40;
const EXCERPT_LENGTH = 1500;

/** For a comment on a pull request and for the summary of a job. */
export function markdown(report: AuditReport): string {
  const open = openFindings(report);
  const sections = [
    `## ${report.gate.status === 'held' && !isUnseen(report) ? '✅' : '❌'} ${inline(verdictOf(report))}`,
    targetText(report).map(safeMarkdown).join(' · '),
    startText(report),
    findingsText(report),
    open.length > FINDINGS ? `_${counted(open.length - FINDINGS, 'more finding')} in the full report._` : '',
    details(`Score ${report.score.value} (${report.score.letter}), line by line`, scoreTable(report)),
    details(unseenTitle(report), unseenText(report)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The Markdown of a message: its code spans stay, all else is text. */
const inline = (text: string): string =>
  text
    .split(/(`[^`\n]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? codeSpan(part.slice(1, -1)) : safeMarkdown(part)))
    .join('');

const place = ({ path, start }: ReportedPlace): string => codeSpan(`${path}:${start.line}`);

function startText(report: AuditReport): string {
  const [first] = startHere(report);
  if (!first) return '';
  const [finding] = first.findings;
  const why = first.outcome ? ` ${first.outcome.why.trim()}` : '';
  return [
    `**Start here:** ${place(finding.at)} ${inline(finding.message)}${why}`,
    codeBlock(finding.excerpt.text.slice(0, EXCERPT_LENGTH), languageOf(finding.at.path)),
    finding.fix.trim(),
  ].join('\n\n');
}

function languageOf(path: string): string {
  if (/\.[mc]?tsx?$/.test(path)) return 'ts';
  if (/\.[mc]?jsx?$/.test(path)) return 'js';
  if (/\.ya?ml$/.test(path)) return 'yaml';
  return /(^|\/)Dockerfile/.test(path) ? 'dockerfile' : '';
}

function findingsText(report: AuditReport): string {
  const rows: string[] = [];
  for (const { category, rules } of groupsOf(report, openFindings(report))) {
    for (const { findings } of rules) {
      for (const finding of findings) {
        if (rows.length < FINDINGS) rows.push(row(finding, CATEGORY_TITLES[category]));
      }
    }
  }
  if (rows.length === 0) return '';
  return ['| | Where | What | Rule |', '|---|---|---|---|', ...rows].join('\n');
}

function row({ at, severity, confidence, message, rule }: ReportedFinding, title: string): string {
  const likely = confidence === 'likely' ? ' (likely)' : '';
  return `| ${severity}${likely} | ${place(at)} | ${inline(message)} | ${title}: ${codeSpan(rule)} |`;
}

function scoreTable({ score }: AuditReport): string {
  const rows = score.lines.filter(({ points }) => points > 0);
  const left = rows.slice(LINES).reduce((sum, { points }) => sum + points, 0);
  return [
    '| Points | Control | Because |',
    '|---:|---|---|',
    '| 100 | | |',
    ...rows.slice(0, LINES).map(scoreRow),
    ...(left > 0 ? [`| −${left} | ${rows.length - LINES} more | |`] : []),
    `| **${score.value}** | **${score.letter}** | at least ${score.floor} if all that could not be seen were wrong; ${score.coverage} % of what applies was decided |`,
  ].join('\n');
}

const scoreRow = ({ kind, points, control, text, severity }: ScoreLine): string =>
  kind === 'ceiling'
    ? `| −${points} | | more is not to be had with a confirmed ${severity} |`
    : `| −${points} | ${codeSpan(control)} | ${inline(text)} |`;

const unseenTitle = ({ summary, gaps, notRun }: AuditReport): string => {
  const unchecked = notRun.filter(({ because }) => because !== 'skipped').length;
  return [
    summary.unsure > 0 ? `${summary.unsure} to look at yourself` : '',
    gaps.length > 0 ? `${counted(gaps.length, 'thing')} that could not be seen` : '',
    unchecked > 0 ? `${counted(unchecked, 'rule')} not checked` : '',
    summary.ignored > 0 ? `${summary.ignored} ignored` : '',
    summary.baseline > 0 ? `${summary.baseline} known from the baseline` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
};

function unseenText(report: AuditReport): string {
  const unsure = report.findings.filter(({ confidence, ignored }) => confidence === 'unsure' && !ignored);
  const ignored = report.findings.filter(
    (finding) => finding.ignored?.by === 'comment' || finding.ignored?.by === 'config',
  );
  const reasons = [
    ...new Set(report.notRun.filter(({ because }) => because !== 'skipped').map(({ reason }) => reason)),
  ];
  return [
    ...unsure
      .slice(0, GAPS)
      .map(({ at, message, unsure: why = '' }) => `- ${place(at)} ${inline(message)} ${inline(why)}`),
    ...report.gaps.slice(0, GAPS).map(({ at, message }) => `- ${at ? `${place(at)} ` : ''}${inline(message)}`),
    ...reasons.slice(0, GAPS).map((reason) => `- not checked: ${inline(reason)}`),
    ...ignored
      .slice(0, GAPS)
      .map(({ at, rule, ignored: by }) => `- ignored: ${place(at)} ${codeSpan(rule)} ${inline(by?.reason ?? '')}`),
  ].join('\n');
}

const details = (summary: string, body: string): string =>
  body === '' || summary === ''
    ? ''
    : `<details><summary>${firstSentence(printable(summary))}</summary>\n\n${body}\n\n</details>`;
