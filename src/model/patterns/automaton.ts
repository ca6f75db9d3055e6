import { ANY, holds } from './characters.ts';
import type { Characters } from './characters.ts';
import type { Piece } from './syntax.ts';

/** A character of a pattern, with all that may follow it. */
export interface Position {
  /** The kinds of characters it matches, as bits. */
  readonly kinds: bigint;
  /** Positions that may come next, and in how many ways one gets there: 1, or 2 for several. */
  readonly next: ReadonlyMap<number, number>;
}

export interface Automaton {
  readonly positions: readonly Position[];
  /** Where a match may begin. */
  readonly first: readonly number[];
  /** One character of each kind, by bit. */
  readonly samples: readonly string[];
}

interface Part {
  readonly first: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
  /** In how many ways it matches nothing. */
  readonly empty: number;
}

const MAX_POSITIONS = 300;
/** Copies of a part that is repeated so many times. */
const MAX_COPIED = 120;
const NOTHING: Part = { first: new Map(), last: new Map(), empty: 1 };
const SEVERAL = 2;

/**
 * Which character may follow which. Conditions on what stands around are taken to hold. The first position is not in
 * the pattern: it stands for the text before, unless the pattern must begin where the text does.
 */
export function automatonOf(pattern: Piece, isMoving: boolean): Automaton | undefined {
  const builder = new Builder();
  const before = isMoving ? builder.position(ANY) : undefined;
  const part = builder.part(pattern);
  if (builder.sets.length > MAX_POSITIONS) return undefined;
  if (before !== undefined) {
    builder.follow(before, before, 1);
    for (const [to, ways] of part.first) builder.follow(before, to, ways);
  }
  const { kinds, samples } = kindsOf(builder.sets);
  return {
    positions: kinds.map((each, index) => ({ kinds: each, next: builder.next[index] ?? new Map() })),
    first: [...(before === undefined ? [] : [before]), ...part.first.keys()],
    samples,
  };
}

class Builder {
  readonly sets: Characters[] = [];
  readonly next: Map<number, number>[] = [];

  position(set: Characters): number {
    this.next.push(new Map());
    return this.sets.push(set) - 1;
  }

  follow(from: number, to: number, ways: number): void {
    const next = this.next[from];
    if (next) add(next, to, ways);
  }

  part(piece: Piece): Part {
    if (this.sets.length > MAX_POSITIONS) return NOTHING;
    switch (piece.kind) {
      case 'one': {
        const ends = new Map([[this.position(piece.of), 1]]);
        return { first: ends, last: ends, empty: 0 };
      }
      case 'sequence':
        return piece.pieces.reduce<Part>((before, each) => this.#joined(before, this.part(each)), NOTHING);
      case 'choice':
        return piece.options.map((option) => this.part(option)).reduce(either);
      case 'group':
        return this.part(piece.piece);
      case 'look':
        return piece.ahead ? either(NOTHING, this.part(piece.piece)) : NOTHING;
      case 'repeat':
        return this.#repeated(piece);
      default:
        return NOTHING;
    }
  }

  #joined(left: Part, right: Part): Part {
    for (const [from, ways] of left.last) {
      for (const [to, others] of right.first) this.follow(from, to, ways * others);
    }
    return {
      first: sum(left.first, right.first, left.empty),
      last: sum(right.last, left.last, right.empty),
      empty: Math.min(left.empty * right.empty, SEVERAL),
    };
  }

  #repeated({ piece, min, max }: Extract<Piece, { kind: 'repeat' }>): Part {
    const start = this.sets.length;
    const one = this.part(piece);
    const size = Math.max(this.sets.length - start, 1);
    const most = Math.max(Math.floor(MAX_COPIED / size), 2);
    if (max === Infinity) {
      const copies = Math.min(Math.max(min - 1, 0), most);
      const looped = this.#looped(one);
      const whole = min === 0 ? { ...looped, empty: 1 } : looped;
      return Array.from({ length: copies }, () => this.part(piece)).reduceRight(
        (after, each) => this.#joined(each, after),
        whole,
      );
    }
    const copies = Math.min(max, most);
    const needed = Math.min(min, most);
    const parts = [one, ...Array.from({ length: copies - 1 }, () => this.part(piece))];
    return parts.reduceRight<Part>((after, each, index) => {
      const joined = this.#joined(each, after);
      return index < needed ? joined : { ...joined, empty: 1 };
    }, NOTHING);
  }

  /** A round that matches nothing is none. */
  #looped(part: Part): Part {
    for (const [from, ways] of part.last) {
      for (const [to, others] of part.first) this.follow(from, to, ways * others);
    }
    return part;
  }
}

const add = (into: Map<number, number>, key: number, ways: number): void => {
  if (ways > 0) into.set(key, Math.min((into.get(key) ?? 0) + ways, SEVERAL));
};

function sum(own: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>, times: number): Map<number, number> {
  const all = new Map(own);
  if (times > 0) for (const [key, ways] of other) add(all, key, ways * times);
  return all;
}

const either = (left: Part, right: Part): Part => ({
  first: sum(left.first, right.first, 1),
  last: sum(left.last, right.last, 1),
  empty: Math.min(left.empty + right.empty, SEVERAL),
});

/** Characters that all sets treat alike are of one kind. */
function kindsOf(sets: readonly Characters[]): {
  readonly kinds: readonly bigint[];
  readonly samples: readonly string[];
} {
  const distinct = [...new Map(sets.map((set) => [set.join(' '), set])).values()];
  const starts = [...new Set([0, ...distinct.flat().flatMap(([first, last]) => [first, last + 1])])]
    .filter((code) => code <= 0xffff)
    .toSorted((a, b) => a - b);
  const byMembers = new Map<string, { bit: bigint; sample: number }>();
  const bits = new Map<Characters, bigint>(distinct.map((set) => [set, 0n]));
  for (const [index, start] of starts.entries()) {
    const members = distinct.filter((set) => holds(set, start));
    const key = members.map((set) => distinct.indexOf(set)).join(' ');
    const end = (starts[index + 1] ?? 0x10000) - 1;
    const sample = readable(start, end);
    const known = byMembers.get(key);
    const kind = known ?? { bit: 1n << BigInt(byMembers.size), sample };
    if (!known) {
      byMembers.set(key, kind);
      for (const set of members) bits.set(set, (bits.get(set) ?? 0n) | kind.bit);
    } else if (rank(sample) < rank(known.sample)) known.sample = sample;
  }
  const byText = new Map(distinct.map((set) => [set.join(' '), bits.get(set) ?? 0n]));
  return {
    kinds: sets.map((set) => byText.get(set.join(' ')) ?? 0n),
    samples: [...byMembers.values()].map(({ sample }) => String.fromCharCode(sample)),
  };
}

const LETTERS = [97, 65, 48, 45, 33, 32];
const readable = (first: number, last: number): number =>
  LETTERS.find((code) => code >= first && code <= last) ?? (first < 33 && last > 33 ? 33 : first);
const rank = (code: number): number =>
  LETTERS.includes(code) ? LETTERS.indexOf(code) : code < 127 && code > 32 ? 7 : 8;
