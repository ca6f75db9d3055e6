import type { Node } from '../program/program.ts';
import { METHODS, flattened, newInstance, pathsOf, serves } from './express.ts';
import type { Ref } from './frame.ts';
import type { Instance, Path } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const APP = /^koa(\.default)?\(\)$/;
const ROUTER =
  /^(@koa\/router|koa-router|koa-joi-router|koa-swagger-decorator\.SwaggerRouter)(\.default|\.Router)?\(\)$/;
/** Adds the routes of all decorated classes of a folder. Source: https://github.com/Cody2333/koa-swagger-decorator */
const MAPS = /^(mapDir|map|swagger)$/;

/** Koa and its router. Sources: https://koajs.com, https://github.com/koajs/router */
export const koa: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'typed' && value.kind !== 'param') return undefined;
    const apis = walk.program.apis(ref.node);
    if (apis.some((api) => APP.test(api))) return newInstance('koa', 'app', ref);
    if (!apis.some((api) => ROUTER.test(api))) return undefined;
    const options = walk.program.argument(ref.node, 0);
    const router = newInstance('koa', 'router', ref, options);
    const prefix = options === undefined ? undefined : prefixIn(options, ref, walk);
    if (prefix !== undefined) router.prefix = prefix;
    return router;
  },
  call(site, walk) {
    if (serves(site, walk)) return true;
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'koa');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return instances.length > 0;
  },
};

function prefixIn(options: Node, ref: Ref, walk: Walk): string | undefined {
  for (const each of walk.resolver.refs(options, ref.frame)) {
    for (const value of walk.resolver.property(each, 'prefix')) {
      const [text] = walk.resolver.constants(value.node, value.frame) ?? [];
      if (typeof text === 'string') return text;
    }
  }
  return undefined;
}

function readMethod(instance: Instance, method: string, site: Site, walk: Walk): void {
  if (method === 'listen') {
    instance.serving = 'yes';
    instance.listensAt ??= walk.locationOf(site.call);
  } else if (method === 'prefix') {
    const argument = walk.program.argument(site.call, 0);
    const [text] = argument === undefined ? [] : (walk.resolver.constants(argument, site.frame) ?? []);
    if (typeof text === 'string') instance.prefix = text + (instance.prefix ?? '');
  } else if (method === 'use') addUse(instance, site, walk);
  else if (MAPS.test(method) && instance.kind === 'router') {
    if (method !== 'swagger')
      instance.escapes.push({ at: walk.locationOf(site.call), to: 'what adds decorated classes', order: walk.next() });
  } else if (instance.kind === 'router' && (METHODS.has(method) || method === 'register'))
    addRoute(instance, method, site, walk);
}

function addUse(instance: Instance, site: Site, walk: Walk): void {
  const { paths, handlers } = partsOf(site, walk);
  for (const ref of handlers.flatMap((each) => composed(each, walk))) {
    const mounted = mountedBy(ref, walk);
    for (const { inner, path } of mounted) {
      inner.mounted = true;
      const below = path === undefined ? paths : path;
      instance.stack.push({ kind: 'mount', paths: below, instance: inner, ...walk.registered(site) });
    }
    if (mounted.length === 0) instance.stack.push({ kind: 'use', paths, handlers: [ref], ...walk.registered(site) });
  }
}

/** `router.routes()`, `mount('/x', app)` */
function mountedBy(ref: Ref, walk: Walk): readonly { inner: Instance; path?: readonly Path[] }[] {
  const value = walk.program.valueOf(ref.node);
  const direct = walk.instancesOf(ref);
  if (direct.length > 0) return direct.map((inner) => ({ inner }));
  if (value.kind !== 'call') return [];
  const callee = walk.program.child(ref.node, value.callee);
  const member = walk.program.valueOf(callee);
  if (member.kind === 'member' && /^(routes|middleware)$/.test(member.property ?? '')) {
    return walk.resolver
      .refs(walk.program.child(callee, member.object), ref.frame)
      .flatMap((each) => walk.instancesOf(each))
      .map((inner) => ({ inner }));
  }
  if (!walk.program.apis(callee).includes('koa-mount')) return [];
  const [first, second] = [walk.program.argument(ref.node, 0), walk.program.argument(ref.node, 1)];
  if (first === undefined) return [];
  const path = second === undefined ? undefined : pathsOf(first, ref.frame, walk);
  return walk.resolver
    .refs(second ?? first, ref.frame)
    .flatMap((each) => mountedBy(each, walk))
    .map(({ inner }) => ({ inner, ...(path && { path }) }));
}

/** `compose([a, b])` */
function composed(ref: Ref, walk: Walk): readonly Ref[] {
  const value = walk.program.valueOf(ref.node);
  if (value.kind !== 'call' || !walk.program.apis(walk.program.child(ref.node, value.callee)).includes('koa-compose'))
    return [ref];
  const argument = walk.program.argument(ref.node, 0);
  return argument === undefined ? [ref] : flattened(walk.resolver.refs(argument, ref.frame), walk);
}

/** A path first, where one is given, then middleware; `router.get('name', '/path', …)` has a name before it. */
function partsOf(site: Site, walk: Walk): { paths: readonly Path[]; handlers: readonly Ref[] } {
  const value = walk.program.valueOf(site.call);
  if (value.kind !== 'call') return { paths: ['/'], handlers: [] };
  const nodes = value.args.map(({ value: argument }) => walk.program.child(site.call, argument));
  const isText = (node: Node | undefined): boolean => {
    if (node === undefined) return false;
    const kind = walk.program.valueOf(node).kind;
    return kind === 'regex' || typeof walk.resolver.constants(node, site.frame)?.[0] === 'string' || isTextList(node);
  };
  const isTextList = (node: Node): boolean =>
    someAndAll(
      flattened(walk.resolver.refs(node, site.frame), walk),
      (each) => typeof walk.resolver.constants(each.node, each.frame)?.[0] === 'string',
    );
  const count = isText(nodes[0]) ? (isText(nodes[1]) ? 2 : 1) : 0;
  const path = nodes[count - 1];
  return {
    paths: path === undefined ? ['/'] : pathsOf(path, site.frame, walk),
    handlers: nodes.slice(count).flatMap((node) => flattened(walk.resolver.refs(node, site.frame), walk)),
  };
}

const someAndAll = <T>(items: readonly T[], holds: (item: T) => boolean): boolean =>
  items.length > 0 && items.every(holds);

function addRoute(instance: Instance, method: string, site: Site, walk: Walk): void {
  const { paths, handlers } = partsOf(site, walk);
  const name = method === 'del' ? 'DELETE' : method === 'register' ? '?' : method.toUpperCase();
  instance.stack.push({
    kind: 'route',
    method: name,
    paths,
    handlers: handlers.flatMap((each) => composed(each, walk)),
    ...walk.registered(site),
  });
}
