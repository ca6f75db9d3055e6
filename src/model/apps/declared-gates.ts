import type { Declared, DeclaredGate } from '../flows/surroundings.ts';
import { callOf } from '../flows/surroundings.ts';
import type { Node, Program } from '../program/program.ts';
import type { Effect } from './effect.ts';
import type { Ref } from './frame.ts';

/** What the user says of middleware, guards and checks that cannot be judged by what they do. */
export class DeclaredGates {
  readonly #program: Program;
  readonly #gates: readonly (ReturnType<typeof callOf> & Pick<DeclaredGate, 'is' | 'call'>)[];

  constructor(program: Program, { gates = [] }: Declared = {}) {
    this.#program = program;
    this.#gates = gates.map((gate) => ({ ...gate, ...callOf(gate.call) }));
  }

  /** Of a value that is registered: a function, what a function makes, something of a package. */
  of({ node, frame }: Ref): readonly Effect[] {
    if (this.#gates.length === 0) return [];
    const program = this.#program;
    const maker = frame?.fn;
    const isMade = maker?.fact.returns.some(({ value }) => program.origins(maker.module.first + value).includes(node));
    const functions = [program.functionAt(node), isMade ? maker : undefined, ...program.callees(node)].flatMap(
      (fn) => fn ?? [],
    );
    const apis = program.apis(node).map(unmade);
    const described = unmade(program.describe(node)).split('.').at(-1);
    return this.#gates.flatMap(({ call, path, own, is }) =>
      functions.some(({ module, fact }) => fact.name === own && (path === undefined || module.path === path)) ||
      (path === undefined && (apis.includes(call) || described === own))
        ? [{ kind: is, by: 'config' } as const]
        : [],
    );
  }

  /** Of a class, such as a guard. */
  named(name: string, at: string): readonly Effect[] {
    return this.#gates.flatMap(({ path, own, is }) =>
      own === name && (path === undefined || path === at) ? [{ kind: is, by: 'config' } as const] : [],
    );
  }

  /** Of a call in the code of a handler: `await requireUser(request)`. */
  called(call: Node): readonly Effect[] {
    const value = this.#gates.length === 0 ? undefined : this.#program.valueOf(call);
    return value?.kind === 'call' ? this.of({ node: call }).map((effect) => ({ ...effect, call })) : [];
  }
}

/** `requireRole` of `requireRole('admin')`. */
const unmade = (name: string): string => name.replace(/\([^()]*\)$/, '');
