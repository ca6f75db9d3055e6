/** Tells whether a pattern is found in a text, in time linear in both. Undefined where the pattern is not understood. */
export type Finds = (text: string) => boolean;

type Step =
  | { readonly kind: 'char'; readonly accepts: (character: string) => boolean; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'start' | 'end'; next: number }
  | { readonly kind: 'match' };

const MAX_STEPS = 4000;
const SHORTHANDS: Readonly<Record<string, RegExp>> = { d: /[0-9]/, w: /[0-9a-z_]/i, s: /\s/ };

/** A pattern of the target is data: it is read and followed in all directions at once, and never run. */
export function findsOf(pattern: string, flags: string): Finds | undefined {
  if (pattern.length > 500 || /[mvy]/.test(flags)) return undefined;
  const reader = new Reader(pattern, flags.includes('i'));
  try {
    const whole = reader.alternatives();
    const start = whole(reader.add({ kind: 'match' }));
    return reader.isDone ? (text) => isFound(reader.steps, start, text) : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

/** Reads a pattern; each part is built once it is known what follows it. */
class Reader {
  readonly steps: Step[] = [];
  readonly #pattern: string;
  readonly #ignoresCase: boolean;
  #at = 0;

  constructor(pattern: string, ignoresCase: boolean) {
    this.#pattern = pattern;
    this.#ignoresCase = ignoresCase;
  }

  get isDone(): boolean {
    return this.#at === this.#pattern.length;
  }

  add(step: Step): number {
    if (this.steps.length > MAX_STEPS) throw new NotUnderstood();
    return this.steps.push(step) - 1;
  }

  /** What a pattern or a group comes to, once it is known what follows. */
  alternatives(): (next: number) => number {
    const parts = [this.#sequence()];
    while (this.#pattern[this.#at] === '|') {
      this.#at += 1;
      parts.push(this.#sequence());
    }
    return (next) =>
      parts.map((part) => part(next)).reduce((other, start) => this.add({ kind: 'split', next: start, other }));
  }

  #sequence(): (next: number) => number {
    const parts: ((next: number) => number)[] = [];
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? ''))
      parts.push(this.#repeated());
    return (next) => parts.reduceRight((after, part) => part(after), next);
  }

  #repeated(): (next: number) => number {
    const one = this.#one();
    const quantifier = /^(?:[*+?]|\{(\d{1,3})(,?)(\d{0,3})\})\??/.exec(this.#pattern.slice(this.#at));
    if (!quantifier) return one;
    this.#at += quantifier[0].length;
    const [sign, least = '', comma, most = ''] = quantifier;
    const [from, to] = sign.startsWith('{')
      ? [Number(least), comma === '' ? Number(least) : most === '' ? undefined : Number(most)]
      : [sign.startsWith('+') ? 1 : 0, sign.startsWith('?') ? 1 : undefined];
    return (next) => {
      let start = next;
      if (to === undefined) {
        const loop: Extract<Step, { kind: 'split' }> = { kind: 'split', next: 0, other: next };
        start = this.add(loop);
        loop.next = one(start);
      }
      for (let i = from; i < (to ?? 0); i += 1) start = this.add({ kind: 'split', next: one(start), other: next });
      for (let i = 0; i < from; i += 1) start = one(start);
      return start;
    };
  }

  #one(): (next: number) => number {
    const character = this.#pattern[this.#at] ?? '';
    this.#at += 1;
    switch (character) {
      case '^':
        return (next) => this.add({ kind: 'start', next });
      case '$':
        return (next) => this.add({ kind: 'end', next });
      case '(':
        return this.#group();
      case '[':
        return this.#char(this.#set());
      case '.':
        return this.#char((each) => each !== '\n' && each !== '\r');
      case '\\':
        return this.#char(this.#escaped());
      default:
        if ('*+?{'.includes(character)) throw new NotUnderstood();
        return this.#char(this.#literal(character));
    }
  }

  #group(): (next: number) => number {
    const kind = /^\?(:|<\w+>)/.exec(this.#pattern.slice(this.#at));
    if (kind) this.#at += kind[0].length;
    else if (this.#pattern[this.#at] === '?') throw new NotUnderstood();
    const inner = this.alternatives();
    if (this.#pattern[this.#at] !== ')') throw new NotUnderstood();
    this.#at += 1;
    return inner;
  }

  #char(accepts: (character: string) => boolean): (next: number) => number {
    return (next) => this.add({ kind: 'char', accepts, next });
  }

  #literal(character: string): (each: string) => boolean {
    const lower = character.toLowerCase();
    return this.#ignoresCase ? (each) => each.toLowerCase() === lower : (each) => each === character;
  }

  #escaped(): (each: string) => boolean {
    const letter = this.#pattern[this.#at] ?? '';
    this.#at += 1;
    const shorthand = Object.hasOwn(SHORTHANDS, letter.toLowerCase()) ? SHORTHANDS[letter.toLowerCase()] : undefined;
    if (shorthand) return (each) => shorthand.test(each) === (letter === letter.toLowerCase());
    if (/[a-z0-9]/i.test(letter)) throw new NotUnderstood();
    return this.#literal(letter);
  }

  #set(): (each: string) => boolean {
    const isNot = this.#pattern[this.#at] === '^';
    if (isNot) this.#at += 1;
    const parts: ((each: string) => boolean)[] = [];
    while (this.#pattern[this.#at] !== ']') {
      const range = /^([^\\\]])-([^\\\]])/.exec(this.#pattern.slice(this.#at));
      const character = this.#pattern[this.#at];
      if (character === undefined) throw new NotUnderstood();
      this.#at += range ? range[0].length : 1;
      const [, from = '', to = ''] = range ?? [];
      if (range) parts.push((each) => [each, ...this.#cases(each)].some((one) => one >= from && one <= to));
      else parts.push(character === '\\' ? this.#escaped() : this.#literal(character));
    }
    this.#at += 1;
    return (each) => parts.some((accepts) => accepts(each)) !== isNot;
  }

  #cases(each: string): readonly string[] {
    return this.#ignoresCase ? [each.toLowerCase(), each.toUpperCase()] : [];
  }
}

function isFound(steps: readonly Step[], start: number, text: string): boolean {
  let current = new Set<number>();
  const enter = (set: Set<number>, from: number, at: number): boolean => {
    const open = [from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const step = steps[id];
      if (!step || set.has(id)) continue;
      set.add(id);
      if (step.kind === 'match') return true;
      if (step.kind === 'split') open.push(step.next, step.other);
      else if ((step.kind === 'start' && at === 0) || (step.kind === 'end' && at === text.length)) open.push(step.next);
    }
    return false;
  };
  for (let at = 0; at <= text.length; at += 1) {
    if (enter(current, start, at)) return true;
    const after = new Set<number>();
    for (const id of current) {
      const step = steps[id];
      if (step?.kind === 'char' && at < text.length && step.accepts(text[at] ?? '') && enter(after, step.next, at + 1))
        return true;
    }
    current = after;
  }
  return false;
}
