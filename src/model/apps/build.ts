import type { App, Condition, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import { joined } from './conditions.ts';
import { purposeOf } from './purpose.ts';
import { coverage, joinedPath, textOf } from './paths.ts';
import type { Instance, Layer } from './registry.ts';
import type { Walk } from './walk.ts';

/** One layer at its place in the flat order of an application: what Express runs through for each request. */
export interface FlatLayer {
  readonly layer: Exclude<Layer, { kind: 'mount' }>;
  /** All prefixes joined; undefined where one cannot be seen. */
  readonly path: string | undefined;
  readonly condition: Condition;
  readonly level: 'app' | 'router';
}

const MAX_DEPTH = 16;
const MAX_LAYERS = 20_000;

/** Lays mounted routers flat, in the order requests meet their layers. */
export function flatLayers(app: Instance): readonly FlatLayer[] {
  const flat: FlatLayer[] = [];
  const visit = (instance: Instance, prefix: string | undefined, condition: Condition, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    const own = instance.prefix === undefined ? prefix : joinedPath(prefix, instance.prefix);
    for (const layer of instance.stack) {
      const here = joined(condition, layer.condition);
      for (const path of layer.paths) {
        if (flat.length >= MAX_LAYERS) return;
        const whole = joinedPath(own, textOf(path));
        if (layer.kind === 'mount') visit(layer.instance, whole, here, depth + 1);
        else flat.push({ layer, path: whole, condition: here, level: depth === 0 ? 'app' : 'router' });
      }
    }
  };
  visit(app, '/', 'always', 0);
  return flat;
}

/** The application as requests meet it: its routes, each with its whole chain. */
export function appOf(instance: Instance, walk: Walk, classifier: Classifier, major: number | undefined): App {
  const flat = flatLayers(instance);
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
    defaults: [],
  };
  const passed: { readonly link: Link; readonly exact: boolean; readonly method?: string }[] = [];
  flat.forEach(({ layer, path, condition, level }, order) => {
    const made = layer.handlers.map((ref) =>
      linkOf(walk, classifier, ref, {
        at: layer.at,
        condition,
        scope: path,
        level: layer.kind === 'route' ? 'route' : level,
        order,
        ...(layer.kind === 'use' && layer.forErrors && { forErrors: true }),
        ...(layer.kind === 'route' && layer.method !== 'ALL' && { method: layer.method }),
      }),
    );
    if (layer.kind === 'use') {
      links.push(...made);
      passed.push(...made.map((link) => ({ link, exact: false })));
      return;
    }
    const { method } = layer;
    const before = passed.flatMap(({ link, exact, method: only }): readonly Link[] => {
      if (only !== undefined && only !== 'ALL' && only !== method) return [];
      const covers = coverage(link.scope, path, exact);
      if (covers === 'none') return [];
      return [covers === 'all' ? link : { ...link, partly: true }];
    });
    routes.push({
      app,
      method,
      path,
      at: layer.at,
      pathAt: pathAt(walk, layer.call) ?? layer.at,
      call: layer.call,
      purpose: purposeOf(walk.program, method, path, made),
      chain: [...before, ...made],
      handlers: made,
      condition,
      order,
    });
    // all but the last handler of a route lets requests go on to what comes after it
    const passing = method === 'ALL' ? made : made.slice(0, -1);
    passed.push(...passing.map((link) => ({ link, exact: true, method })));
  });
  return app;
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

export function linkOf(
  walk: Walk,
  classifier: Classifier,
  ref: { readonly node: number; readonly frame?: never } | Parameters<Classifier['of']>[0],
  rest: Omit<Link, 'node' | 'name' | 'effects'>,
): Link {
  return {
    node: ref.node,
    name: walk.program.describe(ref.node),
    effects: classifier.of(ref, rest.forErrors === true),
    ...rest,
  };
}
