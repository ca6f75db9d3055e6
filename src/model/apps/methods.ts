import type { Node } from '../program/program.ts';
import type { Ref } from './frame.ts';
import type { Walk } from './walk.ts';

const VERB = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
const MAX_DEPTH = 3;

/** The methods a handler compares `req.method` with; `ALL` where it asks for none. */
export function methodsAsked({ node }: Ref, walk: Walk): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<Node>();
  const visit = (fn: Node, depth: number): void => {
    const ref = walk.program.functionAt(fn);
    if (!ref || seen.has(fn) || depth > MAX_DEPTH) return;
    seen.add(fn);
    const [start, end] = ref.fact.at;
    ref.module.facts.values.forEach((value, index) => {
      if (value.at[0] < start || value.at[1] > end) return;
      const inner = ref.module.first + index;
      if (value.kind === 'operation') for (const text of comparedWith(inner, walk)) found.add(text);
      if (value.kind === 'call') for (const callee of walk.program.callees(inner)) visit(callee.node, depth + 1);
    });
  };
  visit(node, 0);
  return found.size > 0 ? [...found].toSorted() : ['ALL'];
}

/** The verb in `req.method === 'POST'` and `req.method !== 'POST'`. */
export function comparedWith(operation: Node, walk: Walk): readonly string[] {
  const value = walk.program.valueOf(operation);
  if (value.kind !== 'operation' || !/^[!=]==?$/.test(value.operator)) return [];
  const sides = value.operands.map((operand) => walk.program.child(operation, operand.value));
  const isMethod = sides.some((side) => {
    const member = walk.program.valueOf(side);
    return member.kind === 'member' && member.property === 'method';
  });
  if (!isMethod) return [];
  return sides
    .flatMap((side) => walk.program.constants(side) ?? [])
    .filter((text): text is string => typeof text === 'string' && VERB.test(text));
}
