import type { Location } from '../../document/document.ts';
import { absent, defineView, present } from '../view.ts';
import type { Block } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import type { Code, Option, Thrown } from './code.ts';
import { Environments, isOnceOnly } from './conditions.ts';
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
  const environments = new Environments(program, places);
  const runs = new Map<Node, readonly FunctionRef[]>();
  const apiOf = (call: Node): readonly string[] => {
    const value = program.valueOf(call);
    return value.kind === 'call' ? program.apis(program.child(call, value.callee)) : [];
  };
  const option = (call: Node, index: number, name: string): Option => {
    const argument = argumentOf(program, call, index);
    return argument.state === 'given' ? propertyOf(program, argument.value, name) : argument;
  };
  const within = new Map<Node, readonly FunctionRef[]>();
  const functionsIn = (node: Node): readonly FunctionRef[] => {
    const known = within.get(node);
    if (known) return known;
    const found = functionsOf(program, node, 0);
    within.set(node, found);
    return found;
  };
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
    calleeAt: (call) => calleeAt(program, call),
    callsOn: (value, ...methods) => uses.callsOn(value, methods),
    receiversOf: (call) => uses.receiversOf(call),
    handedOut: (value) => uses.handedOut(value),
    listenersOn: (value, event) => [
      ...uses
        .callsOn(value, LISTENING)
        .filter(({ call }) => mayBe(program, argumentOf(program, call, 0), event))
        .map(({ call }) => call),
      ...uses.rootsOf(value).flatMap((root) =>
        program
          .writesTo(root)
          .filter(({ write }) => write.property === `on${event}`)
          .map(({ module, write }) => program.nodeIn(module, write.value)),
      ),
    ],
    argument: (call, index) => argumentOf(program, call, index),
    property: (object, name) => propertyOf(program, object, name),
    option,
    blocksAround: (node) => places.blocksAround(node),
    isCaught: (node) => isCaught(program, places, node),
    throwsIn: (fn) => throwsIn(program, fn),
    isOnceOnly: (node) => isOnceOnly(program, places, node),
    isEnvironmentGuarded: (node) => environments.isGuarded(node),
    functionsIn,
  };
}

const LISTENING: readonly string[] = [
  'on',
  'once',
  'addListener',
  'addEventListener',
  'prependListener',
  'prependOnceListener',
];

function mayBe(program: Program, argument: Option, text: string): boolean {
  if (argument.state !== 'given') return argument.state === 'unknown';
  const constants = program.constants(argument.value);
  return constants ? constants.includes(text) : true;
}

function calleeAt(program: Program, call: Node): Location {
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
  const { at } = program.valueOf(callee);
  return program.locationOf(value.at[0] <= at[0] && at[1] <= value.at[1] ? callee : call);
}

/** In the body of a `try` that has a `catch`. */
const isCaught = (program: Program, places: Places, node: Node): boolean =>
  hasCatch(program.moduleOf(node), places.blocksAround(node));

function hasCatch({ facts }: Module, blocks: readonly Block[]): boolean {
  return blocks.some((block) => {
    if (block.kind !== 'try') return false;
    const next = facts.blocks.find(
      ({ kind, function: fn, parent, at }) =>
        (kind === 'catch' || kind === 'try') &&
        fn === block.function &&
        parent === block.parent &&
        at[0] >= block.at[1],
    );
    return next?.kind === 'catch';
  });
}

function throwsIn(program: Program, { node, module }: FunctionRef): readonly Thrown[] {
  const value = program.valueOf(node);
  if (value.kind !== 'function') return [];
  const { blocks, throws } = module.facts;
  return throws.flatMap(({ value: thrown, block, at }): readonly Thrown[] => {
    if (blocks[block]?.function !== value.function) return [];
    const around: Block[] = [];
    let each: Block | undefined = blocks[block];
    while (each) {
      around.push(each);
      each = each.parent === undefined ? undefined : blocks[each.parent];
    }
    return [
      {
        at: program.locationIn(module, at),
        value: program.nodeIn(module, thrown),
        isCaught: hasCatch(module, around),
      },
    ];
  });
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
