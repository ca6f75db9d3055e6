import type { Node, Program } from '../program/program.ts';
import { exclusionOf, hostOf, startingWith } from './containment.ts';
import type { Exclusion } from './exclusion.ts';
import { clearedByMatch, refusesObjects, refusesOtherHosts } from './pattern.ts';

/** `list.indexOf(x)` found something. */
export function listed(program: Program, node: Node): readonly Exclusion[] {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return [];
  const callee = program.valueOf(program.child(node, call.callee));
  const argument = program.argument(node, 0);
  if (callee.kind !== 'member' || !/^(last)?indexOf$/i.test(callee.property ?? '') || argument === undefined) return [];
  return [exclusionOf(program, argument, 'all'), ...hostOf(program, argument)];
}

/** `path.indexOf(root) === 0`. */
export function startsAt(program: Program, node: Node): readonly Exclusion[] {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return [];
  const callee = program.valueOf(program.child(node, call.callee));
  if (callee.kind !== 'member' || callee.property !== 'indexOf') return [];
  return startingWith(program, node, program.child(program.child(node, call.callee), callee.object));
}

/** The whole of a text matches a pattern. */
export function matched(program: Program, pattern: Node, subject: Node): readonly Exclusion[] {
  const patterns = program.origins(pattern).map((origin) => program.valueOf(origin));
  const cleared = patterns.map((value) => (value.kind === 'regex' ? clearedByMatch(value.pattern, value.flags) : []));
  const [first, ...others] = cleared;
  const labels = (first ?? []).filter((label) => others.every((each) => each.includes(label)));
  const isText = patterns.every((value) => value.kind === 'regex' && refusesObjects(value.pattern, value.flags));
  const all = isText ? [...labels, 'object' as const, 'keys' as const] : labels;
  return labels.length > 0 ? [exclusionOf(program, subject, all)] : [];
}

/** A truthy look-up in a table of the program's own: `COLUMNS[x]`. */
export function lookedUp(program: Program, node: Node): readonly Exclusion[] {
  const value = program.valueOf(node);
  if (value.kind !== 'member' || value.key === undefined) return [];
  const isTable = program
    .origins(program.child(node, value.object))
    .every((origin) => program.valueOf(origin).kind === 'object');
  return isTable ? [exclusionOf(program, program.child(node, value.key), 'all')] : [];
}

/** A text does not match a pattern that every address of another host matches: `!/^\/[\/\\]/.test(x)`. */
export function unmatched(program: Program, pattern: Node, subject: Node): readonly Exclusion[] {
  const patterns = program.origins(pattern).map((origin) => program.valueOf(origin));
  const isRefused = patterns.every((value) => value.kind === 'regex' && refusesOtherHosts(value.pattern, value.flags));
  return isRefused ? [exclusionOf(program, subject, ['redirect'])] : [];
}
