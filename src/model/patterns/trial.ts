import { holds, isLineEnd, isWord } from './characters.ts';
import type { Characters } from './characters.ts';
import type { Piece } from './syntax.ts';

type Step =
  | { readonly do: 'one'; readonly of: Characters; readonly ascii: readonly boolean[] }
  | { readonly do: 'split'; readonly first: number; readonly second: number }
  | { readonly do: 'jump'; readonly to: number }
  | { readonly do: 'keep' | 'moved'; readonly slot: number }
  | { readonly do: 'again'; readonly group: number }
  | { readonly do: 'start' | 'end' | 'boundary' | 'inside' | 'matched' }
  | { readonly do: 'look'; readonly steps: readonly Step[]; readonly negated: boolean };

const MAX_STEPS = 6000;

/** The steps in which a backtracking engine, as that of Node.js is one, matches a pattern. */
export class Trial {
  readonly #steps: readonly Step[] | undefined;
  readonly #isLined: boolean;
  readonly #isSticky: boolean;
  #count = 0;
  #most = 0;
  #spent = 0;

  constructor(pattern: Piece, flags: string) {
    this.#steps = stepsOf(pattern);
    this.#isLined = flags.includes('m');
    this.#isSticky = flags.includes('y');
  }

  /** How many steps it takes to look for the pattern in a text, at most `most`; undefined where it is too large to try. */
  cost(text: string, most: number): number | undefined {
    if (!this.#steps) return undefined;
    this.#looksFor(this.#steps, text, most);
    return Math.min(this.#count, most);
  }

  /** Whether it is in a text; undefined where that takes `most` steps or more, or it is too large to try. */
  finds(text: string, most: number): boolean | undefined {
    if (!this.#steps) return undefined;
    const isFound = this.#looksFor(this.#steps, text, most);
    return this.#count < most ? isFound : undefined;
  }

  #looksFor(steps: readonly Step[], text: string, most: number): boolean {
    this.#count = 0;
    this.#most = most;
    let isFound = false;
    for (let start = 0; !isFound && start <= text.length && this.#count < most; start += 1) {
      isFound = this.#matches(steps, text, start, []);
      if (this.#isSticky) break;
    }
    this.#spent += this.#count;
    return isFound;
  }

  /** The steps of all texts so far. */
  get spent(): number {
    return this.#spent;
  }

  #matches(steps: readonly Step[], text: string, start: number, kept: number[]): boolean {
    // what to try next, innermost last: step and place, or a slot and what it held
    const left: number[] = [0, start];
    while (left.length > 0) {
      let at = left.pop() ?? 0;
      let step = left.pop() ?? 0;
      if (step < 0) {
        kept[-step - 1] = at;
        continue;
      }
      for (;;) {
        this.#count += 1;
        if (this.#count >= this.#most) return false;
        const current = steps[step];
        if (!current || current.do === 'matched') return true;
        if (current.do === 'split') {
          left.push(current.second, at);
          step = current.first;
        } else if (current.do === 'jump') step = current.to;
        else if (current.do === 'keep') {
          left.push(-current.slot - 1, kept[current.slot] ?? -1);
          kept[current.slot] = at;
          step += 1;
        } else {
          const next = this.#after(current, text, at, kept);
          if (next === undefined) break;
          at = next;
          step += 1;
        }
      }
    }
    return false;
  }

  /** Where the text goes on behind a step; undefined where the step fails. */
  #after(step: Step, text: string, at: number, kept: number[]): number | undefined {
    const code = text.charCodeAt(at);
    switch (step.do) {
      case 'one':
        return at < text.length && (code < 128 ? step.ascii[code] === true : holds(step.of, code)) ? at + 1 : undefined;
      case 'start':
        return at === 0 || (this.#isLined && isLineEnd(text.charCodeAt(at - 1))) ? at : undefined;
      case 'end':
        return at === text.length || (this.#isLined && isLineEnd(code)) ? at : undefined;
      case 'boundary':
      case 'inside': {
        const isEdge = isWordAt(text, at - 1) !== isWordAt(text, at);
        return isEdge === (step.do === 'boundary') ? at : undefined;
      }
      case 'moved':
        return kept[step.slot] === at ? undefined : at;
      case 'again': {
        const [from = -1, to = -1] = [kept[step.group * 2], kept[step.group * 2 + 1]];
        const part = from < 0 || to < from ? '' : text.slice(from, to);
        return text.startsWith(part, at) ? at + part.length : undefined;
      }
      case 'look':
        return this.#matches(step.steps, text, at, [...kept]) === step.negated ? undefined : at;
      default:
        return at;
    }
  }
}

const isWordAt = (text: string, at: number): boolean => at >= 0 && at < text.length && isWord(text.charCodeAt(at));

function stepsOf(pattern: Piece): readonly Step[] | undefined {
  const writer = new Writer();
  if (!writer.write(pattern)) return undefined;
  return [...writer.steps, { do: 'matched' }];
}

/** Writes the steps of a pattern; gives up where they become too many. */
class Writer {
  readonly steps: Step[] = [];
  // below are the two ends of each group
  #slots = 200;

  write(piece: Piece): boolean {
    if (this.steps.length > MAX_STEPS) return false;
    switch (piece.kind) {
      case 'one':
        return this.#add({
          do: 'one',
          of: piece.of,
          ascii: Array.from({ length: 128 }, (_, code) => holds(piece.of, code)),
        });
      case 'sequence':
        return piece.pieces.every((each) => this.write(each));
      case 'choice':
        return this.#choice(piece.options);
      case 'repeat':
        return this.#repeat(piece);
      case 'group':
        return (
          this.#add({ do: 'keep', slot: piece.index * 2 }) &&
          this.write(piece.piece) &&
          this.#add({ do: 'keep', slot: piece.index * 2 + 1 })
        );
      case 'again':
        return this.#add({ do: 'again', group: piece.group });
      case 'look': {
        // what stands before is taken to fit
        if (!piece.ahead) return true;
        const inner = stepsOf(piece.piece);
        return inner !== undefined && this.#add({ do: 'look', steps: inner, negated: piece.negated });
      }
      default:
        return this.#add({ do: piece.kind });
    }
  }

  #add(step: Step): boolean {
    this.steps.push(step);
    return true;
  }

  /** A step to be decided on later. */
  #open(): number {
    return this.steps.push({ do: 'jump', to: 0 }) - 1;
  }

  #fork(at: number, lazy: boolean): void {
    const [inside, outside] = [at + 1, this.steps.length];
    this.steps[at] = lazy
      ? { do: 'split', first: outside, second: inside }
      : { do: 'split', first: inside, second: outside };
  }

  #choice(options: readonly Piece[]): boolean {
    const ends: number[] = [];
    for (const [index, option] of options.entries()) {
      const isLast = index === options.length - 1;
      const start = isLast ? undefined : this.#open();
      if (!this.write(option)) return false;
      if (start === undefined) break;
      ends.push(this.#open());
      this.#fork(start, false);
    }
    for (const end of ends) this.steps[end] = { do: 'jump', to: this.steps.length };
    return true;
  }

  #repeat({ piece, min, max, lazy }: Extract<Piece, { kind: 'repeat' }>): boolean {
    for (let count = 0; count < min; count += 1) if (!this.write(piece)) return false;
    if (max === Infinity) {
      this.#slots += 1;
      const slot = this.#slots;
      const start = this.#open();
      this.#add({ do: 'keep', slot });
      if (!this.write(piece)) return false;
      this.steps.push({ do: 'moved', slot }, { do: 'jump', to: start });
      this.#fork(start, lazy);
      return true;
    }
    const forks: number[] = [];
    for (let count = min; count < max; count += 1) {
      forks.push(this.#open());
      if (!this.write(piece)) return false;
    }
    for (const at of forks) this.#fork(at, lazy);
    return true;
  }
}
