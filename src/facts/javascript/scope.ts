import type { FunctionId, ValueId } from './module-facts.ts';

/** A name bound in a scope, and what it holds where the walk stands. */
export interface Binding {
  readonly name: string;
  /** The function the name belongs to. */
  readonly function: FunctionId;
  /** What it holds here; undefined before its declaration was met. */
  current: ValueId | undefined;
  /** Everything it is ever given, in order. */
  readonly given: ValueId[];
  /** The `variable` value that stands for it in closures, or everywhere if closures assign it. */
  variable: ValueId | undefined;
  /** An inner function assigns it: no use of it can be pinned to one assignment. */
  readonly volatile: boolean;
}

/** Lexical scopes: names to bindings, innermost first. */
export class Scope {
  readonly #bindings = new Map<string, Binding>();
  readonly parent: Scope | undefined;
  readonly function: FunctionId;

  constructor(functionId: FunctionId, parent?: Scope) {
    this.function = functionId;
    this.parent = parent;
  }

  declare(name: string, volatile: boolean): Binding {
    const known = this.#bindings.get(name);
    if (known) return known;
    const binding = { name, function: this.function, current: undefined, given: [], variable: undefined, volatile };
    this.#bindings.set(name, binding);
    return binding;
  }

  /** The outermost scope of the function it belongs to. */
  ofFunction(): Scope {
    return this.parent?.function === this.function ? this.parent.ofFunction() : this;
  }

  find(name: string): Binding | undefined {
    return this.#bindings.get(name) ?? this.parent?.find(name);
  }
}

/**
 * What bindings hold, through branches. Inside `branch` changes are recorded and taken back at its end, so that the
 * next branch starts from the same state; the caller joins the changes of those that do not leave.
 */
export class Flow {
  readonly #open: Map<Binding, ValueId | undefined>[] = [];

  assign(binding: Binding, value: ValueId): void {
    const changes = this.#open.at(-1);
    if (changes && !changes.has(binding)) changes.set(binding, binding.current);
    binding.current = value;
  }

  /** Runs a branch and returns what each changed binding holds at its end. */
  branch(run: () => void): ReadonlyMap<Binding, ValueId | undefined> {
    const before = new Map<Binding, ValueId | undefined>();
    this.#open.push(before);
    run();
    this.#open.pop();
    const after = new Map<Binding, ValueId | undefined>();
    for (const [binding, old] of before) {
      after.set(binding, binding.current);
      binding.current = old;
    }
    return after;
  }
}
