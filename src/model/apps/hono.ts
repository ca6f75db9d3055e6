import type { Node } from '../program/program.ts';
import { METHODS, flattened, newInstance, pathsOf, serves } from './express.ts';
import type { Ref } from './frame.ts';
import type { Instance, Path } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const CREATES =
  /^(hono(\/tiny|\/quick)?(\.Hono)?|@hono\/zod-openapi\.OpenAPIHono|hono\/factory\.createFactory\(\)\.createApp)\(\)$/;
/** Stand for what they are given. Sources: https://hono.dev/docs/helpers/factory, https://hono.dev/docs/middleware/builtin/combine */
const GIVES_ALL = /^hono\/(factory\.createFactory\(\)\.createHandlers|combine\.every)$/;

const MAX_CHAIN = 20;

/** Hono. Source: https://hono.dev/docs/api/routing */
export const hono: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'typed' && value.kind !== 'param') return undefined;
    if (walk.program.apis(ref.node).some((api) => CREATES.test(api))) return newInstance('hono', 'app', ref);
    return value.kind === 'call' ? based(ref, walk) : undefined;
  },
  call(site, walk) {
    if (serves(site, walk)) return true;
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'hono');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return instances.length > 0;
  },
};

/** `app.basePath('/api')` registers on the same application, below a path. */
function based(ref: Ref, walk: Walk): Instance | undefined {
  const value = walk.program.valueOf(ref.node);
  if (value.kind !== 'call') return undefined;
  const callee = walk.program.child(ref.node, value.callee);
  const member = walk.program.valueOf(callee);
  const path = walk.program.argument(ref.node, 0);
  if (member.kind !== 'member' || member.property !== 'basePath' || path === undefined) return undefined;
  const [outer] = walk.resolver
    .refs(walk.program.child(callee, member.object), ref.frame)
    .flatMap((each) => walk.instancesOf(each))
    .filter(({ framework }) => framework === 'hono');
  if (!outer) return undefined;
  const inner = { ...newInstance('hono', 'router', ref), mounted: true };
  outer.stack.push({
    kind: 'mount',
    paths: pathsOf(path, ref.frame, walk),
    instance: inner,
    at: walk.locationOf(ref.node),
    call: ref.node,
    condition: 'always',
    order: walk.next(),
  });
  return inner;
}

function readMethod(instance: Instance, method: string, site: Site, walk: Walk): void {
  const value = walk.program.valueOf(site.call);
  if (value.kind !== 'call') return;
  const nodes = value.args.map(({ value: argument }) => walk.program.child(site.call, argument));
  const [first, second] = nodes;
  const refsFrom = (from: number): readonly Ref[] =>
    nodes.slice(from).flatMap((node) => laidFlat(walk.resolver.refs(node, site.frame), walk));
  const isPath = first !== undefined && isText(first, site, walk);
  const paths = isPath && first !== undefined ? pathsOf(first, site.frame, walk) : undefined;
  const used = (refs: readonly Ref[], forErrors?: true): void => {
    for (const ref of refs)
      instance.stack.push({
        kind: 'use',
        paths: paths ?? ['/'],
        handlers: [ref],
        ...(forErrors && { forErrors }),
        ...walk.registered(site),
      });
  };
  // without a wildcard a path is that path alone
  if (method === 'use') used(refsFrom(isPath ? 1 : 0));
  else if (method === 'onError') used(refsFrom(0), true);
  else if (method === 'mount') used(refsFrom(1));
  else if (method === 'route' && first !== undefined && second !== undefined) {
    for (const inner of walk.resolver.refs(second, site.frame).flatMap((ref) => walk.instancesOf(ref))) {
      if (inner === instance) continue;
      inner.mounted = true;
      instance.stack.push({
        kind: 'mount',
        paths: paths ?? [{ unknown: true }],
        instance: inner,
        ...walk.registered(site),
      });
    }
  } else if (METHODS.has(method)) {
    const own = paths ?? pathBefore(site.call, site, walk);
    addRoute(instance, [method], own, refsFrom(isPath ? 1 : 0), site, walk);
  } else if (/^(doc|doc31)$/.test(method)) addRoute(instance, ['get'], paths, [], site, walk);
  else if (method === 'openapi') addDescribed(instance, refsFrom(0), site, walk);
  else if (method === 'on' && first !== undefined && second !== undefined) {
    const methods = flattened(walk.resolver.refs(first, site.frame), walk).map(
      (ref) => walk.resolver.constants(ref.node, ref.frame)?.[0] ?? '?',
    );
    addRoute(instance, methods.map(String), pathsOf(second, site.frame, walk), refsFrom(2), site, walk);
  }
}

/** A path, or a list of them. */
function isText(node: Node, site: Site, walk: Walk): boolean {
  const isOne = (each: Node, frame: Ref['frame']): boolean =>
    typeof walk.resolver.constants(each, frame)?.[0] === 'string';
  if (isOne(node, site.frame)) return true;
  return walk.resolver.refs(node, site.frame).some((ref) => {
    const items = walk.resolver.items(ref) ?? [];
    return items.length > 0 && items.every((item) => isOne(item.node, item.frame));
  });
}

function laidFlat(refs: readonly Ref[], walk: Walk): readonly Ref[] {
  return flattened(refs, walk).flatMap((ref) => {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call') return [ref];
    const apis = walk.program.apis(walk.program.child(ref.node, value.callee));
    if (!apis.some((api) => GIVES_ALL.test(api))) return [ref];
    return value.args.flatMap(({ value: argument }) =>
      laidFlat(walk.resolver.refs(walk.program.child(ref.node, argument), ref.frame), walk),
    );
  });
}

/** `app.get('/x', show).post(create)`: the path of the call before it. */
function pathBefore(call: Node, site: Site, walk: Walk, depth = 0): readonly Path[] | undefined {
  const value = walk.program.valueOf(call);
  const callee = value.kind === 'call' ? walk.program.child(call, value.callee) : call;
  const member = walk.program.valueOf(callee);
  const before = member.kind === 'member' ? walk.program.child(callee, member.object) : undefined;
  const first = before === undefined ? undefined : walk.program.argument(before, 0);
  if (before === undefined || first === undefined || depth > MAX_CHAIN) return undefined;
  return isText(first, site, walk) ? pathsOf(first, site.frame, walk) : pathBefore(before, site, walk, depth + 1);
}

/** `app.openapi(createRoute({ method, path, request, middleware }), handler)` */
function addDescribed(instance: Instance, [route, ...handlers]: readonly Ref[], site: Site, walk: Walk): void {
  const value = route && walk.program.valueOf(route.node);
  const argument = route && value?.kind === 'call' ? walk.program.argument(route.node, 0) : undefined;
  const [options] = argument === undefined ? (route ? [route] : []) : walk.resolver.refs(argument, route?.frame);
  if (!options) return;
  const texts = (name: string): readonly string[] =>
    walk.resolver
      .property(options, name)
      .flatMap((ref) => (walk.resolver.constants(ref.node, ref.frame) ?? []).map(String));
  const [method = '?'] = texts('method');
  const paths = texts('path').map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
  const before = laidFlat(walk.resolver.property(options, 'middleware'), walk);
  instance.stack.push({
    kind: 'route',
    method: method === '?' ? '?' : method.toUpperCase(),
    paths: paths.length > 0 ? paths : [{ unknown: true }],
    // what follows the handler is told what validation found
    handlers: [...before, ...handlers.slice(0, 1)],
    options,
    ...walk.registered(site),
  });
}

function addRoute(
  instance: Instance,
  methods: readonly string[],
  paths: readonly Path[] | undefined,
  handlers: readonly Ref[],
  site: Site,
  walk: Walk,
): void {
  for (const method of methods) {
    const name = method === '?' ? '?' : method.toUpperCase();
    instance.stack.push({ kind: 'route', method: name, paths: paths ?? ['/'], handlers, ...walk.registered(site) });
  }
}
