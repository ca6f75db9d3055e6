import type { Graph } from './graph.ts';
import type { Caller, Linkage, PlacedWrite } from './linkage.ts';
import type { Origins } from './origins.ts';
import type { Node } from './program.ts';
import { isShared, sharedBy } from './shared.ts';

/** One round over all calls and writes of the program. */
export function linkageOf(graph: Graph, origins: Origins): Linkage {
  const callers = new Map<Node, Caller[]>();
  const handedTo = new Map<Node, { call: Node; index: number }[]>();
  const puts = new Map<Node, Node[]>();
  const shared = new Map<string, Node[]>();
  const of = (node: Node): readonly Node[] => origins.of(node);
  const prototypeParents = new Map<Node, Node[]>();
  for (const call of graph.calls) {
    for (const fn of origins.calleesOf(call)) push(callers, fn.node, { call, shift: 0 });
    for (const fn of borrowed(graph, origins, call)) push(callers, fn, { call, shift: 1 });
    const { args = [] } = graph.callAt(call) ?? {};
    const given = args.length >= 2 ? sharedBy(graph, of, call) : undefined;
    if (given) push(shared, given.name, given.value);
    const put = args.length === 2 ? putBy(graph, call) : undefined;
    if (put) for (const origin of origins.of(put.table)) if (graph.callAt(origin)?.new) push(puts, origin, put.value);
    for (const [fn, parent] of args.length === 2 ? inherited(graph, origins, call) : [])
      push(prototypeParents, fn, parent);
    args.forEach(({ value }, index) => {
      if (NO_FUNCTIONS.has(graph.valueOf(graph.child(call, value)).kind)) return;
      for (const origin of origins.of(graph.child(call, value))) {
        if (graph.valueOf(origin).kind === 'function') push(handedTo, origin, { call, index });
      }
    });
  }
  const writes = new Map<Node, PlacedWrite[]>();
  const prototypeWrites = new Map<Node, PlacedWrite[]>();
  const constructorOf = new Map<Node, Node>();
  for (const module of graph.modules.values()) {
    for (const write of module.facts.writes) {
      const object = module.first + write.object;
      for (const origin of origins.of(object)) push(writes, origin, { module, write });
      if (write.property !== undefined && isShared(graph, of, object))
        push(shared, write.property, module.first + write.value);
      const value = graph.valueOf(object);
      if (value.kind !== 'member' || value.property !== 'prototype') continue;
      for (const fn of origins.of(graph.child(object, value.object))) {
        push(prototypeWrites, fn, { module, write });
        for (const method of origins.of(module.first + write.value))
          if (graph.valueOf(method).kind === 'function') constructorOf.set(method, fn);
      }
    }
  }
  return { callers, handedTo, writes, prototypeWrites, constructorOf, prototypeParents, puts, shared };
}

/** `table.set(name, value)`. */
function putBy(graph: Graph, call: Node): { readonly table: Node; readonly value: Node } | undefined {
  const callee = graph.child(call, graph.callAt(call)?.callee ?? 0);
  const member = graph.valueOf(callee);
  const value = graph.argument(call, 1);
  if (member.kind !== 'member' || member.property !== 'set' || value === undefined) return undefined;
  return { table: graph.child(callee, member.object), value };
}

/** `util.inherits(F, Parent)`: the functions of the program, in pairs. */
function inherited(graph: Graph, origins: Origins, call: Node): readonly (readonly [Node, Node])[] {
  const callee = graph.valueOf(graph.child(call, graph.callAt(call)?.callee ?? 0));
  const name = callee.kind === 'member' ? callee.property : callee.kind === 'import' ? callee.module : undefined;
  const [first, second] = [graph.argument(call, 0), graph.argument(call, 1)];
  if (name !== 'inherits' || first === undefined || second === undefined) return [];
  return origins.of(first).flatMap((fn) => origins.of(second).map((parent) => [fn, parent] as const));
}

/** Kinds of values that are never a function. */
const NO_FUNCTIONS: ReadonlySet<string> = new Set([
  'literal',
  'join',
  'object',
  'array',
  'operation',
  'regex',
  'undefined',
]);

/** The functions of `fn.call(self, …)`. */
function borrowed(graph: Graph, origins: Origins, call: Node): readonly Node[] {
  const callee = graph.valueOf(graph.child(call, graph.callAt(call)?.callee ?? 0));
  if (callee.kind !== 'member' || callee.property !== 'call') return [];
  return origins.of(graph.child(call, callee.object)).filter((origin) => graph.valueOf(origin).kind === 'function');
}

function push<Key, T>(groups: Map<Key, T[]>, key: Key, item: T): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}
