import type { Node } from '../program/program.ts';
import { isComputedRequire } from './computed-require.ts';
import type { Frame, Ref } from './frame.ts';
import { partsOf } from './loops.ts';
import type { Path } from './registry.ts';
import type { Walk } from './walk.ts';

const MAX_NODES = 200;

/**
 * Where a router that is loaded by the name of its file is mounted, if that name is in the path as well:
 * `app.use('/' + name, require('./routes/' + name))`.
 */
export function pathOfLoaded(
  path: Node,
  handler: Node,
  loaded: Ref,
  frame: Frame | undefined,
  walk: Walk,
): Path | undefined {
  const { program } = walk;
  const call = partsBelow(handler, walk).find((node) => isComputedRequire(program, node));
  const specifier = call === undefined ? undefined : program.argument(call, 0);
  if (specifier === undefined) return undefined;
  const variables = new Set(partsBelow(specifier, walk).filter((node) => isVariable(node, walk)));
  if (!partsBelow(path, walk).some((node) => variables.has(node))) return undefined;
  const name = nameOf(program.moduleOf(loaded.node).path);
  const value = valueBehind(path, walk);
  if (value.kind !== 'join') return name;
  const texts = value.parts.map(
    (part) => walk.resolver.constants(program.child(path, part.value), frame)?.[0] ?? undefined,
  );
  // one part is the name, and only one
  return texts.filter((text) => text === undefined).length === 1
    ? texts.map((text) => (text === undefined ? name : String(text))).join('')
    : undefined;
}

function valueBehind(node: Node, { program }: Walk): ReturnType<Walk['program']['valueOf']> {
  const value = program.valueOf(node);
  const [only, other] = value.kind === 'variable' ? value.options : [];
  return only === undefined || other !== undefined ? value : program.valueOf(program.child(node, only));
}

/** `routes/users.js`, `routes/users/index.js` and `routes/users.route.js` are `users`. */
const nameOf = (path: string): string => /([^/.]+)[^/]*$/.exec(path.replace(/\/index\.[cm]?[jt]sx?$/, ''))?.[1] ?? '';

const isVariable = (node: Node, { program }: Walk): boolean => {
  const { kind } = program.valueOf(node);
  return kind === 'param' || kind === 'element' || kind === 'variable';
};

/** A value and all it is made of, in its module. */
function partsBelow(node: Node, { program }: Walk): readonly Node[] {
  const seen = new Set<Node>();
  const open = [node];
  for (let next = open.pop(); next !== undefined && seen.size < MAX_NODES; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const id of partsOf(program.valueOf(next))) open.push(program.child(next, id));
  }
  return [...seen];
}
