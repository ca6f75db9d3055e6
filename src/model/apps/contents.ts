import type { BlockId, Throw } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from '../program/program.ts';
import type { Truth } from './settled.ts';

/** What of a function counts. */
export interface Part {
  /** Whether a value in this block, at this offset of the module, is not among it. */
  readonly isElsewhere: (block: BlockId, offset: number) => boolean;
  /** Functions that are looked at by themselves. */
  readonly without: Iterable<Node>;
  /** What is known of a condition. */
  readonly truth?: (node: Node) => Truth;
}

export const WHOLE: Part = { isElsewhere: () => false, without: [] };

/** The members, calls, writes and throws of each function of a module. */
export class Contents {
  readonly #nodes = new Map<number, Node[]>();
  readonly #inside = new Map<number, number[]>();
  readonly #writes = new Map<number, number[]>();
  readonly #throws = new Map<number, Throw[]>();

  constructor({ facts, first }: Module) {
    const owner = (block: number): number => facts.blocks[block]?.function ?? 0;
    facts.values.forEach((value, id) => {
      if ((value.kind === 'call' || value.kind === 'member') && 'block' in value)
        push(this.#nodes, owner(value.block), first + id);
    });
    facts.functions.forEach(({ parent }, id) => {
      if (parent !== undefined) push(this.#inside, parent, id);
    });
    facts.writes.forEach(({ block }, id) => push(this.#writes, owner(block), id));
    for (const each of facts.throws) push(this.#throws, owner(each.block), each);
  }

  /** A function and those written in it. */
  within(id: number): readonly number[] {
    return [id, ...(this.#inside.get(id) ?? []).flatMap((inner) => this.within(inner))];
  }

  nodesOf = (id: number): readonly Node[] => this.#nodes.get(id) ?? [];
  writesOf = (id: number): readonly number[] => this.#writes.get(id) ?? [];
  throwsOf = (id: number): readonly Throw[] => this.#throws.get(id) ?? [];
}

function push<T>(groups: Map<number, T[]>, key: number, item: T): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}
