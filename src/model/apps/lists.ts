import type { Node, Program } from '../program/program.ts';
import type { Frame, Ref } from './frame.ts';
import type { Resolver } from './resolver.ts';

const MAX_DEPTH = 12;
const MAX_ITEMS = 40;

/** The items of what `concat`, `flat`, `map`, `filter` and their kind make of lists that can be seen. */
export function derivedItems(resolver: Resolver, { node, frame }: Ref, depth: number): readonly Ref[] | undefined {
  const { program } = resolver;
  const value = program.valueOf(node);
  if (value.kind !== 'call' || value.new || depth > MAX_DEPTH) return undefined;
  const callee = program.child(node, value.callee);
  const member = program.valueOf(callee);
  if (member.kind !== 'member' || member.property === undefined) return undefined;
  const lists = (of: Node): readonly Ref[] | undefined => {
    const all = resolver.refs(of, frame).map((ref) => resolver.items(ref, depth + 1));
    return all.every((items) => items !== undefined) ? all.flat() : undefined;
  };
  const own = lists(program.child(callee, member.object));
  if (!own) return undefined;
  switch (member.property) {
    case 'filter':
    case 'slice':
    case 'reverse':
    case 'toReversed':
    case 'sort':
    case 'toSorted':
      return own;
    case 'flat':
      return own.flatMap((item) => resolver.items(item, depth + 1) ?? [item]);
    case 'concat':
      return [
        ...own,
        ...value.args.flatMap(({ value: argument }) =>
          resolver.refs(program.child(node, argument), frame).flatMap((ref) => resolver.items(ref, depth + 1) ?? [ref]),
        ),
      ];
    case 'map':
    case 'flatMap': {
      const made = own.slice(0, MAX_ITEMS).flatMap((item) => mapped(resolver, node, frame, item));
      return member.property === 'map' ? made : made.flatMap((item) => resolver.items(item, depth + 1) ?? [item]);
    }
    default:
      return undefined;
  }
}

/** What the callback of a `map` makes of one item. */
function mapped(resolver: Resolver, call: Node, frame: Frame | undefined, item: Ref): readonly Ref[] {
  const { program } = resolver;
  const argument = program.argument(call, 0);
  if (argument === undefined) return [];
  return resolver.refs(argument, frame).flatMap((fn) => {
    const ref = program.functionAt(fn.node);
    if (!ref) return [];
    const inner = resolver.enter(fn, call, frame, [[item]], item);
    return inner ? ref.fact.returns.flatMap(({ value }) => resolver.refs(ref.module.first + value, inner)) : [];
  });
}

/**
 * What is added to each list of the program: `guards.push(auth)`. What is added only at times is something that cannot
 * be seen.
 */
export function pushedOnto(program: Program): ReadonlyMap<Node, readonly Node[]> {
  const pushed = new Map<Node, Node[]>();
  for (const call of program.callsNamed('push')) {
    const value = program.valueOf(call);
    if (value.kind !== 'call') continue;
    const callee = program.child(call, value.callee);
    const member = program.valueOf(callee);
    if (member.kind !== 'member') continue;
    const isAlways = program.blocks(call).every(({ kind }) => kind === 'body');
    const added = isAlways ? value.args.map((argument) => program.child(call, argument.value)) : [callee];
    for (const list of program.origins(program.child(callee, member.object)))
      if (program.valueOf(list).kind === 'array') pushed.set(list, [...(pushed.get(list) ?? []), ...added]);
  }
  return pushed;
}
