import type { Node, Program } from '../program/program.ts';
import type { HandOver, MethodCall } from './code.ts';

/** Methods that return what they are called on. */
const FLUENT: ReadonlySet<string> = new Set([
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'setMaxListeners',
  'ref',
  'unref',
  'setEncoding',
  'bind',
]);

const MAX_FLUENT = 12;

/** What is done with each value: the methods called on it, the calls it is given to. */
export class Uses {
  readonly #program: Program;
  readonly #methods = new Map<Node, MethodCall[]>();
  readonly #handOvers = new Map<Node, HandOver[]>();

  constructor(program: Program) {
    this.#program = program;
    for (const call of program.calls) this.#add(call);
  }

  #add(call: Node): void {
    const value = this.#program.valueOf(call);
    if (value.kind !== 'call') return;
    const callee = this.#program.valueOf(this.#program.child(call, value.callee));
    if (callee.kind === 'member' && callee.property !== undefined) {
      const name = callee.property;
      for (const receiver of this.receiversOf(call)) push(this.#methods, receiver, { name, call });
    }
    value.args.forEach((argument, index) => {
      for (const origin of this.rootsOf(this.#program.child(call, argument.value)))
        push(this.#handOvers, origin, { call, index });
    });
  }

  receiversOf(call: Node): readonly Node[] {
    const value = this.#program.valueOf(call);
    const callee = value.kind === 'call' ? this.#program.child(call, value.callee) : undefined;
    const member = callee === undefined ? undefined : this.#program.valueOf(callee);
    return callee === undefined || member?.kind !== 'member'
      ? []
      : this.rootsOf(this.#program.child(callee, member.object));
  }

  /** Origins, with fluent calls replaced by what they are called on. */
  rootsOf(node: Node, depth = 0): readonly Node[] {
    const origins = this.#program.origins(node);
    if (depth > MAX_FLUENT || !origins.some((origin) => this.#isFluent(origin))) return origins;
    return origins.flatMap((origin) => (this.#isFluent(origin) ? this.#rootsOfFluent(origin, depth) : [origin]));
  }

  #isFluent(origin: Node): boolean {
    const value = this.#program.valueOf(origin);
    if (value.kind !== 'call') return false;
    const callee = this.#program.valueOf(this.#program.child(origin, value.callee));
    return callee.kind === 'member' && callee.property !== undefined && FLUENT.has(callee.property);
  }

  #rootsOfFluent(call: Node, depth: number): readonly Node[] {
    const value = this.#program.valueOf(call);
    const callee = value.kind === 'call' ? this.#program.child(call, value.callee) : call;
    const member = this.#program.valueOf(callee);
    return member.kind === 'member' ? this.rootsOf(this.#program.child(callee, member.object), depth + 1) : [call];
  }

  callsOn(node: Node, methods: readonly string[]): readonly MethodCall[] {
    const found = this.rootsOf(node).flatMap((root) => this.#methods.get(root) ?? []);
    return methods.length === 0 ? found : found.filter(({ name }) => methods.includes(name));
  }

  handedOut(node: Node): readonly HandOver[] {
    return this.rootsOf(node).flatMap((root) => this.#handOvers.get(root) ?? []);
  }
}

function push<T>(groups: Map<Node, T[]>, node: Node, item: T): void {
  const group = groups.get(node);
  if (group) group.push(item);
  else groups.set(node, [item]);
}
