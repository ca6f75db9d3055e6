import type { App, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import type { Effect } from './effect.ts';
import type { Ref } from './frame.ts';
import { classAt, nestModulesOf } from './nest.ts';
import type { NestRoute } from './nest.ts';
import { joinedPath } from './paths.ts';
import { purposeOf } from './purpose.ts';
import type { Instance } from './registry.ts';
import type { Walk } from './walk.ts';

/** A NestJS application as requests meet it: middleware, global guards, then those of controllers and methods. */
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
  const of = (ref: Ref, at: number, level: Link['level'], rest: Partial<Link> = {}): Link => ({
    at: walk.locationOf(at),
    node: ref.node,
    name: classAt(ref.node, walk)?.fact.name ?? walk.program.describe(ref.node),
    effects: effectsOf(ref, walk, classifier),
    condition: 'always',
    scope: '/',
    level,
    order: links.length,
    ...rest,
  });
  for (const layer of instance.stack) {
    if (layer.kind !== 'use') continue;
    for (const ref of layer.handlers) {
      const cors = layer.hook === 'enableCors';
      const link = of(ref, layer.call, 'app', {
        condition: layer.condition,
        ...(layer.hook === 'useGlobalFilters' && { forErrors: true }),
      });
      const options = walk.program.argument(layer.call, 0);
      const effect: Effect = {
        kind: 'cors',
        by: 'package',
        call: layer.call,
        ...(options !== undefined && { options }),
      };
      links.push(cors ? { ...link, name: 'enableCors(…)', effects: [effect] } : link);
    }
  }
  for (const { ref, at, everywhere } of modules.middleware)
    links.push(of(ref, at, 'app', everywhere ? {} : { partly: true }));
  for (const { ref, at, kind } of modules.global)
    links.push(of(ref, at, 'app', kind === 'FILTER' ? { forErrors: true } : {}));
  for (const route of modules.routes) routes.push(routeOf(route, app, instance.prefix, walk, of, links));
  return app;
}

function routeOf(
  { method, path, decorator, handler, guards, isPublic }: NestRoute,
  app: App,
  prefix: string | undefined,
  walk: Walk,
  of: (ref: Ref, at: number, level: Link['level']) => Link,
  links: readonly Link[],
): Route {
  const whole = joinedPath(prefix ?? '/', path);
  const own = [...guards.map(({ ref, at }) => of(ref, at, 'route')), of({ node: handler }, decorator, 'route')];
  // a guard that asks for `@Public()` lets such a route pass
  const around = links.map((link): Link =>
    isPublic && link.effects.some(({ kind }) => kind === 'auth' || kind === 'role') ? { ...link, partly: true } : link,
  );
  const at = walk.locationOf(decorator);
  return {
    app,
    method,
    path: whole === undefined ? undefined : joinedPath('/', whole),
    at,
    pathAt: at,
    call: decorator,
    purpose: purposeOf(walk.program, method, whole, own),
    chain: [...around, ...own],
    handlers: own,
    condition: 'always',
    order: 0,
  };
}

/** What a guard, pipe or middleware class does, by its method and by what it extends. */
function effectsOf(ref: Ref, walk: Walk, classifier: Classifier): readonly Effect[] {
  const { program } = walk;
  const value = program.valueOf(ref.node);
  const classNode = value.kind === 'call' && value.new ? program.child(ref.node, value.callee) : ref.node;
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
    if (method !== 'canActivate') return effects.filter(({ kind }) => kind !== 'answers');
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
