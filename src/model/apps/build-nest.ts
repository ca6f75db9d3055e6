import type { App, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import type { Effect } from './effect.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import { isEverywhere, meets, reach, targetOf } from './nest-middleware.ts';
import type { NestMiddleware, Position } from './nest-middleware.ts';
import { classAt } from './nest-class.ts';
import { nestModulesOf } from './nest-modules.ts';
import type { GlobalKind } from './nest-modules.ts';
import { LIFECYCLE, versionText } from './nest-routes.ts';
import type { NestPhase, NestRoute } from './nest-routes.ts';
import { joinedPath } from './paths.ts';
import { purposeOf } from './purpose.ts';
import type { Instance } from './registry.ts';
import type { Walk } from './walk.ts';

const phaseOf = (phase: NestPhase): number => LIFECYCLE.indexOf(phase);
const GLOBALS: Readonly<Record<string, NestPhase>> = {
  useGlobalGuards: 'guard',
  useGlobalInterceptors: 'interceptor',
  useGlobalPipes: 'pipe',
  useGlobalFilters: 'filter',
};
const PROVIDED: Readonly<Record<GlobalKind, NestPhase>> = {
  GUARD: 'guard',
  INTERCEPTOR: 'interceptor',
  PIPE: 'pipe',
  FILTER: 'filter',
};

/** A NestJS application as requests meet it: middleware, guards, interceptors and pipes, from the outside in. */
export function nestAppOf(instance: Instance, walk: Walk, classifier: Classifier, major: number | undefined): App {
  const modules = nestModulesOf(instance.node, walk);
  const routes: Route[] = [];
  const links: Link[] = [];
  const app: App = {
    framework: 'nest',
    ...(major !== undefined && { major }),
    at: walk.locationOf(instance.node),
    node: instance.node,
    path: walk.program.moduleOf(instance.node).path,
    serving: instance.serving,
    ...(instance.listensAt && { listensAt: instance.listensAt }),
    routes,
    links,
    settings: instance.settings,
    escapes: [
      ...instance.escapes,
      ...modules.unknown.map((node) => ({
        at: walk.locationOf(node),
        to: 'a controller that cannot be seen',
        order: 0,
      })),
    ],
    defaults: ['body', 'errors'],
  };
  const of = (ref: Ref, at: number, phase: NestPhase, rest: Partial<Link> = {}): Link => ({
    at: walk.locationOf(at),
    node: ref.node,
    name: classAt(ref.node, walk)?.fact.name ?? instanceName(ref, walk) ?? walk.program.describe(ref.node),
    effects: effectsOf(ref, walk, classifier),
    condition: 'always',
    scope: '/',
    level: 'app',
    order: links.length,
    phase: phaseOf(phase),
    ...(phase === 'filter' && { forErrors: true }),
    ...rest,
  });
  const paths = new Paths(instance, walk);
  const chosen = new Map<Link, NestMiddleware>();
  const ofBootstrap = bootstrapLinks(instance, walk, of);
  const isMiddleware = ({ phase }: Link): boolean => phase === phaseOf('middleware');
  links.push(...ofBootstrap.filter(isMiddleware));
  for (const middleware of modules.middleware) {
    const link = of(middleware.ref, middleware.at, 'middleware', {
      order: links.length,
      ...scopeOf(middleware, paths),
    });
    links.push(link);
    chosen.set(link, middleware);
  }
  for (const { ref, at, kind } of modules.global) links.push(of(ref, at, PROVIDED[kind], { order: links.length }));
  links.push(...ofBootstrap.filter((link) => !isMiddleware(link)));
  for (const route of modules.routes) {
    for (const { path, position } of paths.of(route)) {
      const around = links.flatMap((link): readonly Link[] => {
        const middleware = chosen.get(link);
        const met = middleware ? meets(middleware, position) : 'all';
        // a guard that asks for `@Public()` lets such a route pass
        const isPassed = route.isPublic && link.effects.some(({ kind }) => kind === 'auth' || kind === 'role');
        return met === 'none' ? [] : [met === 'some' || isPassed ? { ...link, partly: true } : link];
      });
      routes.push(routeOf(route, path, app, around, walk, of));
    }
  }
  return app;
}

type LinkOf = (ref: Ref, at: number, phase: NestPhase, rest?: Partial<Link>) => Link;

/** What `bootstrap` registers on the application. */
function bootstrapLinks(instance: Instance, walk: Walk, of: LinkOf): readonly Link[] {
  return instance.stack.flatMap((layer) => {
    if (layer.kind !== 'use') return [];
    const phase: NestPhase =
      layer.hook !== undefined && Object.hasOwn(GLOBALS, layer.hook) ? (GLOBALS[layer.hook] ?? 'guard') : 'middleware';
    return layer.handlers.map((ref) => {
      const link = of(ref, layer.call, phase, { condition: layer.condition, order: layer.order });
      if (layer.hook !== 'enableCors') return link;
      const options = walk.program.argument(layer.call, 0);
      const given = { call: layer.call, ...(options !== undefined && { options }) };
      return { ...link, name: 'enableCors(…)', effects: [{ kind: 'cors', by: 'package', ...given } as const] };
    });
  });
}

function scopeOf(middleware: NestMiddleware, paths: Paths): Partial<Link> {
  if (isEverywhere(middleware)) return {};
  const [only, ...more] = middleware.targets;
  const path = more.length === 0 && middleware.excluded.length === 0 ? only?.path : undefined;
  const scope = path === undefined ? undefined : joinedPath(paths.prefix, path);
  const method = more.length === 0 ? only?.method : undefined;
  return { scope, ...(method !== undefined && method !== 'ALL' && { method }) };
}

/** The paths of routes, with what the application puts before all of them. */
class Paths {
  readonly prefix: string;
  readonly #excluded: readonly ReturnType<typeof targetOf>[];
  /** What stands before the number of a version in a path; undefined where versions are not in paths. */
  readonly #version: string | undefined;
  readonly #defaults: readonly (string | undefined)[] | undefined;

  constructor(instance: Instance, walk: Walk) {
    this.prefix = joinedPath('/', instance.prefix ?? '/') ?? '/';
    const optionsOf = (hook: string): readonly Ref[] =>
      instance.stack.flatMap((layer) =>
        layer.kind === 'use' && layer.hook === hook && layer.options ? [layer.options] : [],
      );
    this.#excluded = flattened(
      optionsOf('setGlobalPrefix').flatMap((ref) => walk.resolver.property(ref, 'exclude')),
      walk,
    ).map((ref) => targetOf(ref, walk));
    const isVersioned = instance.stack.some((layer) => layer.kind === 'use' && layer.hook === 'enableVersioning');
    const versioning = optionsOf('enableVersioning');
    const type = versioning
      .flatMap((ref) => walk.resolver.property(ref, 'type'))
      .map(({ node }) => walk.program.describe(node));
    const inPath = isVersioned && type.every((each) => /(^|\.)URI$|^0$/.test(each));
    const [before] = versioning
      .flatMap((ref) => walk.resolver.property(ref, 'prefix'))
      .flatMap((ref) => walk.resolver.constants(ref.node, ref.frame) ?? []);
    this.#version = inPath ? (before === false ? '' : typeof before === 'string' ? before : 'v') : undefined;
    const versions = flattened(
      versioning.flatMap((ref) => walk.resolver.property(ref, 'defaultVersion')),
      walk,
    );
    this.#defaults = versions.length === 0 ? undefined : versions.map((ref) => versionText(ref, walk));
  }

  of(route: NestRoute): readonly { readonly path: string | undefined; readonly position: Position }[] {
    const { path, method, controller, versions = this.#defaults ?? [undefined] } = route;
    const position: Position = { path: joinedPath('/', path), method, controller };
    const before = this.#excluded.some((target) => reach(target, position) === 'all') ? '/' : this.prefix;
    const numbers = this.#version === undefined ? [undefined] : versions;
    return numbers.map((number) => {
      const versioned = joinedPath(number === undefined ? '/' : `/${this.#version ?? ''}${number}`, path);
      return { path: joinedPath(before, versioned), position: { ...position, versioned } };
    });
  }
}

function routeOf(
  { method, decorator, handler, guards }: NestRoute,
  path: string | undefined,
  app: App,
  around: readonly Link[],
  walk: Walk,
  of: LinkOf,
): Route {
  const level = { level: 'route', scope: path } as const;
  const own = [
    ...guards.map(({ ref, at, phase }) => of(ref, at, phase, level)),
    of({ node: handler }, decorator, 'handler', level),
  ];
  const isLater = (a: Link, b: Link): number => (a.phase ?? 0) - (b.phase ?? 0);
  const at = walk.locationOf(decorator);
  return {
    app,
    method,
    path,
    at,
    pathAt: at,
    call: decorator,
    purpose: purposeOf(walk.program, method, path, own),
    chain: [...around, ...own].toSorted(isLater),
    handlers: own.toSorted(isLater).filter(({ forErrors }) => !forErrors),
    condition: 'always',
    order: 0,
  };
}

/** `new RolesGuard(reflector)`, `app.get(RolesGuard)` */
function classNodeOf(ref: Ref, walk: Walk): number {
  const value = walk.program.valueOf(ref.node);
  if (value.kind !== 'call') return ref.node;
  const callee = walk.program.child(ref.node, value.callee);
  const member = walk.program.valueOf(callee);
  const isAsked = member.kind === 'member' && /^(get|resolve)$/.test(member.property ?? '');
  return value.new ? callee : isAsked ? (walk.program.argument(ref.node, 0) ?? ref.node) : ref.node;
}

function instanceName(ref: Ref, walk: Walk): string | undefined {
  const node = classNodeOf(ref, walk);
  if (node === ref.node) return undefined;
  return walk.program
    .origins(node)
    .map((origin) => classAt(origin, walk)?.fact.name)
    .find(Boolean);
}

/** What a guard, pipe or middleware class does, by its method and by what it extends. */
function effectsOf(ref: Ref, walk: Walk, classifier: Classifier): readonly Effect[] {
  const { program } = walk;
  const value = program.valueOf(ref.node);
  const classNode = classNodeOf(ref, walk);
  const known = [...program.apis(ref.node), ...program.apis(classNode)];
  for (const api of known) {
    if (/^@nestjs\/common\.\w*Pipe(\(\))?$/.test(api))
      return [
        {
          kind: /ValidationPipe|Parse\w+Pipe/.test(api) ? 'validator' : 'none',
          by: 'package',
          ...(value.kind === 'call' && { call: ref.node }),
        },
      ];
    if (api.startsWith('@nestjs/throttler.ThrottlerGuard'))
      return [{ kind: 'limiter', by: 'package', package: '@nestjs/throttler' }];
    if (/^@nestjs\/(common|core|platform-express|cache-manager)\.\w*(Interceptor|Filter)/.test(api))
      return [{ kind: /File/.test(api) ? 'upload' : 'none', by: 'package' }];
  }
  const [origin = classNode] = program.origins(classNode).filter((each) => classAt(each, walk));
  const at = classAt(origin, walk);
  if (!at) return classifier.of(ref);
  const said = classifier.declared.named(at.fact.name ?? '', at.module.path);
  if (said.length > 0) return said;
  const parents = at.fact.super === undefined ? [] : program.apis(at.module.first + at.fact.super);
  if (parents.some((api) => api.startsWith('@nestjs/passport.AuthGuard')))
    return [{ kind: 'auth', by: 'package', package: '@nestjs/passport' }];
  if (parents.some((api) => api.startsWith('@nestjs/throttler.ThrottlerGuard')))
    return [{ kind: 'limiter', by: 'package', package: '@nestjs/throttler' }];
  const name = at.fact.name ?? '';
  for (const method of ['canActivate', 'use', 'transform', 'intercept', 'catch'] as const) {
    const member = at.fact.members.find((each) => each.name === method && each.value !== undefined);
    if (member?.value === undefined) continue;
    const effects = classifier.of({ node: at.module.first + member.value });
    const passed = effects.filter(({ kind }) => kind !== 'answers');
    if (method !== 'canActivate') return passed.length > 0 ? passed : [{ kind: 'none', by: 'behaviour' }];
    // a guard that answers false is a 403
    const asked = effects.filter(
      ({ kind }) => kind === 'auth' || kind === 'role' || kind === 'limiter' || kind === 'csrf',
    );
    if (asked.length > 0) return asked;
    return [
      {
        kind: /role|permission|polic|abilit|admin/i.test(name)
          ? 'role'
          : /throttl|rate/i.test(name)
            ? 'limiter'
            : 'auth',
        by: 'name',
      },
    ];
  }
  return classifier.of(ref);
}
