import type { ClassFact, ClassMember } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from '../program/program.ts';
import { flattened, newInstance } from './express.ts';
import type { Ref } from './frame.ts';
import type { Instance } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const CREATES =
  /^@nestjs\/core\.NestFactory\.create\(\)$|^@nestjs\/common\.INestApplication\(\)$|^@nestjs\/platform-(express|fastify)\.Nest\w+Application\(\)$/;
const MAX_MODULES = 500;

/** A NestJS application: what is registered on it in `bootstrap`. Source: https://docs.nestjs.com */
export const nest: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'param' && value.kind !== 'typed') return undefined;
    if (!walk.program.apis(ref.node).some((api) => CREATES.test(api))) return undefined;
    const options = value.kind === 'call' ? walk.program.argument(ref.node, 1) : undefined;
    return newInstance('nest', 'app', ref, options);
  },
  call(site, walk) {
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'nest');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return instances.length > 0;
  },
};

const GLOBALS = /^useGlobal(Guards|Pipes|Filters|Interceptors)$/;

function readMethod(instance: Instance, method: string, site: Site, walk: Walk): void {
  const refs = (index: number): readonly Ref[] => {
    const argument = walk.program.argument(site.call, index);
    return argument === undefined ? [] : flattened(walk.resolver.refs(argument, site.frame), walk);
  };
  const value = walk.program.valueOf(site.call);
  if (method === 'listen' || method === 'listenAsync' || method === 'init') {
    if (method !== 'init') instance.serving = 'yes';
    instance.listensAt ??= walk.locationOf(site.call);
  } else if (method === 'setGlobalPrefix') {
    const [prefix] = refs(0).flatMap((ref) => walk.resolver.constants(ref.node, ref.frame) ?? []);
    instance.prefix = typeof prefix === 'string' ? prefix : '{prefix}';
  } else if (method === 'use' || method === 'register' || method === 'enableCors' || GLOBALS.test(method)) {
    const count = value.kind === 'call' ? value.args.length : 0;
    const handlers = Array.from({ length: count }, (_, index) => refs(index))
      .flat()
      .filter((ref) => typeof walk.resolver.constants(ref.node, ref.frame)?.[0] !== 'string');
    const hook = method === 'use' || method === 'register' ? undefined : method;
    if (hook === 'enableCors')
      instance.stack.push({
        kind: 'use',
        paths: ['/'],
        handlers: [{ node: site.call }],
        hook,
        ...walk.registered(site),
      });
    else
      for (const ref of handlers)
        instance.stack.push({
          kind: 'use',
          paths: ['/'],
          handlers: [ref],
          ...(hook !== undefined && { hook }),
          ...walk.registered(site),
        });
  } else if (method === 'set' || method === 'disable' || method === 'enable') {
    for (const ref of refs(0)) {
      const [name] = walk.resolver.constants(ref.node, ref.frame) ?? [];
      const given = walk.program.argument(site.call, 1);
      if (typeof name !== 'string') continue;
      const how = method === 'set' ? given !== undefined && { value: given } : { enabled: method === 'enable' };
      instance.settings.push({ name, at: walk.locationOf(site.call), condition: site.condition, ...how });
    }
  }
}

/** A controller's method and everything that is declared around it. */
export interface NestRoute {
  readonly method: string;
  readonly path: string | undefined;
  readonly decorator: Node;
  readonly handler: Node;
  /** Guards, pipes and interceptors, from the controller to the method. */
  readonly guards: readonly { readonly ref: Ref; readonly at: Node }[];
  /** Declared open to everybody: `@Public()`. */
  readonly isPublic: boolean;
}

export interface NestModules {
  readonly routes: readonly NestRoute[];
  /** Guards, pipes and filters for all routes: `{ provide: APP_GUARD, useClass }`. */
  readonly global: readonly { readonly ref: Ref; readonly at: Node; readonly kind: string }[];
  /** Middleware of `configure(consumer)`. */
  readonly middleware: readonly { readonly ref: Ref; readonly at: Node; readonly everywhere: boolean }[];
  /** Modules that cannot be seen. */
  readonly unknown: readonly Node[];
}

interface ClassAt {
  readonly module: Module;
  readonly fact: ClassFact;
}

/** Follows the graph of modules from the one an application is created with. */
export function nestModulesOf(root: Node, walk: Walk): NestModules {
  const found = {
    routes: [] as NestRoute[],
    global: [] as NestModules['global'][number][],
    middleware: [] as NestModules['middleware'][number][],
    unknown: [] as Node[],
  };
  const seen = new Set<Node>();
  const argument = walk.program.argument(root, 0);
  const open: Ref[] = argument === undefined ? [] : [...walk.resolver.refs(argument, undefined)];
  for (let ref = open.pop(); ref && seen.size < MAX_MODULES; ref = open.pop()) {
    if (seen.has(ref.node)) continue;
    seen.add(ref.node);
    const at = classAt(ref.node, walk);
    if (!at) {
      // `forRoot()` of a package, or a module made on the fly
      const dynamic = walk.resolver.property(ref, 'module');
      open.push(...dynamic);
      readMetadata(ref, walk, found, open);
      continue;
    }
    for (const decorator of at.fact.decorators) {
      const call = at.module.first + decorator;
      if (!isNamed(call, 'Module', walk)) continue;
      const options = walk.program.argument(call, 0);
      for (const metadata of options === undefined ? [] : walk.resolver.refs(options, undefined))
        readMetadata(metadata, walk, found, open);
    }
    readConfigure(at, walk, found.middleware);
  }
  return found;
}

type Found = { readonly [K in keyof NestModules]: NestModules[K][number][] };

function readMetadata(metadata: Ref, walk: Walk, found: Found, open: Ref[]): void {
  const list = (name: string): readonly Ref[] => flattened(walk.resolver.property(metadata, name), walk);
  open.push(...list('imports'));
  for (const controller of list('controllers')) {
    const at = classAt(controller.node, walk);
    if (at) found.routes.push(...routesOf(at, walk));
    else found.unknown.push(controller.node);
  }
  for (const provider of list('providers')) {
    const token = walk.resolver.property(provider, 'provide').flatMap(({ node }) => walk.program.apis(node));
    const kind = token
      .map((api) => /^@nestjs\/core\.APP_(GUARD|PIPE|FILTER|INTERCEPTOR)$/.exec(api)?.[1])
      .find(Boolean);
    if (kind === undefined) continue;
    for (const name of ['useClass', 'useExisting', 'useValue', 'useFactory'])
      for (const ref of walk.resolver.property(provider, name)) found.global.push({ ref, at: provider.node, kind });
  }
}

export function classAt(node: Node, walk: Walk): ClassAt | undefined {
  const value = walk.program.valueOf(node);
  const module = walk.program.moduleOf(node);
  const fact = value.kind === 'class' ? module.facts.classes[value.class] : undefined;
  return fact && { module, fact };
}

const isNamed = (decorator: Node, name: string, walk: Walk): boolean => {
  const value = walk.program.valueOf(decorator);
  return (
    value.kind === 'call' &&
    walk.program.apis(walk.program.child(decorator, value.callee)).includes(`@nestjs/common.${name}`)
  );
};

const VERBS = ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All'] as const;
const OPEN =
  /^(Public|SkipAuth|AllowAnonymous|NoAuth|IsPublic|Unprotected|AllowUnauthorizedRequest|OptionalAuth|Anonymous)$/i;

function routesOf({ module, fact }: ClassAt, walk: Walk): readonly NestRoute[] {
  const decorators = expanded(
    fact.decorators.map((id) => module.first + id),
    walk,
  );
  const controller = decorators.find((node) => isNamed(node, 'Controller', walk));
  if (controller === undefined) return [];
  const prefixes = pathsIn(controller, walk);
  const around = guardsIn(decorators, walk);
  const open = decorators.some((node) => isOpen(node, walk));
  return fact.members.flatMap((member) => membersRoutes(member, module, walk, { prefixes, around, open }));
}

function membersRoutes(
  member: ClassMember,
  module: Module,
  walk: Walk,
  around: {
    readonly prefixes: readonly (string | undefined)[];
    readonly around: NestRoute['guards'];
    readonly open: boolean;
  },
): readonly NestRoute[] {
  if (member.kind !== 'method' || member.value === undefined) return [];
  const handler = module.first + member.value;
  const decorators = expanded(
    member.decorators.map((id) => module.first + id),
    walk,
  );
  return VERBS.flatMap((verb) =>
    decorators
      .filter((node) => isNamed(node, verb, walk))
      .flatMap((decorator) =>
        around.prefixes.flatMap((prefix) =>
          pathsIn(decorator, walk).map((path) => ({
            method: verb.toUpperCase(),
            path: prefix === undefined || path === undefined ? undefined : `${prefix}/${path}`,
            decorator,
            handler,
            guards: [...around.around, ...guardsIn(decorators, walk)],
            isPublic: around.open || decorators.some((node) => isOpen(node, walk)),
          })),
        ),
      ),
  );
}

/** `@Auth()` of the project stands for what it applies: `applyDecorators(UseGuards(…), …)`. */
function expanded(decorators: readonly Node[], walk: Walk, depth = 0): readonly Node[] {
  return decorators.flatMap((node) => {
    const origins = walk.resolver.refs(node, undefined).map((ref) => ref.node);
    return origins.flatMap((origin) => {
      const value = walk.program.valueOf(origin);
      const isApplied =
        value.kind === 'call' &&
        walk.program.apis(walk.program.child(origin, value.callee)).includes('@nestjs/common.applyDecorators');
      if (!isApplied || depth > 4) return origin === node ? [node] : [node, origin];
      return [
        node,
        ...expanded(
          value.args.map(({ value: argument }) => walk.program.child(origin, argument)),
          walk,
          depth + 1,
        ),
      ];
    });
  });
}

function pathsIn(decorator: Node, walk: Walk): readonly (string | undefined)[] {
  const argument = walk.program.argument(decorator, 0);
  if (argument === undefined) return [''];
  const refs = flattened(walk.resolver.refs(argument, undefined), walk);
  const given = refs.flatMap((ref) =>
    walk.program.valueOf(ref.node).kind === 'object' ? walk.resolver.property(ref, 'path') : [ref],
  );
  const texts = given.map((ref) => walk.resolver.constants(ref.node, ref.frame)?.[0]);
  if (texts.length === 0) return [refs.length > 0 ? '' : undefined];
  return texts.map((text) => (typeof text === 'string' ? text : undefined));
}

const guardsIn = (decorators: readonly Node[], walk: Walk): NestRoute['guards'] =>
  decorators.flatMap((node) => {
    const isUse = ['UseGuards', 'UsePipes', 'UseInterceptors', 'UseFilters'].some((name) => isNamed(node, name, walk));
    const value = walk.program.valueOf(node);
    if (!isUse || value.kind !== 'call') return [];
    return value.args.flatMap(({ value: argument }) =>
      flattened(walk.resolver.refs(walk.program.child(node, argument), undefined), walk).map((ref) => ({
        ref,
        at: node,
      })),
    );
  });

const isOpen = (decorator: Node, walk: Walk): boolean => {
  const value = walk.program.valueOf(decorator);
  if (value.kind !== 'call') return false;
  const name = walk.program.describe(walk.program.child(decorator, value.callee)).replace(/^.*\./, '');
  if (OPEN.test(name)) return true;
  const key = walk.program.argument(decorator, 0);
  const text = key === undefined ? undefined : walk.program.constants(key)?.[0];
  return name.endsWith('SetMetadata') && typeof text === 'string' && /public|skip|anonymous/i.test(text);
};

/** `configure(consumer) { consumer.apply(Logger).forRoutes('*') }` */
function readConfigure({ module, fact }: ClassAt, walk: Walk, middleware: Found['middleware']): void {
  const member = fact.members.find(({ name, kind }) => name === 'configure' && kind === 'method');
  const value = member?.value === undefined ? undefined : module.facts.values[member.value];
  if (value?.kind !== 'function') return;
  module.facts.values.forEach((each, id) => {
    if (each.kind !== 'call' || module.facts.blocks[each.block]?.function !== value.function) return;
    const callee = module.facts.values[each.callee];
    if (callee?.kind !== 'member' || callee.property !== 'apply') return;
    const everywhere = module.facts.values.some((other) => {
      const target = other.kind === 'call' ? module.facts.values[other.callee] : undefined;
      return (
        target?.kind === 'member' &&
        target.property === 'forRoutes' &&
        target.object === id &&
        other.kind === 'call' &&
        other.args.some(({ value: argument }) => {
          const literal = module.facts.values[argument];
          return literal?.kind === 'literal' && /^(\*|\/\*|\{?\*\w*\}?|\(\.\*\))$/.test(String(literal.value));
        })
      );
    });
    for (const { value: argument } of each.args)
      for (const ref of walk.resolver.refs(module.first + argument, undefined))
        middleware.push({ ref, at: module.first + id, everywhere });
  });
}
