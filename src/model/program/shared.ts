import type { Graph } from './graph.ts';
import type { Node } from './program.ts';

type OriginsOf = (node: Node) => readonly Node[];

/**
 * What an app is given to hand on to everything it calls: `decorate` of Fastify and hapi, `app.locals` and
 * `app.set(name, value)` of Express, `app.context` of Koa. What is set is asked for by `get`, so its name says so.
 */
export function sharedBy(
  graph: Graph,
  of: OriginsOf,
  call: Node,
): { readonly name: string; readonly value: Node } | undefined {
  const args = graph.callAt(call)?.args ?? [];
  const receiver = receiverOf(graph, call, args.length === 2 ? ['decorate', 'set'] : ['decorate']);
  if (!receiver || args.length < 2 || args.length > 3) return undefined;
  const name = literalAt(graph, call, args.length - 2);
  const value = graph.argument(call, args.length - 1);
  if (name === undefined || value === undefined) return undefined;
  if (receiver.method === 'decorate') return { name, value };
  return isApp(graph, of, receiver.node) ? { name: nameOfGet(name), value } : undefined;
}

/** Whether an object is `app.locals` or `app.context`. */
export function isShared(graph: Graph, of: OriginsOf, object: Node): boolean {
  const value = graph.valueOf(object);
  if (value.kind !== 'member' || (value.property !== 'locals' && value.property !== 'context')) return false;
  return isApp(graph, of, graph.child(object, value.object));
}

/** The name of what `app.get('db')` asks for. */
export function askedBy(graph: Graph, of: OriginsOf, call: Node): string | undefined {
  const receiver = graph.callAt(call)?.args.length === 1 ? receiverOf(graph, call, ['get']) : undefined;
  const name = receiver && literalAt(graph, call, 0);
  return name !== undefined && receiver && isApp(graph, of, receiver.node) ? nameOfGet(name) : undefined;
}

const nameOfGet = (name: string): string => `get ${name}`;

function receiverOf(
  graph: Graph,
  call: Node,
  methods: readonly string[],
): { readonly node: Node; readonly method: string } | undefined {
  const callee = graph.child(call, graph.callAt(call)?.callee ?? 0);
  const member = graph.valueOf(callee);
  if (member.kind !== 'member' || member.property === undefined || !methods.includes(member.property)) return undefined;
  return { node: graph.child(callee, member.object), method: member.property };
}

/** `express()`, `new Koa()`, and `req.app`. */
function isApp(graph: Graph, of: OriginsOf, node: Node): boolean {
  const value = graph.valueOf(node);
  if (value.kind === 'member' && value.property === 'app') return true;
  return of(node).some((origin) => {
    const call = graph.callAt(origin);
    const callee = call && graph.valueOf(graph.child(origin, call.callee));
    return callee?.kind === 'import' && /^(express|koa|polka|restify)$/.test(callee.module);
  });
}

function literalAt(graph: Graph, call: Node, index: number): string | undefined {
  const node = graph.argument(call, index);
  const value = node === undefined ? undefined : graph.valueOf(node);
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}
