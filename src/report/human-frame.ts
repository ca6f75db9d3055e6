import type { ReportedFinding } from './audit-report.ts';
import { frameOf } from './frame.ts';
import type { FrameLine } from './frame.ts';
import type { Page } from './human.ts';
import { shortened, widthOf } from './text.ts';

/** The code of a finding with the flagged span underlined; lines that are too long are cut around it. */
export function frameLines(finding: ReportedFinding, page: Page): readonly string[] {
  const lines = frameOf(finding);
  const flagged = lines.filter(({ isFlagged }) => isFlagged);
  const digits = String(lines.at(-1)?.number ?? 0).length;
  const columns = page.width - digits - 7;
  return lines.flatMap((line) =>
    line.isFlagged && flagged.length === 1
      ? underlined(cropped(line, columns), digits, page)
      : [framed(line, digits, columns, page)],
  );
}

function framed(line: FrameLine, digits: number, columns: number, { paint }: Page): string {
  const text = shortened(`${line.before}${line.flagged}${line.after}`, columns);
  const number = String(line.number).padStart(digits);
  return line.isFlagged
    ? `  ${paint.bad('>')} ${number} ${paint.faint('│')} ${text}`
    : paint.faint(`    ${number} │ ${text}`.trimEnd());
}

function underlined({ number, before, flagged, after }: FrameLine, digits: number, { paint }: Page): readonly string[] {
  const line = '━'.repeat(Math.max(1, widthOf(flagged)));
  return [
    `  ${paint.bad('>')} ${String(number).padStart(digits)} ${paint.faint('│')} ${before}${paint.strong(flagged)}${after}`,
    `    ${' '.repeat(digits)} ${paint.faint('│')} ${' '.repeat(widthOf(before))}${paint.bad(line)}`,
  ];
}

/** The start of the flagged span, and as much around it as fits. */
function cropped(line: FrameLine, columns: number): FrameLine {
  let { before, flagged, after } = line;
  if (widthOf(before) + widthOf(flagged) + widthOf(after) <= columns) return line;
  const room = Math.max(Math.floor(columns / 4), columns - widthOf(flagged) - 1);
  if (widthOf(before) > room) before = `…${[...before].slice(-(room - 1)).join('')}`;
  flagged = shortened(flagged, columns - widthOf(before));
  const rest = columns - widthOf(before) - widthOf(flagged);
  after = rest < 1 ? '' : shortened(after, rest);
  return { ...line, before, flagged, after };
}
