import { absent, defineView, present } from '../view.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { Code, Option } from './code.ts';
import { isEnvironmentGuarded, isOnceOnly } from './conditions.ts';
import { argumentOf, propertyOf } from './options.ts';
import { Places } from './places.ts';
import { Uses } from './uses.ts';

export const code = defineView({
  name: 'code',
  reads: [],
  needs: ['program'],
  build: (_, { program }) =>
    program.state === 'present' ? present(codeOf(program.answer)) : absent('There is no code to look at.'),
});

export function codeOf(program: Program): Code {
  const places = new Places(program);
  const uses = new Uses(program);
  const runs = new Map<Node, readonly FunctionRef[]>();
  const apiOf = (call: Node): readonly string[] => {
    const value = program.valueOf(call);
    return value.kind === 'call' ? program.apis(program.child(call, value.callee)) : [];
  };
  const option = (call: Node, index: number, name: string): Option => {
    const argument = argumentOf(program, call, index);
    return argument.state === 'given' ? propertyOf(program, argument.value, name) : argument;
  };
  const functionsIn = (node: Node): readonly FunctionRef[] => functionsOf(program, node, 0);
  return {
    ownerOf: (node) => places.ownerOf(node),
    callsIn: (where) => places.callsIn(where),
    runs: (fn) => {
      const known = runs.get(fn.node);
      if (known) return known;
      const found = reachedFrom(program, places, fn, functionsIn);
      runs.set(fn.node, found);
      return found;
    },
    apiOf,
    callsOn: (value, ...methods) => uses.callsOn(value, methods),
    receiversOf: (call) => uses.receiversOf(call),
    handedOut: (value) => uses.handedOut(value),
    listenersOn: (value, event) =>
      uses
        .callsOn(value, LISTENING)
        .filter(({ call }) => mayBe(program, argumentOf(program, call, 0), event))
        .map(({ call }) => call),
    argument: (call, index) => argumentOf(program, call, index),
    property: (object, name) => propertyOf(program, object, name),
    option,
    blocksAround: (node) => places.blocksAround(node),
    isCaught: (node) => isCaught(program, places, node),
    isOnceOnly: (node) => isOnceOnly(program, places, node),
    isEnvironmentGuarded: (node) => isEnvironmentGuarded(program, places, node),
    functionsIn,
  };
}

const LISTENING: readonly string[] = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'];

function mayBe(program: Program, argument: Option, text: string): boolean {
  if (argument.state !== 'given') return argument.state === 'unknown';
  const constants = program.constants(argument.value);
  return constants ? constants.includes(text) : true;
}

/** In the body of a `try` that has a `catch`. */
function isCaught(program: Program, places: Places, node: Node): boolean {
  const { facts } = program.moduleOf(node);
  return places
    .blocksAround(node)
    .some(
      (block) =>
        block.kind === 'try' &&
        facts.blocks.some(
          (other) =>
            other.kind === 'catch' &&
            other.function === block.function &&
            other.parent === block.parent &&
            other.at[0] >= block.at[1] &&
            !facts.blocks.some(
              (between) =>
                between.kind === 'try' &&
                between.parent === block.parent &&
                between.function === block.function &&
                between.at[0] >= block.at[1] &&
                between.at[1] <= other.at[0],
            ),
        ),
    );
}

const MAX_WRAPS = 4;

function functionsOf(program: Program, node: Node, depth: number): readonly FunctionRef[] {
  return program.origins(node).flatMap((origin) => {
    const fn = program.functionAt(origin);
    if (fn) return [fn];
    if (depth > MAX_WRAPS) return [];
    const value = program.valueOf(origin);
    if (value.kind === 'array')
      return value.items.flatMap((item) => functionsOf(program, program.child(origin, item.value), depth + 1));
    if (value.kind === 'call')
      return value.args.flatMap((argument) => functionsOf(program, program.child(origin, argument.value), depth + 1));
    return [];
  });
}

function reachedFrom(
  program: Program,
  places: Places,
  fn: FunctionRef,
  functionsIn: (node: Node) => readonly FunctionRef[],
): readonly FunctionRef[] {
  const seen = new Map<Node, FunctionRef>([[fn.node, fn]]);
  for (const each of seen.values()) {
    for (const call of places.callsIn(each)) {
      const value = program.valueOf(call);
      const handed =
        value.kind === 'call' ? value.args.flatMap((argument) => functionsIn(program.child(call, argument.value))) : [];
      for (const next of [...program.callees(call), ...handed]) if (!seen.has(next.node)) seen.set(next.node, next);
    }
  }
  return [...seen.values()];
}
