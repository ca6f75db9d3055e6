import type { Location } from '../../document/document.ts';
import type { DocumentFacts } from '../../facts/facts.ts';
import type {
  Block,
  CallValue,
  FunctionId,
  Range,
  TypeFact,
  Value,
  ValueId,
} from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node } from './program.ts';

const OPAQUE: Value = { kind: 'opaque', at: [0, 0] };

/** The values of all modules under one numbering, and what can be read off them without following anything. */
export class Graph {
  readonly modules: ReadonlyMap<string, Module>;
  readonly calls: readonly Node[];
  readonly #values: Value[] = [];
  readonly #byKind = new Map<Value['kind'], Node[]>();
  /** Index of a node's module in `#ordered`. */
  readonly #owner: Uint32Array;
  readonly #ordered: readonly Module[];
  /** The first node of a node's module. */
  readonly #first: Uint32Array;
  readonly #functions = new Map<Module, Node[]>();
  readonly #refs = new Map<Node, FunctionRef>();

  constructor(documents: readonly DocumentFacts<'javascript'>[]) {
    const calls: Node[] = [];
    this.#ordered = documents.map(({ path, facts }) => {
      const module = { path, facts, first: this.#values.length };
      const functions: Node[] = [];
      for (const value of facts.values) {
        const node = this.#values.push(value) - 1;
        if (value.kind === 'call') calls.push(node);
        else if (value.kind === 'function') functions[value.function] = node;
      }
      this.#functions.set(module, functions);
      return module;
    });
    this.#owner = new Uint32Array(this.#values.length);
    this.#first = new Uint32Array(this.#values.length);
    this.#ordered.forEach(({ first, facts }, index) => {
      this.#owner.fill(index, first, first + facts.values.length);
      this.#first.fill(first, first, first + facts.values.length);
    });
    this.modules = new Map(this.#ordered.map((module) => [module.path, module]));
    this.calls = calls;
  }

  /** How many values there are: nodes are the numbers below it. */
  get size(): number {
    return this.#values.length;
  }

  moduleOf(node: Node): Module {
    const module = this.#ordered[this.#owner[node] ?? -1];
    if (!module) throw new RangeError(`There is no value ${node}.`);
    return module;
  }

  /** The nodes of all values of a kind, in order. */
  nodesOf(kind: Value['kind']): readonly Node[] {
    if (this.#byKind.size === 0)
      this.#values.forEach((value, node) => {
        const nodes = this.#byKind.get(value.kind);
        if (nodes) nodes.push(node);
        else this.#byKind.set(value.kind, [node]);
      });
    return this.#byKind.get(kind) ?? [];
  }

  valueOf(node: Node): Value {
    return this.#values[node] ?? OPAQUE;
  }

  child(node: Node, id: ValueId): Node {
    return (this.#first[node] ?? 0) + id;
  }

  callAt(node: Node): CallValue | undefined {
    const value = this.valueOf(node);
    return value.kind === 'call' ? value : undefined;
  }

  /** The node of an argument, where no spread stands before it. */
  argument(call: Node, index: number): Node | undefined {
    const args = this.callAt(call)?.args;
    const use = args?.[index];
    if (!args || !use) return undefined;
    for (let at = 0; at <= index; at += 1) if (args[at]?.spread) return undefined;
    return this.child(call, use.value);
  }

  locationIn(module: Module, [start, end]: Range): Location {
    return { path: module.path, start, end };
  }

  locationOf(node: Node): Location {
    return this.locationIn(this.moduleOf(node), this.valueOf(node).at);
  }

  functionAt(node: Node): FunctionRef | undefined {
    const value = this.valueOf(node);
    if (value.kind !== 'function') return undefined;
    const known = this.#refs.get(node);
    if (known) return known;
    const module = this.moduleOf(node);
    const fact = module.facts.functions[value.function];
    if (!fact) return undefined;
    const ref = { node, module, fact };
    this.#refs.set(node, ref);
    return ref;
  }

  functionIn(module: Module, id: FunctionId): FunctionRef | undefined {
    const node = this.#functions.get(module)?.[id];
    return node === undefined ? undefined : this.functionAt(node);
  }

  /** The declared type of a parameter. */
  paramType(node: Node): TypeFact | undefined {
    const value = this.valueOf(node);
    return value.kind === 'param'
      ? this.moduleOf(node).facts.functions[value.function]?.params[value.index]?.type
      : undefined;
  }

  blocks(node: Node): readonly Block[] {
    const value = this.valueOf(node);
    return 'block' in value && value.kind !== 'caught' ? this.blocksFrom(this.moduleOf(node), value.block) : [];
  }

  /** A block and those around it, up to the body of the function. */
  blocksFrom(module: Module, id: number): readonly Block[] {
    const chain: Block[] = [];
    for (
      let block = module.facts.blocks[id];
      block;
      block = block.parent === undefined ? undefined : module.facts.blocks[block.parent]
    ) {
      chain.push(block);
    }
    return chain;
  }

  enclosing(node: Node): FunctionRef | undefined {
    const value = this.valueOf(node);
    if (!('block' in value) || value.kind === 'caught') return undefined;
    const module = this.moduleOf(node);
    const block = module.facts.blocks[value.block];
    return block && this.functionIn(module, block.function);
  }
}

/** One slot for each value of a program, for what is found out about it. */
export const emptySlots = <T>(size: number): (T | undefined)[] => Array<T | undefined>(size).fill(undefined);
