import type { Node, Program } from '../program/program.ts';
import type { Option } from './code.ts';

const ABSENT: Option = { state: 'absent' };
const UNKNOWN: Option = { state: 'unknown' };
const MAX_DEPTH = 8;

/** Argument `index` of a call; unknown behind a spread. */
export function argumentOf(program: Program, call: Node, index: number): Option {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return UNKNOWN;
  if (value.args.slice(0, index + 1).some(({ spread }) => spread)) return UNKNOWN;
  const use = value.args[index];
  if (!use) return ABSENT;
  return {
    state: 'given',
    value: program.child(call, use.value),
    at: program.locationIn(program.moduleOf(call), use.at),
  };
}

/** A property of what a value may be: given if any of its origins has it, absent only if none can. */
export function propertyOf(program: Program, object: Node, name: string, depth = 0): Option {
  if (depth > MAX_DEPTH) return UNKNOWN;
  const states = program.origins(object).map((origin) => ofOrigin(program, origin, name, depth));
  return (
    states.find(({ state }) => state === 'given') ??
    states.find(({ state }) => state === 'unknown') ??
    (states.length > 0 ? ABSENT : UNKNOWN)
  );
}

function ofOrigin(program: Program, origin: Node, name: string, depth: number): Option {
  const value = program.valueOf(origin);
  if (value.kind === 'undefined' || value.kind === 'literal') return ABSENT;
  const written = writtenTo(program, origin, name);
  if (written.state !== 'absent') return written;
  if (value.kind === 'call') return assigned(program, origin, name, depth);
  if (value.kind !== 'object') return UNKNOWN;
  let unknown = false;
  for (const property of value.properties.toReversed()) {
    const node = program.child(origin, property.value);
    if (property.kind === 'spread') {
      const inner = ofSpread(program, node, name, depth);
      if (inner.state === 'given') return inner;
      if (inner.state === 'unknown') unknown = true;
    } else if (property.name === name) {
      return { state: 'given', value: node, at: program.locationIn(program.moduleOf(origin), property.at), property };
    } else if (property.name === undefined) {
      unknown = true;
    }
  }
  return unknown ? UNKNOWN : ABSENT;
}

/** `...(condition && { … })`: the condition itself adds nothing. */
function ofSpread(program: Program, node: Node, name: string, depth: number): Option {
  return propertyOf(program, node, name, depth + 1);
}

/** `Object.assign({}, a, b)`. */
function assigned(program: Program, call: Node, name: string, depth: number): Option {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return UNKNOWN;
  const isAssign = program.apis(program.child(call, value.callee)).some((api) => ASSIGNING.has(api));
  if (!isAssign || value.args.some(({ spread }) => spread)) return UNKNOWN;
  const states = value.args.map((argument) =>
    propertyOf(program, program.child(call, argument.value), name, depth + 1),
  );
  return states.findLast(({ state }) => state === 'given') ?? states.find(({ state }) => state === 'unknown') ?? ABSENT;
}

const ASSIGNING: ReadonlySet<string> = new Set(['Object.assign', 'lodash.merge', 'lodash.assign', 'lodash.defaults']);

function writtenTo(program: Program, origin: Node, name: string): Option {
  for (const { module, write } of program.writesTo(origin)) {
    if (write.property === name && write.operator !== 'delete')
      return {
        state: 'given',
        value: program.nodeIn(module, write.value),
        at: program.locationIn(module, write.at),
      };
    if (write.property === undefined) return UNKNOWN;
  }
  return ABSENT;
}
