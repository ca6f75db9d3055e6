import type { Node, Program } from '../program/program.ts';
import { exclusionOf, hostOf, startingWith } from './containment.ts';
import type { Exclusion } from './exclusion.ts';
import { STRING_LABELS } from './label.ts';
import { clearedByMatch, refusesObjects, refusesOtherHosts } from './pattern.ts';

/** `list.includes(x)`, or `_.includes(list, x)`: what holds of the text of a value holds of the value as a text. */
export function onList(program: Program, second: Node, first: Node): readonly Exclusion[] {
  const isList = program.origins(first).every((origin) => program.valueOf(origin).kind === 'array');
  const subject = isList ? second : first;
  const text = textOf(program, subject);
  return [
    exclusionOf(program, subject, 'all'),
    ...hostOf(program, subject),
    ...(text === undefined ? [] : [exclusionOf(program, text, STRING_LABELS)]),
  ];
}

/** `x` of `x || ''`. */
export function withoutDefault(program: Program, node: Node): Node {
  const value = program.valueOf(node);
  if (value.kind !== 'either') return node;
  const [left, ...others] = value.options.map((option) => program.child(node, option));
  return left !== undefined && others.every((other) => program.constants(other)) ? left : node;
}

/** `x` of `String(x)` and `x.toString()`. */
function textOf(program: Program, node: Node): Node | undefined {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return undefined;
  const callee = program.child(node, call.callee);
  const member = program.valueOf(callee);
  if (program.apis(callee).includes('String')) return program.argument(node, 0);
  return member.kind === 'member' && member.property === 'toString' && call.args.length === 0
    ? program.child(callee, member.object)
    : undefined;
}

/** `list.some((each) => each === x)`, and what follows where `list.every((each) => each !== x)` does not hold. */
export function oneOf(program: Program, callback: Node, operator: '===' | '!=='): readonly Exclusion[] {
  const functions = program.origins(callback).flatMap((origin) => program.functionAt(origin) ?? []);
  const [fn] = functions;
  const [returned, ...others] = fn?.fact.returns ?? [];
  if (!fn || !returned || others.length > 0) return [];
  const compared = program.nodeIn(fn.module, returned.value);
  const value = program.valueOf(compared);
  if (value.kind !== 'operation' || !value.operator.startsWith(operator.slice(0, 2))) return [];
  const sides = value.operands.map((operand) => program.child(compared, operand.value));
  const isElement = (node: Node): boolean => {
    const param = program.valueOf(node);
    return param.kind === 'param' && program.functionIn(fn.module, param.function)?.node === fn.node;
  };
  return sides.some(isElement)
    ? sides.filter((side) => !isElement(side)).map((side) => exclusionOf(program, side, 'all'))
    : [];
}

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
