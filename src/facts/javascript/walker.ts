import type { Node } from '@babel/types';
import type { SecretFact } from '../facts.ts';
import type { Region } from './regions.ts';
import { Flow, Scope } from './scope.ts';
import type { Binding } from './scope.ts';
import type {
  Block,
  BlockId,
  ClassFact,
  ExportFact,
  FunctionFact,
  FunctionId,
  ImportFact,
  NamedValue,
  Range,
  Throw,
  Use,
  Value,
  ValueId,
  Write,
} from './module-facts.ts';

/** Facts while they grow: what is final in `ModuleFacts` may still be added to here. */
type Growing<T> = { -readonly [Key in keyof T]: T[Key] };
export type GrowingFunction = Growing<FunctionFact> & {
  params: FunctionFact['params'][number][];
  returns: (Use & { block: BlockId })[];
};
export type GrowingBlock = Growing<Block>;

/** Where the walk of one module stands, and what it has found so far. */
export class Walker {
  readonly values: Value[] = [];
  readonly functions: GrowingFunction[] = [];
  readonly classes: Growing<ClassFact>[] = [];
  readonly blocks: GrowingBlock[] = [];
  readonly writes: Write[] = [];
  readonly named: NamedValue[] = [];
  readonly throws: Throw[] = [];
  readonly imports: ImportFact[] = [];
  readonly exports: ExportFact[] = [];
  /** Bodies of inner functions wait until all their outer names are known. */
  readonly pending: (() => void)[] = [];
  readonly flow = new Flow();
  /** Names exported by `export { … }` and exported declarations, until their values are settled. */
  readonly exported: { readonly local: string; readonly name: string; readonly at: Range }[] = [];
  commonjs = false;
  /** Names that inner functions of the function at hand assign. */
  volatile: ReadonlySet<string> = new Set();
  scope = new Scope(0);
  block: BlockId = 0;
  function: FunctionId = 0;
  /** The block the last walked list of statements ended in. */
  ended: BlockId = 0;
  /** What `this` is here. */
  self: { readonly function: FunctionId; readonly class?: number } = { function: 0 };
  readonly #regions: ReadonlyMap<Node, Region>;
  readonly #secrets: readonly SecretFact[];

  constructor(regions: ReadonlyMap<Node, Region>, secrets: readonly SecretFact[]) {
    this.#regions = regions;
    this.#secrets = secrets;
  }

  value(value: Value): ValueId {
    return this.values.push(value) - 1;
  }

  region(node: Node): Region | undefined {
    return this.#regions.get(node);
  }

  /** The secret a literal at this range is or holds. */
  secretIn([start, end]: Range): SecretFact | undefined {
    return this.#secrets.find((secret) => secret.start < end && start < secret.end);
  }

  newBlock(block: Omit<Block, 'function'>): BlockId {
    return this.blocks.push({ ...block, function: this.function }) - 1;
  }

  /** Runs in another block and comes back. */
  inBlock<T>(block: BlockId, run: () => T): T {
    const outer = this.block;
    this.block = block;
    try {
      return run();
    } finally {
      this.block = outer;
    }
  }

  inScope<T>(run: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(this.function, outer);
    try {
      return run();
    } finally {
      this.scope = outer;
    }
  }

  declare(name: string, volatile = false): Binding {
    return this.scope.declare(name, volatile);
  }

  assign(binding: Binding, value: ValueId): void {
    binding.given.push(value);
    this.flow.assign(binding, value);
  }

  /** What a name holds where the walk stands; undefined for a name nothing binds. */
  read(name: string, at: Range): ValueId | undefined {
    const binding = this.scope.find(name);
    if (!binding) return undefined;
    if (binding.function === this.function && !binding.volatile) {
      return binding.current ?? this.value({ kind: 'undefined', at });
    }
    const [only, ...others] = binding.given;
    if (only !== undefined && others.length === 0 && !binding.volatile) return only;
    binding.variable ??= this.value({ kind: 'variable', name, options: binding.given, at });
    return binding.variable;
  }

  /**
   * Joins what branches left behind: a binding holds either of the values at the ends of those that go on. `ends` are the
   * blocks the branches ended in.
   */
  merge(
    branches: readonly (ReadonlyMap<Binding, ValueId | undefined> | undefined)[],
    at: Range,
    ends?: readonly BlockId[],
  ): void {
    const going = branches.flatMap((changes, index) => (changes ? [{ changes, end: ends?.[index] }] : []));
    const changed = new Set(going.flatMap(({ changes }) => [...changes.keys()]));
    for (const binding of changed) {
      const arrivals = going.flatMap(({ changes, end }) => {
        const value = changes.has(binding) ? changes.get(binding) : binding.current;
        return value === undefined ? [] : [{ value, end }];
      });
      const options = [...new Set(arrivals.map(({ value }) => value))];
      const [only] = options;
      if (only === undefined) continue;
      const from = options.map((option) => arrivals.find(({ value }) => value === option)?.end);
      const known = from.filter((end) => end !== undefined);
      // a value that arrives on two ways holds under neither's conditions
      const isPinned = arrivals.length === options.length && known.length === options.length;
      this.flow.assign(
        binding,
        options.length === 1
          ? only
          : this.value({ kind: 'either', reason: 'assigned', options, ...(isPinned && { from: known }), at }),
      );
    }
  }
}

export const rangeOf = (node: { start?: number | null | undefined; end?: number | null | undefined }): Range => [
  node.start ?? 0,
  node.end ?? 0,
];
