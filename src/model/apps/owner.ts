import type { FunctionId, Range } from '../../facts/javascript/module-facts.ts';
import type { Node, Program } from '../program/program.ts';

/** The function a value is written in, by the narrowest block around it. */
export function ownerOf(program: Program, node: Node): FunctionId {
  const value = program.valueOf(node);
  const { functions, blocks } = program.moduleOf(node).facts;
  if (value.kind === 'param' || value.kind === 'this') return value.function;
  if (value.kind === 'function') return functions[value.function]?.parent ?? 0;
  if ('block' in value && typeof value.block === 'number') return blocks[value.block]?.function ?? 0;
  return enclosingByRange(functions, value.at);
}

function enclosingByRange(functions: readonly { readonly at: Range }[], at: Range): FunctionId {
  let best = 0;
  let size = Number.POSITIVE_INFINITY;
  functions.forEach(({ at: [start, end] }, index) => {
    if (index > 0 && start <= at[0] && at[1] <= end && end - start < size && (start < at[0] || end > at[1])) {
      best = index;
      size = end - start;
    }
  });
  return best;
}
