import type { Node } from '../program/program.ts';
import { METHODS, flattened, newInstance, serves } from './express.ts';
import { autoloadedBy, isAutoload } from './fastify-autoload.ts';
import type { AutoloadedFolder } from './fastify-autoload.ts';
import { gatesOf } from './fastify-gates.ts';
import { givenHooks } from './fastify-on-route.ts';
import type { Ref } from './frame.ts';
import type { Instance, Path } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import { exportsOf, moduleConstant } from './module-exports.ts';
import type { Walk } from './walk.ts';

const CREATES = /^fastify(\.(default|fastify|Fastify|FastifyInstance))?\(\)$/;
const HOOKS = /^(onRequest|preParsing|preValidation|preHandler|preSerialization|onSend|onResponse|onError|onTimeout)$/;
/** Options of a route that hold hooks. */
const ROUTE_HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const;
const HANDLER_PHASE = ROUTE_HOOKS.length;

/** When in the life of a request a hook runs. Source: https://fastify.dev/docs/latest/Reference/Lifecycle/ */
export const phaseOf = (hook: string | undefined): number => {
  const at = ROUTE_HOOKS.findIndex((name) => name === hook);
  return hook === undefined ? 0 : at < 0 ? HANDLER_PHASE + 1 : at;
};

/** Plugins that wait to be run while another one runs; they are run when it is done, as avvio does. */
interface Pending {
  readonly run: () => void;
}
const waiting = new WeakMap<Walk, Pending[][]>();

/** Fastify: encapsulated plugins, hooks, routes. Source: https://fastify.dev/docs/latest/Reference/Encapsulation/ */
export const fastify: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'typed' && value.kind !== 'param') return undefined;
    if (!walk.program.apis(ref.node).some((api) => CREATES.test(api))) return undefined;
    const options = value.kind === 'call' ? walk.program.argument(ref.node, 0) : undefined;
    return newInstance('fastify', 'app', ref, options);
  },
  call(site, walk) {
    if (serves(site, walk)) return true;
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'fastify');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return instances.length > 0;
  },
};

function readMethod(instance: Instance, method: string, site: Site, walk: Walk): void {
  if (method === 'listen') {
    rootOf(instance).serving = 'yes';
    rootOf(instance).listensAt ??= walk.locationOf(site.call);
  } else if (method === 'register') register(instance, site, walk);
  else if (method === 'addHook') addHook(instance, site, walk);
  else if (method === 'route') addRoutes(instance, site, walk);
  else if (METHODS.has(method)) addShorthand(instance, method, site, walk);
  else if (method === 'setErrorHandler' || method === 'use') {
    for (const ref of argumentRefs(site, 0, walk)) {
      const forErrors = method === 'setErrorHandler';
      instance.stack.push({
        kind: 'use',
        paths: ['/'],
        handlers: [ref],
        ...(forErrors && { forErrors }),
        ...walk.registered(site),
      });
    }
  } else if (method === 'after') {
    queued(site, walk, () => {
      for (const ref of argumentRefs(site, 0, walk)) walk.enter(ref, site.call, site.frame, site.condition);
    });
  }
}

export const rootOf = (instance: Instance): Instance => (instance.parent ? rootOf(instance.parent.instance) : instance);

function argumentRefs(site: Site, index: number, walk: Walk): readonly Ref[] {
  const argument = walk.program.argument(site.call, index);
  return argument === undefined ? [] : flattened(walk.resolver.refs(argument, site.frame), walk);
}

// ——— plugins ———

function register(instance: Instance, site: Site, walk: Walk): void {
  const plugins = argumentRefs(site, 0, walk);
  queued(site, walk, () => {
    for (const plugin of plugins) runPlugin(instance, plugin, site, walk);
  });
}

/** Runs something in its turn; at once, after all that waits, where the call is awaited. */
function queued({ call }: Site, walk: Walk, run: () => void): void {
  const stack = waiting.get(walk) ?? [];
  waiting.set(walk, stack);
  const value = walk.program.valueOf(call);
  const current = stack.at(-1);
  if (value.kind === 'call' && value.result === 'awaited') {
    if (!current) walk.flush();
    for (let next = current?.shift(); next; next = current?.shift()) next.run();
    run();
  } else if (current) current.push({ run });
  else walk.later(run);
}

function runPlugin(instance: Instance, plugin: Ref, site: Site, walk: Walk): void {
  const { shared, inner } = unwrapped(plugin, walk);
  const fn = walk.program.functionAt(inner.node);
  if (!fn) {
    if (!isAutoload(plugin, walk)) return addPackage(instance, plugin, site, walk);
    const folders = autoloadedBy(site, walk);
    for (const folder of folders ?? []) loadFolder(instance, folder, site, walk);
    if (!folders)
      instance.escapes.push({ at: walk.locationOf(site.call), to: 'a folder that cannot be seen', order: walk.next() });
    return;
  }
  const target = shared ? instance : childOf(instance, inner, site, walk);
  runWith(target, inner, site, walk);
}

/**
 * What `fastify start app.js` serves: the plugin the module exports, with an application made for it.
 * Source: https://github.com/fastify/fastify-cli
 */
export function serveExported(path: string, walk: Walk): void {
  for (const plugin of exportsOf(walk, path)) {
    const { inner } = unwrapped(plugin, walk);
    if (!walk.program.functionAt(inner.node)) continue;
    const instance = newInstance('fastify', 'app', inner);
    instance.serving = 'yes';
    instance.listensAt = walk.locationOf(inner.node);
    walk.add(instance);
    runWith(
      instance,
      inner,
      { call: inner.node, frame: undefined, condition: 'always', methods: [], receivers: [], apis: [] },
      walk,
    );
    walk.flush();
  }
}

/** Runs a plugin with its instance, and then what it has registered. */
function runWith(target: Instance, plugin: Ref, site: Site, walk: Walk): void {
  const stack = waiting.get(walk) ?? [];
  waiting.set(walk, stack);
  const own: Pending[] = [];
  stack.push(own);
  const options = walk.program.argument(site.call, 1);
  const given: readonly (readonly Ref[])[] = [
    [{ node: plugin.node, instance: target }],
    options === undefined ? [] : walk.resolver.refs(options, site.frame),
  ];
  const round = { node: site.call, instance: target, ...(site.frame && { frame: site.frame }) };
  walk.enter(plugin, site.call, site.frame, site.condition, given, round);
  for (let next = own.shift(); next; next = own.shift()) next.run();
  stack.pop();
}

function childOf(instance: Instance, plugin: Ref, site: Site, walk: Walk): Instance {
  const registered = walk.registered(site);
  const child: Instance = {
    ...newInstance('fastify', 'router', plugin),
    mounted: true,
    parent: { instance, order: registered.order },
  };
  const options = walk.program.argument(site.call, 1);
  const prefixes =
    options === undefined
      ? []
      : walk.resolver.refs(options, site.frame).flatMap((ref) => walk.resolver.property(ref, 'prefix'));
  const paths = prefixes.flatMap((ref): readonly Path[] =>
    (walk.resolver.constants(ref.node, ref.frame) ?? [undefined]).map((each) =>
      typeof each === 'string' ? each : { unknown: true },
    ),
  );
  instance.stack.push({ kind: 'mount', paths: paths.length > 0 ? paths : ['/'], instance: child, ...registered });
  return child;
}

/** `fp(plugin)` and `plugin[Symbol.for('skip-override')] = true` share the instance they are registered on. */
function unwrapped(plugin: Ref, walk: Walk): { shared: boolean; inner: Ref } {
  const value = walk.program.valueOf(plugin.node);
  if (
    value.kind === 'call' &&
    walk.program.apis(walk.program.child(plugin.node, value.callee)).some((api) => /^fastify-plugin(\.\w+)?$/.test(api))
  ) {
    const argument = walk.program.argument(plugin.node, 0);
    const [inner] = argument === undefined ? [] : walk.resolver.refs(argument, plugin.frame);
    if (inner) return { shared: true, inner };
  }
  if (value.kind === 'import' || value.kind === 'object') {
    const [inner] = walk.resolver.property(plugin, 'default');
    if (inner && walk.program.functionAt(inner.node)) return { shared: false, inner };
  }
  const skips = walk.program.writesTo(plugin.node).some(({ module, write }) => {
    const key = write.key === undefined ? undefined : walk.program.valueOf(module.first + write.key);
    const argument =
      key?.kind === 'call' && write.key !== undefined ? walk.program.argument(module.first + write.key, 0) : undefined;
    return argument !== undefined && walk.program.constants(argument)?.[0] === 'skip-override';
  });
  return { shared: skips, inner: plugin };
}

/** Every module of the folder is a plugin; hooks of a folder hold for those in it. */
function loadFolder(outer: Instance, folder: AutoloadedFolder, site: Site, walk: Walk): void {
  const hooks = folder.hooks.flatMap((path) => pluginsAt(path, site, walk));
  const [first] = hooks;
  const instance = first ? mounted(outer, first, '/', site, walk) : outer;
  for (const hook of hooks) runWith(instance, unwrapped(hook, walk).inner, site, walk);
  for (const path of folder.plugins) {
    for (const plugin of pluginsAt(path, site, walk)) {
      const { shared, inner } = unwrapped(plugin, walk);
      const prefix = prefixOf(path, folder, walk);
      if (!walk.program.functionAt(inner.node)) addPackage(instance, plugin, site, walk, optionsAt(path, walk));
      else if (shared) runWith(instance, inner, site, walk);
      else runWith(mounted(instance, inner, prefix, site, walk), inner, site, walk);
    }
  }
  for (const inner of folder.folders) loadFolder(folder.cascades ? instance : outer, inner, site, walk);
}

/** `prefixOverride` stands for the whole prefix, `autoPrefix` for what the folders would add to it. */
function prefixOf(path: string, { prefix, base }: AutoloadedFolder, walk: Walk): string {
  const [whole] = moduleConstant(walk, path, 'prefixOverride') ?? [];
  if (typeof whole === 'string') return whole;
  const [own] = moduleConstant(walk, path, 'autoPrefix') ?? [];
  return typeof own === 'string' ? `${base}/${own}` : prefix;
}

function pluginsAt(path: string, site: Site, walk: Walk): readonly Ref[] {
  walk.load(path, site.condition);
  return exportsOf(walk, path);
}

/** `export const autoConfig = { max: 100 }`, or a function that makes it. */
function optionsAt(path: string, walk: Walk): Ref | undefined {
  const module = walk.program.modules.get(path);
  const given = module?.facts.exports.find(({ name }) => name === 'autoConfig');
  const [ref] = module && given ? walk.resolver.refs(module.first + given.value, undefined) : [];
  const fn = ref && walk.program.functionAt(ref.node);
  const [returned] = fn?.fact.returns ?? [];
  return fn && returned ? walk.resolver.refs(fn.module.first + returned.value, undefined)[0] : ref;
}

function mounted(instance: Instance, plugin: Ref, prefix: string, site: Site, walk: Walk): Instance {
  const registered = walk.registered(site);
  const child: Instance = {
    ...newInstance('fastify', 'router', plugin),
    mounted: true,
    parent: { instance, order: registered.order },
  };
  instance.stack.push({ kind: 'mount', paths: [prefix], instance: child, ...registered });
  return child;
}

/** A plugin of a package extends the instance it is registered on. */
function addPackage(instance: Instance, plugin: Ref, site: Site, walk: Walk, options?: Ref): void {
  const layer = { kind: 'use', paths: ['/'], handlers: [plugin], ...walk.registered(site) } as const;
  instance.stack.push({ ...layer, ...(options && { options }) });
}

// ——— hooks and routes ———

function addHook(instance: Instance, site: Site, walk: Walk): void {
  const [name] = argumentRefs(site, 0, walk).map((ref) => walk.resolver.constants(ref.node, ref.frame)?.[0]);
  // it waits for nothing
  if (name === 'onRoute') {
    for (const { hook, ref, meets } of argumentRefs(site, 1, walk).flatMap((each) => givenHooks(each, walk))) {
      const handlers = gatesOf([ref], walk);
      instance.stack.push({ kind: 'use', paths: ['/'], handlers, hook, meets, ...walk.registered(site) });
    }
  }
  if (typeof name !== 'string' || !HOOKS.test(name)) return;
  // hooks wait in the same queue as plugins
  queued(site, walk, () => {
    for (const ref of gatesOf(argumentRefs(site, 1, walk), walk)) {
      instance.stack.push({ kind: 'use', paths: ['/'], handlers: [ref], hook: name, ...walk.registered(site) });
    }
  });
}

/** `app.get('/x', { preHandler }, handler)` */
function addShorthand(instance: Instance, method: string, site: Site, walk: Walk): void {
  const value = walk.program.valueOf(site.call);
  if (value.kind !== 'call' || value.args.length < 2) return;
  const path = walk.program.argument(site.call, 0);
  const paths = path === undefined ? [] : pathTexts(path, site, walk);
  const options =
    value.args.length > 2
      ? argumentRefs(site, 1, walk)
      : argumentRefs(site, 1, walk).filter((ref) => walk.program.valueOf(ref.node).kind === 'object');
  const last =
    value.args.length > 2
      ? argumentRefs(site, 2, walk)
      : argumentRefs(site, 1, walk).filter((ref) => walk.program.valueOf(ref.node).kind !== 'object');
  const [option] = options;
  const handlers = [...(option ? hooksIn(option, walk) : []), ...(option ? handlerIn(option, walk) : []), ...last];
  instance.stack.push({
    kind: 'route',
    method: method.toUpperCase(),
    paths,
    handlers,
    ...(option && { options: option }),
    ...walk.registered(site),
  });
}

/** `app.route({ method, url, handler })` */
function addRoutes(instance: Instance, site: Site, walk: Walk): void {
  for (const option of argumentRefs(site, 0, walk)) {
    const texts = (name: string): readonly string[] =>
      walk.resolver
        .property(option, name)
        .flatMap((ref) => flattened([ref], walk))
        .flatMap((ref) => (walk.resolver.constants(ref.node, ref.frame) ?? []).map(String));
    const urls = [...texts('url'), ...texts('path')];
    const methods = texts('method');
    for (const method of methods.length > 0 ? methods : ['?']) {
      instance.stack.push({
        kind: 'route',
        method: method.toUpperCase(),
        paths: urls.length > 0 ? urls : [{ unknown: true }],
        handlers: [...hooksIn(option, walk), ...handlerIn(option, walk)],
        options: option,
        ...walk.registered(site),
      });
    }
  }
}

const handlerIn = (option: Ref, walk: Walk): readonly Ref[] => walk.resolver.property(option, 'handler');

const hooksIn = (option: Ref, walk: Walk): readonly (Ref & { readonly phase: number })[] =>
  ROUTE_HOOKS.flatMap((name, phase) =>
    gatesOf(flattened(walk.resolver.property(option, name), walk), walk).map((ref) => ({ ...ref, phase })),
  );

function pathTexts(node: Node, site: Site, walk: Walk): readonly Path[] {
  const constants = walk.resolver.constants(node, site.frame);
  return constants ? constants.map(String) : [{ unknown: true }];
}
