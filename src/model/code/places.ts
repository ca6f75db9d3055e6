import type { Block } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';

/** Which function and which blocks a value is written in, by its place in the text. */
export class Places {
  readonly #program: Program;
  readonly #owners = new Map<Node, FunctionRef | undefined>();
  readonly #around = new Map<Node, readonly Block[]>();
  readonly #calls = new Map<Node | Module, Node[]>();

  constructor(program: Program) {
    this.#program = program;
    for (const call of program.calls) {
      const key = program.enclosing(call)?.node ?? program.moduleOf(call);
      const group = this.#calls.get(key);
      if (group) group.push(call);
      else this.#calls.set(key, [call]);
    }
  }

  ownerOf(node: Node): FunctionRef | undefined {
    const value = this.#program.valueOf(node);
    const module = this.#program.moduleOf(node);
    if (value.kind === 'param') return this.#functionOf(module, value.function);
    if ('block' in value && value.kind !== 'caught') return this.#program.enclosing(node);
    if (this.#owners.has(node)) return this.#owners.get(node);
    const owner = this.#functionOf(module, innermost(module, value.at[0], value.at[1]));
    this.#owners.set(node, owner);
    return owner;
  }

  #functionOf(module: Module, id: number): FunctionRef | undefined {
    return id === 0 ? undefined : this.#program.functionIn(module, id);
  }

  callsIn(where: FunctionRef | Module): readonly Node[] {
    return this.#calls.get('node' in where ? where.node : where) ?? [];
  }

  blocksAround(node: Node): readonly Block[] {
    const known = this.#program.blocks(node);
    if (known.length > 0) return known;
    const found = this.#around.get(node) ?? this.#blocksByPlace(node);
    this.#around.set(node, found);
    return found;
  }

  /** Of a value that does not say which block it is in: by where it stands. */
  #blocksByPlace(node: Node): readonly Block[] {
    const { facts } = this.#program.moduleOf(node);
    const { at } = this.#program.valueOf(node);
    const owner = this.ownerOf(node);
    const value = owner ? this.#program.valueOf(owner.node) : undefined;
    const id = value?.kind === 'function' ? value.function : 0;
    let best: Block | undefined;
    for (const block of facts.blocks) {
      if (block.function !== id || block.at[0] > at[0] || block.at[1] < at[1]) continue;
      if (!best || block.at[1] - block.at[0] <= best.at[1] - best.at[0]) best = block;
    }
    const chain: Block[] = [];
    for (let block = best; block; block = block.parent === undefined ? undefined : facts.blocks[block.parent])
      chain.push(block);
    return chain;
  }
}

/** The innermost function around a range, not the one whose own range it is. */
function innermost(module: Module, start: number, end: number): number {
  const { functions } = module.facts;
  let best = 0;
  let size = Number.POSITIVE_INFINITY;
  for (let id = 1; id < functions.length; id += 1) {
    const fn = functions[id];
    if (!fn || fn.at[0] > start || fn.at[1] < end || (fn.at[0] === start && fn.at[1] === end)) continue;
    if (fn.at[1] - fn.at[0] < size) {
      best = id;
      size = fn.at[1] - fn.at[0];
    }
  }
  return best;
}
