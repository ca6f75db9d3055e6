import type { Node } from '../program/program.ts';
import { newInstance, serves } from './express.ts';
import type { Ref } from './frame.ts';
import type { Instance } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const CREATES = /^(https?\.(createServer|Server)|http2\.create(Secure)?Server)\(\)$/;

/** Servers of Node.js with a handler of the project's own. Source: https://nodejs.org/api/http.html */
export const nodeHttp: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' || !walk.program.apis(ref.node).some((api) => CREATES.test(api))) return undefined;
    const given = value.args.flatMap(({ value: argument }) =>
      walk.resolver.refs(walk.program.child(ref.node, argument), ref.frame),
    );
    const handlers = given.filter(({ node }) => walk.program.functionAt(node));
    const isOther = (each: Ref): boolean => {
      const { kind } = walk.program.valueOf(each.node);
      return kind !== 'object' && kind !== 'function';
    };
    // an application of a framework answers, or something that cannot be seen
    if (given.some(isOther) || handlers.some((fn) => handsOver(fn, walk))) return undefined;
    const server = newInstance('http', 'app', ref);
    for (const handler of handlers) listen(server, handler, ref.node, walk);
    return server;
  },
  call(site, walk) {
    if (serves(site, walk)) return true;
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'http');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return instances.length > 0;
  },
};

function listen(server: Instance, handler: Ref, call: Node, walk: Walk): void {
  server.stack.push({
    kind: 'use',
    paths: ['/'],
    handlers: [handler],
    hook: 'request',
    at: walk.locationOf(call),
    call,
    condition: 'always',
    order: walk.next(),
  });
}

function readMethod(instance: Instance, method: string, { call, frame }: Site, walk: Walk): void {
  if (method === 'listen') {
    instance.serving = 'yes';
    instance.listensAt ??= walk.locationOf(call);
  } else if (/^(on|once|addListener)$/.test(method)) {
    const [event, handler] = [walk.program.argument(call, 0), walk.program.argument(call, 1)];
    if (event === undefined || handler === undefined) return;
    if (walk.resolver.constants(event, frame)?.[0] !== 'request') return;
    for (const ref of walk.resolver.refs(handler, frame)) {
      for (const other of walk.instancesOf(ref)) {
        other.serving = 'yes';
        other.listensAt ??= walk.locationOf(call);
      }
      if (walk.program.functionAt(ref.node)) listen(instance, ref, call, walk);
    }
  }
}

/** `(req, res) => app(req, res)`: the application it calls serves. */
function handsOver({ node, frame }: Ref, walk: Walk): boolean {
  const fn = walk.program.functionAt(node);
  if (!fn) return false;
  const id = fn.module.facts.functions.indexOf(fn.fact);
  let found = false;
  fn.module.facts.values.forEach((value, index) => {
    if (value.kind !== 'call' || fn.module.facts.blocks[value.block]?.function !== id || value.args.length < 2) return;
    const call = fn.module.first + index;
    const callee = walk.program.child(call, value.callee);
    const member = walk.program.valueOf(callee);
    const target = member.kind === 'member' ? walk.program.child(callee, member.object) : callee;
    for (const instance of walk.resolver.refs(target, frame).flatMap((ref) => walk.instancesOf(ref))) {
      instance.serving = 'yes';
      instance.listensAt ??= walk.locationOf(node);
      found = true;
    }
  });
  return found;
}
