import type { App, Link, Route } from './app.ts';
import { flatLayers } from './build.ts';
import type { FlatLayer } from './build.ts';
import type { Classifier } from './classify.ts';
import type { Effect, EffectKind } from './effect.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import { optionsOf } from './hapi.ts';
import { packageEffect } from './packages.ts';
import { purposeOf } from './purpose.ts';
import type { Instance, Layer } from './registry.ts';
import type { Walk } from './walk.ts';

/** What a request of hapi goes through, in order. Source: https://hapi.dev/api#request-lifecycle */
const LIFECYCLE = [
  'onRequest',
  'onPreAuth',
  'auth',
  'payload',
  'onCredentials',
  'access',
  'onPostAuth',
  'validate',
  'onPreHandler',
  'pre',
  'handler',
  'onPostHandler',
  'onPreResponse',
  'onPostResponse',
] as const;

type Phase = (typeof LIFECYCLE)[number];

const phaseOf = (name: Phase): number => LIFECYCLE.indexOf(name);
const phaseNamed = (name: string | undefined): number => LIFECYCLE.findIndex((each) => each === name);
/** What runs once a response is there can add to it, and keeps nobody out. */
const AFTERWARDS: ReadonlySet<EffectKind> = new Set([
  'headers',
  'cors',
  'errors',
  'logging',
  'compression',
  'cookies',
  'none',
  'unknown',
]);

/** What `routes: { security: true }` writes. Source: https://hapi.dev/api#-routeoptionssecurity */
const SECURITY = [
  'strict-transport-security',
  'x-frame-options',
  'x-xss-protection',
  'x-download-options',
  'x-content-type-options',
];

/** An application of hapi as requests meet it: the extensions of the server, then what each route asks for. */
export function hapiAppOf(instance: Instance, walk: Walk, classifier: Classifier, major: number | undefined): App {
  return new Building(instance, walk, classifier, major).app;
}

class Building {
  readonly app: App;
  readonly #walk: Walk;
  readonly #classifier: Classifier;
  readonly #routes: Route[] = [];
  readonly #links: Link[] = [];
  /** Options of the server that every route starts from. */
  readonly #defaults: readonly Ref[];
  #authDefault: { readonly ref: Ref; readonly layer: Layer } | undefined;
  readonly #schemes = new Map<string, string>();

  constructor(instance: Instance, walk: Walk, classifier: Classifier, major: number | undefined) {
    this.#walk = walk;
    this.#classifier = classifier;
    const server: readonly Ref[] =
      instance.options === undefined ? [] : walk.resolver.refs(instance.options, undefined);
    this.#defaults = server.flatMap((ref) => walk.resolver.property(ref, 'routes'));
    this.app = {
      framework: 'hapi',
      ...(major !== undefined && { major }),
      at: walk.locationOf(instance.node),
      node: instance.node,
      path: walk.program.moduleOf(instance.node).path,
      serving: instance.serving,
      ...(instance.listensAt && { listensAt: instance.listensAt }),
      routes: this.#routes,
      links: this.#links,
      settings: instance.settings,
      escapes: instance.escapes,
      defaults: ['body', 'errors'],
    };
    const flat = flatLayers(instance);
    this.#links.push(...this.#ofServer(instance));
    const sandboxed: { readonly link: Link; readonly owner: Instance | undefined }[] = [];
    for (const each of flat.toSorted((a, b) => a.layer.order - b.layer.order)) {
      if (each.layer.kind !== 'use') continue;
      const owner = each.owners.at(-1);
      for (const link of this.#ofLayer(each.layer, each)) {
        this.#links.push(link);
        if (owner !== instance && phaseNamed(each.layer.hook) >= 0) sandboxed.push({ link, owner });
      }
    }
    for (const each of flat) {
      if (each.layer.kind !== 'route') continue;
      const own = each.owners.at(-1);
      const hidden = new Set(sandboxed.filter(({ owner }) => owner !== own).map(({ link }) => link));
      this.#routes.push(
        this.#route(
          each,
          each.layer,
          this.#links.filter((link) => !hidden.has(link)),
        ),
      );
    }
  }

  /** `server({ routes: { cors, security } })` */
  #ofServer({ node }: Instance): readonly Link[] {
    return ['security', 'cors', 'payload'].flatMap((name) =>
      this.#option(this.#defaults, name).map((ref) => this.#ofOption(name, ref, node, { level: 'app', order: -1 })),
    );
  }

  #option(from: readonly Ref[], name: string, below?: string): readonly Ref[] {
    const found = from.flatMap((ref) => this.#walk.resolver.property(ref, name));
    const inner = below === undefined ? found : found.flatMap((ref) => this.#walk.resolver.property(ref, below));
    return inner.filter((ref) => this.#constant(ref) !== false && !this.#isNothing(ref));
  }

  #constant = (ref: Ref): unknown => this.#walk.resolver.constants(ref.node, ref.frame)?.[0];
  #isNothing = ({ node }: Ref): boolean => this.#walk.program.valueOf(node).kind === 'undefined';

  #ofOption(name: string, ref: Ref, at: number, rest: Partial<Link>): Link {
    const effect: Effect =
      name === 'security'
        ? { kind: 'headers', by: 'package', package: '@hapi/hapi', headers: SECURITY }
        : {
            kind: name === 'cors' ? 'cors' : 'body',
            by: 'package',
            package: '@hapi/hapi',
            options: ref.node,
          };
    const isObject = this.#walk.program.valueOf(ref.node).kind === 'object';
    return this.#link(ref, [effect], `routes.${name}`, isObject ? ref.node : at, rest);
  }

  #link(ref: Ref, effects: readonly Effect[], name: string, at: number, rest: Partial<Link>): Link {
    return {
      at: this.#walk.locationOf(at),
      node: ref.node,
      name,
      effects,
      condition: 'always',
      scope: '/',
      level: 'route',
      order: 0,
      ...rest,
    };
  }

  #ofLayer(layer: Extract<Layer, { kind: 'use' }>, { condition }: FlatLayer): readonly Link[] {
    const { hook, handlers, order, call } = layer;
    if (hook === 'auth.strategy') {
      const [name, scheme] = handlers.map(this.#constant);
      if (typeof name === 'string') this.#schemes.set(name, typeof scheme === 'string' ? scheme : name);
      return [];
    }
    if (hook === 'auth.default') {
      const [ref] = handlers;
      if (ref) this.#authDefault = { ref, layer };
      return [];
    }
    const rest = { condition, order, level: 'app' } as const;
    return handlers.flatMap((ref) => {
      if (hook === 'plugin') return [this.#ofPlugin(ref, layer, rest)];
      const phase = phaseNamed(hook);
      if (phase < 0) return [];
      const link = this.#link(ref, this.#effects(ref, phase), this.#walk.program.describe(ref.node), call, rest);
      return [{ ...link, phase }];
    });
  }

  #effects(ref: Ref, phase: number): readonly Effect[] {
    const all = this.#classifier.of(ref);
    if (phase <= phaseOf('handler')) return all;
    const left = all.filter(({ kind }) => AFTERWARDS.has(kind));
    return left.length > 0 ? left : [{ kind: 'none', by: 'behaviour' }];
  }

  /** A plugin of a package: what its table says, or nobody knows. */
  #ofPlugin(ref: Ref, layer: Extract<Layer, { kind: 'use' }>, rest: Partial<Link>): Link {
    const name = this.#walk.program.describe(ref.node);
    const known = this.#walk.program.apis(ref.node).map((api) => packageEffect(api.replace(/\.(plugin|default)$/, '')));
    const [effect] = known.filter((each) => each !== undefined);
    const given = { call: layer.call, ...(layer.options && { options: layer.options.node }) };
    const effects = effect ? [{ ...effect, by: 'package', ...given } as const] : this.#classifier.of(ref);
    return this.#link(ref, effects, name, layer.call, { ...rest, phase: 0 });
  }

  // ——— routes ———

  #route(flat: FlatLayer, layer: Extract<Layer, { kind: 'route' }>, around: readonly Link[]): Route {
    const walk = this.#walk;
    const { path } = flat;
    const given = layer.options;
    const options = given ? optionsOf(given, walk) : [];
    const rest = { condition: flat.condition, scope: path, order: layer.order } as const;
    const handlers = layer.handlers.map((ref) => this.#handler(ref, layer, rest));
    const own = [...this.#protections(options, layer, rest), ...this.#ofExtensions(options, layer, rest), ...handlers];
    const isLater = (a: Link, b: Link): number => (a.phase ?? 0) - (b.phase ?? 0) || a.order - b.order;
    const [pathNode] = given ? walk.resolver.property(given, 'path') : [];
    return {
      app: this.app,
      method: layer.method,
      path,
      at: layer.at,
      pathAt: pathNode ? walk.locationOf(pathNode.node) : layer.at,
      call: layer.call,
      purpose: purposeOf(walk.program, layer.method, path, handlers),
      chain: [...around, ...own].toSorted(isLater),
      handlers: own.filter(({ phase = 0 }) => phase <= phaseOf('handler')).toSorted(isLater),
      condition: flat.condition,
      order: layer.order,
    };
  }

  /** A function, or `{ directory: … }`, `{ file: … }`, `{ proxy: … }` of a plugin. */
  #handler(ref: Ref, layer: Layer, rest: Partial<Link>): Link {
    const value = this.#walk.program.valueOf(ref.node);
    const by = 'package' as const;
    const known: Readonly<Record<string, EffectKind>> = { directory: 'static', file: 'static', proxy: 'proxy' };
    const effects: readonly Effect[] =
      value.kind === 'object'
        ? value.properties.map(({ name = '' }) => ({ kind: (Object.hasOwn(known, name) && known[name]) || 'none', by }))
        : this.#classifier.of(ref);
    const link = this.#link(ref, effects, this.#walk.program.describe(ref.node), layer.call, rest);
    return { ...link, phase: phaseOf('handler') };
  }

  #protections(options: readonly Ref[], { call }: Layer, rest: Partial<Link>): readonly Link[] {
    const of = (name: string, ref: Ref, phase: Phase, effects: readonly Effect[]): Link => ({
      ...this.#link(ref, effects, name, call, rest),
      phase: phaseOf(phase),
    });
    const by = 'package' as const;
    const all = [...options, ...this.#defaults];
    const validated = ['payload', 'query', 'params', 'headers'].flatMap((part) => this.#option(all, 'validate', part));
    const limit = this.#option(options, 'payload', 'maxBytes');
    const [payload] = this.#option(options, 'payload');
    return [
      ...this.#auth(all, call, rest),
      ...(limit.length > 0 && payload
        ? [of('payload', payload, 'payload', [{ kind: 'body', by, format: 'any', options: payload.node }])]
        : []),
      ...(validated[0] ? [of('validate', validated[0], 'validate', [{ kind: 'validator', by }])] : []),
      ...this.#option(options, 'cors').map((ref) =>
        of('cors', ref, 'onRequest', [{ kind: 'cors', by, options: ref.node }]),
      ),
      ...this.#option(options, 'security').map((ref) =>
        of('security', ref, 'onRequest', [{ kind: 'headers', by, headers: SECURITY }]),
      ),
      ...this.#pre(options, call, rest),
    ];
  }

  /** `auth: 'jwt'`, `auth: { strategy, mode, scope }`, `auth: false`, or the default of the server. */
  #auth(options: readonly Ref[], call: number, rest: Partial<Link>): readonly Link[] {
    const [own] = options
      .flatMap((ref) => this.#walk.resolver.property(ref, 'auth'))
      .filter((ref) => !this.#isNothing(ref));
    if (own && this.#constant(own) === false) return [];
    const by = 'package' as const;
    const ref = own ?? this.#authDefault?.ref;
    if (!ref) return [];
    const text = this.#constant(ref);
    const isObject = this.#walk.program.valueOf(ref.node).kind === 'object';
    const at = isObject ? ref.node : own ? call : (this.#authDefault?.layer.call ?? call);
    const link = (effects: readonly Effect[], name: string): readonly Link[] => [
      {
        ...this.#link(ref, effects, name, at, rest),
        phase: phaseOf('auth'),
        ...(!own && { level: 'app', condition: this.#authDefault?.layer.condition ?? 'always' }),
      },
    ];
    if (typeof text !== 'string' && !isObject)
      return link([{ kind: 'unknown', by: 'behaviour', reason: 'what its auth option is cannot be seen' }], 'auth');
    const texts = (name: string): readonly unknown[] =>
      flattened(this.#walk.resolver.property(ref, name), this.#walk).map(this.#constant);
    const strategies = typeof text === 'string' ? [text] : [...texts('strategy'), ...texts('strategies')];
    const inherited = this.#authDefault ? this.#constant(this.#authDefault.ref) : undefined;
    const name = strategies.find((each) => typeof each === 'string') ?? inherited;
    const scheme = typeof name === 'string' ? this.#schemes.get(name) : undefined;
    const isOpen = texts('mode').some((mode) => mode === 'try' || mode === 'optional');
    const isScoped = this.#option([ref], 'scope').length > 0 || this.#option([ref], 'access').length > 0;
    const from = scheme === undefined ? {} : { package: scheme };
    return link(
      [{ kind: isOpen ? 'identity' : 'auth', by, ...from }, ...(isScoped ? [{ kind: 'role', by } as const] : [])],
      `auth: ${typeof name === 'string' ? name : 'default'}`,
    );
  }

  /** Prerequisites run in order before the handler, those in an inner array side by side. */
  #pre(options: readonly Ref[], call: number, rest: Partial<Link>): readonly Link[] {
    return flattened(
      options.flatMap((ref) => this.#walk.resolver.property(ref, 'pre')),
      this.#walk,
    ).flatMap((ref) => {
      const inner = this.#walk.resolver.property(ref, 'method');
      return (inner.length > 0 ? inner : [ref]).map((each) => ({
        ...this.#link(each, this.#classifier.of(each), this.#walk.program.describe(each.node), call, rest),
        phase: phaseOf('pre'),
      }));
    });
  }

  /** `ext: { onPreHandler: { method } }` of a route. */
  #ofExtensions(options: readonly Ref[], { call }: Layer, rest: Partial<Link>): readonly Link[] {
    return LIFECYCLE.filter((name) => name.startsWith('on')).flatMap((name) =>
      flattened(
        options.flatMap((ref) =>
          this.#walk.resolver.property(ref, 'ext').flatMap((each) => this.#walk.resolver.property(each, name)),
        ),
        this.#walk,
      )
        .flatMap((ref) => flattened(this.#walk.resolver.property(ref, 'method'), this.#walk))
        .map((ref) => ({
          ...this.#link(ref, this.#effects(ref, phaseOf(name)), this.#walk.program.describe(ref.node), call, rest),
          phase: phaseOf(name),
        })),
    );
  }
}
