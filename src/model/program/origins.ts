import type { Use } from '../../facts/javascript/module-facts.ts';
import { chosen, iterated } from './choices.ts';
import { Exports } from './exports.ts';
import { emptySlots } from './graph.ts';
import type { Graph } from './graph.ts';
import type { Linkage } from './linkage.ts';
import { Members } from './members.ts';
import type { ModuleResolution } from './module-resolution.ts';
import type { ClassRef, Owners } from './owners.ts';
import type { FunctionRef, Module, Node } from './program.ts';
import { askedBy } from './shared.ts';

/** A value that may be more than this many things is followed no further. */
const MAX_ORIGINS = 24;
const MAX_DEPTH = 120;
/** Arrays spread into arrays. */
const MAX_SPREADS = 8;

const NONE: readonly Node[] = [];

/** Follows values to where they come from; see `Program.origins`. */
export class Origins {
  readonly #graph: Graph;
  readonly #owners: Owners;
  readonly #exports: Exports;
  readonly #linkage: Linkage;
  readonly #members: Members;
  /** By node: nodes are dense, and this is asked more often than anything else. */
  readonly #known: (readonly Node[] | undefined)[];
  readonly #open: Uint8Array;
  #depth = 0;
  readonly #properties: (Map<string, readonly Node[]> | undefined)[];

  constructor(graph: Graph, owners: Owners, resolution: ModuleResolution, linkage: Linkage) {
    this.#graph = graph;
    this.#owners = owners;
    this.#exports = new Exports(graph, resolution, this);
    this.#linkage = linkage;
    this.#members = new Members(graph, owners, resolution, linkage, {
      of: (node) => this.of(node),
      returnsOf: (fn) => this.#returnsOf(fn),
    });
    this.#known = emptySlots(graph.size);
    this.#properties = emptySlots(graph.size);
    this.#open = new Uint8Array(graph.size);
  }

  of(node: Node): readonly Node[] {
    const known = this.#known[node];
    if (known) return known;
    if (this.#open[node] === 1) return NONE;
    if (this.#depth > MAX_DEPTH) return [node];
    this.#open[node] = 1;
    this.#depth += 1;
    const found = this.#follow(node);
    this.#depth -= 1;
    this.#open[node] = 0;
    const origins = distinct(found);
    const result = origins.length === 0 || origins.length > MAX_ORIGINS ? [node] : origins;
    this.#known[node] = result;
    return result;
  }

  #follow(node: Node): readonly Node[] {
    const value = this.#graph.valueOf(node);
    const child = (id: number): Node => this.#graph.child(node, id);
    switch (value.kind) {
      case 'await':
        return this.of(child(value.value));
      case 'typed': {
        const inner = this.of(child(value.value));
        return inner.some((origin) => this.#isKnown(origin)) ? inner : [node];
      }
      case 'either':
        return (value.reason === 'and' ? value.options.slice(-1) : value.options).flatMap((option) =>
          this.of(child(option)),
        );
      case 'variable':
        return value.options.flatMap((option) => this.of(child(option)));
      case 'import':
        return this.#import(node, value.module, value.name);
      case 'member':
        return this.#member(node, child(value.object), value.property);
      case 'call':
        return this.#call(node);
      case 'param':
        return value.rest ? [node] : this.#param(node, value.function, value.index);
      case 'element': {
        const items = this.of(child(value.of)).flatMap((origin) => this.#items(origin));
        return items.length > 0 ? items : [node];
      }
      default:
        return [node];
    }
  }

  /** Something whose members we know. */
  #isKnown(node: Node): boolean {
    const { kind } = this.#graph.valueOf(node);
    return (
      kind === 'function' ||
      kind === 'class' ||
      kind === 'object' ||
      kind === 'array' ||
      kind === 'import' ||
      this.classOfInstance(node) !== undefined
    );
  }

  /** What an array may hold. One that is spread into itself, as loops do, holds nothing more on the way round. */
  #items(origin: Node, within: ReadonlySet<Node> = new Set()): readonly Node[] {
    const value = this.#graph.valueOf(origin);
    if (value.kind !== 'array' || within.has(origin) || within.size > MAX_SPREADS) return NONE;
    const inside = new Set([...within, origin]);
    return value.items.flatMap(({ value: item, spread }: Use) => {
      const node = this.#graph.child(origin, item);
      return spread ? this.of(node).flatMap((each) => this.#items(each, inside)) : this.of(node);
    });
  }

  // ——— modules ———

  #import(node: Node, specifier: string, name: string): readonly Node[] {
    const target = this.moduleAt(node, specifier);
    if (!target) return [node];
    const found = this.#exports.of(target, name);
    return found.length > 0 ? found : [node];
  }

  /** The module of the project an import leads to. */
  moduleAt(node: Node, specifier: string): Module | undefined {
    return this.#exports.moduleAt(node, specifier);
  }

  // ——— properties ———

  #member(node: Node, object: Node, property: string | undefined): readonly Node[] {
    if (property === undefined) return [node];
    const origins = this.of(object);
    let unknown = false;
    const found = origins.flatMap((origin) => {
      const values = this.property(origin, property);
      if (values.length === 0) unknown = true;
      return values;
    });
    return unknown ? [node, ...found] : found;
  }

  /** What a property of an origin may be; empty where nothing is known of it. */
  property(origin: Node, name: string): readonly Node[] {
    const known = this.#properties[origin]?.get(name);
    if (known) return known;
    const ofOrigin = (this.#properties[origin] ??= new Map());
    // an object that takes its properties from itself adds nothing on the way round
    ofOrigin.set(name, NONE);
    const found = distinct(this.#property(origin, name));
    const result = found.length > MAX_ORIGINS ? found.slice(0, MAX_ORIGINS) : found;
    ofOrigin.set(name, result);
    return result;
  }

  #property(origin: Node, name: string): readonly Node[] {
    const value = this.#graph.valueOf(origin);
    const fromWrites = this.#written(origin, name);
    switch (value.kind) {
      case 'object':
        return [...this.#objectProperty(origin, name), ...fromWrites];
      case 'array': {
        const item = /^\d+$/.test(name) ? value.items[Number(name)] : undefined;
        return item && !item.spread ? this.of(this.#graph.child(origin, item.value)) : NONE;
      }
      case 'import': {
        const target = this.moduleAt(origin, value.module);
        if (!target || (value.name !== '*' && value.name !== '=' && value.name !== 'default')) return fromWrites;
        return [...this.#exports.of(target, name), ...fromWrites];
      }
      case 'function':
        return name === 'prototype' ? NONE : fromWrites;
      case 'class': {
        const ref = this.#owners.classAt(origin);
        return ref ? [...this.#members.named(ref, name, true), ...fromWrites] : fromWrites;
      }
      default:
        if (this.#isOwnExports(origin)) return this.#exports.of(this.#graph.moduleOf(origin), name);
        return [...this.#instanceProperty(origin, name), ...fromWrites];
    }
  }

  #written(origin: Node, name: string): readonly Node[] {
    const all = this.#linkage.writes.get(origin);
    if (!all) return NONE;
    const writes = all.filter(({ write }) => write.operator !== 'delete');
    const named = writes.filter(({ write }) => write.property === name);
    // `models[model.name] = model` may have set any property that nothing else sets
    const written = named.length > 0 ? named : writes.filter(({ write }) => write.property === undefined);
    return written.flatMap(({ module, write }) => this.of(module.first + write.value));
  }

  /** `exports` and `module.exports` of the module a value is in. */
  #isOwnExports(node: Node): boolean {
    const value = this.#graph.valueOf(node);
    if (value.kind === 'global') return value.name === 'exports';
    if (value.kind !== 'member' || value.property !== 'exports') return false;
    const object = this.#graph.valueOf(this.#graph.child(node, value.object));
    return object.kind === 'global' && object.name === 'module';
  }

  #objectProperty(origin: Node, name: string): readonly Node[] {
    const value = this.#graph.valueOf(origin);
    if (value.kind !== 'object') return NONE;
    for (const property of value.properties.toReversed()) {
      const node = this.#graph.child(origin, property.value);
      if (property.kind === 'spread') {
        const found = this.of(node).flatMap((spread) => this.property(spread, name));
        if (found.length > 0) return found;
      } else if (property.name === name) {
        return property.kind === 'get' ? this.#returnsOf(node) : this.of(node);
      }
    }
    return NONE;
  }

  #instanceProperty(origin: Node, name: string): readonly Node[] {
    const classRef = this.classOfInstance(origin);
    const value = this.#graph.valueOf(origin);
    if (classRef && value.kind === 'super') {
      const parent = this.#members.parentOf(classRef);
      return parent ? this.#members.named(parent, name, false) : NONE;
    }
    if (classRef) return this.#members.named(classRef, name, false);
    const type = this.#typeOf(origin);
    const fulfilled = type === undefined ? NONE : this.#members.ofType(type, name);
    if (fulfilled.length > 0) return fulfilled;
    if (value.kind === 'param' || value.kind === 'member') return this.#shared(name);
    if (value.kind === 'this') {
      const object = this.#owners.objectOfThis(origin);
      if (object !== undefined) return this.property(object, name);
      const fn = this.#graph.functionIn(this.#graph.moduleOf(origin), value.function);
      if (!fn) return NONE;
      const constructor = this.#linkage.constructorOf.get(fn.node) ?? fn.node;
      return this.#members.constructed(constructor, name);
    }
    if (value.kind !== 'call') return NONE;
    if (value.new)
      return this.of(this.#graph.child(origin, value.callee)).flatMap((callee) =>
        this.#members.constructed(callee, name),
      );
    const assigned = this.#assigned(origin, name);
    return assigned.length > 0 ? assigned : this.#shared(name);
  }

  /** What an app hands to everything it calls; `fastify()` and what it is handed to have the same. */
  #shared(name: string): readonly Node[] {
    return (this.#linkage.shared.get(name) ?? []).flatMap((node) => this.of(node));
  }

  /** `Object.assign(a, b)`: the last of its arguments that has the property. */
  #assigned(call: Node, name: string): readonly Node[] {
    const args = this.#graph.callAt(call)?.args ?? [];
    if (!this.#isObjectMethod(call, 'assign')) return NONE;
    for (const { value } of args.toReversed()) {
      const found = this.of(this.#graph.child(call, value)).flatMap((origin) => this.property(origin, name));
      if (found.length > 0) return found;
    }
    return NONE;
  }

  #isObjectMethod(call: Node, ...methods: readonly string[]): boolean {
    const callee = this.#graph.valueOf(this.#graph.child(call, this.#graph.callAt(call)?.callee ?? 0));
    if (callee.kind !== 'member' || callee.property === undefined || !methods.includes(callee.property)) return false;
    const object = this.#graph.valueOf(this.#graph.child(call, callee.object));
    return object.kind === 'global' && (object.name === 'Object' || object.name === 'Promise');
  }

  /** The class of the project a value is an instance of. */
  classOfInstance(node: Node): ClassRef | undefined {
    const value = this.#graph.valueOf(node);
    if (value.kind === 'this' || value.kind === 'super') return this.#owners.classOfThis(node);
    if (value.kind === 'call' && value.new)
      return this.#owners.classAmong(this.of(this.#graph.child(node, value.callee)));
    const type = this.#typeOf(node);
    return type === undefined ? undefined : this.#owners.classAmong(this.of(type));
  }

  /** What the declared type of a value names. */
  #typeOf(node: Node): Node | undefined {
    const value = this.#graph.valueOf(node);
    const type = value.kind === 'typed' ? value.type : value.kind === 'param' ? this.#graph.paramType(node) : undefined;
    return type?.value === undefined || type.array ? undefined : this.#graph.child(node, type.value);
  }

  #call(node: Node): readonly Node[] {
    const call = this.#graph.callAt(node);
    if (!call || call.new) return [node];
    if (this.#isObjectMethod(node, 'freeze', 'seal', 'resolve')) {
      const argument = this.#graph.argument(node, 0);
      if (argument !== undefined) return this.of(argument);
    }
    const bound = this.#bound(node);
    if (bound) return bound;
    const functions = this.calleesOf(node);
    if (functions.length === 0) {
      const name = askedBy(this.#graph, (each) => this.of(each), node);
      const asked = name === undefined ? NONE : this.#shared(name);
      return asked.length > 0 ? asked : [node];
    }
    const results = functions.flatMap((fn) => this.#resultsOf(node, fn));
    return results.length === 0 ? [node] : results;
  }

  /** `fn.bind(self)` is `fn`. */
  #bound(node: Node): readonly Node[] | undefined {
    const call = this.#graph.callAt(node);
    const callee = call && this.#graph.valueOf(this.#graph.child(node, call.callee));
    if (callee?.kind !== 'member' || callee.property !== 'bind') return undefined;
    const functions = this.of(this.#graph.child(node, callee.object)).filter((origin) =>
      this.#graph.functionAt(origin),
    );
    return functions.length > 0 ? functions : undefined;
  }

  /** The functions of the project a call runs, by what its callee is. */
  calleesOf(node: Node): readonly FunctionRef[] {
    const call = this.#graph.callAt(node);
    if (!call) return [];
    const callee = this.#graph.child(node, call.callee);
    const calleeValue = this.#graph.valueOf(callee);
    const direct = calleeValue.kind === 'super' ? this.#parentConstructor(callee) : this.of(callee);
    const constructs = call.new || calleeValue.kind === 'super';
    const [only] = direct;
    const more = direct.flatMap((origin) => chosen(this.#graph, this, this.#linkage, origin));
    if (only !== undefined && direct.length === 1 && more.length === 0) return this.#functionsOf(only, constructs);
    return distinct([...direct, ...more]).flatMap((origin) => this.#functionsOf(origin, constructs));
  }

  /** The function a value is, or the constructor of the class it is. */
  #functionsOf(origin: Node, constructs: boolean): readonly FunctionRef[] {
    const fn = this.#graph.functionAt(origin);
    if (fn) return [fn];
    const ref = constructs ? this.#owners.classAt(origin) : undefined;
    return ref ? this.#constructorOf(ref) : NO_FUNCTIONS;
  }

  #parentConstructor(node: Node): readonly Node[] {
    const ref = this.#owners.classOfThis(node);
    return ref?.fact.super === undefined ? NONE : this.of(ref.module.first + ref.fact.super);
  }

  #constructorOf(ref: ClassRef, depth = 0): readonly FunctionRef[] {
    const member = ref.fact.members.find(({ kind }) => kind === 'constructor');
    const fn = member?.value === undefined ? undefined : this.#graph.functionAt(ref.module.first + member.value);
    if (fn) return [fn];
    const parent =
      ref.fact.super === undefined || depth > 8
        ? undefined
        : this.#owners.classAmong(this.of(ref.module.first + ref.fact.super));
    return parent ? this.#constructorOf(parent, depth + 1) : [];
  }

  #returnsOf(fn: Node): readonly Node[] {
    const ref = this.#graph.functionAt(fn);
    return ref ? ref.fact.returns.flatMap(({ value }) => this.of(ref.module.first + value)) : NONE;
  }

  /** What a function returns to one call: its own parameters stand for the arguments of that call. */
  #resultsOf(call: Node, fn: FunctionRef): readonly Node[] {
    if (fn.fact.generator) return [call];
    return this.#returnsOf(fn.node).flatMap((origin) => {
      const value = this.#graph.valueOf(origin);
      const isOwn =
        value.kind === 'param' &&
        fn.module.facts.functions[value.function] === fn.fact &&
        this.#graph.moduleOf(origin) === fn.module;
      if (!isOwn) return [origin];
      const argument = this.#graph.argument(call, value.index);
      return argument === undefined ? [origin] : this.of(argument);
    });
  }

  #param(node: Node, functionId: number, index: number): readonly Node[] {
    const fn = this.#graph.functionIn(this.#graph.moduleOf(node), functionId);
    const callers = fn ? (this.#linkage.callers.get(fn.node) ?? []) : [];
    if (fn && callers.length === 0 && index === 0)
      return [node, ...iterated(this.#graph, this, this.#linkage, fn.node)];
    if (!fn || callers.length === 0) return [node];
    const found = callers.flatMap(({ call, shift }) => {
      const argument = this.#graph.argument(call, index + shift);
      return argument === undefined ? NONE : this.of(argument);
    });
    return (this.#linkage.handedTo.get(fn.node) ?? []).length > 0 ? [node, ...found] : found;
  }
}

const NO_FUNCTIONS: readonly FunctionRef[] = [];

const distinct = (nodes: readonly Node[]): readonly Node[] => (nodes.length > 1 ? [...new Set(nodes)] : nodes);
