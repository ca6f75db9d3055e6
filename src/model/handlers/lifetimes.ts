import type { Code } from '../code/code.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';

/** What outlives a request: what is made when a module is loaded, or in an object that is. */
export class Lifetimes {
  readonly #program: Program;
  readonly #code: Code;
  /** Whether requests or jobs run a function. */
  readonly #isReached: (fn: FunctionRef | undefined) => boolean;
  #instances: ReadonlyMap<Node, readonly Node[]> | undefined;

  constructor(program: Program, code: Code, isReached: (fn: FunctionRef | undefined) => boolean) {
    this.#program = program;
    this.#code = code;
    this.#isReached = isReached;
  }

  isLongLived(node: Node): boolean {
    for (let fn = this.#code.ownerOf(node); fn; fn = this.#parentOf(fn)) if (this.#isReached(fn)) return false;
    const around = this.#classAround(node);
    const made = around === undefined ? [] : (this.#instancesByClass().get(around) ?? []);
    return !made.some((call) => this.#isReached(this.#code.ownerOf(call)));
  }

  #parentOf({ fact, module }: FunctionRef): FunctionRef | undefined {
    return fact.parent === undefined || fact.parent === 0 ? undefined : this.#program.functionIn(module, fact.parent);
  }

  /** The outermost class a value is written in. */
  #classAround(node: Node): Node | undefined {
    const module = this.#program.moduleOf(node);
    const { at } = this.#program.valueOf(node);
    const around = module.facts.classes.findIndex((fact) => fact.at[0] <= at[0] && at[1] <= fact.at[1]);
    return around === -1 ? undefined : classNode(module, around);
  }

  /** Where each class is instantiated. */
  #instancesByClass(): ReadonlyMap<Node, readonly Node[]> {
    if (this.#instances) return this.#instances;
    const instances = new Map<Node, Node[]>();
    for (const call of this.#program.calls) {
      const value = this.#program.valueOf(call);
      if (value.kind !== 'call' || !value.new) continue;
      for (const origin of this.#program.origins(this.#program.child(call, value.callee))) {
        if (this.#program.valueOf(origin).kind !== 'class') continue;
        const group = instances.get(origin);
        if (group) group.push(call);
        else instances.set(origin, [call]);
      }
    }
    this.#instances = instances;
    return instances;
  }
}

function classNode({ facts, first }: Module, id: number): Node | undefined {
  const at = facts.values.findIndex((value) => value.kind === 'class' && value.class === id);
  return at === -1 ? undefined : first + at;
}
