import type { Value } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';

const MAX_VALUES = 400;

/** The outermost loop around a call within its function. */
export function loopAround(program: Program, call: Node): number | undefined {
  const { facts } = program.moduleOf(call);
  const value = program.valueOf(call);
  let found: number | undefined;
  for (let id = value.kind === 'call' ? value.block : undefined; id !== undefined; id = facts.blocks[id]?.parent) {
    if (facts.blocks[id]?.kind === 'loop') found = id;
  }
  return found;
}

/** The variable of the loop some calls use, where all of them use the same one. */
export function loopVariableOf(program: Program, module: Module, calls: readonly Node[]): Node | undefined {
  const elements = new Set<Node>();
  const seen = new Set<Node>();
  const open = [...calls];
  for (let node = open.pop(); node !== undefined && seen.size < MAX_VALUES; node = open.pop()) {
    if (seen.has(node) || program.moduleOf(node) !== module) continue;
    seen.add(node);
    const value = program.valueOf(node);
    if (value.kind === 'element') elements.add(node);
    for (const id of partsOf(value)) open.push(module.first + id);
  }
  return elements.size === 1 ? [...elements][0] : undefined;
}

/** The values a value is written with. */
export function partsOf(value: Value): readonly number[] {
  switch (value.kind) {
    case 'call':
      return [value.callee, ...value.args.map((argument) => argument.value)];
    case 'member':
      return [value.object, ...(value.key === undefined ? [] : [value.key])];
    case 'array':
      return value.items.map((item) => item.value);
    case 'object':
      return value.properties.map((property) => property.value);
    case 'join':
      return value.parts.map((part) => part.value);
    case 'operation':
      return value.operands.map((operand) => operand.value);
    case 'either':
    case 'variable':
      return value.options;
    case 'await':
    case 'typed':
      return [value.value];
    default:
      return [];
  }
}
