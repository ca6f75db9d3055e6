import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import { accessOf, keyOf } from './access.ts';
import { isFrom } from './api-path.ts';
import type { Label } from './label.ts';
import { clearedByMatch } from './pattern.ts';

/** Something a condition says of a value: which labels it cannot have where the condition holds. */
interface Exclusion {
  readonly key: string;
  readonly clears: 'all' | readonly Label[];
}

const MAX_DEPTH = 6;
const NUMERIC_CHECKS =
  /^(isInteger|isSafeInteger|isFinite|isInt|isNumeric|isFloat|isDecimal|isUUID|isUuid|uuidValidate|isMongoId|isBoolean|isNumber|isDate|isISO8601|isHexadecimal|isPort|isIn)$/;
const WORD_CHECKS = /^(isAlphanumeric|isAlpha|isSlug)$/;
const CONTAINED: readonly Label[] = ['path', 'argument', 'module'];
const HOST: readonly Label[] = ['url-host', 'redirect'];

/** What the conditions around a place exclude. */
export class Guards {
  readonly #program: Program;
  readonly #known = new Map<string, readonly Exclusion[]>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** Whether a value cannot have a label at a place: a dominating check has excluded it. */
  exclude(module: Module, block: BlockId, node: Node, path: readonly string[], label: Label): boolean {
    const exclusions = this.#at(module, block);
    if (exclusions.length === 0) return false;
    return this.#isExcluded(exclusions, node, path, label);
  }

  /** The same for one condition by itself: the test of `a ? b : c`. */
  excludedBy(condition: Node, holds: boolean, node: Node, path: readonly string[], label: Label): boolean {
    const exclusions = this.#implied(condition, holds, 0);
    if (exclusions.length === 0) return false;
    return this.#isExcluded(exclusions, node, path, label);
  }

  #isExcluded(exclusions: readonly Exclusion[], node: Node, path: readonly string[], label: Label): boolean {
    // what holds of a value holds of everything in it: a text has no properties
    const whole = path.at(-1) === '**' ? path.slice(0, -1) : path;
    const key = keyOf(accessOf(this.#program, node, whole));
    // where the host of a URL was checked, so was that of its `href` and every other part
    const isHost = HOST.includes(label);
    return exclusions.some(
      (each) =>
        (each.key === key || (isHost && key.startsWith(each.key.endsWith('.') ? each.key : `${each.key}.`))) &&
        clears(each, label),
    );
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
    const all = own.length === 0 ? inherited : [...inherited, ...own];
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
        return holds ? this.#ofLookup(condition) : [];
      default:
        return [];
    }
  }

  #exclusion(node: Node, labels: Exclusion['clears']): Exclusion {
    return { key: keyOf(accessOf(this.#program, node)), clears: labels };
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
        return holds ? [this.#exclusion(left, 'all')] : [];
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
        if (constants?.every((each) => each === 'number' || each === 'boolean'))
          return [this.#exclusion(operand, 'all')];
        if (constants?.includes('string')) return [this.#exclusion(operand, ['object', 'keys'])];
        return [];
      }
      if (!constants) continue;
      if (constants.includes(true)) return this.#implied(subject, true, depth + 1);
      if (constants.includes(0)) return this.#startsAt(subject);
      if (constants.includes(false)) return this.#implied(subject, false, depth + 1);
      return [this.#exclusion(subject, 'all'), ...this.#ofHost(subject)];
    }
    // compared with something of the program's own: `url.host === config.host`, `url.origin === base.origin`
    return [...this.#ofHost(left), ...this.#ofHost(right)];
  }

  #ofUnequal(left: Node, right: Node, depth: number): readonly Exclusion[] {
    for (const [subject, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const constants = this.#program.constants(other);
      if (!constants) continue;
      if (constants.includes(-1)) return this.#listed(subject);
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
    if (isFound) return this.#listed(left);
    const isAbsent =
      (operator === '<' && bound === 0 && holds) ||
      (operator === '>' && bound === -1 && !holds) ||
      (operator === '>=' && bound === 0 && !holds);
    return isAbsent ? this.#implied(left, false, depth + 1) : [];
  }

  /** `list.indexOf(x)` found something. */
  #listed(node: Node): readonly Exclusion[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const callee = this.#program.valueOf(this.#program.child(node, call.callee));
    const argument = this.#program.argument(node, 0);
    if (callee.kind !== 'member' || !/^(last)?indexOf$/i.test(callee.property ?? '') || argument === undefined)
      return [];
    return [this.#exclusion(argument, 'all'), ...this.#ofHost(argument)];
  }

  /** `path.indexOf(root) === 0`. */
  #startsAt(node: Node): readonly Exclusion[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const callee = this.#program.valueOf(this.#program.child(node, call.callee));
    if (callee.kind !== 'member' || callee.property !== 'indexOf') return [];
    return this.#starts(node, this.#program.child(this.#program.child(node, call.callee), callee.object));
  }

  #ofCall(node: Node, holds: boolean, depth: number): readonly Exclusion[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const calleeNode = this.#program.child(node, call.callee);
    const callee = this.#program.valueOf(calleeNode);
    const first = this.#program.argument(node, 0);
    const own = this.#program.callees(node);
    if (own.length > 0) return own.length === 1 ? this.#ofPredicate(node, holds, depth) : [];
    if (callee.kind === 'member' && callee.property !== undefined) {
      const object = this.#program.child(calleeNode, callee.object);
      const found = this.#ofMethod(node, object, callee.property, holds);
      if (found.length > 0) return found;
    }
    const [api = ''] = this.#program.apis(calleeNode);
    const name = callee.kind === 'member' ? (callee.property ?? '') : (api.split('.').at(-1) ?? '');
    if (first === undefined) return [];
    if (api === 'isNaN' || api === 'Number.isNaN') return holds ? [] : this.#numeric(first);
    if (!holds) return [];
    if (name === 'isFinite') return this.#numeric(first);
    if (NUMERIC_CHECKS.test(name)) return [this.#exclusion(first, 'all')];
    if (WORD_CHECKS.test(name)) return [this.#exclusion(first, clearedByMatch('^[\\w-]+$', ''))];
    if (/isPathInside|pathIsInside|path-is-inside|is-path-inside/i.test(`${api} ${name}`)) {
      return [this.#exclusion(first, CONTAINED)];
    }
    if (name === 'isValid' && /ObjectId|objectid/.test(api)) return [this.#exclusion(first, ['object', 'keys'])];
    if (name === 'isArray') return [];
    if (/^(validate|isUUID|isValidUUID)$/.test(name) && isFrom(api, 'uuid')) return [this.#exclusion(first, 'all')];
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
            : [this.#exclusion(object, CONTAINED)];
        return holds ? [this.#exclusion(first, 'all'), ...this.#ofHost(first)] : [];
      case 'indexOf':
        return !holds && constants?.includes('..') ? [this.#exclusion(object, CONTAINED)] : [];
      case 'hasOwn': {
        const second = this.#program.argument(node, 1);
        return holds && second !== undefined ? [this.#exclusion(second, 'all')] : [];
      }
      case 'call': {
        // Object.prototype.hasOwnProperty.call(table, x)
        const second = this.#program.argument(node, 1);
        const callee = this.#program.valueOf(object);
        return holds && second !== undefined && callee.kind === 'member' && callee.property === 'hasOwnProperty'
          ? [this.#exclusion(second, 'all')]
          : [];
      }
      case 'test':
        return holds ? this.#matched(object, first) : [];
      case 'match':
        return holds ? this.#matched(first, object) : [];
      case 'exec':
        return holds ? this.#matched(object, first) : [];
      case 'startsWith':
        return holds ? this.#starts(node, object) : this.#relative(object, constants);
      default:
        return [];
    }
  }

  #matched(pattern: Node, subject: Node): readonly Exclusion[] {
    const patterns = this.#program.origins(pattern).map((origin) => this.#program.valueOf(origin));
    const cleared = patterns.map((value) => (value.kind === 'regex' ? clearedByMatch(value.pattern, value.flags) : []));
    const [first, ...others] = cleared;
    const labels = (first ?? []).filter((label) => others.every((each) => each.includes(label)));
    return labels.length > 0 ? [this.#exclusion(subject, [...labels, 'object', 'keys'])] : [];
  }

  /** `resolved.startsWith(root)`: a path that was put together stays below a folder; a URL keeps its host. */
  #starts(node: Node, subject: Node): readonly Exclusion[] {
    const first = this.#program.argument(node, 0);
    const constants = first === undefined ? undefined : this.#program.constants(first);
    const start = constants?.length === 1 ? String(constants[0]) : undefined;
    if (start !== undefined && /^[a-z]+:\/\/[^/]+\//i.test(start)) return [this.#exclusion(subject, HOST)];
    if (start === '/' || (start !== undefined && /^https?:\/\/?$/.test(start))) return [];
    return [this.#exclusion(subject, CONTAINED)];
  }

  /** `!path.relative(root, x).startsWith('..')`, and `!x.startsWith('//')` of a redirect. */
  #relative(subject: Node, constants: readonly unknown[] | undefined): readonly Exclusion[] {
    if (constants?.includes('//')) return [this.#exclusion(subject, ['redirect'])];
    if (!constants?.includes('..')) return [];
    return this.#program.origins(subject).flatMap((origin) => {
      const call = this.#program.valueOf(origin);
      const inner = call.kind === 'call' ? this.#program.argument(origin, 1) : undefined;
      const api = call.kind === 'call' ? this.#program.apis(this.#program.child(origin, call.callee))[0] : undefined;
      if (api === 'path.relative' && inner !== undefined) return [this.#exclusion(inner, CONTAINED)];
      return api === 'path.normalize' || api === 'path.relative' ? [this.#exclusion(subject, CONTAINED)] : [];
    });
  }

  #numeric(node: Node): readonly Exclusion[] {
    const value = this.#program.valueOf(node);
    if (value.kind === 'operation' && value.operator === '+') {
      const operand = value.operands[0];
      return operand ? [this.#exclusion(this.#program.child(node, operand.value), 'all')] : [];
    }
    if (value.kind === 'call' && this.#program.apis(this.#program.child(node, value.callee)).includes('Number')) {
      const argument = this.#program.argument(node, 0);
      return argument === undefined ? [] : [this.#exclusion(argument, 'all')];
    }
    return [this.#exclusion(node, 'all')];
  }

  /** A truthy look-up in a table of the program's own: `COLUMNS[x]`. */
  #ofLookup(node: Node): readonly Exclusion[] {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'member' || value.key === undefined) return [];
    const isTable = this.#program
      .origins(this.#program.child(node, value.object))
      .every((origin) => this.#program.valueOf(origin).kind === 'object');
    return isTable ? [this.#exclusion(this.#program.child(node, value.key), 'all')] : [];
  }

  /** A check of `new URL(x).hostname` is one of `x`, too. */
  #ofHost(node: Node): readonly Exclusion[] {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'member' || !/^(host|hostname|origin)$/.test(value.property ?? '')) return [];
    const object = this.#program.child(node, value.object);
    const exclusions = [this.#exclusion(object, HOST)];
    for (const origin of this.#program.origins(object)) {
      const call = this.#program.valueOf(origin);
      if (call.kind !== 'call') continue;
      const [api] = this.#program.apis(this.#program.child(origin, call.callee));
      const argument = this.#program.argument(origin, 0);
      if (argument !== undefined && /^(URL|url\.URL|url\.parse)$/.test(api ?? '')) {
        exclusions.push(this.#exclusion(argument, HOST), this.#exclusion(origin, HOST));
      }
    }
    return exclusions;
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
    const common = inAll(perReturn);
    return common.flatMap((exclusion) =>
      fn.fact.params.flatMap(({ value }, index) => {
        const argument = this.#program.argument(node, index);
        const root = `${fn.module.first + value}.`;
        if (argument === undefined || !exclusion.key.startsWith(root)) return [];
        const path = exclusion.key.slice(root.length);
        const access = accessOf(this.#program, argument, path === '' ? [] : path.split('.'));
        return [{ key: keyOf(access), clears: exclusion.clears }];
      }),
    );
  }
}

const clears = (exclusion: Exclusion, label: Label): boolean =>
  exclusion.clears === 'all' ? label !== 'size' : exclusion.clears.includes(label);

/** What every one of several ways says. */
function inAll(sides: readonly (readonly Exclusion[])[]): readonly Exclusion[] {
  const [first, ...others] = sides;
  if (!first) return [];
  return first.flatMap((exclusion) => {
    let labels = exclusion.clears;
    for (const other of others) {
      const same = other.find(({ key }) => key === exclusion.key);
      if (!same) return [];
      if (labels === 'all') labels = same.clears;
      else if (same.clears !== 'all') {
        const kept = same.clears;
        labels = labels.filter((label) => kept.includes(label));
      }
    }
    return [{ key: exclusion.key, clears: labels }];
  });
}
