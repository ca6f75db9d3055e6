import type { Node, Program } from '../program/program.ts';
import { MUTATING } from './propagators.ts';
import type { Next } from './search.ts';

/** By the origin of the object: arguments of `push`, `add`, `set`. */
export function mutationsOf(program: Program): ReadonlyMap<Node, readonly Next[]> {
  const put = new Map<Node, Next[]>();
  for (const node of program.calls) {
    const call = program.valueOf(node);
    if (call.kind !== 'call' || call.args.length === 0) continue;
    const calleeNode = program.child(node, call.callee);
    const callee = program.valueOf(calleeNode);
    if (callee.kind !== 'member' || callee.property === undefined || !MUTATING.has(callee.property)) continue;
    if (program.callees(node).length > 0) continue;
    const place = { module: program.moduleOf(node), block: call.block, tests: [] };
    // the key of what is set is not what is got
    const given = callee.property === 'set' && call.args.length > 1 ? call.args.slice(1) : call.args;
    const nexts = given.map(({ value }): Next => ({
      node: program.child(node, value),
      place,
      note: 'is added to a list',
    }));
    for (const origin of program.origins(program.child(calleeNode, callee.object))) {
      const known = put.get(origin);
      if (known) known.push(...nexts);
      else put.set(origin, [...nexts]);
    }
  }
  return put;
}

/** Calls whose callee is a parameter: `resolve(x)`, `done(null, x)`. */
export function callsOfParams(program: Program): ReadonlyMap<Node, readonly Node[]> {
  const calls = new Map<Node, Node[]>();
  for (const node of program.calls) {
    const call = program.valueOf(node);
    if (call.kind !== 'call') continue;
    for (const origin of program.origins(program.child(node, call.callee))) {
      if (program.valueOf(origin).kind !== 'param') continue;
      const known = calls.get(origin);
      if (known) known.push(node);
      else calls.set(origin, [node]);
    }
  }
  return calls;
}
