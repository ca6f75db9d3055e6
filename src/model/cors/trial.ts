import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import { isFoundIn } from '../patterns/found.ts';

/** What an expression comes to for one origin; `UNKNOWN` where that hangs on something not seen. */
export type Outcome = string | number | boolean | null | undefined | typeof UNKNOWN | URL;
export const UNKNOWN = Symbol('unknown');

const MAX_DEPTH = 40;
const MAX_STEPS = 4000;
const TESTS = new Set(['some', 'every', 'find', 'findIndex', 'includes', 'indexOf', 'has']);
const ABSENT_FOR = new Map<string, Outcome>([
  ['some', false],
  ['every', true],
  ['find', undefined],
  ['findIndex', -1],
]);

/** What the code of a check does with one origin, step by step, without running any of it. */
export class Trial {
  /** Texts and patterns the origin is compared with, met on the way. */
  readonly words = new Set<string>();
  readonly #program: Program;
  readonly #origin: string;
  readonly #bound = new Map<Node, Outcome>();
  #steps = 0;

  constructor(program: Program, origin: string) {
    this.#program = program;
    this.#origin = origin;
  }

  /** A parameter is the origin. */
  bind(fn: FunctionRef, index: number, outcome: Outcome = this.#origin): void {
    const param = fn.fact.params[index];
    if (!param) return;
    const node = fn.module.first + param.value;
    const value = this.#program.valueOf(node);
    // `(origin = '') => …`
    this.#bound.set(
      value.kind === 'either' && value.options[0] !== undefined ? fn.module.first + value.options[0] : node,
      outcome,
    );
  }

  /** Whether control gets to a block of its function: the conditions around it hold. */
  reaches(module: Module, block: BlockId | undefined): boolean | typeof UNKNOWN {
    let all: boolean | typeof UNKNOWN = true;
    for (let id = block; id !== undefined; id = module.facts.blocks[id]?.parent) {
      const found = module.facts.blocks[id];
      if (!found || found.kind === 'body') break;
      const held = found.kind === 'try' ? true : this.#holds(module, found.condition, found.holds ?? true);
      if (held === false) return false;
      if (held === UNKNOWN) all = UNKNOWN;
    }
    return all;
  }

  #holds(module: Module, condition: number | undefined, holds: boolean): boolean | typeof UNKNOWN {
    if (condition === undefined) return UNKNOWN;
    const outcome = this.of(module.first + condition);
    return outcome === UNKNOWN ? UNKNOWN : Boolean(outcome) === holds;
  }

  /** What a function answers. */
  result(fn: FunctionRef, depth = 0): Outcome {
    let isUnsure = false;
    for (const { value, block } of fn.fact.returns) {
      const reached = this.reaches(fn.module, block);
      if (reached === true && !isUnsure) return this.of(fn.module.first + value, depth + 1);
      if (reached === UNKNOWN) isUnsure = true;
    }
    return isUnsure || fn.fact.generator ? UNKNOWN : undefined;
  }

  of(node: Node, depth = 0): Outcome {
    this.#steps += 1;
    if (depth > MAX_DEPTH || this.#steps > MAX_STEPS) return UNKNOWN;
    if (this.#bound.has(node)) return this.#bound.get(node);
    if (isOriginHeader(this.#program, node)) return this.#origin;
    const value = this.#program.valueOf(node);
    const inner = (id: number): Outcome => this.of(this.#program.child(node, id), depth + 1);
    switch (value.kind) {
      case 'literal':
        return value.value;
      case 'undefined':
        return undefined;
      case 'await':
      case 'typed':
        return inner(value.value);
      case 'join': {
        const parts = value.parts.map((part) => inner(part.value));
        return parts.some((part) => part === UNKNOWN || part instanceof URL) ? UNKNOWN : parts.map(String).join('');
      }
      case 'either':
        return this.#either(node, depth);
      case 'operation':
        return this.#operation(node, depth);
      case 'member':
        return this.#member(node, depth);
      case 'call':
        return this.#call(node, depth);
      default:
        return this.#elsewhere(node, depth);
    }
  }

  /** What a name stands for, where that is one thing. */
  #elsewhere(node: Node, depth: number): Outcome {
    const [constant, ...others] = this.#program.constants(node) ?? [];
    if (constant !== undefined) return others.length === 0 ? constant : UNKNOWN;
    const [origin, ...more] = this.#program.origins(node);
    return origin === undefined || origin === node || more.length > 0 ? UNKNOWN : this.of(origin, depth + 1);
  }

  #either(node: Node, depth: number): Outcome {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'either') return UNKNOWN;
    const option = (index: number): Outcome => {
      const id = value.options[index];
      return id === undefined ? UNKNOWN : this.of(this.#program.child(node, id), depth + 1);
    };
    if (value.reason === 'assigned') return this.#assigned(node, depth);
    if (value.reason === 'conditional') {
      const test = value.test === undefined ? UNKNOWN : this.of(this.#program.child(node, value.test), depth + 1);
      return test === UNKNOWN ? UNKNOWN : option(test ? 0 : 1);
    }
    const first = option(0);
    if (first !== UNKNOWN) {
      const isFirst =
        value.reason === 'or'
          ? Boolean(first)
          : value.reason === 'and'
            ? !first
            : first !== undefined && (first !== null || value.reason === 'default');
      return isFirst ? first : option(1);
    }
    const second = option(1);
    if (second === UNKNOWN) return UNKNOWN;
    return (value.reason === 'and' && !second) || (value.reason === 'or' && second) ? second : UNKNOWN;
  }

  /** The last assignment that is met. */
  #assigned(node: Node, depth: number): Outcome {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'either' || !value.from) return UNKNOWN;
    const module = this.#program.moduleOf(node);
    for (let i = value.options.length - 1; i >= 0; i -= 1) {
      const reached = this.reaches(module, value.from[i]);
      if (reached === UNKNOWN) return UNKNOWN;
      if (reached) return this.of(module.first + (value.options[i] ?? 0), depth + 1);
    }
    return UNKNOWN;
  }

  #operation(node: Node, depth: number): Outcome {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'operation') return UNKNOWN;
    const [left, right] = value.operands.map((operand) => this.of(this.#program.child(node, operand.value), depth + 1));
    if (left === UNKNOWN) return UNKNOWN;
    switch (value.operator) {
      case '!':
        return !left;
      case '~':
        return typeof left === 'number' ? ~left : UNKNOWN;
      case '-':
        return right === undefined && typeof left === 'number' ? -left : UNKNOWN;
      case 'typeof':
        return left === null ? 'object' : typeof left;
      default:
    }
    if (right === UNKNOWN) return UNKNOWN;
    if (typeof left === 'string' && typeof right === 'string') for (const word of [left, right]) this.#met(word);
    switch (value.operator) {
      case '===':
      case '==':
        return left === right;
      case '!==':
      case '!=':
        return left !== right;
      case '>':
        return Number(left) > Number(right);
      case '>=':
        return Number(left) >= Number(right);
      case '<':
        return Number(left) < Number(right);
      default:
        return UNKNOWN;
    }
  }

  #member(node: Node, depth: number): Outcome {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'member') return UNKNOWN;
    const object = this.of(this.#program.child(node, value.object), depth + 1);
    if (object instanceof URL) {
      const parts: Readonly<Record<string, string>> = {
        hostname: object.hostname,
        host: object.host,
        origin: object.origin,
        protocol: object.protocol,
        port: object.port,
      };
      return (value.property !== undefined && Object.hasOwn(parts, value.property) && parts[value.property]) || UNKNOWN;
    }
    if (typeof object === 'string' && value.property === 'length') return object.length;
    return this.#elsewhere(node, depth);
  }

  #call(node: Node, depth: number): Outcome {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'call') return UNKNOWN;
    const callee = this.#program.child(node, value.callee);
    const first = this.#program.argument(node, 0);
    const apis = this.#program.apis(callee);
    const argument = (): Outcome => (first === undefined ? undefined : this.of(first, depth + 1));
    if (apis.some((api) => /^(url\.)?(URL|parse)$/.test(api))) {
      const text = argument();
      return typeof text === 'string' && URL.canParse(text) ? new URL(text) : UNKNOWN;
    }
    if (apis.some((api) => /^(String|Boolean)$/.test(api))) {
      const outcome = argument();
      return outcome === UNKNOWN || outcome instanceof URL
        ? UNKNOWN
        : apis.includes('Boolean')
          ? Boolean(outcome)
          : String(outcome);
    }
    const member = this.#program.valueOf(callee);
    if (member.kind === 'member' && member.property !== undefined) {
      const object = this.#program.child(callee, member.object);
      const found = this.#method(object, member.property, first, depth);
      if (found !== UNKNOWN) return found;
    }
    return this.#ofFunction(node, depth);
  }

  /** A function of the project that is handed the origin. */
  #ofFunction(call: Node, depth: number): Outcome {
    const [fn, ...others] = this.#program.callees(call);
    if (!fn || others.length > 0 || depth > 16) return this.#elsewhere(call, depth);
    fn.fact.params.forEach((_, index) => {
      const given = this.#program.argument(call, index);
      if (given !== undefined) this.bind(fn, index, this.of(given, depth + 1));
    });
    return this.result(fn, depth + 1);
  }

  #method(object: Node, name: string, first: Node | undefined, depth: number): Outcome {
    const pattern = this.#patternIn(name === 'match' || name === 'search' ? first : object);
    if (pattern && /^(test|exec|match)$/.test(name)) {
      const text =
        name === 'match' ? this.of(object, depth + 1) : first === undefined ? UNKNOWN : this.of(first, depth + 1);
      return typeof text === 'string' ? this.matches(pattern, text) : UNKNOWN;
    }
    if (TESTS.has(name)) {
      const items = this.#itemsOf(object);
      if (items) return this.#inList(items, name, first, depth);
    }
    const text = this.of(object, depth + 1);
    if (typeof text !== 'string') return UNKNOWN;
    if (/^(toLowerCase|trim|toString|valueOf)$/.test(name)) return name === 'toLowerCase' ? text.toLowerCase() : text;
    const word = first === undefined ? UNKNOWN : this.of(first, depth + 1);
    if (typeof word !== 'string') return UNKNOWN;
    this.#met(word);
    switch (name) {
      case 'endsWith':
        return text.endsWith(word);
      case 'startsWith':
        return text.startsWith(word);
      case 'includes':
        return text.includes(word);
      case 'indexOf':
        return text.indexOf(word);
      default:
        return UNKNOWN;
    }
  }

  matches({ pattern, flags }: Pattern, text: string): Outcome {
    this.#met(pattern.replaceAll(/\\([./-])/g, '$1'));
    return isFoundIn(text, pattern, flags) ?? UNKNOWN;
  }

  #patternIn(node: Node | undefined): Pattern | undefined {
    const [origin, ...others] = node === undefined ? [] : this.#program.origins(node);
    const bound = node === undefined ? undefined : this.#bound.get(node);
    if (bound !== undefined || origin === undefined || others.length > 0) return undefined;
    return patternOf(this.#program, origin);
  }

  /** The items of an array or a set that is written out. */
  #itemsOf(node: Node): readonly Node[] | undefined {
    const [origin, ...others] = this.#program.origins(node);
    const value = origin === undefined ? undefined : this.#program.valueOf(origin);
    if (origin === undefined || others.length > 0 || !value) return undefined;
    if (value.kind === 'array')
      return value.items.some(({ spread }) => spread)
        ? undefined
        : value.items.map((item) => this.#program.child(origin, item.value));
    const isSet =
      value.kind === 'call' &&
      value.new &&
      this.#program.apis(this.#program.child(origin, value.callee)).includes('Set');
    const first = isSet ? this.#program.argument(origin, 0) : undefined;
    return first === undefined ? undefined : this.#itemsOf(first);
  }

  #inList(items: readonly Node[], name: string, first: Node | undefined, depth: number): Outcome {
    if (first === undefined) return UNKNOWN;
    const fn = this.#program.functionAt(first);
    if (!fn) {
      const sought = this.of(first, depth + 1);
      const all = items.map((item) => this.of(item, depth + 1));
      if (sought === UNKNOWN || all.includes(UNKNOWN)) return UNKNOWN;
      const index = all.indexOf(sought);
      return name === 'indexOf' ? index : index >= 0;
    }
    for (const [index, item] of items.entries()) {
      const outcome = this.#forItem(fn, item, depth);
      if (outcome === UNKNOWN) return UNKNOWN;
      if (Boolean(outcome) === (name !== 'every'))
        return name === 'find' ? this.of(item, depth + 1) : name === 'findIndex' ? index : name !== 'every';
    }
    return ABSENT_FOR.get(name);
  }

  #forItem(fn: FunctionRef, item: Node, depth: number): Outcome {
    const pattern = patternOf(this.#program, item);
    if (!pattern) {
      this.bind(fn, 0, this.of(item, depth + 1));
      return this.result(fn, depth + 1);
    }
    // `list.some((pattern) => pattern.test(origin))`
    const [only, ...others] = fn.fact.returns;
    return only && others.length === 0 && /\.test\(/.test(this.#program.describe(fn.module.first + only.value))
      ? this.matches(pattern, this.#origin)
      : UNKNOWN;
  }

  #met(word: string): void {
    if (word.length < 300 && this.words.size < 40) this.words.add(word);
  }
}

export interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

/** `/…/`, `new RegExp('…')` */
export function patternOf(program: Program, node: Node): Pattern | undefined {
  const value = program.valueOf(node);
  if (value.kind === 'regex') return value;
  if (value.kind !== 'call' || !program.apis(program.child(node, value.callee)).includes('RegExp')) return undefined;
  const [text, flags] = [0, 1].map((index) => {
    const given = program.argument(node, index);
    return given === undefined ? '' : program.constants(given)?.[0];
  });
  return typeof text === 'string' && typeof flags === 'string' ? { pattern: text, flags } : undefined;
}

/** `req.headers.origin`, `req.get('Origin')`, `request.headers.get('origin')` */
export function isOriginHeader(program: Program, node: Node): boolean {
  const value = program.valueOf(node);
  if (value.kind === 'member') {
    const [key] =
      value.key === undefined ? [value.property] : (program.constants(program.child(node, value.key)) ?? []);
    const object = program.valueOf(program.child(node, value.object));
    return (
      typeof key === 'string' &&
      key.toLowerCase() === 'origin' &&
      object.kind === 'member' &&
      /^headers?$/.test(object.property ?? '')
    );
  }
  if (value.kind !== 'call' || value.args.length !== 1) return false;
  const callee = program.valueOf(program.child(node, value.callee));
  const first = program.argument(node, 0);
  const [name] = first === undefined ? [] : (program.constants(first) ?? []);
  return (
    callee.kind === 'member' &&
    /^(get|header)$/.test(callee.property ?? '') &&
    typeof name === 'string' &&
    name.toLowerCase() === 'origin'
  );
}
