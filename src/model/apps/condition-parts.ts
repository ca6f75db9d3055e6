import type { Node, Program } from '../program/program.ts';
import { partsOf } from './loops.ts';

const MAX_PARTS = 80;

/** The last name of what a part of a condition is: `isAdmin` of `req.user.isAdmin()`. */
export function nameOf(program: Program, node: Node): string {
  const value = program.valueOf(node);
  if (value.kind === 'member') return value.property ?? '';
  if (value.kind === 'variable' || value.kind === 'global') return value.name;
  if (value.kind === 'import') return value.name;
  if (value.kind === 'param')
    return program.moduleOf(node).facts.functions[value.function]?.params[value.index]?.name ?? '';
  const described = value.kind === 'function' || value.kind === 'call' ? program.describe(node) : '';
  return /(\w+)(\(.*\))?$/.exec(described)?.[1] ?? '';
}

/** A value and what it is made of, bodies of functions left out. */
export function partsBelow(program: Program, node: Node): readonly Node[] {
  const seen = new Set<Node>();
  const open = [node];
  for (let next = open.pop(); next !== undefined && seen.size < MAX_PARTS; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const id of partsOf(program.valueOf(next))) open.push(program.child(next, id));
  }
  return [...seen];
}

export function isNothing(program: Program, node: Node): boolean {
  const value = program.valueOf(node);
  return value.kind === 'undefined' || (value.kind === 'literal' && (value.value === null || value.value === ''));
}
