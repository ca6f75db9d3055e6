import type { Graph } from './graph.ts';
import type { Linkage } from './linkage.ts';
import type { Module, Node } from './program.ts';

const MAX_CHOICES = 64;
const MAX_SPREADS = 4;
const NONE: readonly Node[] = [];
const ITERATES = /^(forEach|map|each)$/;

/** What follows values. */
interface Follower {
  readonly of: (node: Node) => readonly Node[];
  readonly property: (origin: Node, name: string) => readonly Node[];
  readonly moduleAt: (node: Node, specifier: string) => Module | undefined;
}

/** What `table[name]`, `table.get(name)` and a method of either may be, where the table is one of the program's own. */
export function chosen(graph: Graph, follower: Follower, linkage: Linkage, node: Node): readonly Node[] {
  const value = graph.valueOf(node);
  if (value.kind !== 'member' || value.property === undefined) return itemsOf(graph, follower, linkage, node);
  const name = value.property;
  const found = follower
    .of(graph.child(node, value.object))
    .flatMap((origin) => itemsOf(graph, follower, linkage, origin))
    .flatMap((item) => follower.property(item, name));
  return found.length > MAX_CHOICES ? NONE : found;
}

function itemsOf(graph: Graph, follower: Follower, linkage: Linkage, node: Node): readonly Node[] {
  const value = graph.valueOf(node);
  if (value.kind === 'member' && value.key !== undefined && value.property === undefined) {
    const tables = follower.of(graph.child(node, value.object));
    const names = namesOf(graph, follower, graph.child(node, value.key));
    const found = tables.flatMap((table) =>
      names ? names.flatMap((name) => follower.property(table, name)) : held(graph, follower, linkage, table, 0),
    );
    return found.length > MAX_CHOICES ? NONE : found;
  }
  if (value.kind !== 'call' || value.new) return NONE;
  const callee = graph.child(node, value.callee);
  const member = graph.valueOf(callee);
  if (member.kind !== 'member' || member.property !== 'get') return NONE;
  const found = follower
    .of(graph.child(callee, member.object))
    .flatMap((table) => [
      ...entriesOf(graph, follower, table),
      ...(linkage.puts.get(table) ?? []).flatMap((each) => follower.of(each)),
    ]);
  return found.length > MAX_CHOICES ? NONE : found;
}

/** The functions a callback is given one by one: `[a, b].forEach((add) => add(app))`. */
export function iterated(graph: Graph, follower: Follower, linkage: Linkage, fn: Node): readonly Node[] {
  return (linkage.handedTo.get(fn) ?? []).flatMap(({ call, index }) => {
    const callee = graph.child(call, graph.callAt(call)?.callee ?? 0);
    const member = graph.valueOf(callee);
    if (index !== 0 || member.kind !== 'member' || !ITERATES.test(member.property ?? '')) return NONE;
    return follower.of(graph.child(callee, member.object)).flatMap((list) => {
      const array = graph.valueOf(list);
      if (array.kind !== 'array') return NONE;
      return array.items
        .flatMap((item) => follower.of(graph.child(list, item.value)))
        .filter((origin) => graph.valueOf(origin).kind === 'function');
    });
  });
}

/** The names a key may be, where it is one of a few. */
function namesOf(graph: Graph, follower: Follower, key: Node): readonly string[] | undefined {
  const names = follower.of(key).map((origin) => {
    const value = graph.valueOf(origin);
    return value.kind === 'literal' ? String(value.value) : undefined;
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** Everything an object of the program, or a module, holds. */
function held(graph: Graph, follower: Follower, linkage: Linkage, table: Node, depth: number): readonly Node[] {
  const value = graph.valueOf(table);
  const written = (linkage.writes.get(table) ?? []).flatMap(({ module, write }) =>
    follower.of(module.first + write.value),
  );
  if (value.kind === 'object') {
    const own = value.properties.flatMap(({ kind, value: inner }) => {
      const origins = follower.of(graph.child(table, inner));
      if (kind !== 'spread') return origins;
      return depth > MAX_SPREADS ? NONE : origins.flatMap((each) => held(graph, follower, linkage, each, depth + 1));
    });
    return [...own, ...written];
  }
  const target = value.kind === 'import' ? follower.moduleAt(table, value.module) : undefined;
  return [
    ...(target?.facts.exports ?? []).flatMap((each) => follower.of((target?.first ?? 0) + each.value)),
    ...written,
  ];
}

/** The values of `new Map([[name, value], …])`. */
function entriesOf(graph: Graph, follower: Follower, table: Node): readonly Node[] {
  const call = graph.callAt(table);
  const callee = call?.new ? graph.valueOf(graph.child(table, call.callee)) : undefined;
  const list = graph.argument(table, 0);
  if (callee?.kind !== 'global' || callee.name !== 'Map' || list === undefined) return NONE;
  return follower.of(list).flatMap((origin) => {
    const entries = graph.valueOf(origin);
    if (entries.kind !== 'array') return NONE;
    return entries.items.flatMap((item) =>
      follower.of(graph.child(origin, item.value)).flatMap((pair) => follower.property(pair, '1')),
    );
  });
}
