import type { Node, Program } from '../program/program.ts';

/** A value by the way it is read: `req` and `query.host`. Two readings of one property are the same access. */
export interface Access {
  readonly root: Node;
  readonly path: readonly string[];
}

const MAX_STEPS = 12;

export function accessOf(program: Program, node: Node, path: readonly string[] = []): Access {
  let root = node;
  let steps = path;
  for (let count = 0; count < MAX_STEPS; count += 1) {
    const value = program.valueOf(root);
    if (value.kind === 'await' || value.kind === 'typed') root = program.child(root, value.value);
    else if (value.kind === 'member') {
      const name = memberName(program, root);
      if (name === undefined) break;
      steps = [name, ...steps];
      root = program.child(root, value.object);
    } else break;
  }
  return { root: sameText(program, root), path: steps };
}

const PURE = /^(toLowerCase|toUpperCase|trim|toString|slice|split|substring|at|pop|normalize)$/;
/** By the program: the first of several equal calls, `name.trim()` and `name.trim()`. */
const FIRST = new WeakMap<Program, Map<string, Node>>();

/** Calls that yield the same text for the same text are one value, wherever they are written. */
function sameText(program: Program, node: Node): Node {
  if (program.valueOf(node).kind !== 'call') return node;
  const key = textKey(program, node, 0);
  if (key === undefined) return node;
  const known = FIRST.get(program) ?? new Map<string, Node>();
  FIRST.set(program, known);
  const first = known.get(key);
  if (first !== undefined) return first;
  known.set(key, node);
  return node;
}

function textKey(program: Program, node: Node, depth: number): string | undefined {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return depth === 0 ? undefined : keyOf(accessOf(program, node));
  const calleeNode = program.child(node, call.callee);
  const callee = program.valueOf(calleeNode);
  if (depth > MAX_STEPS || callee.kind !== 'member' || !PURE.test(callee.property ?? '')) return undefined;
  const args = call.args.map(({ value }) => program.constants(program.child(node, value))?.join());
  if (args.includes(undefined)) return undefined;
  const object = textKey(program, program.child(calleeNode, callee.object), depth + 1);
  return object === undefined ? undefined : `${object}.${callee.property}(${args.join()})`;
}

export const keyOf = ({ root, path }: Access): string => `${root}.${path.join('.')}`;

/** The name of the property a member reads; a computed key that stays the same is one as well. */
export function memberName(program: Program, node: Node): string | undefined {
  const value = program.valueOf(node);
  if (value.kind !== 'member') return undefined;
  if (value.property !== undefined) return value.property;
  if (value.key === undefined) return undefined;
  const key = program.child(node, value.key);
  const constants = program.constants(key);
  if (constants?.length === 1) return String(constants[0]);
  return `[${key}]`;
}
