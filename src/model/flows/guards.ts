import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import { accessOf, keyOf } from './access.ts';
import { isFrom } from './api-path.ts';
import { assertionsOf, isOnTheWay, JUDGES } from './assertions.ts';
import { lazily } from './lazily.ts';
import {
  CONTAINED,
  contained,
  exclusionOf,
  HOST,
  hostOf,
  isPath,
  notStartingWith,
  numeric,
  short,
  startingWith,
} from './containment.ts';
import { clears, inAll } from './exclusion.ts';
import type { Exclusion, Exclusiveness } from './exclusion.ts';
import type { Label } from './label.ts';
import { listed, lookedUp, matched, oneOf, onList, startsAt, unmatched, withoutDefault } from './lookups.ts';
import { clearedByMatch } from './pattern.ts';
import { judged, ofHeld, resulting } from './schema-verdicts.ts';

const MAX_DEPTH = 6;
const NUMERIC_CHECKS =
  /^(isInteger|isSafeInteger|isFinite|isInt|isNumeric|isFloat|isDecimal|isUUID|isUuid|uuidValidate|isMongoId|isBoolean|isNumber|isDate|isISO8601|isHexadecimal|isPort|isIn)$/;
const WORD_CHECKS = /^(isAlphanumeric|isAlpha|isSlug)$/;

/** What the conditions around a place exclude. */
export class Guards {
  readonly #program: Program;
  readonly #known = new Map<string, readonly Exclusion[]>();
  readonly #assertions: () => ReadonlyMap<string, readonly Node[]>;

  constructor(program: Program) {
    this.#program = program;
    this.#assertions = lazily(() => assertionsOf(program));
  }

  /** Whether a value cannot have a label at a place: a dominating check has excluded it. */
  at(module: Module, block: BlockId, node: Node, path: readonly string[], label: Label): Exclusiveness {
    const exclusions = this.#at(module, block);
    if (exclusions.length === 0) return 'open';
    return this.#isExcluded(exclusions, node, path, label);
  }

  /** The same for one condition by itself: the test of `a ? b : c`. */
  by(condition: Node, holds: boolean, node: Node, path: readonly string[], label: Label): Exclusiveness {
    const exclusions = this.#implied(condition, holds, 0);
    if (exclusions.length === 0) return 'open';
    return this.#isExcluded(exclusions, node, path, label);
  }

  #isExcluded(exclusions: readonly Exclusion[], node: Node, path: readonly string[], label: Label): Exclusiveness {
    // what holds of a value holds of everything in it: a text has no properties
    const whole = path.at(-1) === '**' ? path.slice(0, -1) : path;
    const key = keyOf(accessOf(this.#program, node, whole));
    // where the host of a URL was checked, so was that of its `href` and every other part
    const isHost = HOST.includes(label);
    const matching = exclusions.filter(
      (each) =>
        (each.key === key || (isHost && key.startsWith(each.key.endsWith('.') ? each.key : `${each.key}.`))) &&
        clears(each, label),
    );
    if (matching.length === 0) return 'open';
    return matching.some(({ weak }) => !weak) ? 'excluded' : 'checked';
  }

  #at(module: Module, id: BlockId): readonly Exclusion[] {
    const place = `${module.first}:${id}`;
    const known = this.#known.get(place);
    if (known) return known;
    this.#known.set(place, []);
    const block = module.facts.blocks[id];
    if (!block) return [];
    const within = module.facts.functions[block.function]?.within;
    const outer = block.parent ?? (block.kind === 'body' ? within : undefined);
    const inherited = outer === undefined ? [] : this.#at(module, outer);
    const own =
      block.condition === undefined ? [] : this.#implied(module.first + block.condition, block.holds ?? true, 0);
    const asserted = this.#asserted(module, id);
    const all = own.length + asserted.length === 0 ? inherited : [...inherited, ...own, ...asserted];
    this.#known.set(place, all);
    return all;
  }

  #implied(condition: Node, holds: boolean, depth: number): readonly Exclusion[] {
    if (depth > MAX_DEPTH) return [];
    const value = this.#program.valueOf(condition);
    const child = (id: number): Node => this.#program.child(condition, id);
    switch (value.kind) {
      case 'await':
      case 'typed':
        return this.#implied(child(value.value), holds, depth);
      case 'either': {
        if (value.reason !== 'and' && value.reason !== 'or') return [];
        const sides = value.options.map((option) => this.#implied(child(option), holds, depth + 1));
        // `a && b` that holds, `a || b` that does not: both sides are known
        return (value.reason === 'and') === holds ? sides.flat() : inAll(sides);
      }
      case 'operation':
        return this.#ofOperation(condition, holds, depth);
      case 'call':
        return this.#ofCall(condition, holds, depth);
      case 'member':
        return [
          ...resulting(this.#program, condition, holds),
          ...(holds ? [...lookedUp(this.#program, condition), ...this.#ofVerdict(condition)] : []),
        ];
      default:
        return [];
    }
  }

  #ofOperation(condition: Node, holds: boolean, depth: number): readonly Exclusion[] {
    const value = this.#program.valueOf(condition);
    if (value.kind !== 'operation') return [];
    const [left, right] = value.operands.map((operand) => this.#program.child(condition, operand.value));
    if (left === undefined) return [];
    if (value.operator === '!') return this.#implied(left, !holds, depth + 1);
    if (right === undefined) return [];
    switch (value.operator) {
      case '===':
      case '==':
        return holds ? this.#ofEqual(left, right, depth) : this.#ofUnequal(left, right, depth);
      case '!==':
      case '!=':
        return holds ? this.#ofUnequal(left, right, depth) : this.#ofEqual(left, right, depth);
      case 'in':
        return holds ? [exclusionOf(this.#program, left, 'all')] : [];
      case '>':
      case '>=':
      case '<':
      case '<=':
        return this.#ofOrder(left, right, value.operator, holds, depth);
      default:
        return [];
    }
  }

  /** Equal to a constant: nothing of the attacker's is left. */
  #ofEqual(left: Node, right: Node, depth: number): readonly Exclusion[] {
    for (const [subject, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const constants = this.#program.constants(other);
      const typed = this.#program.valueOf(subject);
      if (typed.kind === 'operation' && typed.operator === 'typeof') {
        const operand = this.#program.child(subject, typed.operands[0]?.value ?? 0);
        if (constants?.every((each) => each === 'number' || each === 'boolean' || each === 'function'))
          return [exclusionOf(this.#program, operand, 'all')];
        if (constants?.includes('string')) return [exclusionOf(this.#program, operand, ['object', 'keys'])];
        return [];
      }
      if (!constants) continue;
      if (constants.includes(true)) return this.#implied(subject, true, depth + 1);
      if (constants.includes(-1)) return this.#implied(subject, false, depth + 1);
      if (constants.includes(0)) return startsAt(this.#program, subject);
      if (constants.includes(false)) return this.#implied(subject, false, depth + 1);
      return [exclusionOf(this.#program, subject, 'all'), ...hostOf(this.#program, subject)];
    }
    if (isPath(this.#program, left) || isPath(this.#program, right))
      return [...contained(this.#program, left), ...contained(this.#program, right)];
    // compared with something of the program's own: `url.host === config.host`, `url.origin === base.origin`
    return [...hostOf(this.#program, left), ...hostOf(this.#program, right)];
  }

  #ofUnequal(left: Node, right: Node, depth: number): readonly Exclusion[] {
    for (const [subject, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const constants = this.#program.constants(other);
      if (!constants) continue;
      if (constants.includes(-1)) return listed(this.#program, subject);
      if (constants.includes(false)) return this.#implied(subject, true, depth + 1);
      if (constants.includes(true)) return this.#implied(subject, false, depth + 1);
      if (constants.includes(0)) return [];
    }
    return [];
  }

  /** `list.indexOf(x) > -1`, `>= 0`, and what follows when `< 0` does not hold. */
  #ofOrder(left: Node, right: Node, operator: string, holds: boolean, depth: number): readonly Exclusion[] {
    const [bound] = this.#program.constants(right) ?? [];
    const isFound =
      (operator === '>' && bound === -1 && holds) ||
      (operator === '>=' && bound === 0 && holds) ||
      (operator === '<' && bound === 0 && !holds) ||
      (operator === '<=' && bound === -1 && !holds);
    if (isFound) return listed(this.#program, left);
    const isCapped = (operator.startsWith('>') && !holds) || (operator.startsWith('<') && holds);
    const smaller = isCapped ? left : right;
    const capped = [exclusionOf(this.#program, smaller, ['size']), ...short(this.#program, smaller)];
    const isAbsent =
      (operator === '<' && bound === 0 && holds) ||
      (operator === '>' && bound === -1 && !holds) ||
      (operator === '>=' && bound === 0 && !holds);
    return isAbsent ? this.#implied(left, false, depth + 1) : capped;
  }

  #ofCall(node: Node, holds: boolean, depth: number): readonly Exclusion[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const calleeNode = this.#program.child(node, call.callee);
    const callee = this.#program.valueOf(calleeNode);
    const first = this.#program.argument(node, 0);
    const own = this.#program.callees(node);
    if (own.length > 0) {
      const found = own.length === 1 ? this.#ofPredicate(node, holds, depth) : [];
      return found.length > 0 ? found : this.#judged(node);
    }
    const fitting = holds ? judged(this.#program, node) : [];
    if (fitting.length > 0) return fitting;
    if (callee.kind === 'member' && callee.property !== undefined) {
      const object = this.#program.child(calleeNode, callee.object);
      const found = this.#ofMethod(node, object, callee.property, holds);
      if (found.length > 0) return found;
    }
    const [api = ''] = this.#program.apis(calleeNode);
    const name = callee.kind === 'member' ? (callee.property ?? '') : (api.split('.').at(-1) ?? '');
    if (first === undefined) return [];
    if (api === 'isNaN' || api === 'Number.isNaN') return holds ? [] : numeric(this.#program, first);
    if (!holds) return [];
    if (name === 'isFinite') return numeric(this.#program, first);
    if (NUMERIC_CHECKS.test(name)) return [exclusionOf(this.#program, first, 'all')];
    // an address may still be any host
    if (/^isIP(v[46])?$|^(isIP|isFQDN)$/.test(name))
      return [exclusionOf(this.#program, first, clearedByMatch('^[\\w:.-]+$', ''))];
    if (WORD_CHECKS.test(name)) return [exclusionOf(this.#program, first, clearedByMatch('^[\\w-]+$', ''))];
    if (/isPathInside|pathIsInside|path-is-inside|is-path-inside/i.test(`${api} ${name}`)) {
      return [exclusionOf(this.#program, first, CONTAINED)];
    }
    if (name === 'isValid' && /ObjectId|objectid/.test(api))
      return [exclusionOf(this.#program, first, ['object', 'keys'])];
    if (name === 'isArray') return [];
    if (name === 'isLength') return [exclusionOf(this.#program, first, ['long-text'])];
    if (/^(validate|isUUID|isValidUUID)$/.test(name) && isFrom(api, 'uuid'))
      return [exclusionOf(this.#program, first, 'all')];
    return [];
  }

  #ofMethod(node: Node, object: Node, name: string, holds: boolean): readonly Exclusion[] {
    const first = this.#program.argument(node, 0);
    if (first === undefined) return [];
    const constants = this.#program.constants(first);
    switch (name) {
      case 'includes':
      case 'has':
      case 'contains':
      case 'hasOwnProperty':
        // `x.includes('..')` looks into the text; `list.includes(x)` looks the text up
        if (constants)
          return holds || !constants.some((each) => each === '..' || each === '/')
            ? []
            : [exclusionOf(this.#program, object, CONTAINED)];
        return holds ? onList(this.#program, this.#program.argument(node, 1) ?? first, first) : [];
      case 'some':
      case 'every':
        return (name === 'some') === holds ? oneOf(this.#program, first, name === 'some' ? '===' : '!==') : [];
      case 'indexOf':
        return !holds && constants?.includes('..') ? [exclusionOf(this.#program, object, CONTAINED)] : [];
      case 'hasOwn': {
        const second = this.#program.argument(node, 1);
        return holds && second !== undefined ? [exclusionOf(this.#program, second, 'all')] : [];
      }
      case 'call': {
        // Object.prototype.hasOwnProperty.call(table, x)
        const second = this.#program.argument(node, 1);
        const callee = this.#program.valueOf(object);
        return holds && second !== undefined && callee.kind === 'member' && callee.property === 'hasOwnProperty'
          ? [exclusionOf(this.#program, second, 'all')]
          : [];
      }
      case 'test':
      case 'exec':
        return (holds ? matched : unmatched)(this.#program, object, withoutDefault(this.#program, first));
      case 'match':
        return holds ? matched(this.#program, first, object) : unmatched(this.#program, first, object);
      case 'endsWith':
        return holds && constants?.every((end) => String(end).startsWith('.')) ? hostOf(this.#program, object) : [];
      case 'startsWith':
        return holds ? startingWith(this.#program, node, object) : notStartingWith(this.#program, object, constants);
      default:
        return [];
    }
  }

  /** `const { ok } = await check(url)`. */
  #ofVerdict(node: Node): readonly Exclusion[] {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'member') return [];
    let object = this.#program.child(node, value.object);
    for (let inner = this.#program.valueOf(object); inner.kind === 'await'; inner = this.#program.valueOf(object)) {
      object = this.#program.child(object, inner.value);
    }
    return this.#program.callees(object).length > 0 ? this.#judged(object) : [];
  }

  /** A function of the program that is called like a judge has seen its arguments. */
  #judged(node: Node): readonly Exclusion[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const callee = this.#program.valueOf(this.#program.child(node, call.callee));
    const name = callee.kind === 'member' ? (callee.property ?? '') : (this.#program.callees(node)[0]?.fact.name ?? '');
    if (!JUDGES.test(name)) return [];
    return call.args.map(({ value }) => ({
      ...exclusionOf(this.#program, this.#program.child(node, value), 'all'),
      weak: true as const,
    }));
  }

  /** What a function of the program that answers true (or false) says of its arguments. */
  #ofPredicate(node: Node, holds: boolean, depth: number): readonly Exclusion[] {
    const [fn] = this.#program.callees(node);
    const call = this.#program.valueOf(node);
    if (!fn || call.kind !== 'call' || fn.fact.returns.length === 0) return [];
    const perReturn = fn.fact.returns.flatMap(({ value, block }) => {
      const returned = fn.module.first + value;
      const constants = this.#program.constants(returned);
      if (constants?.every((each) => Boolean(each) !== holds)) return [];
      const byBlock = this.#at(fn.module, block);
      return [constants ? byBlock : [...byBlock, ...this.#implied(returned, holds, depth + 1)]];
    });
    return this.#forArguments(node, fn, inAll(perReturn));
  }

  /** What holds of a function's parameters holds of the arguments of a call. */
  #forArguments(node: Node, fn: FunctionRef, exclusions: readonly Exclusion[]): readonly Exclusion[] {
    return exclusions.flatMap((exclusion) =>
      fn.fact.params.flatMap(({ value }, index) => {
        const argument = this.#program.argument(node, index);
        const root = `${fn.module.first + value}.`;
        if (argument === undefined || !exclusion.key.startsWith(root)) return [];
        const path = exclusion.key.slice(root.length);
        const access = accessOf(this.#program, argument, path === '' ? [] : path.split('.'));
        return [{ ...exclusion, key: keyOf(access) }];
      }),
    );
  }

  /** `assertHost(x);` in a block: what a function that throws at anything else lets through. */
  #asserted(module: Module, block: BlockId): readonly Exclusion[] {
    return (this.#assertions().get(`${module.first}:${block}`) ?? []).flatMap((call) => {
      const [fn] = this.#program.callees(call);
      if (!fn) return ofHeld(this.#program, call);
      const { blocks } = fn.module.facts;
      // the blocks every way to the end of the function goes through
      const passed = blocks.flatMap((each, id) =>
        each.kind === 'after' && isOnTheWay(blocks, id, fn.fact.block) && each.condition !== undefined ? [each] : [],
      );
      const implied = passed.flatMap((each) =>
        this.#implied(fn.module.first + (each.condition ?? 0), each.holds ?? true, 1),
      );
      const found = this.#forArguments(call, fn, implied);
      return found.length > 0 ? found : this.#judged(call);
    });
  }
}
