import type { ReportedFinding } from './audit-report.ts';
import { printable } from './safe.ts';

/** The lines around a finding, harmless to print, cut into what is flagged and what is not. */
export interface FrameLine {
  readonly number: number;
  readonly before: string;
  /** Empty on a line that is only shown for context. */
  readonly flagged: string;
  readonly after: string;
  readonly isFlagged: boolean;
}

export function frameOf({ at, excerpt }: Pick<ReportedFinding, 'at' | 'excerpt'>): readonly FrameLine[] {
  const lines = excerpt.text.split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  const cut = Number.isFinite(indent) ? indent : 0;
  return lines.flatMap((line, index): FrameLine[] => {
    const number = excerpt.line + index;
    // a secret over several lines is masked on each of them, which says nothing new
    if (line !== '' && line === lines[index - 1] && number > at.start.line && number <= at.end.line) return [];
    const span = spanOn(line, number, at);
    if (!span) return [{ number, before: shown(line.slice(cut)), flagged: '', after: '', isFlagged: false }];
    const start = Math.max(cut, span.start);
    const end = Math.max(start, span.end);
    return [
      {
        number,
        before: shown(line.slice(cut, start)),
        flagged: shown(line.slice(start, end)),
        after: shown(line.slice(end)),
        isFlagged: true,
      },
    ];
  });
}

const shown = (text: string): string => printable(text.replaceAll('\t', '  '));

/** The flagged part of a line, 0-based; without the white space around it on a line of several. */
function spanOn(line: string, number: number, { start, end }: ReportedFinding['at']): Span | undefined {
  const isLast = number === end.line;
  if (number < start.line || number > end.line || (isLast && end.column === 1 && end.line > start.line)) {
    return undefined;
  }
  const first = Math.max(0, line.search(/\S/));
  return {
    start: number === start.line ? columnShown(line, start.column - 1) : first,
    end: isLast ? columnShown(line, end.column - 1) : line.trimEnd().length,
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const MASK = /…\((\d{1,7}) characters\)/g;

/** Where a column of the file is in a line in which secrets are masked: a mask takes the place of its characters. */
function columnShown(line: string, column: number): number {
  let longer = 0;
  for (const { index, 0: mask, 1: length } of line.matchAll(MASK)) {
    const covered = Number(length);
    const start = index + longer;
    if (column <= start) break;
    if (column < start + covered) return index;
    longer += covered - mask.length;
  }
  return Math.min(line.length, Math.max(0, column - longer));
}
