import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import type { Behaviour } from './behaviour.ts';
import { Contents, WHOLE } from './contents.ts';
import type { Part } from './contents.ts';
import type { DeclaredGates } from './declared-gates.ts';
import { Decisions } from './deciding.ts';
import { Reading } from './reading.ts';
import { Strangers } from './strangers.ts';
import type { Place } from './reading.ts';

const MAX_FUNCTIONS = 60;
const MAX_DEPTH = 4;

/** Reads what a middleware does from its code; cached by function. */
export class Behaviours {
  readonly #program: Program;
  readonly #known = new Map<Node, Behaviour>();
  readonly #contents = new Map<Module, Contents>();
  readonly #decisions: Decisions;
  readonly #strangers: Strangers;

  readonly #declared: DeclaredGates;

  constructor(program: Program, declared: DeclaredGates) {
    this.#program = program;
    this.#declared = declared;
    this.#decisions = new Decisions(program);
    this.#strangers = new Strangers(program);
  }

  of(fn: FunctionRef): Behaviour {
    const known = this.#known.get(fn.node);
    if (known) return known;
    const found = this.#read(fn);
    this.#known.set(fn.node, found);
    return found;
  }

  /** What a part of a function does: some of its blocks and some of what it calls are left out. */
  part(fn: FunctionRef, part: Part): Behaviour {
    return this.#read(fn, part);
  }

  #read(fn: FunctionRef, { isElsewhere, without, truth }: Part = WHOLE): Behaviour {
    const reading = new Reading(this.#program, this.#decisions, this.#strangers, this.#declared, fn, truth);
    const seen = new Set<Node>(without);
    const visit = (ref: FunctionRef, depth: number, from?: Place): void => {
      if (seen.has(ref.node) || seen.size > MAX_FUNCTIONS || depth > MAX_DEPTH) return;
      seen.add(ref.node);
      const { module } = ref;
      const own = this.#program.valueOf(ref.node);
      const id = own.kind === 'function' ? own.function : 0;
      const contents = this.#contentsOf(module);
      const isLeft = (block: BlockId, [offset]: readonly [number, number]): boolean =>
        depth === 0 && isElsewhere(block, offset);
      for (const owner of contents.within(id)) {
        const fact = module.facts.functions[owner];
        if (owner !== id && fact?.within !== undefined && isLeft(fact.within, fact.at)) continue;
        for (const node of contents.nodesOf(owner)) {
          const value = this.#program.valueOf(node);
          const block = 'block' in value && typeof value.block === 'number' ? value.block : 0;
          if (block > 0 && isLeft(block, value.at)) continue;
          const place = { module, block, ...(from && { from }) };
          reading.at(place).node(node, depth);
          for (const callee of value.kind === 'call' ? this.#program.callees(node) : [])
            visit(callee, depth + 1, place);
        }
        for (const index of contents.writesOf(owner)) {
          const write = module.facts.writes[index];
          if (write && !isLeft(write.block, write.at))
            reading.at({ module, block: write.block, ...(from && { from }) }).write(module, index);
        }
        for (const thrown of contents.throwsOf(owner))
          if (!isLeft(thrown.block, thrown.at))
            reading.at({ module, block: thrown.block, ...(from && { from }) }).thrown(module.first + thrown.value);
        for (const { value, block, at } of fact?.returns ?? [])
          if (!isLeft(block, at)) reading.at({ module, block, ...(from && { from }) }).response(module.first + value);
      }
    };
    visit(fn, 0);
    return reading.result();
  }

  #contentsOf(module: Module): Contents {
    const known = this.#contents.get(module);
    if (known) return known;
    const contents = new Contents(module);
    this.#contents.set(module, contents);
    return contents;
  }
}
