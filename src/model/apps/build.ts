import type { App, Condition, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import type { Effect } from './effect.ts';
import type { Ref } from './frame.ts';
import { joined } from './conditions.ts';
import { phaseOf } from './fastify.ts';
import { purposeOf } from './purpose.ts';
import { coverage, joinedPath, textOf, unseen } from './paths.ts';
import type { Instance, Layer } from './registry.ts';
import { meetsUnless, unlessOf } from './unless.ts';
import { answersAlone, runOrder } from './run-order.ts';
import type { Unless } from './unless.ts';
import type { Walk } from './walk.ts';

/** One layer at its place in the flat order of an application: what Express runs through for each request. */
export interface FlatLayer {
  readonly layer: Exclude<Layer, { kind: 'mount' }>;
  /** All prefixes joined; undefined where one cannot be seen. */
  readonly path: string | undefined;
  readonly condition: Condition;
  readonly level: 'app' | 'router';
  /** The instance it is registered on and those around it, outermost first. */
  readonly owners: readonly Instance[];
  /** The path as it is registered, for frameworks in which it must match as a whole. */
  readonly own: string | undefined;
  /** Like `path`, with a name of its own for each part that cannot be seen: what is below the same one is comparable. */
  readonly key: string;
}

/** What frameworks do of themselves: read bodies up to a limit, answer errors without telling why. */
const DEFAULTS: Readonly<Partial<Record<App['framework'], App['defaults']>>> = {
  fastify: ['body', 'errors'],
  koa: ['errors'],
  hono: ['errors'],
};

/** After all hooks. */
const HANDLER = 9;

interface PendingRoute {
  readonly route: number;
  readonly key: string;
  readonly owners: readonly Instance[];
  readonly method: string;
  readonly made: readonly Link[];
  /** How many links came before it. */
  readonly position: number;
  readonly options?: Ref;
}

const MAX_DEPTH = 16;
const MAX_LAYERS = 20_000;

/** Lays mounted routers flat, in the order requests meet their layers. */
export function flatLayers(app: Instance, major?: number): readonly FlatLayer[] {
  const flat: FlatLayer[] = [];
  const visit = (
    instance: Instance,
    prefix: string | undefined,
    above: string,
    condition: Condition,
    around: readonly Instance[],
  ): void => {
    const depth = around.length;
    if (depth > MAX_DEPTH || around.includes(instance)) return;
    const owners = [...around, instance];
    const own = instance.prefix === undefined ? prefix : joinedPath(prefix, instance.prefix);
    const base = instance.prefix === undefined ? above : (joinedPath(above, instance.prefix) ?? above);
    for (const layer of runOrder(instance, major)) {
      const here = joined(condition, layer.condition);
      for (const path of layer.paths) {
        if (flat.length >= MAX_LAYERS) return;
        const whole = joinedPath(own, textOf(path));
        const key = joinedPath(base, textOf(path) ?? unseen(layer.order)) ?? base;
        if (layer.kind === 'mount') visit(layer.instance, whole, key, here, owners);
        else
          flat.push({
            layer,
            path: whole,
            condition: here,
            level: depth === 0 ? 'app' : 'router',
            owners,
            own: textOf(path),
            key,
          });
      }
    }
  };
  visit(app, '/', '/', 'always', []);
  return flat;
}

/** The application as requests meet it: its routes, each with its whole chain. */
export function appOf(instance: Instance, walk: Walk, classifier: Classifier, major: number | undefined): App {
  const flat = flatLayers(instance, major);
  const routes: Route[] = [];
  const links: Link[] = [];
  const app: App = {
    framework: instance.framework,
    ...(major !== undefined && { major }),
    at: walk.locationOf(instance.node),
    node: instance.node,
    path: walk.program.moduleOf(instance.node).path,
    serving: instance.serving,
    ...(instance.listensAt && { listensAt: instance.listensAt }),
    routes,
    links,
    settings: instance.settings,
    escapes: escapesOf(instance),
    defaults: DEFAULTS[instance.framework] ?? [],
  };
  const passed: Passed[] = [];
  const pending: PendingRoute[] = [];
  const inherits = instance.framework === 'fastify';
  flat.forEach((flatLayer, position) => {
    const { layer, path, condition, level, owners, own, key } = flatLayer;
    const order = inherits ? layer.order : position;
    const made = layer.handlers.map((ref) =>
      linkOf(walk, classifier, ref, inherits && layer.kind === 'use' ? layer : undefined, {
        at: layer.at,
        condition,
        scope: path,
        level: layer.kind === 'route' ? 'route' : level,
        order,
        ...(layer.kind === 'use' && layer.forErrors && { forErrors: true }),
        ...(layer.kind === 'route' && layer.method !== 'ALL' && { method: layer.method }),
        ...(inherits && { phase: layer.kind === 'use' ? phaseOf(layer.hook) : (ref.phase ?? HANDLER) }),
      }),
    );
    if (layer.kind === 'use') {
      links.push(...made);
      const exact = instance.framework === 'hono' && own !== undefined && own !== '/' && !own.includes('*');
      made.forEach((link, index) => {
        const ref = layer.handlers[index];
        const unless = ref && unlessOf(walk.resolver, ref);
        const { meets: given } = layer;
        const rest = { ...(unless && { unless }), ...(given && { given }), ...(ref && { ref }) };
        passed.push({ link, key, exact, owner: owners.at(-1), ...rest });
      });
      return;
    }
    const { method } = layer;
    const options = layer.options === undefined ? [] : optionLinks(walk, layer, path, condition, order);
    made.unshift(...options);
    routes.push({
      app,
      method,
      path,
      at: layer.at,
      pathAt: pathAt(walk, layer.call) ?? layer.at,
      call: layer.call,
      purpose: purposeOf(walk.program, method, path, made),
      chain: [],
      handlers: made,
      condition,
      order,
    });
    const asked = layer.options && { options: layer.options };
    pending.push({ route: routes.length - 1, key, owners, method, made, position: passed.length, ...asked });
    // all but the last handler of a route lets requests go on to what comes after it
    const passing = method === 'ALL' ? made : made.slice(0, -1);
    if (isPassing(instance.framework) && !answersAlone(instance, major))
      passed.push(...passing.map((link) => ({ link, key, exact: true, method, owner: owners.at(-1) })));
  });
  for (const { route, key, owners, method, made, position, options } of pending) {
    const known = routes[route];
    if (!known) continue;
    const before = (
      inherits ? passed.toSorted((a, b) => a.link.order - b.link.order) : passed.slice(0, position)
    ).flatMap((each) =>
      (each.given
        ? givenTo(each, known, owners, options)
        : meets(each, known, key, owners, method, instance.framework)
      ).map((link) => (each.ref ? askedOf(link, each.ref, known.path, classifier) : link)),
    );
    const chain = [...before, ...made];
    const phases = new Map(chain.map((link) => [link, link.phase ?? 0]));
    const isLater = (a: Link, b: Link): number => (phases.get(a) ?? 0) - (phases.get(b) ?? 0);
    routes[route] = { ...known, chain: inherits ? chain.toSorted(isLater) : chain };
  }
  return app;
}

interface Passed {
  readonly link: Link;
  readonly key: string;
  readonly exact: boolean;
  readonly method?: string;
  readonly owner: Instance | undefined;
  readonly unless?: Unless;
  /** Of a hook that is given to routes as they are added. */
  readonly given?: (options: Ref | undefined) => 'all' | 'some' | 'none';
  /** What is registered, where it is middleware. */
  readonly ref?: Ref;
}

/** The link as it is for requests to a path, where its own code asks for that. */
function askedOf(link: Link, ref: Ref, path: string | undefined, classifier: Classifier): Link {
  const { scope } = link;
  if (link.forErrors) return link;
  const isBelow = path !== undefined && scope !== undefined && !/[:*{(]/.test(scope);
  const below =
    isBelow && (scope === '/' || path.startsWith(`${scope}/`))
      ? path.slice(scope === '/' ? 0 : scope.length)
      : undefined;
  const found = classifier.forPath(ref, { ...(path !== undefined && { path }), ...(below !== undefined && { below }) });
  return found ? { ...link, effects: found.effects, ...(found.isPartly && { partly: true as const }) } : link;
}

/** Handlers of a route that come before its last may let a request go on to later routes. */
const isPassing = (framework: App['framework']): boolean => framework !== 'fastify' && framework !== 'koa';

/** The link as a route meets it; none where it does not. */
function meets(
  { link, key, exact, method: only, owner, unless }: Passed,
  route: Route,
  routeKey: string,
  owners: readonly Instance[],
  method: string,
  framework: App['framework'],
): readonly Link[] {
  if (only !== undefined && only !== 'ALL' && only !== method) return [];
  if (framework === 'fastify') return inherited(link, route, owner, owners) ? [link] : [];
  // a router of Koa keeps its middleware to its own routes
  if (framework === 'koa' && owner && owner !== owners[0] && !owners.includes(owner)) return [];
  const covers = coverage(key, routeKey, exact);
  const left = unless ? meetsUnless(unless, method, route.path) : 'all';
  if (covers === 'none' || left === 'none') return [];
  return [covers === 'all' && left === 'all' ? link : { ...link, partly: true }];
}

/** A hook that `onRoute` gives to the routes of its context that are added after it. */
function givenTo(
  { link, given, owner }: Passed,
  route: Route,
  owners: readonly Instance[],
  options: Ref | undefined,
): readonly Link[] {
  if (!inherited(link, route, owner, owners) || link.order > route.order) return [];
  const covers = given?.(options) ?? 'none';
  return covers === 'none' ? [] : [covers === 'all' ? link : { ...link, partly: true }];
}

/** Plugins that see only the routes that are added after them. Source: https://github.com/fastify/fastify-rate-limit */
const ADDS_TO_LATER_ROUTES = /^(@fastify\/rate-limit|fastify-rate-limit)$/;

/** Hooks of a context hold for all its routes and for the plugins in it, whatever their order. */
function inherited(link: Link, route: Route, owner: Instance | undefined, owners: readonly Instance[]): boolean {
  const at = owner ? owners.indexOf(owner) : -1;
  if (at < 0) return false;
  const later = link.effects.some(({ package: name = '' }) => ADDS_TO_LATER_ROUTES.test(name));
  return !later || link.order < route.order;
}

function pathAt(walk: Walk, call: number): Link['at'] | undefined {
  const first = walk.program.argument(call, 0);
  if (first === undefined) return undefined;
  const { kind } = walk.program.valueOf(first);
  return kind === 'literal' || kind === 'join' || kind === 'array' || kind === 'regex'
    ? walk.locationOf(first)
    : undefined;
}

function escapesOf(instance: Instance, depth = 0): App['escapes'] {
  if (depth > MAX_DEPTH) return [];
  return [
    ...instance.escapes,
    ...instance.stack.flatMap((layer) => (layer.kind === 'mount' ? escapesOf(layer.instance, depth + 1) : [])),
  ];
}

/** What options of a route stand for: a schema validates, `config.rateLimit` limits. */
function optionLinks(
  walk: Walk,
  layer: Exclude<Layer, { kind: 'mount' }>,
  scope: string | undefined,
  condition: Condition,
  order: number,
): readonly Link[] {
  if (layer.kind !== 'route' || layer.options === undefined) return [];
  const has = (name: string, below?: string): boolean => {
    const found = layer.options === undefined ? [] : walk.resolver.property(layer.options, name);
    return below === undefined ? found.length > 0 : found.some((ref) => walk.resolver.property(ref, below).length > 0);
  };
  const made = (name: string, kind: Effect['kind']): Link => ({
    at: layer.at,
    node: layer.options?.node ?? layer.call,
    name,
    effects: [{ kind, by: 'package' }],
    condition,
    scope,
    level: 'route',
    order,
  });
  return [
    ...(has('request', 'body') || has('request', 'query') || has('request', 'params')
      ? [made('request', 'validator')]
      : []),
    ...(has('schema', 'body') || has('schema', 'querystring') || has('schema', 'params')
      ? [made('schema', 'validator')]
      : []),
    ...(has('config', 'rateLimit') ? [made('config.rateLimit', 'limiter')] : []),
  ];
}

function linkOf(
  walk: Walk,
  classifier: Classifier,
  ref: Ref,
  plugin: Layer | undefined,
  rest: Omit<Link, 'node' | 'name' | 'effects'>,
): Link {
  const found = classifier.of(ref, rest.forErrors === true);
  const isHook = rest.phase !== undefined && rest.phase !== HANDLER;
  const effects = isHook ? ofHook(found) : found;
  const own = plugin?.kind === 'use' ? plugin.options?.node : undefined;
  const options = own ?? (plugin && walk.program.argument(plugin.call, 1));
  return {
    node: ref.node,
    name: nameOf(walk, ref),
    effects:
      plugin && plugin.kind === 'use' && plugin.hook === undefined && !plugin.forErrors
        ? effects.map((effect) => ofPlugin(walk, effect, plugin.call, options))
        : effects,
    ...rest,
  };
}

/** A hook of Fastify has no `next` to call: that it may answer says not that it does. */
function ofHook(effects: readonly Effect[]): readonly Effect[] {
  const left = effects.filter(({ kind }) => kind !== 'answers');
  return left.length > 0 ? left : [{ kind: 'none', by: 'behaviour' }];
}

function nameOf({ program }: Walk, { node, called }: Ref): string {
  const described = program.describe(node);
  return called !== undefined && program.functionAt(node)?.fact.name === undefined ? called : described;
}

/** `register(rateLimit, { global: false })` limits nothing by itself, nor guards `register(bearer, { addHook: false })`. */
function ofPlugin(walk: Walk, effect: Effect, call: number, options: number | undefined): Effect {
  const isOff = (name: string): boolean =>
    options !== undefined &&
    walk.program.property(options, name).some((node) => walk.program.constants(node)?.[0] === false);
  const asks = effect.kind === 'limiter' || effect.kind === 'headers' ? 'global' : 'addHook';
  const kind = effect.kind !== 'none' && isOff(asks) ? 'none' : effect.kind;
  return { ...effect, kind, call, ...(options !== undefined && { options }) };
}
