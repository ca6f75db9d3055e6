import type { Node } from '../program/program.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import { classAt, isNamed } from './nest-class.ts';
import type { ClassAt } from './nest-class.ts';
import { middlewareOf } from './nest-middleware.ts';
import type { NestMiddleware } from './nest-middleware.ts';
import { routesOf } from './nest-routes.ts';
import type { NestRoute } from './nest-routes.ts';
import type { Walk } from './walk.ts';

const MAX_MODULES = 500;

export interface NestModules {
  readonly routes: readonly NestRoute[];
  /** Guards, pipes, interceptors and filters for all routes: `{ provide: APP_GUARD, useClass }`. */
  readonly global: readonly { readonly ref: Ref; readonly at: Node; readonly kind: GlobalKind }[];
  /** Middleware of `configure(consumer)`, the nearest modules first. */
  readonly middleware: readonly NestMiddleware[];
  /** Controllers that cannot be seen. */
  readonly unknown: readonly Node[];
}

export type GlobalKind = 'GUARD' | 'PIPE' | 'FILTER' | 'INTERCEPTOR';

type Found = { readonly [K in keyof NestModules]: NestModules[K][number][] };

/** Follows the graph of modules from the one an application is created with. */
export function nestModulesOf(root: Node, walk: Walk): NestModules {
  const argument = walk.program.argument(root, 0);
  const open: Ref[] = argument === undefined ? [] : [...walk.resolver.refs(argument, undefined)];
  const found: Found = { routes: [], global: [], middleware: [], unknown: [] };
  const seen = new Set<Node>();
  const controllers: { readonly at: ClassAt; readonly node: Node; readonly module: Node }[] = [];
  const prefixes = new Map<Node, string>();
  for (let ref = open.shift(); ref && seen.size < MAX_MODULES; ref = open.shift()) {
    if (seen.has(ref.node)) continue;
    seen.add(ref.node);
    readRouterModule(ref, walk, prefixes);
    const at = classAt(ref.node, walk);
    const metadata = at ? metadataOf(at, walk) : [ref];
    // `forRoot()` of a package, or a module made on the fly
    if (!at) open.push(...walk.resolver.property(ref, 'module'));
    for (const each of metadata) {
      const list = (name: string): readonly Ref[] => flattened(walk.resolver.property(each, name), walk);
      open.push(...list('imports').flatMap((imported) => forwarded(imported, walk)));
      for (const controller of list('controllers')) {
        const known = classAt(controller.node, walk);
        if (known) controllers.push({ at: known, node: controller.node, module: ref.node });
        else found.unknown.push(controller.node);
      }
      for (const provider of list('providers')) readProvider(provider, walk, found);
    }
    if (at) found.middleware.push(...middlewareOf(at, walk));
  }
  // a controller whose module is out of sight stands for an application of its own
  const alone = classAt(root, walk);
  if (alone) controllers.push({ at: alone, node: root, module: root });
  for (const { at, node, module } of controllers) found.routes.push(...routesOf(at, node, prefixes.get(module), walk));
  return found;
}

/** `forwardRef(() => UsersModule)` */
function forwarded(ref: Ref, walk: Walk): readonly Ref[] {
  const value = walk.program.valueOf(ref.node);
  const isForward =
    value.kind === 'call' &&
    walk.program.apis(walk.program.child(ref.node, value.callee)).includes('@nestjs/common.forwardRef');
  const argument = isForward ? walk.program.argument(ref.node, 0) : undefined;
  const fn = argument === undefined ? undefined : walk.program.functionAt(argument);
  return fn
    ? fn.fact.returns.flatMap(({ value: returned }) => walk.resolver.refs(fn.module.first + returned, undefined))
    : [ref];
}

function metadataOf(at: ClassAt, walk: Walk): readonly Ref[] {
  return at.fact.decorators.flatMap((decorator) => {
    const call = at.module.first + decorator;
    const options = isNamed(call, 'Module', walk) ? walk.program.argument(call, 0) : undefined;
    return options === undefined ? [] : walk.resolver.refs(options, undefined);
  });
}

/** `RouterModule.register([{ path: 'admin', module: AdminModule, children: [] }])` */
function readRouterModule(ref: Ref, walk: Walk, prefixes: Map<Node, string>): void {
  const value = walk.program.valueOf(ref.node);
  if (value.kind !== 'call') return;
  const apis = walk.program.apis(walk.program.child(ref.node, value.callee));
  if (!apis.some((api) => /^(@nestjs\/core\.RouterModule\.register|nest-router\.RouterModule\.forRoutes)$/.test(api)))
    return;
  const argument = walk.program.argument(ref.node, 0);
  const visit = (items: readonly Ref[], above: string, depth: number): void => {
    for (const item of depth > 8 ? [] : flattened(items, walk)) {
      const [path] = walk.resolver
        .property(item, 'path')
        .flatMap((each) => walk.resolver.constants(each.node, each.frame) ?? []);
      const whole = `${above}/${typeof path === 'string' ? path : '{path}'}`;
      for (const { node } of walk.resolver.property(item, 'module')) prefixes.set(node, whole);
      if (classAt(item.node, walk)) prefixes.set(item.node, above);
      visit(walk.resolver.property(item, 'children'), whole, depth + 1);
    }
  };
  if (argument !== undefined) visit(walk.resolver.refs(argument, undefined), '', 0);
}

function readProvider(provider: Ref, walk: Walk, found: Found): void {
  const token = walk.resolver.property(provider, 'provide').flatMap(({ node }) => walk.program.apis(node));
  const kind = token.map((api) => /^@nestjs\/core\.APP_(GUARD|PIPE|FILTER|INTERCEPTOR)$/.exec(api)?.[1]).find(Boolean);
  if (kind === undefined) return;
  for (const name of ['useClass', 'useExisting', 'useValue', 'useFactory'])
    for (const ref of walk.resolver.property(provider, name))
      for (const made of name === 'useFactory' ? madeBy(ref, walk) : [ref])
        found.global.push({ ref: made, at: provider.node, kind: kind as GlobalKind });
}

/** What a factory returns, where that can be seen. */
function madeBy(ref: Ref, walk: Walk): readonly Ref[] {
  const fn = walk.program.functionAt(ref.node);
  const made = fn?.fact.returns.flatMap(({ value }) => walk.resolver.refs(fn.module.first + value, undefined)) ?? [];
  return made.length > 0 ? made : [ref];
}
