import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from '../program/program.ts';
import type { Frame } from './frame.ts';
import { partsOf } from './loops.ts';
import type { Resolver } from './resolver.ts';
import { ofPattern } from './unless.ts';

/** What is known where a function runs. */
export interface Known {
  /** The call that made it. */
  readonly frame?: Frame;
  /** The path of the request, as a route is written. */
  readonly path?: string;
  /** The same without the path the function is mounted at: what Express calls `req.path`. */
  readonly below?: string;
}

/** `path`: the path of the request decides, and what is known of it does not tell. */
export type Truth = boolean | 'path' | undefined;

const MAX_DEPTH = 12;
const MAX_PARTS = 60;
const PATH = /^(path|pathname|originalUrl|url|routerPath)$/;
const RELATIVE = /^(path|url)$/;

/** Says which conditions are settled by the call that made a function, or by the path of a request. */
export class Settled {
  readonly #resolver: Resolver;
  readonly #known: Known;

  constructor(resolver: Resolver, known: Known) {
    this.#resolver = resolver;
    this.#known = known;
  }

  /** Whether a block within a function is entered: `never`, `may`, or `perhaps` where the path decides. */
  entered(module: Module, id: BlockId, fn: number): 'never' | 'perhaps' | 'may' {
    const { blocks, functions } = module.facts;
    let found: 'perhaps' | 'may' = 'may';
    for (let at: BlockId | undefined = id, steps = 0; at !== undefined && steps < 200; steps += 1) {
      const block: (typeof blocks)[number] | undefined = blocks[at];
      if (!block) break;
      const truth =
        block.condition === undefined || block.kind === 'loop' ? undefined : this.truth(module.first + block.condition);
      if (typeof truth === 'boolean' && truth !== (block.holds !== false)) return 'never';
      if (truth === 'path') found = 'perhaps';
      at = block.parent ?? (block.function === fn ? undefined : functions[block.function]?.within);
    }
    return found;
  }

  truth = (node: Node, depth = 0): Truth => {
    const { program } = this.#resolver;
    const value = program.valueOf(node);
    if (depth > MAX_DEPTH) return undefined;
    const inner = (id: number): Truth => this.truth(program.child(node, id), depth + 1);
    switch (value.kind) {
      case 'literal':
        return Boolean(value.value);
      case 'undefined':
        return false;
      case 'operation': {
        if (value.operator === '!' && value.operands[0]) return not(inner(value.operands[0].value));
        const sides = value.operands.map((operand) => program.child(node, operand.value));
        return /^[!=]==?$/.test(value.operator) ? this.#compared(sides, value.operator.startsWith('=')) : undefined;
      }
      case 'either':
        if (value.reason === 'and') return all(value.options.map(inner));
        return value.reason === 'or' ? not(all(value.options.map((option) => not(inner(option))))) : undefined;
      case 'typed':
      case 'await':
        return inner(value.value);
      case 'param':
        return this.#given(node);
      case 'call':
        return this.#asked(node);
      default:
        return undefined;
    }
  };

  /** A parameter of a function around: what the call that made this one gave it. */
  #given(node: Node): Truth {
    const { program } = this.#resolver;
    const value = program.valueOf(node);
    for (let frame = this.#known.frame; frame; frame = frame.lexical) {
      if (value.kind !== 'param' || value.rest || program.moduleOf(node) !== frame.fn.module) continue;
      if (frame.fn.module.facts.functions[value.function] !== frame.fn.fact || frame.call === undefined) continue;
      const refs = frame.argument(value.index);
      if (refs?.length === 0) return program.argument(frame.call, value.index) === undefined ? false : undefined;
      const constants = this.#resolver.constants(node, this.#known.frame) ?? [];
      const truths = new Set(constants.map(Boolean));
      return truths.size === 1 ? [...truths][0] : undefined;
    }
    return undefined;
  }

  #compared([left, right]: readonly Node[], isEqual: boolean): Truth {
    if (left === undefined || right === undefined) return undefined;
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const path = this.#pathAt(one);
      if (path !== undefined) {
        const found = this.#texts(other).map((text) => isSame(path.text, text));
        return isEqual ? some(found) : not(some(found));
      }
    }
    const [a, b] = [left, right].map((side) => this.#resolver.constants(side, this.#known.frame));
    const isGiven = [left, right].some((side) => this.#given(side) !== undefined);
    if (!isGiven || a?.length !== 1 || b?.length !== 1) return undefined;
    return (a[0] === b[0]) === isEqual;
  }

  /** `path.startsWith('/x')`, `['/x'].includes(path)`, `list.some((each) => path.startsWith(each))`, `isMatch(path, list)` */
  #asked(call: Node): Truth {
    const { program } = this.#resolver;
    const value = program.valueOf(call);
    if (value.kind !== 'call') return undefined;
    const callee = program.child(call, value.callee);
    const member = program.valueOf(callee);
    const args = value.args.map((argument) => program.child(call, argument.value));
    if (!this.asksPath(call)) return undefined;
    const object = member.kind === 'member' ? program.child(callee, member.object) : undefined;
    const method = member.kind === 'member' ? (member.property ?? '') : '';
    const path = object === undefined ? undefined : this.#pathAt(object);
    const given = args[0] === undefined ? undefined : this.#pathAt(args[0]);
    if (path && args[0] !== undefined) return this.#matches(path.text, method, args[0]);
    if (given && object !== undefined && /^(includes|has|indexOf|test|exec)$/.test(method))
      return method === 'indexOf' ? 'path' : this.#listed(given.text, method, object);
    if (given && args[1] !== undefined && /match/i.test(program.describe(callee)))
      return some(this.#texts(args[1]).map((text) => globbed(given.text, text)));
    if (object !== undefined && method === 'some') return this.#anyOf(object, args[0]);
    return 'path';
  }

  #matches(path: string | undefined, method: string, argument: Node): Truth {
    if (method === 'match') return this.#listed(path, 'test', argument);
    const texts = this.#texts(argument);
    if (method === 'startsWith') return some(texts.map((text) => begins(path, text)));
    return method === 'endsWith' || method === 'includes'
      ? some(texts.map((text) => holds(path, text, method)))
      : 'path';
  }

  #listed(path: string | undefined, method: string, list: Node): Truth {
    const { program } = this.#resolver;
    if (/^(includes|has)$/.test(method)) return some(this.#texts(list).map((text) => isSame(path, text)));
    return some(
      program.origins(list).map((origin) => {
        const value = program.valueOf(origin);
        return value.kind === 'regex' ? patterned(path, value.pattern) : 'path';
      }),
    );
  }

  #anyOf(list: Node, callback: Node | undefined): Truth {
    const { program } = this.#resolver;
    const fn = callback === undefined ? undefined : program.functionAt(callback);
    const [returned, more] = fn?.fact.returns ?? [];
    const call = fn && returned && !more ? fn.module.first + returned.value : undefined;
    const value = call === undefined ? undefined : program.valueOf(call);
    if (call === undefined || value?.kind !== 'call') return 'path';
    const callee = program.child(call, value.callee);
    const member = program.valueOf(callee);
    if (member.kind !== 'member' || !/^(startsWith|endsWith|includes)$/.test(member.property ?? '')) return 'path';
    const path = this.#pathAt(program.child(callee, member.object));
    const method = member.property ?? '';
    if (!path) return 'path';
    return some(
      this.#texts(list).map((text) =>
        method === 'startsWith' ? begins(path.text, text) : holds(path.text, text, method),
      ),
    );
  }

  /** Constants, and those of the items of a list. `[undefined]` where there is something else. */
  #texts(node: Node): readonly (string | undefined)[] {
    const refs = this.#resolver.refs(node, this.#known.frame);
    const made = refs.flatMap((ref) => {
      const value = this.#resolver.program.valueOf(ref.node);
      const first = value.kind === 'call' && value.new ? this.#resolver.program.argument(ref.node, 0) : undefined;
      return first === undefined ? [ref] : this.#resolver.refs(first, ref.frame);
    });
    const texts = made
      .flatMap((ref) => this.#resolver.items(ref) ?? [ref])
      .flatMap((ref): readonly (string | undefined)[] =>
        (this.#resolver.constants(ref.node, ref.frame) ?? [undefined]).map((each) =>
          typeof each === 'string' ? each : undefined,
        ),
      );
    return texts.length > 0 ? texts : [undefined];
  }

  /** The path of the request, if a value is one; its text is undefined where it is not known. */
  #pathAt(node: Node): { readonly text: string | undefined } | undefined {
    const { program } = this.#resolver;
    for (const each of [node, ...program.origins(node)]) {
      const value = program.valueOf(each);
      if (value.kind !== 'member' || !PATH.test(value.property ?? '')) continue;
      const owner = program.valueOf(program.child(each, value.object));
      const isOwn = value.property === 'pathname' || owner.kind === 'param' || owner.kind === 'member';
      if (isOwn) return { text: RELATIVE.test(value.property ?? '') ? this.#known.below : this.#known.path };
    }
    return undefined;
  }

  /** Whether the path of the request is among what a value is made of. */
  asksPath(node: Node): boolean {
    const { program } = this.#resolver;
    const seen = new Set<Node>();
    const open = [node];
    for (let next = open.pop(); next !== undefined && seen.size < MAX_PARTS; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (this.#pathAt(next)) return true;
      for (const id of partsOf(program.valueOf(next))) open.push(program.child(next, id));
      const fn = program.functionAt(next);
      for (const { value } of fn?.fact.returns ?? []) if (fn) open.push(fn.module.first + value);
    }
    return false;
  }
}

const not = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth);

const all = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes('path') ? 'path' : truths.includes(undefined) ? undefined : true;

const some = (truths: readonly Truth[]): Truth => not(all(truths.map(not)));

/** What of a path stands before its first parameter. */
const fixed = (path: string): string => path.replace(/[:*{(].*$/, '');
const isFixed = (path: string): boolean => fixed(path) === path;
const trimmed = (path: string): string => path.replace(/(.)\/$/, '$1');

function isSame(path: string | undefined, text: string | undefined): Truth {
  if (path === undefined || text === undefined) return 'path';
  if (isFixed(path)) return trimmed(path) === trimmed(text);
  return text.startsWith(fixed(path)) ? 'path' : false;
}

function begins(path: string | undefined, text: string | undefined): Truth {
  if (path === undefined || text === undefined) return 'path';
  if (fixed(path).startsWith(text)) return true;
  return !isFixed(path) && text.startsWith(fixed(path)) ? 'path' : false;
}

function holds(path: string | undefined, text: string | undefined, method: string): Truth {
  if (path === undefined || text === undefined) return 'path';
  if (method === 'includes' && fixed(path).includes(text)) return true;
  if (!isFixed(path)) return 'path';
  return method === 'endsWith' ? path.endsWith(text) : false;
}

/** `/api/**` and `/api/*` of globs. */
function globbed(path: string | undefined, text: string | undefined): Truth {
  if (text === undefined || path === undefined || /[{}()[\]!?]/.test(text)) return 'path';
  const [before = ''] = text.split('*', 1);
  if (before === text) return isSame(path, text);
  const found = begins(path, before);
  const isDeep = text === `${before}**`;
  if (found !== true || isDeep) return found;
  const isOne = text === `${before}*`;
  return isOne ? !path.slice(before.length).includes('/') : 'path';
}

function patterned(path: string | undefined, pattern: string): Truth {
  const { text, match } = ofPattern(pattern, []);
  if (match === 'perhaps') return begins(path, text) === false ? false : 'path';
  return match === 'exact' ? isSame(path, text) : begins(path, text);
}
