import type { AuditReport } from './audit-report.ts';
import { CATEGORY_TITLES, SEVERITIES } from './category.ts';
import { groupsOf, openFindings } from './groups.ts';
import { counted } from './text.ts';

/** The score as a dial of three quarters of a circle. */
export function dial({ score }: AuditReport): string {
  const share = (value: number): string => ((value * 75) / 100).toFixed(2);
  const arc = (kind: string, length: string): string =>
    `<circle class="${kind}" cx="60" cy="60" r="50" pathLength="100" stroke-dasharray="${length} 100" transform="rotate(135 60 60)"/>`;
  return `<svg class="dial grade-${score.letter.charAt(0)}" viewBox="0 0 120 120" role="img" aria-label="Score ${score.value} of 100, ${score.letter}">
<title>Score ${score.value} of 100, ${score.letter}</title>
${arc('track', '75')}${arc('arc', share(score.value))}
<text class="value" x="60" y="68" text-anchor="middle">${score.value}</text>
<text class="letter" x="60" y="96" text-anchor="middle">${score.letter}</text>
</svg>`;
}

const ROW = 26;
const LEFT = 190;
const BAR = 330;
const RIGHT = 110;

/** Open findings of each category, stacked by severity, and the points it costs. */
export function categoryChart(report: AuditReport): string {
  const groups = groupsOf(report, openFindings(report)).map(({ category, points, rules }) => ({
    category,
    points,
    findings: rules.flatMap(({ findings }) => findings),
  }));
  if (groups.length === 0) return '';
  const most = Math.max(...groups.map(({ findings }) => findings.length));
  const rows = groups.map(({ category, points, findings }, index) => {
    const y = index * ROW;
    let x = LEFT;
    const bars = SEVERITIES.map((severity) => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      const width = (count / most) * BAR;
      const bar =
        count === 0
          ? ''
          : `<rect class="fill-${severity}" x="${x.toFixed(1)}" y="${y + 4}" width="${Math.max(2, width - 1).toFixed(1)}" height="${ROW - 8}" rx="2"><title>${count} ${severity}</title></rect>`;
      x += width;
      return bar;
    });
    const text = points > 0 ? `${findings.length}  (−${points})` : String(findings.length);
    return `<text x="${LEFT - 8}" y="${y + 17}" text-anchor="end">${CATEGORY_TITLES[category]}</text>${bars.join('')}<text class="count" x="${(x + 6).toFixed(1)}" y="${y + 17}">${text}</text>`;
  });
  const total = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  const label = `${counted(total, 'finding')} by category`;
  return `<figure><figcaption>Findings by category, and the points they cost</figcaption>
<svg class="chart" viewBox="0 0 ${LEFT + BAR + RIGHT} ${groups.length * ROW}" role="img" aria-label="${label}">${rows.join('')}</svg></figure>`;
}
