import type { Constant, FunctionRef, Node, Program } from '../program/program.ts';
import { computedRequire, isComputedRequire } from './computed-require.ts';
import type { Frame, Ref } from './frame.ts';
import { isNested, isWithin, refKey } from './frame.ts';
import { derivedItems, pushedOnto } from './lists.ts';
import { ownerOf } from './owner.ts';

const MAX_DEPTH = 40;
/** Texts put together of texts put together. */
const MAX_JOINS = 12;
const MAX_REFS = 32;
const MAX_FRAMES = 30_000;
const MAX_FRAME_DEPTH = 40;
/** Calls of `refs` within each other, arguments of frames included. */
const MAX_NESTING = 240;

/**
 * Follows values like `Program.origins`, but knows which call of a function is meant: what a helper is given in one
 * call does not mix with what it is given in another.
 */
export class Resolver {
  readonly program: Program;
  readonly #frames = new Map<string, Frame>();
  readonly #known = new Map<Frame | undefined, Map<Node, readonly Ref[]>>();
  #pushed: ReadonlyMap<Node, readonly Node[]> | undefined;
  /** Lists whose items are being looked for. */
  readonly #listed = new Set<Node>();
  #count = 0;
  #nesting = 0;

  constructor(program: Program) {
    this.program = program;
  }

  refs(node: Node, frame: Frame | undefined, depth = 0): readonly Ref[] {
    const known = this.#knownIn(frame);
    const cached = known.get(node);
    if (cached) return cached;
    // a value that is made from itself adds nothing on the way round
    known.set(node, []);
    this.#nesting += 1;
    const found = this.#nesting > MAX_NESTING ? [{ node }] : this.#follow(node, frame, depth);
    this.#nesting -= 1;
    const distinct =
      found.length <= 1 ? found : [...new Map(found.map((ref) => [refKey(ref), ref])).values()].slice(0, MAX_REFS);
    if (this.#nesting < MAX_NESTING / 2) known.set(node, distinct);
    else known.delete(node);
    return distinct;
  }

  #knownIn(frame: Frame | undefined): Map<Node, readonly Ref[]> {
    const found = this.#known.get(frame);
    if (found) return found;
    const made = new Map<Node, readonly Ref[]>();
    this.#known.set(frame, made);
    return made;
  }

  #follow(node: Node, frame: Frame | undefined, depth: number): readonly Ref[] {
    const { program } = this;
    if (depth > MAX_DEPTH) return [this.at(node, frame)];
    const value = program.valueOf(node);
    const child = (id: number): readonly Ref[] => this.refs(program.child(node, id), frame, depth + 1);
    switch (value.kind) {
      case 'await':
        return child(value.value);
      case 'typed': {
        const inner = child(value.value);
        return inner.some((ref) => this.#isKnown(ref)) ? inner : [this.at(node, frame)];
      }
      case 'either':
        return (value.reason === 'and' ? value.options.slice(-1) : value.options).flatMap(child);
      case 'variable':
        return value.options.flatMap(child);
      case 'param':
        return this.#param(node, value.function, value.index, value.rest === true, frame, depth);
      case 'member':
        return value.property === undefined
          ? this.#computed(node, frame, depth)
          : this.#member(node, program.child(node, value.object), value.property, frame, depth);
      case 'element':
        return this.#elements(node, program.child(node, value.of), frame, depth);
      case 'call':
        // what a callback finds around it was made by the call around it
        return this.#call(node, this.at(node, frame).frame, depth);
      case 'import':
        return this.#imported(node, value.module, value.name, depth);
      default:
        return [this.at(node, frame)];
    }
  }

  /** Values of a module's own code belong to no frame. */
  at(node: Node, frame: Frame | undefined): Ref {
    if (!frame) return { node };
    const module = this.program.moduleOf(node);
    const owner = ownerOf(this.program, node);
    for (let each: Frame | undefined = frame; each; each = each.lexical) {
      if (each.fn.module !== module || each.fn.fact !== module.facts.functions[owner]) continue;
      if (!each.loop || isWithin(this.program.valueOf(node).at, each.loop)) return { node, frame: each };
    }
    return owner === 0 ? { node } : { node, frame };
  }

  #isKnown({ node }: Ref): boolean {
    const { kind } = this.program.valueOf(node);
    return kind !== 'param' && kind !== 'member' && kind !== 'opaque' && kind !== 'global' && kind !== 'undefined';
  }

  /** What another module exports, made in the calls that made it there. */
  #imported(node: Node, specifier: string, name: string, depth: number): readonly Ref[] {
    const module = this.program.moduleAt(node, specifier);
    const facts = module?.facts.exports ?? [];
    // `export *` of several modules is one namespace: which of them has a name is asked for each
    if (name === '*' && facts.filter((each) => each.name === '*').length > 1) return [{ node }];
    const named = facts.filter((each) => each.name === name);
    const found = named.length === 0 && name === 'default' ? facts.filter((each) => each.name === '=') : named;
    const refs = found.flatMap(({ value, type }) =>
      module && !type ? this.refs(module.first + value, undefined, depth + 1) : [],
    );
    return refs.length > 0 ? refs : this.#plain(node);
  }

  /** An origin that is declared with a type is the value itself, as in its own module. */
  #plain = (node: Node): readonly Ref[] =>
    this.program
      .origins(node)
      .flatMap((origin) =>
        origin !== node && this.program.valueOf(origin).kind === 'typed'
          ? this.refs(origin, undefined)
          : [{ node: origin }],
      );

  #param(
    node: Node,
    functionId: number,
    index: number,
    rest: boolean,
    frame: Frame | undefined,
    depth: number,
  ): readonly Ref[] {
    const module = this.program.moduleOf(node);
    for (let each = frame; each; each = each.lexical ?? each.caller) {
      if (each.fn.module !== module || each.fn.fact !== module.facts.functions[functionId]) continue;
      if (rest) return this.#restOf(each, index, node);
      const given = each.argument(index);
      if (given === undefined) break;
      return given.flatMap((ref) => (ref.instance ? [ref] : this.refs(ref.node, ref.frame, depth + 1)));
    }
    return rest ? [this.at(node, frame)] : this.#plain(node);
  }

  /** The arguments from one on stand for the array itself: what takes it takes each of them. */
  #restOf(frame: Frame, from: number, node: Node): readonly Ref[] {
    const refs: Ref[] = [];
    for (let index = from; index < from + MAX_REFS; index += 1) {
      const given = frame.argument(index);
      if (given === undefined || given.length === 0) break;
      refs.push(...given);
    }
    return refs.length > 0 || frame.argument(from) !== undefined ? refs : [{ node, frame }];
  }

  #member(node: Node, object: Node, property: string, frame: Frame | undefined, depth: number): readonly Ref[] {
    const found: Ref[] = [];
    let unknown = false;
    for (const ref of this.refs(object, frame, depth + 1)) {
      const own = this.property(ref, property, depth + 1);
      const values = own.length === 0 && ref.instance ? this.#decorated(node, property) : own;
      if (values.length === 0) unknown = true;
      found.push(...values);
    }
    return unknown || found.length === 0 ? [...found, this.at(node, frame)] : found;
  }

  /** What was put on an application under a name: `fastify.decorate('authenticate', …)`. */
  #decorated = (node: Node, called: string): readonly Ref[] =>
    this.program
      .origins(node)
      .flatMap((origin) => (origin === node ? [] : this.refs(origin, undefined).map((ref) => ({ ...ref, called }))));

  property(ref: Ref, name: string, depth = 0): readonly Ref[] {
    const value = this.program.valueOf(ref.node);
    if (value.kind === 'object' && depth < MAX_DEPTH) {
      for (const property of value.properties.toReversed()) {
        const node = this.program.child(ref.node, property.value);
        if (property.kind === 'spread') {
          const inner = this.refs(node, ref.frame, depth + 1).flatMap((each) => this.property(each, name, depth + 1));
          if (inner.length > 0) return inner;
        } else if (property.name === name && property.kind !== 'get') {
          return this.refs(node, ref.frame, depth + 1);
        }
      }
    }
    if (isComputedRequire(this.program, ref.node)) return this.#loaded(ref.node, name, depth);
    // `exports.guard = made(…)`: by the call that makes it
    if (value.kind === 'import' && (value.name === '=' || value.name === '*') && depth < MAX_DEPTH) {
      const module = this.program.moduleAt(ref.node, value.module);
      const named = module?.facts.exports.filter((each) => each.name === name && !each.type) ?? [];
      const found = named.flatMap((each) => (module ? this.refs(module.first + each.value, undefined, depth + 1) : []));
      if (found.length > 0) return found;
    }
    return this.program.property(ref.node, name).map((node) => ({ node }));
  }

  /** `handlers[name]` of an object or array we know: any of its values. */
  #computed(node: Node, frame: Frame | undefined, depth: number): readonly Ref[] {
    const value = this.program.valueOf(node);
    if (value.kind !== 'member' || value.key === undefined) return [this.at(node, frame)];
    const keys = this.constants(this.program.child(node, value.key), frame);
    const objects = this.refs(this.program.child(node, value.object), frame, depth + 1);
    const found = objects.flatMap((ref) => {
      if (keys) return keys.flatMap((key) => this.property(ref, String(key), depth + 1));
      return this.items(ref, depth + 1) ?? this.#values(ref, depth + 1);
    });
    return found.length > 0 ? found : [this.at(node, frame)];
  }

  #values({ node, frame }: Ref, depth: number): readonly Ref[] {
    const value = this.program.valueOf(node);
    if (value.kind !== 'object') return [];
    return value.properties.flatMap((property) =>
      this.refs(this.program.child(node, property.value), frame, depth + 1),
    );
  }

  #elements(node: Node, of: Node, frame: Frame | undefined, depth: number): readonly Ref[] {
    for (let each = frame; each; each = each.lexical) if (each.loop?.element === node) return [each.loop.item];
    const found = this.refs(of, frame, depth + 1).flatMap((ref) => this.items(ref, depth + 1) ?? []);
    return found.length > 0 ? found : [this.at(node, frame)];
  }

  /** The items of an array, or of `Object.values`, `Object.entries`; undefined for anything else. */
  items({ node, frame }: Ref, depth = 0): readonly Ref[] | undefined {
    const value = this.program.valueOf(node);
    if (value.kind === 'array') {
      // `list.items = [...list.items, another]`
      if (this.#listed.has(node)) return [];
      this.#listed.add(node);
      const written = value.items.flatMap(({ value: item, spread }) => {
        const refs = this.refs(this.program.child(node, item), frame, depth + 1);
        return spread ? refs.flatMap((ref) => this.items(ref, depth + 1) ?? [ref]) : refs;
      });
      this.#pushed ??= pushedOnto(this.program);
      const pushed = (this.#pushed.get(node) ?? []).flatMap((each) => this.refs(each, frame, depth + 1));
      this.#listed.delete(node);
      return [...written, ...pushed];
    }
    if (value.kind !== 'call' || depth > MAX_DEPTH) return undefined;
    const derived = derivedItems(this, { node, ...(frame && { frame }) }, depth);
    if (derived) return derived;
    const [api] = this.program.apis(this.program.child(node, value.callee));
    const argument = this.program.argument(node, 0);
    if (argument === undefined) return undefined;
    if (api === 'Object.values' || api === 'Array.from' || api === 'Object.entries') {
      return this.refs(argument, frame, depth + 1).flatMap(
        (ref) => this.items(ref, depth + 1) ?? this.#values(ref, depth),
      );
    }
    return undefined;
  }

  // ——— calls ———

  #call(node: Node, frame: Frame | undefined, depth: number): readonly Ref[] {
    const value = this.program.valueOf(node);
    if (value.kind !== 'call' || value.new) return [this.at(node, frame)];
    const functions = this.callees(node, frame, depth + 1);
    if (functions.length === 0 && isComputedRequire(this.program, node)) {
      const loaded = this.#loaded(node, '=', depth + 1);
      return loaded.length > 0 ? loaded : [this.at(node, frame)];
    }
    if (functions.length === 0) {
      const origins = this.program.origins(node);
      const followed = origins.length > 0 && !(origins.length === 1 && origins[0] === node);
      return followed ? origins.flatMap((origin) => this.refs(origin, undefined, depth + 1)) : [this.at(node, frame)];
    }
    const results = functions.flatMap((fn) => {
      const inner = this.enter(fn, node, frame);
      const ref = this.program.functionAt(fn.node);
      if (!ref || !inner || ref.fact.generator) return [];
      return ref.fact.returns.flatMap(({ value: returned }) =>
        this.refs(ref.module.first + returned, inner, depth + 1),
      );
    });
    return results.length > 0 ? results : [this.at(node, frame)];
  }

  /** What the modules of a computed `require` export by a name; as a whole where they have no such name. */
  #loaded(call: Node, name: string, depth: number): readonly Ref[] {
    return computedRequire(this.program, call).flatMap((path) => {
      const module = this.program.modules.get(path);
      const found = module?.facts.exports.filter((each) => each.name === name) ?? [];
      return found.flatMap(({ value }) => (module ? this.refs(module.first + value, undefined, depth) : []));
    });
  }

  /** The functions of the program that a call runs, each with the frame it was made in. */
  callees(call: Node, frame: Frame | undefined, depth = 0): readonly Ref[] {
    const value = this.program.valueOf(call);
    if (value.kind !== 'call' || depth > MAX_DEPTH) return [];
    const known = this.program.callees(call);
    if (value.new) return known.map(({ node }) => ({ node }));
    const callee = this.program.child(call, value.callee);
    const found = this.refs(callee, frame, depth + 1).filter(({ node }) => this.program.functionAt(node));
    return found.length > 0 ? found : known.map(({ node }) => ({ node }));
  }

  /** The frame of one call of a function, of a callback for one item; the same in the same frame yields the same one. */
  enter(
    fn: Ref,
    call: Node,
    caller: Frame | undefined,
    bound?: readonly (readonly Ref[])[],
    item?: Ref,
  ): Frame | undefined {
    const key = `${refKey(fn)} ${call} ${caller?.id ?? ''} ${item ? refKey(item) : ''}`;
    const known = this.#frames.get(key);
    if (known) return known;
    const ref = this.program.functionAt(fn.node);
    if (!ref || this.#count >= MAX_FRAMES || (caller?.depth ?? 0) >= MAX_FRAME_DEPTH || isNested(ref, caller)) {
      return undefined;
    }
    this.#count += 1;
    const shift = this.#isBorrowed(call) ? 1 : 0;
    const frame: Frame = {
      id: this.#count,
      fn: ref,
      call,
      ...(caller && { caller }),
      ...(fn.frame && { lexical: fn.frame }),
      depth: (caller?.depth ?? 0) + 1,
      argument: (index) => {
        if (bound) return bound[index];
        const argument = this.program.argument(call, index + shift);
        return argument === undefined ? this.#spreadArgument(call, index + shift, caller) : this.refs(argument, caller);
      },
    };
    this.#frames.set(key, frame);
    return frame;
  }

  /** `fn.call(self, …)` */
  #isBorrowed(call: Node): boolean {
    const value = this.program.valueOf(call);
    const callee = value.kind === 'call' ? this.program.valueOf(this.program.child(call, value.callee)) : undefined;
    return callee?.kind === 'member' && callee.property === 'call';
  }

  #spreadArgument(call: Node, index: number, caller: Frame | undefined): readonly Ref[] {
    const value = this.program.valueOf(call);
    if (value.kind !== 'call') return [];
    const all = value.args.flatMap(({ value: argument, spread }) => {
      const refs = this.refs(this.program.child(call, argument), caller);
      return spread ? refs.flatMap((ref) => (this.items(ref) ?? [ref]).map((item) => [item])) : [refs];
    });
    return all[index] ?? [];
  }

  /** One round of a loop in a function, or in a module where there is no frame. */
  loopFrame(base: Frame | undefined, fn: FunctionRef, loop: NonNullable<Frame['loop']>): Frame {
    const key = `loop ${loop.element} ${refKey(loop.item)} ${base?.id ?? ''}`;
    const known = this.#frames.get(key);
    if (known) return known;
    this.#count += 1;
    const frame: Frame = {
      id: this.#count,
      fn,
      ...(base?.call !== undefined && { call: base.call }),
      ...(base?.caller && { caller: base.caller }),
      ...(base && { lexical: base }),
      depth: base?.depth ?? 0,
      loop,
      argument: (index) => base?.argument(index),
    };
    this.#frames.set(key, frame);
    return frame;
  }

  // ——— constants ———

  constants(node: Node, frame: Frame | undefined, depth = 0): readonly Constant[] | undefined {
    // text that grows in a loop is made of itself
    if (depth > MAX_JOINS) return undefined;
    const refs = this.refs(node, frame);
    const all = refs.map((ref) => this.#constantOf(ref, depth));
    const known = all.filter((each) => each !== undefined).flat();
    return known.length > 0 && all.every((each) => each !== undefined) ? known : undefined;
  }

  #constantOf({ node, frame }: Ref, depth: number): readonly Constant[] | undefined {
    const value = this.program.valueOf(node);
    if (value.kind === 'join' && frame) {
      let texts = [''];
      for (const part of value.parts) {
        const options = this.constants(this.program.child(node, part.value), frame, depth + 1);
        if (!options || texts.length * options.length > 16) return undefined;
        texts = texts.flatMap((text) => options.map((option) => text + String(option)));
      }
      return texts;
    }
    return this.program.constants(node);
  }
}
