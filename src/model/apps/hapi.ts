import { flattened, newInstance, serves } from './express.ts';
import { rootOf } from './fastify.ts';
import type { Ref } from './frame.ts';
import type { Instance, Path } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const CREATES = /^@?hapi(\/hapi)?(\.default)?\.(server|Server)\(\)$/;
const COMPOSES = /^@?(hapi\/)?glue\.compose$/;
const MAX_DEPTH = 6;

/** hapi: routes as objects, plugins with prefixes, extensions, strategies. Source: https://hapi.dev/api */
export const hapi: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'typed' && value.kind !== 'param') return undefined;
    const apis = walk.program.apis(ref.node);
    const composed = apis.some((api) => api.endsWith('()') && COMPOSES.test(api.slice(0, -2)));
    if (!composed && !apis.some((api) => CREATES.test(api))) return undefined;
    const argument = value.kind === 'call' ? walk.program.argument(ref.node, 0) : undefined;
    const [options] =
      composed && argument !== undefined
        ? walk.resolver.refs(argument, ref.frame).flatMap((each) => walk.resolver.property(each, 'server'))
        : [];
    return newInstance('hapi', 'app', ref, composed ? options?.node : argument);
  },
  call(site, walk) {
    if (serves(site, walk)) return true;
    if (site.apis.some((api) => COMPOSES.test(api))) return compose(site, walk);
    const auth = authReceivers(site, walk);
    for (const instance of new Set(auth)) for (const method of site.methods) addAuth(instance, method, site, walk);
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'hapi');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return auth.length > 0 || instances.length > 0;
  },
};

function argumentRefs(site: Site, index: number, walk: Walk): readonly Ref[] {
  const argument = walk.program.argument(site.call, index);
  return argument === undefined ? [] : flattened(walk.resolver.refs(argument, site.frame), walk);
}

function readMethod(instance: Instance, method: string, site: Site, walk: Walk): void {
  if (method === 'start') {
    rootOf(instance).serving = 'yes';
    rootOf(instance).listensAt ??= walk.locationOf(site.call);
    callback(site, 0, walk);
  } else if (method === 'route') addRoutes(instance, site, walk);
  else if (method === 'register') register(instance, argumentRefs(site, 0, walk), site, walk);
  else if (method === 'ext') addExtensions(instance, site, walk);
  else if (method === 'dependency') {
    const run = argumentRefs(site, 1, walk);
    walk.later(() => {
      for (const ref of run) runWith(instance, ref, [], site, walk);
    });
  }
}

/** hapi up to 16 takes a callback where there is a promise now. */
function callback(site: Site, index: number, walk: Walk): void {
  for (const ref of argumentRefs(site, index, walk))
    if (walk.program.functionAt(ref.node)) walk.enter(ref, site.call, site.frame, site.condition, []);
}

// ——— plugins ———

/** One plugin of `server.register`: what is run, with which options, at which prefix. */
interface Plugin {
  readonly run: Ref | undefined;
  readonly named: Ref;
  readonly options: readonly Ref[];
  /** Of the item itself: takes the place of any prefix around it. */
  readonly prefix?: Path;
}

function register(instance: Instance, items: readonly Ref[], site: Site, walk: Walk): void {
  const around = argumentRefs(site, 1, walk)
    .flatMap((ref) => walk.resolver.property(ref, 'routes'))
    .flatMap((ref) => prefixIn(ref, walk));
  for (const item of items) add(instance, pluginOf(item, walk), around[0], site, walk);
  callback(site, 1, walk);
  callback(site, 2, walk);
}

function add(instance: Instance, plugin: Plugin, around: Path | undefined, site: Site, walk: Walk): void {
  const { run, named, options, prefix } = plugin;
  if (!run) {
    instance.stack.push({
      kind: 'use',
      paths: ['/'],
      handlers: [named],
      hook: 'plugin',
      ...walk.registered(site),
      ...(options[0] && { options: options[0] }),
    });
    return;
  }
  const root = rootOf(instance);
  const registered = walk.registered(site);
  const child: Instance = {
    ...newInstance('hapi', 'router', run),
    mounted: true,
    parent: { instance: root, order: registered.order },
  };
  const whole = prefix ?? joined(instance, around);
  if (typeof whole === 'string') child.prefix = whole;
  root.stack.push({
    kind: 'mount',
    paths: [typeof whole === 'string' || whole === undefined ? '/' : whole],
    instance: child,
    ...registered,
  });
  runWith(child, run, options, site, walk);
}

function joined(instance: Instance, around: Path | undefined): Path | undefined {
  if (around === undefined || typeof around !== 'string') return around ?? instance.prefix;
  return `${instance.prefix ?? ''}${around}`;
}

function prefixIn(routes: Ref, walk: Walk): readonly Path[] {
  return walk.resolver
    .property(routes, 'prefix')
    .flatMap((ref): readonly Path[] =>
      (walk.resolver.constants(ref.node, ref.frame) ?? [undefined]).map((each) =>
        typeof each === 'string' ? each : { unknown: true },
      ),
    );
}

/** `plugin`, `{ plugin, options, routes }`, `{ name, register }`, a module that exports one. */
function pluginOf(item: Ref, walk: Walk): Plugin {
  const inner = walk.resolver.property(item, 'plugin');
  const [prefix] = walk.resolver.property(item, 'routes').flatMap((ref) => prefixIn(ref, walk));
  return {
    run: functionIn(item, walk, 0),
    named: inner[0] ?? walk.resolver.property(item, 'register')[0] ?? item,
    options: walk.resolver.property(item, 'options'),
    ...(prefix !== undefined && { prefix }),
  };
}

function functionIn(ref: Ref, walk: Walk, depth: number): Ref | undefined {
  if (walk.program.functionAt(ref.node)) return ref;
  if (depth > MAX_DEPTH) return undefined;
  for (const name of ['plugin', 'register', 'default']) {
    for (const inner of walk.resolver.property(ref, name)) {
      const found = functionIn(inner, walk, depth + 1);
      if (found) return found;
    }
  }
  return undefined;
}

function runWith(target: Instance, plugin: Ref, options: readonly Ref[], site: Site, walk: Walk): void {
  if (!walk.program.functionAt(plugin.node)) return;
  const given: readonly (readonly Ref[])[] = [[{ node: plugin.node, instance: target }], options];
  const round = { node: site.call, instance: target, ...(site.frame && { frame: site.frame }) };
  walk.enter(plugin, site.call, site.frame, site.condition, given, round);
}

/** `Glue.compose({ server, register: { plugins: [{ plugin: './api', options }] } })` */
function compose(site: Site, walk: Walk): boolean {
  const [instance] = walk.instancesOf({ node: site.call, ...(site.frame && { frame: site.frame }) });
  if (!instance) return false;
  const plugins = argumentRefs(site, 0, walk)
    .flatMap((ref) => walk.resolver.property(ref, 'register'))
    .flatMap((ref) => walk.resolver.property(ref, 'plugins'));
  for (const item of flattened(plugins, walk)) {
    const plugin = pluginOf(item, walk);
    const named = plugin.run ? [] : loadedBy(plugin.named, walk);
    add(instance, named[0] ? { ...plugin, run: named[0] } : plugin, undefined, site, walk);
  }
  return true;
}

/** The plugin a path names: `'./plugins/users'`. */
function loadedBy(named: Ref, walk: Walk): readonly Ref[] {
  return (walk.resolver.constants(named.node, named.frame) ?? []).flatMap((text) => {
    const from = walk.program.moduleOf(named.node).path;
    const path = typeof text === 'string' ? walk.program.resolveImport(from, text) : undefined;
    const module = path === undefined ? undefined : walk.program.modules.get(path);
    if (!module || path === undefined) return [];
    walk.load(path);
    const own = module.facts.exports.filter(({ name }) => /^(plugin|register|default|=)$/.test(name));
    return own
      .flatMap(({ value }) => walk.resolver.refs(module.first + value, undefined))
      .flatMap((ref) => functionIn(ref, walk, 0) ?? []);
  });
}

// ——— routes, extensions, authentication ———

function addRoutes(instance: Instance, site: Site, walk: Walk): void {
  for (const route of argumentRefs(site, 0, walk)) {
    const texts = (name: string): readonly string[] =>
      flattened(walk.resolver.property(route, name), walk).flatMap((ref) =>
        (walk.resolver.constants(ref.node, ref.frame) ?? []).map(String),
      );
    const methods = texts('method');
    const paths = texts('path');
    const options = optionsOf(route, walk);
    const handlers = [route, ...options].flatMap((ref) => walk.resolver.property(ref, 'handler'));
    for (const method of methods.length > 0 ? methods : ['?']) {
      instance.stack.push({
        kind: 'route',
        method: method === '*' ? 'ALL' : method.toUpperCase(),
        paths: paths.length > 0 ? paths : [{ unknown: true }],
        handlers,
        options: route,
        ...walk.registered(site),
        at: walk.locationOf(walk.program.valueOf(route.node).kind === 'object' ? route.node : site.call),
      });
    }
  }
}

/** `options`, or `config` as it was called before; a function of the server yields them, too. */
export function optionsOf(route: Ref, walk: Walk): readonly Ref[] {
  return ['options', 'config'].flatMap((name) =>
    walk.resolver.property(route, name).flatMap((ref) => {
      const fn = walk.program.functionAt(ref.node);
      return fn
        ? fn.fact.returns.flatMap(({ value }) => walk.resolver.refs(fn.module.first + value, ref.frame))
        : [ref];
    }),
  );
}

/** `server.ext('onPreHandler', fn, options)`, `server.ext([{ type, method, options }])` */
function addExtensions(instance: Instance, site: Site, walk: Walk): void {
  const first = walk.program.argument(site.call, 0);
  const name = first === undefined ? undefined : walk.resolver.constants(first, site.frame)?.[0];
  if (typeof name === 'string') {
    const sandbox = argumentRefs(site, 2, walk).some((ref) => walk.resolver.property(ref, 'sandbox').length > 0);
    extend(instance, name, argumentRefs(site, 1, walk), sandbox, site, walk);
    return;
  }
  for (const each of argumentRefs(site, 0, walk)) {
    const [type] = walk.resolver
      .property(each, 'type')
      .flatMap((ref) => walk.resolver.constants(ref.node, ref.frame) ?? []);
    const sandbox = walk.resolver
      .property(each, 'options')
      .some((ref) => walk.resolver.property(ref, 'sandbox').length > 0);
    const methods = flattened(walk.resolver.property(each, 'method'), walk);
    if (typeof type === 'string') extend(instance, type, methods, sandbox, site, walk);
  }
}

/** Extensions of the server's own life are given the server; those of a request hold for all routes. */
function extend(
  instance: Instance,
  type: string,
  methods: readonly Ref[],
  sandbox: boolean,
  site: Site,
  walk: Walk,
): void {
  for (const method of methods) {
    if (/^on(Pre|Post)(Start|Stop)$/.test(type)) {
      runWith(instance, method, [], site, walk);
      continue;
    }
    const layer = {
      kind: 'use',
      paths: ['/'],
      handlers: [method],
      hook: type,
      ...walk.registered(site),
    } as const;
    (sandbox ? instance : rootOf(instance)).stack.push(layer);
  }
}

/** The server of `server.auth.strategy(…)`. */
function authReceivers(site: Site, walk: Walk): readonly Instance[] {
  return site.receivers.flatMap((ref) => {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'member' || value.property !== 'auth') return [];
    return walk.resolver
      .refs(walk.program.child(ref.node, value.object), ref.frame)
      .flatMap((each) => walk.instancesOf(each))
      .filter(({ framework }) => framework === 'hapi');
  });
}

function addAuth(instance: Instance, method: string, site: Site, walk: Walk): void {
  if (method !== 'default' && method !== 'strategy') return;
  const handlers: readonly Ref[] = [0, 1, 2].flatMap((index) => argumentRefs(site, index, walk).slice(0, 1));
  rootOf(instance).stack.push({
    kind: 'use',
    paths: ['/'],
    handlers,
    hook: method === 'default' ? 'auth.default' : 'auth.strategy',
    ...walk.registered(site),
  });
}
