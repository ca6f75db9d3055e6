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
  return { root, path: steps };
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
