import { ambiguitiesOf } from './ambiguity.ts';
import { automatonOf } from './automaton.ts';
import { parsedPattern } from './syntax.ts';
import type { Piece } from './syntax.ts';
import { Trial } from './trial.ts';

/** How the time a pattern takes grows with the text, and a text that shows it. */
export interface Slowness {
  readonly growth: 'exponential' | 'polynomial';
  /** Of the polynomial: 2 where twice the text takes four times as long. */
  readonly degree: number;
  /** `prefix`, `pump` repeated, `suffix`. */
  readonly attack: { readonly prefix: string; readonly pump: string; readonly suffix: string };
}

const MAX_PATTERN = 1500;
/** Steps of all trials of a pattern, of one that should take for ever, and of one that should take long. */
const MAX_SPENT = 900_000;
const EXPONENTIAL_STEPS = 50_000;
const MAX_STEPS = 300_000;
/** What makes a match fail at the end. */
const SUFFIXES = ['\n', '!', '', '\u0001', ' x', '@'];

const known = new Map<string, Slowness | undefined>();

/**
 * Undefined for a pattern that is fast, or that is not understood; a match that is only tried from every place of a text
 * (`/\s+$/`) counts as fast. Where the automaton of a pattern is ambiguous (Weideman
 * et al., Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers, 2016), the steps a backtracking
 * matcher takes are counted: slow is what was seen to be slow.
 */
export function slownessOf(source: string, flags: string): Slowness | undefined {
  if (source.length > MAX_PATTERN || !/[+*]|\{\d+,\}/.test(source)) return undefined;
  const key = `${flags}/${source}`;
  if (!known.has(key)) known.set(key, judged(source, flags));
  return known.get(key);
}

function judged(source: string, flags: string): Slowness | undefined {
  const pattern = parsedPattern(source, flags);
  if (!pattern) return undefined;
  const isMoving = !flags.includes('y') && (flags.includes('m') || !isAnchored(pattern));
  const automaton = automatonOf(pattern, isMoving);
  if (!automaton) return undefined;
  const trial = new Trial(pattern, flags);
  let worst: Slowness | undefined;
  for (const { prefix, pump, growth } of ambiguitiesOf(automaton, isMoving)) {
    for (const suffix of SUFFIXES) {
      if (trial.spent > MAX_SPENT) return worst;
      const attack = { prefix, pump, suffix };
      if (growth === 'exponential' && isExponential(trial, attack)) return { growth, degree: Infinity, attack };
      const degree = degreeOf(trial, attack);
      if (degree >= 2 && degree > (worst?.degree ?? 1)) worst = { growth: 'polynomial', degree, attack };
      if (degree >= 2) break;
    }
  }
  return worst;
}

const isAnchored = (piece: Piece): boolean => {
  switch (piece.kind) {
    case 'start':
      return true;
    case 'sequence': {
      const [first] = piece.pieces;
      return first !== undefined && isAnchored(first);
    }
    case 'choice':
      return piece.options.every(isAnchored);
    case 'group':
      return isAnchored(piece.piece);
    default:
      return false;
  }
};

type Attack = Slowness['attack'];

const attackText = ({ prefix, pump, suffix }: Attack, count: number): string => prefix + pump.repeat(count) + suffix;

function isExponential(trial: Trial, attack: Attack): boolean {
  const cost = (count: number): number => trial.cost(attackText(attack, count), EXPONENTIAL_STEPS) ?? 0;
  if (cost(44) < EXPONENTIAL_STEPS) return false;
  const more = cost(20);
  return more === EXPONENTIAL_STEPS || more / cost(10) > 20;
}

/** The degree of the polynomial the steps grow by; 1 and less for what is not slow. */
function degreeOf(trial: Trial, attack: Attack): number {
  for (const count of [80, 40, 20, 10, 5]) {
    const more = trial.cost(attackText(attack, count * 2), MAX_STEPS);
    if (more === undefined) return 0;
    if (more === MAX_STEPS) continue;
    const ratio = more / Math.max(trial.cost(attackText(attack, count), MAX_STEPS) ?? 1, 1);
    return ratio > 3 ? Math.round(Math.log2(ratio)) : 1;
  }
  return 1;
}
