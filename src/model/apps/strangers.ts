import type { Block, BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import { isNothing, nameOf, partsBelow } from './condition-parts.ts';
import type { Truth } from './settled.ts';
import { ASKS_WHO, IDENTIFIES, WHO } from './vocabulary.ts';

/**
 * Whether callers nobody knows get to a block because of that: `all` of them, `some` where something else must hold as
 * well, `no` where it is not for them or not for them alone.
 */
export type Met = 'all' | 'some' | 'no';

type KnownTruth = ((node: Node) => Truth) | undefined;

const MAX_DEPTH = 12;
const MAX_BLOCKS = 60;
const NEGATIVE =
  /unauth|not_?auth|not_?logged|anonym|guest|expired|invalid|missing|empty|revoked|isnil|isnull|isundefined/i;

export const stronger = (a: Met, b: Met): Met =>
  a === 'all' || b === 'all' ? 'all' : a === 'some' || b === 'some' ? 'some' : 'no';

/** What those meet who send nothing that says who they are. */
export class Strangers {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** With `whole`, all that leads to the block within its function must be so for them. */
  meet(module: Module, id: BlockId, truth?: (node: Node) => Truth, whole = false): Met {
    const { blocks, functions } = module.facts;
    let met: Met = 'no';
    let steps = 0;
    for (let at: BlockId | undefined = id; at !== undefined && steps < MAX_BLOCKS; steps += 1) {
      const block: Block | undefined = blocks[at];
      if (!block) break;
      if (block.condition === undefined || block.kind === 'loop') {
        if (whole && /^(case|catch|loop)$/.test(block.kind)) return 'no';
      } else {
        const condition = module.first + block.condition;
        const found = this.#truth(condition, truth, 0);
        const asks = this.#namesWho(condition);
        if (found === (block.holds === false)) return 'no';
        if (found !== undefined) met = asks && met === 'no' ? 'all' : met;
        else if (whole && (asks || block.kind !== 'after')) return 'no';
        // what comes after an early return is met by those who are left
        else if ((asks && met === 'no') || (met === 'all' && block.kind !== 'after')) met = 'some';
      }
      at = block.parent ?? (whole ? undefined : functions[block.function]?.within);
    }
    return met;
  }

  /** A condition as it is for a stranger. */
  #truth(node: Node, known: KnownTruth, depth: number): boolean | undefined {
    const settled = known?.(node);
    if (typeof settled === 'boolean') return settled;
    if (depth > MAX_DEPTH) return undefined;
    const value = this.#program.valueOf(node);
    const inner = (id: number): boolean | undefined => this.#truth(this.#program.child(node, id), known, depth + 1);
    if (value.kind === 'await' || value.kind === 'typed') return inner(value.value);
    if (value.kind === 'operation') {
      const [first] = value.operands;
      if (value.operator !== '!' || !first) return this.#compared(node);
      const found = inner(first.value);
      return found === undefined ? undefined : !found;
    }
    if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
      const found = value.options.map(inner);
      const decides = value.reason === 'or';
      if (found.includes(decides)) return decides;
      return found.includes(undefined) ? undefined : !decides;
    }
    if (!this.#namesWho(node) || !this.#isOfCaller(node)) return undefined;
    return value.kind === 'call' || value.kind === 'member' ? NEGATIVE.test(nameOf(this.#program, node)) : false;
  }

  /** Not `accounts.user.any()`, which is told nothing of the request. */
  #isOfCaller(node: Node): boolean {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'call') return true;
    const callee = this.#program.child(node, value.callee);
    const called = this.#program.describe(callee);
    if (value.args.length > 0 || IDENTIFIES.test(called) || ASKS_WHO.test(called)) return true;
    return partsBelow(this.#program, callee).some((part) => this.#program.valueOf(part).kind === 'param');
  }

  /** `token == null` holds for a stranger, `token === expected` does not. */
  #compared(node: Node): boolean | undefined {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'operation' || !/^[!=]==?$/.test(value.operator)) return undefined;
    const sides = value.operands.map((operand) => this.#program.child(node, operand.value));
    const other = sides.find((side) => !this.#namesWho(side));
    if (!sides.some((side) => this.#namesWho(side))) return undefined;
    const [text] = other === undefined ? [] : (this.#program.constants(other) ?? []);
    const isAbsent =
      other !== undefined && (isNothing(this.#program, other) || text === 'undefined' || text === false || text === 0);
    return isAbsent === value.operator.startsWith('=');
  }

  #namesWho(node: Node): boolean {
    return partsBelow(this.#program, node).some((each) => {
      if (WHO.test(nameOf(this.#program, each))) return true;
      const value = this.#program.valueOf(each);
      if (value.kind !== 'call') return false;
      const called = this.#program.describe(this.#program.child(each, value.callee));
      return IDENTIFIES.test(called) || ASKS_WHO.test(called);
    });
  }
}
