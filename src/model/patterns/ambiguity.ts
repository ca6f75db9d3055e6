import type { Automaton } from './automaton.ts';

/** A text that a pattern can match in many ways: `prefix`, then `pump` again and again. */
export interface Ambiguity {
  readonly prefix: string;
  readonly pump: string;
  /** How the ways grow with the number of pumps. */
  readonly growth: 'exponential' | 'polynomial';
}

/** Tuples of positions looked at before the search gives up. */
const MAX_LOOKED_AT = 120_000;

/** Ways a pattern is ambiguous, the worst first; to begin a match later is not one of them. */
export function* ambiguitiesOf(automaton: Automaton, isMoving: boolean): Iterable<Ambiguity> {
  const search = new Search(automaton);
  for (const cycle of search.cycles) {
    const found = search.exponential(cycle);
    if (found) yield { ...found, growth: 'exponential' };
  }
  for (const cycle of search.cycles) {
    if (isMoving && cycle.has(0)) continue;
    for (const later of search.cycles) {
      if (later === cycle || !search.leads(cycle, later)) continue;
      const found = search.polynomial(cycle, later);
      if (found) yield { ...found, growth: 'polynomial' };
    }
  }
}

type Found = Pick<Ambiguity, 'prefix' | 'pump'>;
type Cycle = ReadonlySet<number>;

class Search {
  readonly #automaton: Automaton;
  readonly cycles: readonly Cycle[];
  readonly #reached: readonly ReadonlySet<number>[];
  #looked = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#reached = automaton.positions.map((_, index) => this.#reachedFrom(index));
    const seen = new Set<number>();
    this.cycles = automaton.positions.flatMap((_, index): readonly Cycle[] => {
      if (seen.has(index) || !this.#reached[index]?.has(index)) return [];
      const cycle = new Set([...(this.#reached[index] ?? [])].filter((other) => this.#reached[other]?.has(index)));
      cycle.forEach((each) => seen.add(each));
      return [cycle];
    });
  }

  leads = (from: Cycle, to: Cycle): boolean =>
    [...from].some((each) => [...to].some((other) => this.#reached[each]?.has(other)));

  /** Two ways from a position back to itself, by the same text. */
  exponential(cycle: Cycle): Found | undefined {
    for (const from of cycle) {
      for (const [to, ways] of this.#next(from)) {
        if (ways < 2 || !cycle.has(to)) continue;
        const back = to === from ? '' : this.#path([to], (at) => at === from, cycle);
        return back === undefined ? undefined : this.#found(from, this.#sample(this.#kinds(to)) + back);
      }
    }
    const size = this.#automaton.positions.length;
    const trail = new Map<number, { readonly before: number; readonly text: string }>();
    const queue = [...cycle].map((each) => each * size + each);
    for (const pair of queue) trail.set(pair, { before: -1, text: '' });
    for (const pair of queue) {
      const [left, right] = [Math.floor(pair / size), pair % size];
      for (const [a] of this.#next(left)) {
        if (!cycle.has(a)) continue;
        for (const [b] of this.#next(right)) {
          const shared = this.#kinds(a) & this.#kinds(b);
          if (shared === 0n || !cycle.has(b) || (left === right && a >= b)) continue;
          this.#looked += 1;
          if (this.#looked > MAX_LOOKED_AT) return undefined;
          const text = this.#sample(shared);
          if (a === b) return left === right ? undefined : this.#merged(trail, pair, size, text, a, cycle);
          const next = a * size + b;
          if (trail.has(next)) continue;
          trail.set(next, { before: pair, text });
          queue.push(next);
        }
      }
    }
    return undefined;
  }

  #merged(
    trail: ReadonlyMap<number, { readonly before: number; readonly text: string }>,
    pair: number,
    size: number,
    last: string,
    end: number,
    cycle: Cycle,
  ): Found | undefined {
    let text = last;
    let at = pair;
    for (let step = trail.get(at); step && step.before >= 0; step = trail.get(at)) {
      text = step.text + text;
      at = step.before;
    }
    const from = Math.floor(at / size);
    const back = end === from ? '' : this.#path([end], (each) => each === from, cycle);
    return back === undefined ? undefined : this.#found(from, text + back);
  }

  /** A text that leads from a position of one cycle to itself, to one of a later cycle, and from that to itself. */
  polynomial(cycle: Cycle, later: Cycle): Found | undefined {
    for (const from of [...cycle].slice(0, 8)) {
      for (const to of [...later].slice(0, 16)) {
        const pump = this.#pumped(from, to, cycle, later);
        if (pump !== undefined) return this.#found(from, pump);
        if (this.#looked > MAX_LOOKED_AT) return undefined;
      }
    }
    return undefined;
  }

  #pumped(from: number, to: number, cycle: Cycle, later: Cycle): string | undefined {
    const size = this.#automaton.positions.length;
    const key = (a: number, b: number, c: number): number => (a * size + b) * size + c;
    const queue = [{ a: from, b: from, c: to, text: '' }];
    const seen = new Set([key(from, from, to)]);
    for (const { a, b, c, text } of queue) {
      for (const [nextA] of this.#next(a)) {
        if (!cycle.has(nextA)) continue;
        for (const [nextC] of this.#next(c)) {
          const both = this.#kinds(nextA) & this.#kinds(nextC);
          if (both === 0n || !later.has(nextC)) continue;
          for (const [nextB] of this.#next(b)) {
            const shared = both & this.#kinds(nextB);
            if (shared === 0n || (nextB !== to && !this.#reached[nextB]?.has(to))) continue;
            this.#looked += 1;
            if (this.#looked > MAX_LOOKED_AT) return undefined;
            const longer = text + this.#sample(shared);
            if (nextA === from && nextB === to && nextC === to) return longer;
            const state = key(nextA, nextB, nextC);
            if (seen.has(state)) continue;
            seen.add(state);
            queue.push({ a: nextA, b: nextB, c: nextC, text: longer });
          }
        }
      }
    }
    return undefined;
  }

  #found(from: number, pump: string): Found | undefined {
    const prefix = this.#automaton.first.includes(from)
      ? this.#sample(this.#kinds(from))
      : this.#path(this.#automaton.first, (at) => at === from, undefined, true);
    return prefix === undefined ? undefined : { prefix, pump };
  }

  /** The shortest text from one position to another, the first character of which is left out, or not. */
  #path(
    starts: readonly number[],
    isEnd: (at: number) => boolean,
    within: Cycle | undefined,
    isWhole = false,
  ): string | undefined {
    const seen = new Set(starts);
    const queue = starts.map((at) => ({ at, text: isWhole ? this.#sample(this.#kinds(at)) : '' }));
    for (const { at, text } of queue) {
      if (isEnd(at)) return text;
      for (const [next] of this.#next(at)) {
        if (seen.has(next) || this.#kinds(next) === 0n || (within && !within.has(next))) continue;
        seen.add(next);
        queue.push({ at: next, text: text + this.#sample(this.#kinds(next)) });
      }
    }
    return undefined;
  }

  #reachedFrom(start: number): ReadonlySet<number> {
    const reached = new Set<number>();
    const queue = [start];
    for (const at of queue) {
      for (const [next] of this.#next(at)) {
        if (reached.has(next)) continue;
        reached.add(next);
        queue.push(next);
      }
    }
    return reached;
  }

  #next = (at: number): ReadonlyMap<number, number> => this.#automaton.positions[at]?.next ?? new Map<number, number>();
  #kinds = (at: number): bigint => this.#automaton.positions[at]?.kinds ?? 0n;

  /** A character of one of the kinds, a letter if there is one. */
  #sample(kinds: bigint): string {
    const found = this.#automaton.samples.filter((_, bit) => (kinds >> BigInt(bit)) & 1n);
    return found.find((each) => /\w/.test(each)) ?? found[0] ?? '';
  }
}
