import { METHODS, flattened, newInstance, pathsOf, serves } from './express.ts';
import type { Ref } from './frame.ts';
import type { Instance, Path } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const CREATES = /^(hono(\/tiny|\/quick)?(\.Hono)?|@hono\/zod-openapi\.OpenAPIHono)\(\)$/;

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
    nodes.slice(from).flatMap((node) => flattened(walk.resolver.refs(node, site.frame), walk));
  const isPath = first !== undefined && typeof walk.resolver.constants(first, site.frame)?.[0] === 'string';
  const paths = isPath && first !== undefined ? pathsOf(first, site.frame, walk) : undefined;
  if (method === 'use') {
    // without a wildcard a path is that path alone
    for (const ref of refsFrom(isPath ? 1 : 0))
      instance.stack.push({ kind: 'use', paths: paths ?? ['/'], handlers: [ref], ...walk.registered(site) });
  } else if (method === 'route' && first !== undefined && second !== undefined) {
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
  } else if (method === 'onError') {
    for (const ref of refsFrom(0))
      instance.stack.push({ kind: 'use', paths: ['/'], handlers: [ref], forErrors: true, ...walk.registered(site) });
  } else if (METHODS.has(method)) addRoute(instance, [method], paths, refsFrom(isPath ? 1 : 0), site, walk);
  else if (method === 'on' && first !== undefined && second !== undefined) {
    const methods = flattened(walk.resolver.refs(first, site.frame), walk).map(
      (ref) => walk.resolver.constants(ref.node, ref.frame)?.[0] ?? '?',
    );
    addRoute(instance, methods.map(String), pathsOf(second, site.frame, walk), refsFrom(2), site, walk);
  }
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
