import type { Stopwatch } from '../engine/stopwatch.ts';

/** Where the time went, longest first. */
export function timingText({ times }: Stopwatch): string {
  const sum = times.reduce((total, { milliseconds }) => total + milliseconds, 0);
  const lines = times
    .filter(({ milliseconds }) => milliseconds >= 0.1)
    .map(({ what, milliseconds }) => {
      const share = ((100 * milliseconds) / sum).toFixed(1);
      return `${milliseconds.toFixed(1).padStart(9)} ms ${share.padStart(5)} %  ${what}`;
    });
  return `${lines.join('\n')}\n`;
}
