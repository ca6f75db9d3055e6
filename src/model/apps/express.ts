import type { Node } from '../program/program.ts';
import type { Framework } from './app.ts';
import { isComputedRequire } from './computed-require.ts';
import type { Ref } from './frame.ts';
import { pathOfLoaded } from './loaded-folder.ts';
import type { Instance, Layer, Path } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

/** What creates an application or router of Express and of frameworks with the same shape. */
const CREATES: readonly {
  readonly api: RegExp;
  readonly framework: Framework;
  readonly kind: Instance['kind'];
  readonly sorts?: true;
}[] = [
  { api: /^express(\.(default|application|Application|Express))?\(\)$/, framework: 'express', kind: 'app' },
  { api: /^express\.Router\(\)$|^express-promise-router(\.\w+)?\(\)$/, framework: 'express', kind: 'router' },
  {
    api: /^express(\.IRouter|\.RouterType)\(\)$|^@?express-serve-static-core\.Router\(\)$|^router\(\)$/,
    framework: 'express',
    kind: 'router',
  },
  { api: /^@feathersjs\/express(\.\w+)?\(\)$/, framework: 'express', kind: 'app' },
  { api: /^connect(\.default)?\(\)$/, framework: 'connect', kind: 'app' },
  { api: /^polka(\.default)?\(\)$/, framework: 'polka', kind: 'app', sorts: true },
  { api: /^restana(\.default)?\(\)$/, framework: 'polka', kind: 'app' },
  { api: /^restify\.createServer\(\)$/, framework: 'restify', kind: 'app', sorts: true },
];

export const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'opts', 'all']);

export const express: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'typed' && value.kind !== 'param') return undefined;
    const apis = walk.program.apis(ref.node);
    const found = CREATES.find(({ api }) => apis.some((each) => api.test(each)));
    if (!found) return undefined;
    const instance = newInstance(found.framework, found.kind, ref);
    if (!found.sorts) return instance;
    if (found.framework === 'polka') instance.stack.push(...errorHandlers(ref, walk));
    return { ...instance, sorts: found.sorts };
  },
  call(site, walk) {
    if (serves(site, walk) || borrowed(site, walk)) return true;
    const builders = site.receivers.flatMap((ref) => routeBuilders(ref, walk));
    for (const { instance, paths } of builders) addRoutes(instance, paths, 0, site, walk);
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => isExpressLike(framework));
    for (const instance of new Set(instances)) readMethod(instance, site, walk);
    return builders.length > 0 || instances.length > 0;
  },
};

/** `polka({ onError })`. Source: https://github.com/lukeed/polka/tree/v0.5.2#optionsonerror */
function errorHandlers(ref: Ref, walk: Walk): readonly Layer[] {
  const options = walk.program.valueOf(ref.node).kind === 'call' ? walk.program.argument(ref.node, 0) : undefined;
  if (options === undefined) return [];
  const handlers = walk.resolver
    .refs(options, ref.frame)
    .flatMap((each) => flattened(walk.resolver.property(each, 'onError'), walk));
  if (handlers.length === 0) return [];
  const registered = {
    at: walk.locationOf(ref.node),
    call: ref.node,
    condition: 'always',
    order: walk.next(),
  } as const;
  return [{ kind: 'use', paths: ['/'], handlers, forErrors: true, ...registered }];
}

const isExpressLike = (framework: Framework): boolean =>
  framework === 'express' || framework === 'connect' || framework === 'polka' || framework === 'restify';

let count = 0;

export function newInstance(framework: Framework, kind: Instance['kind'], ref: Ref, options?: Node): Instance {
  count += 1;
  return {
    id: count,
    framework,
    kind,
    node: ref.node,
    ...(ref.frame && { frame: ref.frame }),
    ...(options !== undefined && { options }),
    stack: [],
    settings: [],
    escapes: [],
    serving: 'no',
    mounted: false,
  };
}

/** Calls that make an application answer requests: a server, a platform's handler. */
const SERVERS =
  /^(https?\.(createServer|Server)|http2\.(createServer|createSecureServer)|spdy\.createServer|http2-express-bridge|serverless-http|@vendia\/serverless-express|aws-serverless-express\.(createServer|proxy)|@codegenie\/serverless-express|firebase-functions(\/v2)?(\.\w+)*\.onRequest|@google-cloud\/functions-framework\.http|express-ws|greenlock-express\.\w+(\(\))*(\.serve)?|spdy|@hono\/node-server(\.serve|\.createAdaptorServer)?|hono\/(vercel|netlify|aws-lambda|lambda-edge|cloudflare-pages|service-worker|bun|deno)\.\w+|Bun\.serve|Deno\.serve|stoppable|@apollo\/server\/\w+)$/;

export function serves(site: Site, walk: Walk): boolean {
  if (!site.apis.some((api) => SERVERS.test(api))) return false;
  const value = walk.program.valueOf(site.call);
  if (value.kind !== 'call') return false;
  let found = false;
  value.args.forEach(({ value: argument }) => {
    for (const ref of walk.resolver.refs(walk.program.child(site.call, argument), site.frame)) {
      for (const instance of servedBy(ref, walk)) {
        instance.serving = 'yes';
        instance.listensAt ??= walk.locationOf(site.call);
        found = true;
      }
    }
  });
  return found;
}

/** `app`, `app.callback()`, `app.fetch`, `{ fetch: app.fetch }`, `(req, res) => app(req, res)`. */
export function servedBy(ref: Ref, walk: Walk): readonly Instance[] {
  const direct = walk.instancesOf(ref);
  if (direct.length > 0) return direct;
  const value = walk.program.valueOf(ref.node);
  if (value.kind === 'object') {
    return value.properties.flatMap((property) =>
      walk.resolver
        .refs(walk.program.child(ref.node, property.value), ref.frame)
        .flatMap((each) => (walk.program.valueOf(each.node).kind === 'object' ? [] : servedBy(each, walk))),
    );
  }
  const object =
    value.kind === 'member'
      ? walk.program.child(ref.node, value.object)
      : value.kind === 'call'
        ? memberObject(walk, walk.program.child(ref.node, value.callee), /^(callback|handler|fetch|bind|routing)$/)
        : undefined;
  return object === undefined ? [] : walk.resolver.refs(object, ref.frame).flatMap((each) => walk.instancesOf(each));
}

function memberObject(walk: Walk, callee: Node, names: RegExp): Node | undefined {
  const value = walk.program.valueOf(callee);
  return value.kind === 'member' && names.test(value.property ?? '')
    ? walk.program.child(callee, value.object)
    : undefined;
}

/** `app[method].call(app, path, handler)` registers something; what and where is not looked for. */
function borrowed(site: Site, walk: Walk): boolean {
  if (!site.methods.some((method) => method === 'call' || method === 'apply')) return false;
  const targets = site.receivers.flatMap((ref) => {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'member' || (value.property !== undefined && !METHODS.has(value.property))) return [];
    return walk.resolver
      .refs(walk.program.child(ref.node, value.object), ref.frame)
      .flatMap((each) => walk.instancesOf(each))
      .filter(({ framework }) => isExpressLike(framework));
  });
  for (const instance of new Set(targets))
    instance.stack.push({
      kind: 'route',
      method: '?',
      paths: [{ unknown: true }],
      handlers: [],
      ...walk.registered(site),
    });
  return targets.length > 0;
}

/** `router.route('/x')` and what is chained on it. */
function routeBuilders(ref: Ref, walk: Walk, depth = 0): readonly { instance: Instance; paths: readonly Path[] }[] {
  const value = walk.program.valueOf(ref.node);
  if (value.kind !== 'call' || value.new || depth > 40) return [];
  const callee = walk.program.child(ref.node, value.callee);
  const member = walk.program.valueOf(callee);
  if (member.kind !== 'member' || member.property === undefined) return [];
  const objects = walk.resolver.refs(walk.program.child(callee, member.object), ref.frame);
  if (METHODS.has(member.property)) return objects.flatMap((each) => routeBuilders(each, walk, depth + 1));
  if (member.property !== 'route') return [];
  const path = walk.program.argument(ref.node, 0);
  return objects
    .flatMap((each) => walk.instancesOf(each))
    .filter(({ framework }) => isExpressLike(framework))
    .map((instance) => ({ instance, paths: path === undefined ? ['/'] : pathsOf(path, ref.frame, walk) }));
}

function readMethod(instance: Instance, site: Site, walk: Walk): void {
  const { call } = site;
  for (const method of site.methods) {
    if (method === 'use') addUse(instance, site, walk);
    else if (instance.framework === 'restify' && (method === 'pre' || method === 'first'))
      addUse(instance, site, walk, method);
    else if (METHODS.has(method)) addRoute(instance, site, walk, method);
    else if (method === 'add' && instance.framework === 'polka') addNamed(instance, site, walk);
    else if (method === 'set' || method === 'enable' || method === 'disable') addSetting(instance, site, walk, method);
    else if (method === 'listen') {
      instance.serving = 'yes';
      instance.listensAt ??= walk.locationOf(call);
    }
  }
  // `app[method](…)` with a method that cannot be seen registers something all the same
  if (site.methods.length === 0) addRoutes(instance, undefined, 0, site, walk, ['?']);
}

function addUse(instance: Instance, site: Site, walk: Walk, hook?: string): void {
  const { args, paths, path } = argumentsOf(site, walk);
  for (const { node, refs } of args) {
    for (const ref of refs) {
      const mounted = walk.instancesOf(ref);
      if (mounted.length > 0) {
        const known = path === undefined ? undefined : pathOfLoaded(path, node, ref, site.frame, walk);
        const below = known === undefined ? paths : [known];
        for (const inner of mounted) {
          if (inner === instance) continue;
          inner.mounted = true;
          instance.stack.push({
            kind: 'mount',
            paths: below,
            instance: inner,
            ...walk.registered(known === undefined ? site : withoutFilter(site)),
          });
        }
      } else {
        if (isComputedRequire(walk.program, ref.node))
          instance.escapes.push({
            at: walk.locationOf(ref.node),
            to: 'a module whose name is computed',
            order: walk.next(),
          });
        const forErrors = hasErrorHandlers(instance.framework) && takesErrors(ref, walk);
        instance.stack.push({
          kind: 'use',
          paths,
          handlers: [ref],
          ...(forErrors && { forErrors: true }),
          ...(hook !== undefined && { hook }),
          ...walk.registered(site),
        });
      }
    }
  }
}

/** Conditions on the name of a file say which files are loaded, not when. */
const withoutFilter = (site: Site): Site => (site.condition === 'sometimes' ? { ...site, condition: 'always' } : site);

const hasErrorHandlers = (framework: Framework): boolean => framework === 'express' || framework === 'connect';

/** A function of four parameters handles errors. Source: https://expressjs.com/en/guide/error-handling.html */
const takesErrors = (ref: Ref, walk: Walk): boolean => walk.program.functionAt(ref.node)?.fact.arity === 4;

interface Arguments {
  readonly paths: readonly Path[];
  /** The argument the paths are read from. */
  readonly path?: Node;
  readonly args: readonly { readonly node: Node; readonly refs: readonly Ref[] }[];
}

/** The path of a registration and what is registered, arrays laid flat. */
function argumentsOf(site: Site, walk: Walk): Arguments {
  const value = walk.program.valueOf(site.call);
  if (value.kind !== 'call') return { paths: ['/'], args: [] };
  const all = value.args.flatMap(({ value: argument, spread }, index) => {
    const node = walk.program.child(site.call, argument);
    const refs = flattened(walk.resolver.refs(node, site.frame), walk);
    // what leads nowhere is still registered
    return [{ node, refs: refs.length > 0 ? refs : [{ node }], index, spread }];
  });
  const [first] = all;
  if (!first) return { paths: ['/'], args: [] };
  const isPath = first.spread !== true && all.length > 1 && looksLikePath(first.node, first.refs, walk, site);
  if (!isPath) return { paths: ['/'], args: all };
  return { paths: pathsOf(first.node, site.frame, walk), path: first.node, args: all.slice(1) };
}

export function flattened(refs: readonly Ref[], walk: Walk, depth = 0): readonly Ref[] {
  if (depth > 6) return refs;
  return refs.flatMap((ref) => {
    const items = walk.resolver.items(ref);
    return items ? flattened(items, walk, depth + 1) : [ref];
  });
}

/** `config.basePath`, `options.mountPath` */
const NAMES_PATH = /(path|route|prefix|mount|url|endpoint|uri)$/i;

function looksLikePath(node: Node, refs: readonly Ref[], walk: Walk, site: Site): boolean {
  const own = walk.program.valueOf(node);
  if (own.kind === 'member' && NAMES_PATH.test(own.property ?? '')) return true;
  const constants = walk.resolver.constants(node, site.frame);
  if (constants) return constants.some((each) => typeof each === 'string');
  return refs.every((ref) => {
    const { kind } = walk.program.valueOf(ref.node);
    if (kind === 'literal' || kind === 'regex' || kind === 'join') return true;
    if (kind === 'function' || kind === 'call' || kind === 'import') return false;
    return walk.instancesOf(ref).length === 0 && walk.program.apis(ref.node).length === 0;
  });
}

/** The paths of a registration: a text, several in an array, or a pattern. */
export function pathsOf(node: Node, frame: Site['frame'], walk: Walk): readonly Path[] {
  const constants = walk.resolver.constants(node, frame);
  if (constants) return constants.map(String);
  const paths = flattened(walk.resolver.refs(node, frame), walk).map((ref): Path => {
    const value = walk.program.valueOf(ref.node);
    if (value.kind === 'regex') return pathOfPattern(value.pattern) ?? { unknown: true };
    const [known] = walk.resolver.constants(ref.node, ref.frame) ?? [];
    if (known !== undefined) return String(known);
    return value.kind === 'join' ? (partlyKnown(ref, walk) ?? { unknown: true }) : { unknown: true };
  });
  return paths.length > 0 ? paths : [{ unknown: true }];
}

/** `/^\/api\/.*$/` is `/api/*`; other patterns are not read. */
function pathOfPattern(pattern: string): string | undefined {
  const text = pattern.replace(/^\^/, '').replaceAll('\\/', '/').replace(/\$$/, '');
  const literal = text.replace(/\(?\.\*\)?$/, '*').replace(/\/\?$/, '');
  return /^[\w/*-]*$/.test(literal) ? literal : undefined;
}

/** `${prefix}/users` with an unknown prefix is still a path below something. */
function partlyKnown(ref: Ref, walk: Walk): string | undefined {
  const value = walk.program.valueOf(ref.node);
  if (value.kind !== 'join') return undefined;
  const texts = value.parts.map(
    (part) => walk.resolver.constants(walk.program.child(ref.node, part.value), ref.frame)?.[0],
  );
  return texts.some((text) => typeof text === 'string' && text.length > 1)
    ? texts.map((text) => (text === undefined ? '{unknown}' : String(text))).join('')
    : undefined;
}

function addRoute(instance: Instance, site: Site, walk: Walk, method: string): void {
  const value = walk.program.valueOf(site.call);
  // `app.get('env')` reads a setting
  if (value.kind !== 'call' || (value.args.length < 2 && instance.kind === 'app' && method === 'get')) return;
  const path = walk.program.argument(site.call, 0);
  const paths =
    path === undefined ? undefined : (objectPaths(instance, path, site, walk) ?? pathsOf(path, site.frame, walk));
  addRoutes(instance, paths, 1, site, walk, [method]);
}

/** `server.get({ path, name, version }, handler)`. Source: http://restify.com/docs/server-api/#get */
function objectPaths({ framework }: Instance, path: Node, { frame }: Site, walk: Walk): readonly Path[] | undefined {
  if (framework !== 'restify') return undefined;
  const refs = walk.resolver.refs(path, frame);
  const named = ['path', 'url'].flatMap((name) => refs.flatMap((ref) => walk.resolver.property(ref, name)));
  return named.length > 0 ? named.flatMap((ref) => pathsOf(ref.node, ref.frame, walk)) : undefined;
}

/** `app.add('GET', '/x', handler)` of Polka. */
function addNamed(instance: Instance, site: Site, walk: Walk): void {
  const name = walk.program.argument(site.call, 0);
  const path = walk.program.argument(site.call, 1);
  if (name === undefined || path === undefined) return;
  const known = walk.resolver.constants(name, site.frame)?.map((each) => (each === '*' ? 'all' : String(each)));
  const methods = known?.map((each) => each.toLowerCase()) ?? ['?'];
  addRoutes(instance, pathsOf(path, site.frame, walk), 2, site, walk, methods);
}

function addRoutes(
  instance: Instance,
  paths: readonly Path[] | undefined,
  from: number,
  site: Site,
  walk: Walk,
  methods: readonly string[] = site.methods,
): void {
  const value = walk.program.valueOf(site.call);
  if (value.kind !== 'call') return;
  const handlers = value.args
    .slice(from)
    .flatMap(({ value: argument }) =>
      flattened(walk.resolver.refs(walk.program.child(site.call, argument), site.frame), walk),
    );
  for (const method of methods) {
    if (!METHODS.has(method) && method !== '?') continue;
    const name = method === 'del' ? 'DELETE' : method === 'opts' ? 'OPTIONS' : method.toUpperCase();
    instance.stack.push({
      kind: 'route',
      method: name,
      paths: paths ?? [{ unknown: true }],
      handlers,
      ...walk.registered(site),
    });
  }
}

function addSetting(instance: Instance, site: Site, walk: Walk, method: string): void {
  const name = walk.program.argument(site.call, 0);
  const value = walk.program.argument(site.call, 1);
  for (const known of (name === undefined ? undefined : walk.resolver.constants(name, site.frame)) ?? []) {
    if (typeof known !== 'string') continue;
    instance.settings.push({
      name: known,
      at: walk.locationOf(site.call),
      condition: site.condition,
      ...(method === 'set' ? value !== undefined && { value } : { enabled: method === 'enable' }),
    });
  }
}
