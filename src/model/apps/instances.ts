import type { Node, Program } from '../program/program.ts';
import { FLUENT } from './fluent.ts';
import type { Frame, Ref } from './frame.ts';
import { refKey } from './frame.ts';
import type { Instance } from './registry.ts';
import type { Resolver } from './resolver.ts';

const MAX_CHAIN = 60;
const NONE: readonly Instance[] = [];

/** The applications, routers and plugin contexts that were met, and which of them a value is. */
export class Instances {
  /** By the value that makes one and the call it is made in. */
  readonly all = new Map<string, Instance>();
  readonly #program: Program;
  readonly #resolver: Resolver;
  /** The instance a value makes, asked of each framework in turn. */
  readonly #makers: readonly ((ref: Ref) => Instance | undefined)[];
  readonly #byNode = new Map<Node, Instance[]>();
  /** Values that were found to be no application, by the call they are met in. */
  readonly #plain = new Map<Frame | undefined, Set<Node>>();

  constructor(program: Program, resolver: Resolver, makers: readonly ((ref: Ref) => Instance | undefined)[]) {
    this.#program = program;
    this.#resolver = resolver;
    this.#makers = makers;
  }

  /** The applications and routers a value is, `app.use(…)` and other fluent calls included. */
  of(ref: Ref): readonly Instance[] {
    if (ref.instance) return [ref.instance];
    const value = this.#program.valueOf(ref.node);
    if (value.kind === 'function' || value.kind === 'literal' || value.kind === 'object') {
      return this.#byNode.get(ref.node) ?? [];
    }
    if (value.kind === 'this' || value.kind === 'super') return this.#own(ref);
    const known = this.#known(ref);
    if (known.length > 0) return known;
    if (this.#plain.get(ref.frame)?.has(ref.node)) return NONE;
    const found = this.#created(ref) ?? this.#chained(ref);
    if (found.length === 0) this.#addPlain(ref);
    return found;
  }

  #addPlain({ node, frame }: Ref): void {
    const plain = this.#plain.get(frame);
    if (plain) plain.add(node);
    else this.#plain.set(frame, new Set([node]));
  }

  #created(ref: Ref): readonly Instance[] | undefined {
    for (const make of this.#makers) {
      const created = make(ref);
      // what it is created with may be made from it
      const known = this.#known(ref);
      if (known.length > 0) return known;
      if (created) return [this.#remember(ref, created)];
    }
    return undefined;
  }

  /** `app.use(…)` is the application again. */
  #chained(ref: Ref): readonly Instance[] {
    const value = this.#program.valueOf(ref.node);
    if (value.kind !== 'call' || value.new) return NONE;
    const callee = this.#program.valueOf(this.#program.child(ref.node, value.callee));
    if (callee.kind !== 'member' || callee.property === undefined || !FLUENT.test(callee.property)) return NONE;
    return this.#chainedOn(ref, 0);
  }

  /** `this` of a class that extends an application: `class App extends Koa { constructor() { super(); this.use(…); } }` */
  #own({ node, frame }: Ref): readonly Instance[] {
    const own = this.#program.classOf(node);
    if (own === undefined || this.#program.apis(node).length === 0) return [];
    for (let each = frame; each; each = each.caller) {
      const made = each.call === undefined ? undefined : this.#program.valueOf(each.call);
      if (each.call === undefined || made?.kind !== 'call' || !made.new || this.#program.classOf(each.call) !== own)
        continue;
      return this.of({ node: each.call, ...(each.caller && { frame: each.caller }) });
    }
    return [...this.all.values()].filter((instance) => this.#program.classOf(instance.node) === own);
  }

  #chainedOn(ref: Ref, depth: number): readonly Instance[] {
    const value = this.#program.valueOf(ref.node);
    if (value.kind !== 'call' || depth > MAX_CHAIN) return [];
    const calleeNode = this.#program.child(ref.node, value.callee);
    const callee = this.#program.valueOf(calleeNode);
    if (callee.kind !== 'member') return [];
    // `app.get('port')` reads a setting
    if (callee.property === 'get' && value.args.length === 1) return [];
    // `router.route('/x')` of Express is one route, not the router
    if (callee.property === 'route' && value.args.length === 1 && !this.#isObject(ref)) return [];
    return this.#resolver
      .refs(this.#program.child(calleeNode, callee.object), ref.frame)
      .flatMap((object) => this.of(object));
  }

  #isObject(call: Ref): boolean {
    const argument = this.#program.argument(call.node, 0);
    return (
      argument !== undefined &&
      this.#resolver.refs(argument, call.frame).some(({ node }) => this.#program.valueOf(node).kind === 'object')
    );
  }

  #known({ node, frame }: Ref): readonly Instance[] {
    const all = this.#byNode.get(node) ?? [];
    if (!frame) return all;
    const own = this.all.get(refKey({ node, frame }));
    if (own) return [own];
    return all.filter((instance) => !instance.frame);
  }

  /** One that no value of the program makes. */
  add(instance: Instance): void {
    this.#remember({ node: instance.node, instance }, instance);
  }

  #remember(ref: Ref, instance: Instance): Instance {
    this.all.set(refKey(ref), instance);
    this.#byNode.set(ref.node, [...(this.#byNode.get(ref.node) ?? []), instance]);
    return instance;
  }
}
