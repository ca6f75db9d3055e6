import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'merge', label: 'property-name' } as const;
const MAX_DEPTH = 6;
const MAX_KEYS = 6;

/**
 * `object[first][second] = value`, at once or step by step: who chooses the first name writes into `Object.prototype`.
 * The value that is followed is the first name. A function that names `__proto__` itself knows what it does.
 */
export function pollutedSites(program: Program): readonly Site[] {
  return [...program.modules.values()].flatMap((module) => {
    const guarded = guardedIn(module);
    return module.facts.writes.flatMap((write): readonly Site[] => {
      if (write.key === undefined || write.operator === 'delete') return [];
      const name = program.nodeIn(module, write.key);
      if (program.constants(name) || isNumber(program, name) || isNew(program, program.nodeIn(module, write.value)))
        return [];
      const owner = module.facts.blocks[write.block]?.function ?? 0;
      if (guarded.has(owner)) return [];
      const keys = firstKeys(program, program.nodeIn(module, write.object), new Set(), 0);
      return keys.slice(0, MAX_KEYS).map((key) => ({
        row: ROW,
        module,
        block: write.block,
        into: `an assignment to ${program.describe(program.nodeIn(module, write.object))}[…]`,
        value: key,
        path: [],
        at: program.locationIn(module, write.at),
        guessed: false,
      }));
    });
  });
}

/** The computed names by which an object may have been reached. */
function firstKeys(program: Program, node: Node, seen: Set<Node>, depth: number): readonly Node[] {
  if (depth > MAX_DEPTH || seen.has(node)) return [];
  seen.add(node);
  const value = program.valueOf(node);
  const below = (id: number): readonly Node[] => firstKeys(program, program.child(node, id), seen, depth + 1);
  switch (value.kind) {
    case 'member': {
      if (value.key === undefined) return [];
      const key = program.child(node, value.key);
      if (program.constants(key) || isNumber(program, key)) return [];
      return isWithoutPrototype(program, program.child(node, value.object)) ? [] : [key];
    }
    case 'either':
    case 'variable':
      return value.options.flatMap(below);
    case 'await':
    case 'typed':
      return below(value.value);
    case 'param': {
      const fn = program.functionIn(program.moduleOf(node), value.function);
      return fn ? ofParam(program, fn, value.index, seen, depth) : [];
    }
    case 'call':
      return ofReduce(program, node, seen, depth);
    default:
      return [];
  }
}

/** What a function that calls itself hands on to itself. */
function ofParam(program: Program, fn: FunctionRef, index: number, seen: Set<Node>, depth: number): readonly Node[] {
  return program.callSites(fn.node).flatMap(({ call, shift }) => {
    const around = enclosingOf(program, call);
    const argument = program.argument(call, index + shift);
    if (argument === undefined || !around.includes(fn.node)) return [];
    return firstKeys(program, argument, seen, depth + 1);
  });
}

/** `names.reduce((object, name) => (object[name] ??= {}), root)`. */
function ofReduce(program: Program, node: Node, seen: Set<Node>, depth: number): readonly Node[] {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return [];
  const callee = program.valueOf(program.child(node, call.callee));
  if (callee.kind !== 'member' || callee.property !== 'reduce') return [];
  const callback = program.argument(node, 0);
  return (callback === undefined ? [] : program.origins(callback)).flatMap((origin) => {
    const fn = program.functionAt(origin);
    return (fn?.fact.returns ?? []).flatMap(({ value }) =>
      fn ? firstKeys(program, program.nodeIn(fn.module, value), seen, depth + 1) : [],
    );
  });
}

/** The functions around a value, innermost first. */
function enclosingOf(program: Program, node: Node): readonly Node[] {
  const found: Node[] = [];
  let fn = program.enclosing(node);
  while (fn && found.length < 8) {
    found.push(fn.node);
    const { parent } = fn.fact;
    fn = parent === undefined ? undefined : program.functionIn(fn.module, parent);
  }
  return found;
}

/** `target[name] = {}` makes the way for what is written next. */
const isNew = (program: Program, node: Node, seen = new Set<Node>()): boolean => {
  // what a loop assigns may be one of its own options
  if (seen.has(node)) return false;
  seen.add(node);
  const value = program.valueOf(node);
  if (value.kind === 'either') return value.options.some((option) => isNew(program, program.child(node, option), seen));
  return (
    (value.kind === 'object' && value.properties.length === 0) || (value.kind === 'array' && value.items.length === 0)
  );
};

const isWithoutPrototype = (program: Program, node: Node): boolean =>
  program.origins(node).some((origin) => {
    const call = program.valueOf(origin);
    return call.kind === 'call' && program.apis(program.child(origin, call.callee)).includes('Object.create');
  });

/** A counter or what arithmetic yields is the index of an array. */
function isNumber(program: Program, node: Node): boolean {
  return program.origins(node).every((origin) => {
    const value = program.valueOf(origin);
    if (value.kind === 'operation') return value.operator !== '??';
    if (value.kind === 'call')
      return program.apis(program.child(origin, value.callee)).some((api) => /^(Number|parseInt|Math\b)/.test(api));
    return value.kind === 'literal' && typeof value.value === 'number';
  });
}

/** Functions in which `__proto__`, or an own property, is asked for. */
function guardedIn(module: Module): ReadonlySet<number> {
  const { functions, values } = module.facts;
  const places = values.flatMap((value) => {
    const isName = value.kind === 'literal' && value.value === '__proto__';
    const isAsked = value.kind === 'regex' && value.pattern.includes('__proto__');
    return isName || isAsked ? [value.at[0]] : [];
  });
  const guarded = new Set<number>();
  if (places.length === 0) return guarded;
  functions.forEach(({ at }, id) => {
    if (id > 0 && places.some((place) => place >= at[0] && place < at[1])) guarded.add(id);
  });
  // a list of such names beside the functions, which some of them ask
  if (guarded.size === 0) functions.forEach((_, id) => guarded.add(id));
  return guarded;
}
