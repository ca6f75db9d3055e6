import type { ClassMember } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from '../program/program.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import { classAt, isNamed } from './nest-class.ts';
import type { ClassAt } from './nest-class.ts';
import type { Walk } from './walk.ts';

/** What NestJS runs for a request, in this order. Source: https://docs.nestjs.com/faq/request-lifecycle */
export const LIFECYCLE = ['middleware', 'guard', 'interceptor', 'pipe', 'handler', 'filter'] as const;
export type NestPhase = (typeof LIFECYCLE)[number];

/** A controller's method and everything that is declared around it. */
export interface NestRoute {
  readonly method: string;
  /** Of the controller and the method, without prefix and version. */
  readonly path: string | undefined;
  readonly decorator: Node;
  readonly controller: Node;
  readonly handler: Node;
  /** Guards, interceptors, pipes and filters, from the controller to the method. */
  readonly guards: readonly Declared[];
  /** Declared open to everybody: `@Public()`. */
  readonly isPublic: boolean;
  /** Declared versions, `neutral` for none; absent where nothing is declared. */
  readonly versions?: readonly (string | undefined)[];
}

interface Declared {
  readonly ref: Ref;
  readonly at: Node;
  readonly phase: NestPhase;
}

const VERBS = ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All', 'Sse'] as const;
const OPEN =
  /^(Public|SkipAuth|AllowAnonymous|NoAuth|IsPublic|Unprotected|AllowUnauthorizedRequest|OptionalAuth|Anonymous)$/i;
const USES: readonly (readonly [name: string, phase: NestPhase])[] = [
  ['UseGuards', 'guard'],
  ['UseInterceptors', 'interceptor'],
  ['UsePipes', 'pipe'],
  ['UseFilters', 'filter'],
];
const MAX_PARENTS = 8;

interface Around {
  readonly controller: Node;
  readonly prefixes: readonly (string | undefined)[];
  readonly guards: readonly Declared[];
  readonly open: boolean;
  readonly versions: NestRoute['versions'];
}

export function routesOf(at: ClassAt, node: Node, prefix: string | undefined, walk: Walk): readonly NestRoute[] {
  const { module, fact } = at;
  const decorators = expanded(
    fact.decorators.map((id) => module.first + id),
    walk,
  );
  const controller = decorators.find((each) => isNamed(each, 'Controller', walk));
  if (controller === undefined) return [];
  const around: Around = {
    controller: node,
    prefixes: pathsIn(controller, walk).map((path) =>
      path === undefined || prefix === undefined ? path : `${prefix}/${path}`,
    ),
    guards: declaredIn(decorators, walk),
    open: decorators.some((each) => isOpen(each, walk)),
    versions: versionsIn(controller, decorators, walk),
  };
  return membersOf(at, walk).flatMap(({ member, module: own }) => membersRoutes(member, own, walk, around));
}

/** The methods of a class and of those it extends, the nearest of a name. */
function membersOf(at: ClassAt, walk: Walk): readonly { readonly member: ClassMember; readonly module: Module }[] {
  const found: { readonly member: ClassMember; readonly module: Module }[] = [];
  const names = new Set<string>();
  let each: ClassAt | undefined = at;
  for (let depth = 0; each && depth < MAX_PARENTS; depth += 1) {
    const { fact, module }: ClassAt = each;
    for (const member of fact.members) {
      if (member.name !== undefined && names.has(member.name)) continue;
      if (member.name !== undefined) names.add(member.name);
      found.push({ member, module });
    }
    const parent: readonly Ref[] =
      fact.super === undefined ? [] : walk.resolver.refs(module.first + fact.super, undefined);
    each = parent.map((ref) => classAt(ref.node, walk)).find(Boolean);
  }
  return found;
}

function membersRoutes(member: ClassMember, module: Module, walk: Walk, around: Around): readonly NestRoute[] {
  if (member.kind !== 'method' || member.value === undefined) return [];
  const handler = module.first + member.value;
  const decorators = expanded(
    member.decorators.map((id) => module.first + id),
    walk,
  );
  const versions = versionsIn(undefined, decorators, walk) ?? around.versions;
  return VERBS.flatMap((verb) =>
    decorators
      .filter((node) => isNamed(node, verb, walk))
      .flatMap((decorator) =>
        around.prefixes.flatMap((prefix) =>
          pathsIn(decorator, walk).map((path) => ({
            method: verb === 'Sse' ? 'GET' : verb.toUpperCase(),
            path: prefix === undefined || path === undefined ? undefined : `${prefix}/${path}`,
            decorator,
            controller: around.controller,
            handler,
            guards: [...around.guards, ...declaredIn(decorators, walk)],
            isPublic: around.open || decorators.some((node) => isOpen(node, walk)),
            ...(versions && { versions }),
          })),
        ),
      ),
  );
}

/** `@Version('2')`, `@Controller({ version: ['1', '2'] })`, `VERSION_NEUTRAL`. */
function versionsIn(controller: Node | undefined, decorators: readonly Node[], walk: Walk): NestRoute['versions'] {
  const options = controller === undefined ? undefined : walk.program.argument(controller, 0);
  const given =
    options === undefined
      ? []
      : walk.resolver.refs(options, undefined).flatMap((ref) => walk.resolver.property(ref, 'version'));
  const own = decorators
    .filter((node) => isNamed(node, 'Version', walk))
    .flatMap((node) => {
      const argument = walk.program.argument(node, 0);
      return argument === undefined ? [] : walk.resolver.refs(argument, undefined);
    });
  const all = flattened(own.length > 0 ? own : given, walk);
  return all.length === 0 ? undefined : all.map((ref) => versionText(ref, walk));
}

/** Undefined for `VERSION_NEUTRAL`. */
export function versionText(ref: Ref, walk: Walk): string | undefined {
  if (walk.program.apis(ref.node).includes('@nestjs/common.VERSION_NEUTRAL')) return undefined;
  const [text] = walk.resolver.constants(ref.node, ref.frame) ?? [];
  return text === undefined ? '{version}' : String(text);
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
    walk.program.valueOf(ref.node).kind === 'object' ? flattened(walk.resolver.property(ref, 'path'), walk) : [ref],
  );
  const texts = given.map((ref) => walk.resolver.constants(ref.node, ref.frame)?.[0]);
  if (texts.length === 0) return [refs.length > 0 ? '' : undefined];
  return texts.map((text) => (typeof text === 'string' ? text : undefined));
}

/** Of each kind, those nearest to the method come first in the list of decorators and last in what is run. */
const declaredIn = (decorators: readonly Node[], walk: Walk): readonly Declared[] =>
  decorators.flatMap((node) => {
    const use = USES.find(([name]) => isNamed(node, name, walk));
    const value = walk.program.valueOf(node);
    if (!use || value.kind !== 'call') return [];
    return value.args.flatMap(({ value: argument }) =>
      flattened(walk.resolver.refs(walk.program.child(node, argument), undefined), walk).map((ref) => ({
        ref,
        at: node,
        phase: use[1],
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
