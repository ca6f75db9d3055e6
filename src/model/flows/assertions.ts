import type { Block, BlockId } from '../../facts/javascript/module-facts.ts';
import type { Node, Program } from '../program/program.ts';
import { throwing } from './schema-verdicts.ts';

/** Names of functions that judge their arguments. */
export const JUDGES =
  /valid|safe|allow|inside|check|verif|permit|trust|white|sanit|assert|ensure|guard|forbid|reject|private|block|legal|(^|[a-z])is[A-Z]/;

/** A block below the body of its function by nothing but blocks that follow an `if` that leaves. */
export function isOnTheWay(blocks: readonly Block[], id: BlockId, body: BlockId): boolean {
  let current: BlockId | undefined = id;
  while (current !== undefined && current !== body) {
    const block: Block | undefined = blocks[current];
    if (block?.kind !== 'after') return false;
    current = block.parent;
  }
  return current === body;
}

/** By block: calls whose result nobody reads, of schemas, and of functions of the program that throw and are called like judges. */
export function assertionsOf(program: Program): ReadonlyMap<string, readonly Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of program.calls) {
    const call = program.valueOf(node);
    if (call.kind !== 'call' || (call.result !== 'dropped' && call.result !== 'awaited')) continue;
    const [fn, ...others] = program.callees(node);
    if (others.length > 0 || (!fn && !throwing(program, node))) continue;
    const callee = program.valueOf(program.child(node, call.callee));
    const name = callee.kind === 'member' ? (callee.property ?? '') : (fn?.fact.name ?? '');
    if (fn) {
      const { throws, blocks } = fn.module.facts;
      const isThrown = throws.some(({ block }) => blocks[block]?.function === blocks[fn.fact.block]?.function);
      if (!JUDGES.test(name) || !isThrown) continue;
    }
    const place = `${program.moduleOf(node).first}:${call.block}`;
    const group = found.get(place);
    if (group) group.push(node);
    else found.set(place, [node]);
  }
  return found;
}
