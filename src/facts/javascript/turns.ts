import type { Range } from './module-facts.ts';

const TURN = /[\u202a-\u202e\u2066-\u2069]/;
const OVERRIDES = '\u202d\u202e';
const OPENING = '\u202a\u202b\u2066\u2067\u2068';

/**
 * Characters that turn the direction of writing, the first of each line: those that override it, and those that are not
 * turned back before the line ends (Boucher and Anderson, Trojan Source, 2021).
 */
export function turnsIn(text: string): readonly Range[] {
  if (!TURN.test(text)) return [];
  const found: Range[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const turns = [...line.matchAll(new RegExp(TURN, 'g'))];
    const open = turns.filter(([character]) => OPENING.includes(character)).length;
    const override = turns.find(([character]) => OVERRIDES.includes(character));
    const worst = override ?? (open * 2 > turns.length ? turns[0] : undefined);
    if (worst) found.push([start + worst.index, start + worst.index + 1]);
    start += line.length + 1;
  }
  return found;
}
