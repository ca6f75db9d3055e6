import { caseless, classOf, dot, negated, propertyOf, single, union } from './characters.ts';
import type { Characters } from './characters.ts';

/** What a pattern is made of. Groups are numbered from 1 in the order they open. */
export type Piece =
  | { readonly kind: 'one'; readonly of: Characters }
  | { readonly kind: 'sequence'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'choice'; readonly options: readonly Piece[] }
  | {
      readonly kind: 'repeat';
      readonly piece: Piece;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'group'; readonly piece: Piece; readonly index: number }
  | { readonly kind: 'again'; readonly group: number }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'inside' }
  | { readonly kind: 'look'; readonly piece: Piece; readonly ahead: boolean; readonly negated: boolean };

const EMPTY: Piece = { kind: 'sequence', pieces: [] };
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };
const MAX_DEPTH = 60;

/** A pattern as a tree; undefined where it is not understood as a whole. */
export function parsedPattern(source: string, flags: string): Piece | undefined {
  if (flags.includes('v')) return undefined;
  try {
    return new Parser(source, flags).whole();
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

class Parser {
  readonly #text: string;
  readonly #flags: string;
  readonly #names: readonly string[];
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(text: string, flags: string) {
    this.#text = text;
    this.#flags = flags;
    this.#names = [...text.matchAll(/\\.|\((?:(?!\?)|\?<(\w+)>)/g)].flatMap(([all, name]) =>
      all.startsWith('(') ? [name ?? ''] : [],
    );
  }

  whole(): Piece {
    const piece = this.#choice();
    if (this.#at < this.#text.length) throw new NotUnderstood();
    return piece;
  }

  #choice(): Piece {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new NotUnderstood();
    const options = [this.#sequence()];
    while (this.#took('|')) options.push(this.#sequence());
    this.#depth -= 1;
    const [only] = options;
    return options.length === 1 && only ? only : { kind: 'choice', options };
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at] ?? '')) pieces.push(this.#repeated());
    const [only] = pieces;
    return pieces.length === 1 && only ? only : { kind: 'sequence', pieces };
  }

  #repeated(): Piece {
    const piece = this.#atom();
    const counts = this.#match(/(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/y);
    if (!counts) return piece;
    const [, sign, from, comma, to] = counts;
    const lazy = this.#took('?');
    const min = sign ? (sign === '+' ? 1 : 0) : Number(from);
    const max = sign ? (sign === '?' ? 1 : Infinity) : comma ? (to ? Number(to) : Infinity) : Number(from);
    return max === 0 ? EMPTY : { kind: 'repeat', piece, min, max, lazy };
  }

  #atom(): Piece {
    const character = this.#text[this.#at] ?? '';
    if (character === '\\') return this.#escape();
    this.#at += 1;
    switch (character) {
      case '.':
        return { kind: 'one', of: dot(this.#flags) };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '[':
        return this.#one(this.#class());
      case '(':
        return this.#group();
      case '*':
      case '+':
      case '?':
        throw new NotUnderstood();
      default:
        return this.#one(single(character.charCodeAt(0)));
    }
  }

  #group(): Piece {
    const kind = this.#match(/\?(?:(:)|(<?)([=!])|<\w+>)/y);
    if (!kind && this.#text[this.#at] === '?') throw new NotUnderstood();
    const isCaptured = !kind || (!kind[1] && !kind[3]);
    if (isCaptured) this.#groups += 1;
    const index = this.#groups;
    const piece = this.#choice();
    if (!this.#took(')')) throw new NotUnderstood();
    if (kind?.[3]) return { kind: 'look', piece, ahead: kind[2] === '', negated: kind[3] === '!' };
    return isCaptured ? { kind: 'group', piece, index } : piece;
  }

  #escape(): Piece {
    const reference = this.#match(/\\(?:([1-9]\d?)|k<(\w+)>)/y);
    if (reference) {
      const group = reference[1] ? Number(reference[1]) : this.#names.indexOf(reference[2] ?? '') + 1;
      if (group === 0 || group > this.#names.length) throw new NotUnderstood();
      return { kind: 'again', group };
    }
    if (this.#match(/\\b/y)) return { kind: 'boundary' };
    if (this.#match(/\\B/y)) return { kind: 'inside' };
    return this.#one(this.#escaped());
  }

  /** The characters an escape stands for, in and outside a class. */
  #escaped(): Characters {
    const property = this.#match(/\\([pP])\{([^}]*)\}/y);
    if (property && /u/.test(this.#flags)) {
      const set = propertyOf(property[2] ?? '', property[1] === 'P');
      if (!set) throw new NotUnderstood();
      return set;
    }
    const code = this.#match(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]+)\}|c([A-Za-z]))/y);
    if (code)
      return single(code[4] ? code[4].charCodeAt(0) % 32 : Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16));
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === '') throw new NotUnderstood();
    this.#at += 2;
    const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined;
    return classOf(letter) ?? single(control ?? letter.charCodeAt(0));
  }

  #class(): Characters {
    const isNegated = this.#took('^');
    const parts: Characters[] = [];
    while (!this.#took(']')) {
      if (this.#at >= this.#text.length) throw new NotUnderstood();
      const first = this.#member();
      const isRange = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
      if (!isRange) {
        parts.push(first);
        continue;
      }
      this.#at += 1;
      const last = this.#member();
      const [from, to] = [first[0]?.[0], last.at(-1)?.[1]];
      const isPair = first.length === 1 && last.length <= 1 && first[0]?.[1] === from && from !== undefined;
      if (isPair) parts.push([[from, to ?? 0xffff]]);
      else parts.push(first, last, single(45));
    }
    const set = union(...parts);
    const all = this.#flags.includes('i') ? caseless(set) : set;
    return isNegated ? negated(all) : all;
  }

  #member(): Characters {
    if (this.#match(/\\b/y)) return single(8);
    if (this.#text[this.#at] === '\\') return this.#escaped();
    this.#at += 1;
    return single(this.#text.charCodeAt(this.#at - 1));
  }

  #one(of: Characters): Piece {
    return { kind: 'one', of: this.#flags.includes('i') ? caseless(of) : of };
  }

  #took(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}
