import type { AuditReport, ScoreLine } from './audit-report.ts';
import type { Page } from './human.ts';
import { printable } from './safe.ts';
import { shortened, wrapped } from './text.ts';

/** The score as a sum: from 100, every line that was lost, to the value. */
export function scoreText({ score }: AuditReport, page: Page): readonly string[] {
  const { paint, width } = page;
  const paying = score.lines.filter(({ points }) => points > 0);
  const capped = score.lines.filter(({ points, full }) => points === 0 && full > 0);
  const names = Math.max(0, ...paying.map((line) => nameOf(line).length));
  const notes = [
    score.floor < score.value ? `${score.floor} if all that could not be seen were wrong` : '',
    `${score.coverage} % of what applies was decided`,
    score.withoutIgnores < score.value ? `${score.withoutIgnores} without the ignores` : '',
  ].filter((note) => note !== '');
  return [
    paint.strong('Score'),
    `  ${'100'.padStart(4)}`,
    ...paying.map((line) => {
      const name = nameOf(line).padEnd(names);
      const text = shortened(printable(textOf(line)).replaceAll('`', ''), width - names - 10);
      return `  ${paint.bad(`−${line.points}`.padStart(4))}  ${name}  ${paint.faint(text)}`.trimEnd();
    }),
    ...(capped.length > 0
      ? [paint.faint(`  ${'−0'.padStart(4)}  ${capped.length} more in categories that have lost all they can`)]
      : []),
    `  ${paint.strong(String(score.value).padStart(4))}  ${paint.strong(score.letter)}${score.provisional ? ' (provisional)' : ''}`,
    ...wrapped(`${notes.join('; ')}.`, width - 8).map((line) => `        ${paint.faint(line)}`),
  ];
}

const nameOf = ({ kind, control, severity }: ScoreLine): string => (kind === 'ceiling' ? `one ${severity}` : control);

function textOf({ kind, severity, text, findings, points, full, evidence }: ScoreLine): string {
  if (kind === 'ceiling') return `more is not to be had with a confirmed ${severity}`;
  const notes = [
    findings > 1 ? `${findings} places, paid once` : '',
    evidence === 'likely' ? 'likely: half' : evidence === 'mitigated' ? 'made up for: a quarter' : '',
    points < full ? `${full} without the cap of its category` : '',
  ].filter((note) => note !== '');
  return notes.length > 0 ? `${text} (${notes.join('; ')})` : text;
}
