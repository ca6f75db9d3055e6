import type { Node } from '../program/program.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import type { ClassAt } from './nest-class.ts';
import { coverage, joinedPath } from './paths.ts';
import type { Walk } from './walk.ts';

/** Routes as `forRoutes` and `exclude` name them: a path, a path and a method, or all of a controller. */
interface Target {
  /** Undefined where it cannot be seen. */
  readonly path?: string;
  readonly method?: string;
  readonly controller?: Node;
}

/** Middleware of `configure(consumer)` of a module. Source: https://docs.nestjs.com/middleware */
export interface NestMiddleware {
  readonly ref: Ref;
  readonly at: Node;
  readonly targets: readonly Target[];
  readonly excluded: readonly Target[];
}

/** `RequestMethod.GET` is a number, and a name before that. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD', 'SEARCH'];
const EVERYTHING = /^\/?(\*|\{?\*\w*\}?|\(\.\*\)|:?\w*\(\.\*\))$/;

/** `consumer.apply(A, B).exclude('health').forRoutes(Cats)` in `configure` of a module. */
export function middlewareOf({ module, fact }: ClassAt, walk: Walk): readonly NestMiddleware[] {
  const member = fact.members.find(({ name, kind }) => name === 'configure' && kind === 'method');
  const configure = member?.value === undefined ? undefined : module.facts.values[member.value];
  if (configure?.kind !== 'function') return [];
  return module.facts.values.flatMap((value, id): readonly NestMiddleware[] => {
    const isHere = value.kind === 'call' && isWithin(module.facts.functions, value.block, configure.function, module);
    if (value.kind !== 'call' || !isHere) return [];
    const end = chainAt(module.first + id, walk);
    return end ? middlewareIn(end, walk) : [];
  });
}

function isWithin(
  functions: ClassAt['module']['facts']['functions'],
  block: number,
  wanted: number,
  { facts }: ClassAt['module'],
): boolean {
  for (let at: number | undefined = facts.blocks[block]?.function; at !== undefined; at = functions[at]?.parent)
    if (at === wanted) return true;
  return false;
}

interface Chain {
  readonly apply: Node;
  readonly excludes: readonly Node[];
  readonly forRoutes: Node;
}

/** The calls of a chain that ends in `forRoutes`. */
function chainAt(call: Node, walk: Walk): Chain | undefined {
  if (methodOf(call, walk) !== 'forRoutes') return undefined;
  const excludes: Node[] = [];
  for (let at: Node | undefined = objectOf(call, walk), steps = 0; at !== undefined && steps < 20; steps += 1) {
    const method = methodOf(at, walk);
    if (method === 'apply') return { apply: at, excludes, forRoutes: call };
    if (method === 'exclude') excludes.push(at);
    at = objectOf(at, walk);
  }
  return undefined;
}

function methodOf(call: Node, walk: Walk): string | undefined {
  const value = walk.program.valueOf(call);
  const callee = value.kind === 'call' ? walk.program.valueOf(walk.program.child(call, value.callee)) : undefined;
  return callee?.kind === 'member' ? callee.property : undefined;
}

function objectOf(call: Node, walk: Walk): Node | undefined {
  const value = walk.program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const callee = walk.program.child(call, value.callee);
  const member = walk.program.valueOf(callee);
  if (member.kind !== 'member') return undefined;
  const [object] = walk.resolver.refs(walk.program.child(callee, member.object), undefined);
  // `forRoutes` yields the consumer again
  return object && methodOf(object.node, walk) === 'forRoutes' ? objectOf(object.node, walk) : object?.node;
}

function middlewareIn({ apply, excludes, forRoutes }: Chain, walk: Walk): readonly NestMiddleware[] {
  const targets = argumentsOf(forRoutes, walk).map((ref) => targetOf(ref, walk));
  const excluded = excludes.flatMap((call) => argumentsOf(call, walk)).map((ref) => targetOf(ref, walk));
  return argumentsOf(apply, walk).map((ref) => ({ ref, at: apply, targets, excluded }));
}

const argumentsOf = (call: Node, walk: Walk): readonly Ref[] => {
  const value = walk.program.valueOf(call);
  if (value.kind !== 'call') return [];
  return value.args.flatMap(({ value: argument }) =>
    flattened(walk.resolver.refs(walk.program.child(call, argument), undefined), walk),
  );
};

/** What `exclude` of a global prefix names. */
export function targetOf(ref: Ref, walk: Walk): Target {
  const { program, resolver } = walk;
  const value = program.valueOf(ref.node);
  if (value.kind === 'class') return { controller: ref.node };
  const [text] = resolver.constants(ref.node, ref.frame) ?? [];
  if (typeof text === 'string') return { path: text };
  const [path] = resolver.property(ref, 'path').flatMap((each) => resolver.constants(each.node, each.frame) ?? []);
  const [method] = resolver.property(ref, 'method').map((each) => methodNamed(each, walk));
  return { ...(typeof path === 'string' && { path }), ...(method !== undefined && { method }) };
}

function methodNamed({ node, frame }: Ref, walk: Walk): string {
  const [known] = walk.resolver.constants(node, frame) ?? [];
  if (typeof known === 'number') return METHODS[known] ?? '?';
  return walk.program.describe(node).replace(/^.*\./, '');
}

/** Where a route stands: its path below the global prefix, its method and the class it belongs to. */
export interface Position {
  readonly path: string | undefined;
  /** The same path with the version in it, which `exclude` is compared with. */
  readonly versioned?: string | undefined;
  readonly method: string;
  readonly controller: Node;
}

/** Whether a middleware meets a route. */
export function meets({ targets, excluded }: NestMiddleware, position: Position): 'all' | 'some' | 'none' {
  const left = strongest(
    excluded.map((target) => reach(target, { ...position, path: position.versioned ?? position.path })),
  );
  if (left === 'all') return 'none';
  const met = strongest(targets.map((target) => reach(target, position)));
  return left === 'some' && met === 'all' ? 'some' : met;
}

export function reach({ path, method, controller }: Target, position: Position): 'all' | 'some' | 'none' {
  if (controller !== undefined) return controller === position.controller ? 'all' : 'none';
  if (path === undefined) return 'some';
  if (method !== undefined && method !== 'ALL' && position.method !== 'ALL' && method !== position.method)
    return 'none';
  if (EVERYTHING.test(path)) return 'all';
  return coverage(joinedPath('/', path.replaceAll(/\{?\*\w*\}?/g, '*')), position.path, !path.includes('*'));
}

/** Whether a middleware meets every route there may be. */
export const isEverywhere = ({ targets, excluded }: NestMiddleware): boolean =>
  excluded.length === 0 &&
  targets.some(({ path, method }) => path !== undefined && method === undefined && EVERYTHING.test(path));

const strongest = (all: readonly ('all' | 'some' | 'none')[]): 'all' | 'some' | 'none' =>
  all.includes('all') ? 'all' : all.includes('some') ? 'some' : 'none';
