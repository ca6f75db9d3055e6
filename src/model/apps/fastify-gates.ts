import type { EffectKind } from './effect.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import type { Walk } from './walk.ts';

/**
 * Hooks that plugins put on an application, to be named in routes. Sources: the documentation of @fastify/basic-auth,
 * @fastify/bearer-auth, @fastify/csrf-protection, @fastify/rate-limit.
 */
const HOOKS: Readonly<Record<string, EffectKind>> = {
  basicAuth: 'auth',
  verifyBearerAuth: 'auth',
  csrfProtection: 'csrf',
};
const MAKES_HOOK: Readonly<Record<string, EffectKind>> = {
  rateLimit: 'limiter',
  verifyBearerAuthFactory: 'auth',
  requireAuth: 'auth',
};

/** Hooks as they are given, what plugins have put on the application recognised by its name there. */
export const gatesOf = (refs: readonly Ref[], walk: Walk): readonly Ref[] => refs.map((ref) => gateOf(ref, walk));

function gateOf(ref: Ref, walk: Walk): Ref {
  const { program } = walk;
  const value = program.valueOf(ref.node);
  if (value.kind === 'call') {
    const name = decoratorAt({ ...ref, node: program.child(ref.node, value.callee) }, walk);
    if (name === 'auth') return { ...ref, gates: together(ref, walk) };
    const does = name !== undefined && Object.hasOwn(MAKES_HOOK, name) ? MAKES_HOOK[name] : undefined;
    return does ? { ...ref, does } : ref;
  }
  const name = decoratorAt(ref, walk);
  const does = name !== undefined && Object.hasOwn(HOOKS, name) ? HOOKS[name] : undefined;
  return does ? { ...ref, does } : ref;
}

/** The name of a property of an application of Fastify. */
function decoratorAt({ node, frame }: Ref, walk: Walk): string | undefined {
  const value = walk.program.valueOf(node);
  if (value.kind !== 'member' || value.property === undefined) return undefined;
  const isOwn = walk.resolver
    .refs(walk.program.child(node, value.object), frame)
    .some((object) => walk.instancesOf(object).some(({ framework }) => framework === 'fastify'));
  return isOwn ? value.property : undefined;
}

/** `fastify.auth([a, [b, c]], { relation })`: an inner list has the other relation. Source: https://github.com/fastify/fastify-auth */
function together(call: Ref, walk: Walk): NonNullable<Ref['gates']> {
  const { program, resolver } = walk;
  const [list, options] = [program.argument(call.node, 0), program.argument(call.node, 1)];
  const asked = options === undefined ? [] : resolver.refs(options, call.frame);
  const [relation] = asked
    .flatMap((ref) => resolver.property(ref, 'relation'))
    .flatMap(({ node, frame }) => resolver.constants(node, frame) ?? []);
  const outer = relation === 'and' ? 'and' : 'or';
  const given = list === undefined ? [] : resolver.refs(list, call.frame).flatMap((ref) => resolver.items(ref) ?? []);
  const refs = given.map((ref): Ref => {
    const inner = resolver.items(ref);
    if (!inner) return gateOf(ref, walk);
    return { ...ref, gates: { relation: outer === 'and' ? 'or' : 'and', refs: gatesOf(flattened(inner, walk), walk) } };
  });
  return { relation: outer, refs };
}
