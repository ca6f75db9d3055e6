import type { Block, BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';

/** What a condition says of a request; absent parts may be anything. */
export interface RequestTest {
  readonly method?: string;
  /** A path as routes are written: `/users/:id`, `/files/*`. */
  readonly path?: string;
}

const VERB = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
const MAX_ALTERNATIVES = 24;
const MAX_DEPTH = 10;
/** Nothing is asked. */
const ANYTHING: readonly RequestTest[] = [{}];

/** The requests that get to a block of a handler, by the conditions around it. */
export function testsOf({ module, fact }: FunctionRef, block: BlockId, program: Program): readonly RequestTest[] {
  const { blocks } = module.facts;
  let all = ANYTHING;
  for (let id: BlockId | undefined = block; id !== undefined; id = blocks[id]?.parent) {
    const found: Block | undefined = blocks[id];
    if (!found || blocks[fact.block]?.function !== found.function) break;
    all = both(ownTests(module, id, program), all);
  }
  return all;
}

/** What the condition of a block itself asks; `[{}]` where it asks nothing of the request. */
export function ownTests(module: Module, id: BlockId, program: Program): readonly RequestTest[] {
  const block = module.facts.blocks[id];
  if (block?.condition === undefined) return ANYTHING;
  const own = asked(module.first + block.condition, block.holds !== false, program, 0);
  // `case 'PUT': case 'PATCH':` come to the same
  const before = block.kind === 'case' && !isAnything(own) ? emptyCaseBefore(module, id) : undefined;
  return before === undefined ? own : [...ownTests(module, before, program), ...own];
}

function emptyCaseBefore({ facts: { blocks, values } }: Module, id: BlockId): BlockId | undefined {
  const parent = blocks[id]?.parent;
  for (let before = id - 1; before >= 0; before -= 1) {
    const block = blocks[before];
    if (block?.kind !== 'case' || block.parent !== parent) continue;
    const isEmpty = block.leaves === undefined && !values.some((value) => 'block' in value && value.block === before);
    return isEmpty ? before : undefined;
  }
  return undefined;
}

/** The right side of `a && b` runs where `a` holds, and answers nothing by itself. */
export function isOperand({ facts: { blocks, values } }: Module, id: BlockId): boolean {
  const [start, end] = blocks[id]?.at ?? [];
  return values.some(
    (value) =>
      value.kind === 'either' &&
      (value.reason === 'and' || value.reason === 'or') &&
      value.options.some((option) => values[option]?.at[0] === start && values[option]?.at[1] === end),
  );
}

export const isAnything = (tests: readonly RequestTest[]): boolean =>
  tests.some(({ method, path }) => method === undefined && path === undefined);

/** Both hold at once: what contradicts itself is left out. */
export function both(left: readonly RequestTest[], right: readonly RequestTest[]): readonly RequestTest[] {
  const found = new Map<string, RequestTest>();
  for (const a of left) {
    for (const b of right) {
      if (a.method !== undefined && b.method !== undefined && a.method !== b.method) continue;
      const whole = { ...a, ...b };
      found.set(`${whole.method ?? ''} ${whole.path ?? ''}`, whole);
    }
  }
  return found.size > MAX_ALTERNATIVES ? ANYTHING : [...found.values()];
}

/** One of them holds. */
const oneOf = (parts: readonly (readonly RequestTest[])[]): readonly RequestTest[] =>
  parts.some(isAnything) ? ANYTHING : both(ANYTHING, parts.flat());

function asked(node: Node, holds: boolean, program: Program, depth: number): readonly RequestTest[] {
  if (depth > MAX_DEPTH) return ANYTHING;
  for (const origin of new Set([node, ...program.origins(node)])) {
    const value = program.valueOf(origin);
    const inner = (id: number, truth: boolean): readonly RequestTest[] =>
      asked(program.child(origin, id), truth, program, depth + 1);
    if (value.kind === 'operation') {
      const [operand] = value.operands;
      if (value.operator === '!' && operand) return inner(operand.value, !holds);
      const found = comparison(origin, holds, program);
      if (!isAnything(found)) return found;
    } else if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
      const parts = value.options.map((option) => inner(option, holds));
      return (value.reason === 'and') === holds ? parts.reduce(both, ANYTHING) : oneOf(parts);
    } else if (value.kind === 'call' && holds) {
      const found = matched(origin, program);
      if (found) return [{ path: found }];
    }
  }
  return ANYTHING;
}

/** `req.method === 'POST'`, `pathname === '/users'`, `key === 'GET /users'` */
function comparison(operation: Node, holds: boolean, program: Program): readonly RequestTest[] {
  const value = program.valueOf(operation);
  if (value.kind !== 'operation' || !/^[!=]==?$/.test(value.operator)) return ANYTHING;
  if (value.operator.startsWith('=') !== holds) return ANYTHING;
  const [left, right] = value.operands.map((operand) => program.child(operation, operand.value));
  if (left === undefined || right === undefined) return ANYTHING;
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const [text] = program.constants(other) ?? [];
    if (typeof text !== 'string' || program.constants(one)) continue;
    const [, verb, path] = /^([A-Z]+) (\/\S*)$/.exec(text) ?? [];
    if (verb !== undefined && path !== undefined && VERB.test(verb)) return [{ method: verb, path }];
    if (VERB.test(text)) return [{ method: text }];
    if (text.startsWith('/') && !text.includes(' ')) return [{ path: text }];
  }
  return ANYTHING;
}

/** `url.startsWith('/static/')`, `/^\/users\/(\d+)$/.exec(pathname)`, `pathname.match(…)` */
function matched(call: Node, program: Program): string | undefined {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const callee = program.child(call, value.callee);
  const member = program.valueOf(callee);
  const argument = program.argument(call, 0);
  if (member.kind !== 'member' || argument === undefined) return undefined;
  if (member.property === 'startsWith') {
    const [text] = program.constants(argument) ?? [];
    return typeof text === 'string' && text.startsWith('/') ? `${text.replace(/\/$/, '')}/*` : undefined;
  }
  const pattern =
    member.property === 'match'
      ? argument
      : member.property === 'test' || member.property === 'exec'
        ? program.child(callee, member.object)
        : undefined;
  for (const origin of pattern === undefined ? [] : [pattern, ...program.origins(pattern)]) {
    const regex = program.valueOf(origin);
    if (regex.kind === 'regex') return pathOfPattern(regex.pattern);
  }
  return undefined;
}

/** `^\/users\/(\d+)$` is `/users/:1`. */
export function pathOfPattern(pattern: string): string | undefined {
  if (!pattern.startsWith('^\\/') && !pattern.startsWith('^/')) return undefined;
  let count = 0;
  const text = pattern
    .slice(1)
    .replaceAll('\\/', '/')
    .replace(/\/?\??\$$/, '')
    .replaceAll(/\((?:\?<(\w+)>)?[^()]{1,40}\)[?*+]?/g, (_, name: string | undefined) => {
      count += 1;
      return `:${name ?? count}`;
    });
  return /^[\w/:.-]*$/.test(text) ? text : undefined;
}
