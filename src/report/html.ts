import { createHash } from 'node:crypto';
import type { AuditReport, ReportedFinding } from './audit-report.ts';
import { CATEGORY_TITLES, SEVERITIES } from './category.ts';
import { frameOf } from './frame.ts';
import { groupsOf, isOpen, startHere } from './groups.ts';
import type { CategoryGroup, RuleGroup } from './groups.ts';
import { anchor, inlineHtml, markdownHtml } from './html-markdown.ts';
import { categoryChart, dial } from './html-picture.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';
import { placeText } from './place.ts';
import { safeHtml } from './safe.ts';
import { counted } from './text.ts';
import { targetText, verdictOf } from './verdict.ts';

/** Framed code makes most of a page; beyond so many findings of a rule it says nothing new. */
const FRAMED = 20;

/** One page that needs nothing else: no request leaves it, and its policy forbids any. */
export function html(report: AuditReport): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${safeHtml(report.target.name)}: ${report.score.value} (${report.score.letter})</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${targetText(report).map(safeHtml).join(' <span class="soft">·</span> ')}</h1></header>
<main>
${topHtml(report)}
${startHtml(report)}
${wrapIn('card', categoryChart(report))}
${scoreHtml(report)}
${filtersHtml(report)}
${groupsOf(report, report.findings).map(categoryHtml).join('\n')}
${gapsHtml(report)}
${outcomesHtml(report)}
</main>
${report.findings.length > 0 ? `<script>${SCRIPT}</script>\n` : ''}</body>
</html>
`;
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const wrapIn = (kind: string, content: string): string =>
  content === '' ? '' : `<section class="${kind}">${content}</section>`;

function topHtml(report: AuditReport): string {
  const { score, gate, summary } = report;
  const notes = [
    `${score.coverage} % of what applies was decided`,
    ...(score.floor < score.value ? [`${score.floor} if all that could not be seen were wrong`] : []),
    ...(score.withoutIgnores < score.value ? [`${score.withoutIgnores} without the ignores`] : []),
    ...(summary.unsure > 0 ? [`${counted(summary.unsure, 'place')} to look at yourself`] : []),
    ...(summary.baseline > 0 ? [`${summary.baseline} known from the baseline`] : []),
    ...(summary.ignored > 0 ? [`${summary.ignored} ignored with a reason`] : []),
  ];
  return `<section class="card top">${dial(report)}<div><p class="verdict ${gate.status}">${safeHtml(verdictOf(report))}</p>
<p class="soft">${safeHtml(notes.join('; '))}.</p></div></section>`;
}

function startHtml(report: AuditReport): string {
  const [first] = startHere(report);
  if (!first) return '';
  const [finding] = first.findings;
  return `<section class="card"><h2>Start here</h2>
<p><span class="badge ${finding.severity}">${finding.severity}</span> <strong>${inlineHtml(finding.message)}</strong></p>
<p class="place">${safeHtml(placeText(finding.at))}</p>${frameHtml(finding)}${first.outcome ? markdownHtml(first.outcome.why) : ''}
<h3>Fix</h3>${markdownHtml(finding.fix)}</section>`;
}

function scoreHtml({ score }: AuditReport): string {
  if (score.lines.length === 0) return '';
  const rows = score.lines.map(({ kind, points, full, control, text, severity, findings }) => {
    const because =
      kind === 'ceiling'
        ? `more is not to be had with a confirmed ${severity}`
        : `${inlineHtml(text)}${findings > 1 ? ` <span class="soft">(${findings} places, paid once)</span>` : ''}`;
    const capped = points < full ? ` <span class="soft">${full} without the cap of its category</span>` : '';
    return `<tr><td class="points">−${points}</td><td>${kind === 'ceiling' ? '' : `<code>${safeHtml(control)}</code>`}</td><td>${because}${capped}</td></tr>`;
  });
  return `<details class="card"><summary><strong>How ${score.value} comes about</strong></summary><div class="scroll"><table>
<tr><td class="points">100</td><td></td><td></td></tr>${rows.join('')}
<tr><td class="points"><strong>${score.value}</strong></td><td><strong>${score.letter}</strong></td><td></td></tr></table></div></details>`;
}

function filtersHtml({ findings }: AuditReport): string {
  if (findings.length === 0) return '';
  const categories = [...new Set(findings.map(({ category }) => category))];
  const boxes = SEVERITIES.filter((severity) => findings.some((finding) => finding.severity === severity)).map(
    (severity) =>
      `<label><input type="checkbox" name="severity" value="${severity}" checked> <span class="${severity}">${severity}</span></label>`,
  );
  const states = (['unsure', 'ignored'] as const)
    .filter((state) => findings.some((finding) => stateOf(finding) === state))
    .map((state) => `<label><input type="checkbox" name="state" value="${state}"> ${state}</label>`);
  return `<form class="filters" hidden aria-label="Filters">${boxes.join('')}${states.join('')}
<select name="category" aria-label="Category"><option value="">all categories</option>${categories
    .map((category) => `<option value="${category}">${CATEGORY_TITLES[category]}</option>`)
    .join('')}</select>
<input type="search" name="text" placeholder="file, rule or word" aria-label="Search"><span id="count" class="soft" aria-live="polite"></span></form>`;
}

const stateOf = (finding: ReportedFinding): 'open' | 'unsure' | 'ignored' =>
  isOpen(finding) ? 'open' : finding.ignored ? 'ignored' : 'unsure';

const categoryHtml = ({ category, rules, points }: CategoryGroup): string =>
  `<section class="category"><h2>${CATEGORY_TITLES[category]}${points > 0 ? ` <span class="soft">−${points}</span>` : ''}</h2>${rules.map(ruleHtml).join('')}</section>`;

function ruleHtml({ rule, severity, findings, outcome }: RuleGroup): string {
  const references = outcome?.references ?? [];
  return `<details class="rule" open><summary><span class="badge ${severity}">${severity}</span><h3>${safeHtml(rule)}</h3><span class="soft">${counted(
    findings.reduce((sum, { also = [] }) => sum + 1 + also.length, 0),
    'place',
  )}</span></summary>
<div class="help">${outcome ? markdownHtml(outcome.why) : ''}<strong>Fix</strong>${markdownHtml(findings[0].fix)}${
    references.length > 0 ? `<p class="soft">${references.map((url) => anchor(url, url)).join('<br>')}</p>` : ''
  }</div>${findings.map((finding, index) => findingHtml(finding, index < FRAMED)).join('')}</details>`;
}

function findingHtml(finding: ReportedFinding, isFramed: boolean): string {
  const { at, severity, category, message, unsure, mitigated, ignored, confidence, trail, also } = finding;
  const notes = [
    ...(unsure === undefined ? [] : [`Not certain: ${unsure}`]),
    ...(mitigated === undefined ? [] : [`Made up for: ${mitigated}`]),
    ...(ignored ? [ignored.by === 'baseline' ? 'Known from the baseline' : `Ignored: ${ignored.reason}`] : []),
    ...(confidence === 'likely' ? ['Likely: half the points'] : []),
  ];
  return `<article class="finding" data-severity="${severity}" data-category="${category}" data-state="${stateOf(finding)}">
<span class="place">${safeHtml(placeText(at))}</span><p>${inlineHtml(message)}</p>${notes.map((note) => `<p class="soft">${inlineHtml(note)}</p>`).join('')}
${isFramed ? frameHtml(finding) : ''}${
    isFramed && trail.length > 0
      ? `<ol class="trail">${trail.map((step) => `<li><span class="place">${safeHtml(placeText(step.at))}</span> ${inlineHtml(step.note)}</li>`).join('')}</ol>`
      : ''
  }${also ? `<p class="soft">${also.map((each) => safeHtml(placeText(each.at))).join('<br>')}</p>` : ''}</article>`;
}

function frameHtml(finding: ReportedFinding): string {
  const lines = frameOf(finding);
  const digits = String(lines.at(-1)?.number ?? 0).length;
  const rows = lines.map(({ number, before, flagged, after, isFlagged }) => {
    const shown = isFlagged ? `<mark>${safeHtml(flagged === '' ? ' ' : flagged)}</mark>` : '';
    return `<span class="n${isFlagged ? ' on' : ''}">${String(number).padStart(digits)} </span>${safeHtml(before)}${shown}${safeHtml(after)}`;
  });
  return `<pre class="frame"><code>${rows.join('\n')}</code></pre>`;
}

function gapsHtml({ gaps, notRun }: AuditReport): string {
  const reasons = new Map<string, number>();
  for (const { because, reason } of notRun) {
    if (because !== 'skipped') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (gaps.length + reasons.size === 0) return '';
  return `<section class="card"><h2>Could not be seen</h2><ul>${gaps
    .map(
      ({ at, message }) =>
        `<li>${at ? `<span class="place">${safeHtml(placeText(at))}</span> ` : ''}${inlineHtml(message)}</li>`,
    )
    .join('')}${[...reasons]
    .map(([reason, count]) => `<li>${counted(count, 'rule')} without a verdict: ${inlineHtml(reason)}</li>`)
    .join('')}</ul></section>`;
}

const outcomesHtml = ({ outcomes }: AuditReport): string =>
  `<details class="card"><summary><strong>What every rule says</strong> <span class="soft">${counted(outcomes.length, 'rule')}</span></summary><div class="scroll"><table>${outcomes
    .map(
      ({ rule, status, ensures, reason }) =>
        `<tr><td>${status}</td><td><code>${safeHtml(rule)}</code></td><td>${inlineHtml(reason ?? ensures)}</td></tr>`,
    )
    .join('')}</table></div></details>`;
