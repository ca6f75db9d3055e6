import { parsedPattern } from './syntax.ts';
import { Trial } from './trial.ts';

const MAX_PATTERN = 500;
const MAX_STEPS = 50_000;

/**
 * Whether a pattern of the target is found in a text. It is data and never run: its steps are taken one by one, and
 * counted. Undefined where it is not understood as a whole, or would take too many.
 */
export function isFoundIn(text: string, source: string, flags: string): boolean | undefined {
  // what stands before is not looked at
  if (source.length > MAX_PATTERN || /[vy]/.test(flags) || /\(\?<[=!]/.test(source)) return undefined;
  const pattern = parsedPattern(source, flags);
  return pattern && new Trial(pattern, flags).finds(text, MAX_STEPS);
}
