import { createTwoFilesPatch } from 'diff';
import { paintOf } from './paint.ts';
import { printableLines } from './safe.ts';

/** A unified diff of one file, for a terminal or, without colour, for `patch`. Ends with a line feed. */
export function diffOf(path: string, before: string, after: string, color: boolean): string {
  const paint = paintOf(color);
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3 });
  const lines = printableLines(patch, '\t').filter((line) => !/^=+$/.test(line));
  const painted = lines.map((line) => {
    if (line.startsWith('---') || line.startsWith('+++')) return paint.strong(line);
    if (line.startsWith('@@')) return paint.code(line);
    if (line.startsWith('+')) return paint.good(line);
    return line.startsWith('-') ? paint.bad(line) : line;
  });
  return `${painted.join('\n').trimEnd()}\n`;
}
