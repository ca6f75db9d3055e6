import type { Location } from '../../document/document.ts';
import type { Block, FunctionId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import type { Condition } from './app.ts';
import { computedRequire } from './computed-require.ts';
import { Conditions, joined } from './conditions.ts';
import { isHarmless } from './harmless.ts';
import type { Frame, Ref } from './frame.ts';
import { Instances } from './instances.ts';
import { itemsOf } from './items.ts';
import type { Item } from './items.ts';
import { loopAround, loopVariableOf } from './loops.ts';
import type { Instance, Registered } from './registry.ts';
import { relevantFunctions } from './relevance.ts';
import { Resolver } from './resolver.ts';
import type { FrameworkReader, Site } from './site.ts';
import { Unmade } from './unmade.ts';

const MAX_STEPS = 400_000;
/** Loops over more than this are taken as one round over all of them. */
const MAX_ROUNDS = 40;

/** Runs after the current code, as promises and listeners do, or while the call lasts. */
const IMMEDIATE =
  /^(forEach|map|filter|reduce|some|every|flatMap|find|each|then|finally|call|apply|tap|add|group|scope|configure|catch)$/;

/**
 * Runs through a program from its entries in the order Node.js would, as far as applications are concerned: modules
 * when they are first imported, functions when they are called, callbacks where they are given.
 */
export class Walk {
  readonly program: Program;
  readonly resolver: Resolver;
  readonly unmade: Unmade;
  readonly #known: Instances;
  readonly #readers: readonly FrameworkReader[];
  readonly #conditions: Conditions;
  readonly #relevant: ReadonlySet<Node>;
  readonly #items = new Map<Module, ReadonlyMap<number, readonly Item[]>>();
  readonly #loaded = new Set<string>();
  readonly #entered = new Set<string>();
  readonly #given = new Set<FunctionRef['fact']>();
  readonly #run = new Set<FunctionRef['fact']>();
  readonly #later: (() => void)[] = [];
  /** Calls of functions of the program, which may keep functions they are given and call them out of sight. */
  readonly #handed: Site[] = [];
  readonly #resolveImport: (from: string, specifier: string) => string | undefined;
  #order = 0;
  #steps = 0;

  /** With the modules that stand alone: `app` may be made out of sight there. */
  constructor(program: Program, readers: readonly FrameworkReader[], alone: ReadonlySet<string> = new Set()) {
    this.program = program;
    this.resolver = new Resolver(program);
    this.#readers = readers;
    this.unmade = new Unmade(this, alone);
    const makers = [...readers.map(({ created }) => created), (ref: Ref) => this.unmade.of(ref)];
    this.#known = new Instances(
      program,
      this.resolver,
      makers.map((made) => (ref: Ref) => made(ref, this)),
    );
    this.#conditions = new Conditions(program);
    this.#relevant = relevantFunctions(program);
    this.#resolveImport = (from, specifier) => program.resolveImport(from, specifier);
  }

  get instances(): ReadonlyMap<string, Instance> {
    return this.#known.all;
  }

  get isCapped(): boolean {
    return this.#steps >= MAX_STEPS;
  }

  /** Each entry, then what it reaches in ways that cannot be followed call by call. */
  run(entries: Iterable<{ readonly path: string; readonly reach: ReadonlySet<string> }>): void {
    const all = [...entries];
    for (const { path } of all) {
      this.load(path);
      this.flush();
    }
    for (const { reach } of all) {
      for (const path of reach) {
        this.load(path);
        this.flush();
      }
    }
    while (this.#runHanded() || this.#runUnseen()) this.flush();
  }

  /** What was given to a function of the program that was not seen to call it: `makeModule('server', () => { … })`. */
  #runHanded(): boolean {
    const found = this.#handed.splice(0).flatMap((site) => {
      const value = this.program.valueOf(site.call);
      const args = value.kind === 'call' ? value.args : [];
      return args.flatMap(({ value: argument }) => {
        const node = this.program.child(site.call, argument);
        const fn = this.#relevant.has(node) ? this.program.functionAt(node) : undefined;
        return fn && !this.#run.has(fn.fact) ? [{ site, ref: this.resolver.at(node, site.frame) }] : [];
      });
    });
    for (const { site, ref } of found) this.#callback(ref, site, true, []);
    return found.length > 0;
  }

  /** What makes an application that was met only as a value: `get app() { return Server.app(this.config); }` */
  #runUnseen(): boolean {
    const found = [...this.instances.values()].flatMap((instance) => {
      const fn = this.program.valueOf(instance.node).kind === 'call' && this.program.enclosing(instance.node);
      if (!fn || instance.stack.length > 0) return [];
      const isRun = instance.frame ? this.#entered.has(`${instance.frame.id}`) : this.#run.has(fn.fact);
      return isRun ? [] : [{ fn, frame: instance.frame }];
    });
    if (!found[0]) return false;
    const { fn, frame } = found[0];
    this.#run.add(fn.fact);
    if (frame) this.#entered.add(`${frame.id}`);
    this.#body(fn.module, this.#functionId(fn), frame, 'always');
    return true;
  }

  /** Runs what waits for the code at hand to end. */
  flush(): void {
    for (let next = this.#later.shift(); next; next = this.#later.shift()) next();
  }

  load(path: string, condition: Condition = 'always'): void {
    const module = this.program.modules.get(path);
    if (!module || this.#loaded.has(path)) return;
    this.#loaded.add(path);
    for (const { kind, module: specifier, block } of module.facts.imports) {
      if (specifier === undefined || block !== 0 || (kind !== 'import' && kind !== 'reexport')) continue;
      const target = this.#resolveImport(path, specifier);
      if (target !== undefined) this.load(target, condition);
    }
    this.#body(module, 0, undefined, condition);
  }

  #body(module: Module, functionId: number, frame: Frame | undefined, condition: Condition): void {
    const items = this.#itemsOf(module).get(functionId) ?? [];
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at];
      const loop = item?.kind === 'call' ? loopAround(this.program, item.node) : undefined;
      if (!item || loop === undefined) {
        this.#item(item, frame, condition);
        continue;
      }
      const inside = [item];
      for (
        let next = items[at + 1];
        next?.kind === 'call' && loopAround(this.program, next.node) === loop;
        next = items[at + 1]
      ) {
        inside.push(next);
        at += 1;
      }
      this.#loop(module, functionId, loop, inside, frame, condition);
    }
  }

  #itemsOf(module: Module): ReadonlyMap<number, readonly Item[]> {
    const known = this.#items.get(module) ?? itemsOf(module, this.#resolveImport);
    this.#items.set(module, known);
    return known;
  }

  #item(item: Item | undefined, frame: Frame | undefined, condition: Condition): void {
    this.#steps += 1;
    if (!item || this.#steps > MAX_STEPS) return;
    if (item.kind === 'load') this.load(item.path, condition);
    else this.#call(item.node, frame, condition);
  }

  /** The calls of a loop, once for each item of what it runs over, where those can be seen. */
  #loop(
    module: Module,
    functionId: number,
    block: number,
    items: readonly Item[],
    frame: Frame | undefined,
    condition: Condition,
  ): void {
    const calls = items.flatMap((item) => (item.kind === 'call' ? [item.node] : []));
    const variable = loopVariableOf(this.program, module, calls);
    const value = variable === undefined ? undefined : this.program.valueOf(variable);
    const fact = module.facts.functions[functionId];
    const [start = 0, end = 0] = module.facts.blocks[block]?.at ?? [];
    const rounds =
      value?.kind === 'element'
        ? this.resolver.refs(module.first + value.of, frame).flatMap((ref) => this.resolver.items(ref) ?? [])
        : [];
    if (variable === undefined || !fact || rounds.length < 2 || rounds.length > MAX_ROUNDS) {
      for (const item of items) this.#item(item, frame, condition);
      return;
    }
    const fn = frame?.fn.fact === fact ? frame.fn : { node: -1, module, fact };
    for (const each of rounds) {
      const inner = this.resolver.loopFrame(frame, fn, { element: variable, item: each, start, end });
      for (const item of items) this.#item(item, inner, condition);
    }
  }

  #call(call: Node, frame: Frame | undefined, outer: Condition): void {
    const value = this.program.valueOf(call);
    if (value.kind !== 'call') return;
    const blocks = this.program.blocks(call);
    const condition = joined(outer, this.#conditions.of(call, withoutOwn(blocks)));
    const site = this.#siteOf(call, frame, condition);
    const functions = this.resolver.callees(call, frame);
    const isOwn = ({ node }: Instance): boolean => this.program.classOf(node) !== undefined;
    // a method that a class adds to the application it extends
    if (functions.length > 0 && site.receivers.every((ref) => this.instancesOf(ref).every(isOwn))) {
      for (const fn of functions) this.enter(fn, call, frame, condition);
      this.#handed.push(site);
      return;
    }
    if (this.#readers.some((reader) => reader.call(site, this))) return;
    for (const fn of functions) this.enter(fn, call, frame, condition);
    if (functions.length > 0) this.#handed.push(site);
    else this.#unknownCall(site, value.args.length);
  }

  #siteOf(call: Node, frame: Frame | undefined, condition: Condition): Site {
    const value = this.program.valueOf(call);
    const calleeNode = value.kind === 'call' ? this.program.child(call, value.callee) : call;
    const callee = this.program.valueOf(calleeNode);
    const apis = this.program.apis(calleeNode);
    if (callee.kind !== 'member') return { call, frame, condition, methods: [], receivers: [], apis };
    const keys =
      callee.key === undefined ? undefined : this.resolver.constants(this.program.child(calleeNode, callee.key), frame);
    const methods = callee.property === undefined ? (keys ?? []).map(String) : [callee.property];
    const receivers = this.resolver.refs(this.program.child(calleeNode, callee.object), frame);
    return { call, frame, condition, methods, receivers, apis };
  }

  /** Runs a function of the program for one call, if it can matter; anew for each round, where one is given. */
  enter(
    fn: Ref,
    call: Node,
    caller: Frame | undefined,
    condition: Condition,
    bound?: readonly (readonly Ref[])[],
    round?: Ref,
  ): void {
    const ref = this.program.functionAt(fn.node);
    if (!ref) return;
    const takes = this.#takesInstance(call, caller, bound);
    if (!this.#relevant.has(fn.node) && !takes) return;
    if (takes) this.#given.add(ref.fact);
    const inner = this.resolver.enter(fn, call, caller, bound, round);
    if (!inner) return;
    if (this.#entered.has(`${inner.id}`)) return;
    this.#entered.add(`${inner.id}`);
    this.#run.add(ref.fact);
    const functionId = this.#functionId(ref);
    this.#body(ref.module, functionId, inner, condition);
  }

  #functionId({ node }: FunctionRef): FunctionId {
    const value = this.program.valueOf(node);
    return value.kind === 'function' ? value.function : 0;
  }

  /** A parameter that is declared to be an application, of a function that is given one elsewhere. */
  isStandIn({ node }: Instance): boolean {
    const value = this.program.valueOf(node);
    const fact = value.kind === 'param' ? this.program.moduleOf(node).facts.functions[value.function] : undefined;
    return fact !== undefined && this.#given.has(fact);
  }

  #takesInstance(call: Node, caller: Frame | undefined, bound?: readonly (readonly Ref[])[]): boolean {
    if (bound) return bound.some((refs) => refs.some((ref) => this.holdsInstance(ref)));
    const value = this.program.valueOf(call);
    return (
      value.kind === 'call' &&
      value.args.some(({ value: argument }) =>
        this.resolver.refs(this.program.child(call, argument), caller).some((ref) => this.holdsInstance(ref)),
      )
    );
  }

  /** An instance, or an object that carries one: `{ app }`. */
  holdsInstance(ref: Ref): boolean {
    if (this.instancesOf(ref).length > 0) return true;
    const value = this.program.valueOf(ref.node);
    if (value.kind !== 'object') return false;
    return value.properties.some((property) =>
      this.resolver
        .refs(this.program.child(ref.node, property.value), ref.frame)
        .some((each) => this.instancesOf(each).length > 0),
    );
  }

  /** Callbacks are run; an application that is handed over goes out of sight. */
  #unknownCall(site: Site, count: number): void {
    const { call, frame, condition, methods } = site;
    const loaded = computedRequire(this.program, call);
    if (loaded.length > 0) {
      for (const path of loaded) this.load(path, condition);
      return;
    }
    for (let index = 0; index < count; index += 1) {
      const argument = this.program.argument(call, index);
      if (argument === undefined) continue;
      for (const ref of this.resolver.refs(argument, frame)) {
        if (this.program.functionAt(ref.node)) {
          const items = index === 0 ? site.receivers.flatMap((each) => this.resolver.items(each) ?? []) : [];
          this.#callback(
            ref,
            site,
            methods.some((method) => IMMEDIATE.test(method)),
            items,
          );
          continue;
        }
        if (this.holdsInstance(ref)) this.#escaped(ref, site);
        for (const inner of this.#functionsIn(ref)) this.#callback(inner, site, false, []);
      }
    }
  }

  /** `pipeline({ funcs: [readConfig, listen] })`, `{ loaders: [expressLoader] }` */
  #functionsIn(ref: Ref, depth = 0): readonly Ref[] {
    if (this.program.functionAt(ref.node)) return this.#relevant.has(ref.node) ? [ref] : [];
    const value = this.program.valueOf(ref.node);
    if (depth > 2 || (value.kind !== 'array' && value.kind !== 'object')) return [];
    const inner =
      value.kind === 'array'
        ? (this.resolver.items(ref) ?? [])
        : value.properties.flatMap((property) =>
            this.resolver.refs(this.program.child(ref.node, property.value), ref.frame),
          );
    return inner.flatMap((each) => this.#functionsIn(each, depth + 1));
  }

  /** `routers.forEach((router) => app.use(router))` runs once for each item that can be seen: a router, what adds one. */
  #callback(fn: Ref, { call, frame, condition }: Site, immediate: boolean, items: readonly Ref[]): void {
    const run = (): void => {
      if (items.length === 0) this.enter(fn, call, frame, condition, []);
      for (const item of items) this.#eachItem(fn, call, frame, condition, item);
    };
    if (immediate) run();
    else this.#later.push(run);
  }

  #eachItem(fn: Ref, call: Node, frame: Frame | undefined, condition: Condition, item: Ref): void {
    const ref = this.program.functionAt(fn.node);
    const matters = this.#relevant.has(fn.node) || this.#relevant.has(item.node) || this.holdsInstance(item);
    if (!ref || !matters) return;
    const inner = this.resolver.enter(fn, call, frame, [[item]], item);
    if (!inner || this.#entered.has(`${inner.id}`)) return;
    this.#entered.add(`${inner.id}`);
    this.#body(ref.module, this.#functionId(ref), inner, condition);
  }

  #escaped(ref: Ref, { call, apis }: Site): void {
    if (apis.some(isHarmless)) return;
    const to = apis[0] ?? this.program.describe(this.#calleeOf(call));
    for (const instance of this.instancesOf(ref)) {
      instance.escapes.push({ at: this.locationOf(call), to, order: this.next() });
    }
  }

  #calleeOf(call: Node): Node {
    const value = this.program.valueOf(call);
    return value.kind === 'call' ? this.program.child(call, value.callee) : call;
  }

  /** The applications and routers a value is, `app.use(…)` and other fluent calls included. */
  instancesOf(ref: Ref): readonly Instance[] {
    return this.#known.of(ref);
  }

  add(instance: Instance): void {
    this.#known.add(instance);
  }

  next(): number {
    this.#order += 1;
    return this.#order;
  }

  locationOf(node: Node): Location {
    return this.program.locationOf(node);
  }

  registered({ call, condition }: Site): Registered {
    return { at: this.locationOf(call), call, condition, order: this.next() };
  }

  /** Runs something once the code that runs now is done. */
  later(run: () => void): void {
    this.#later.push(run);
  }
}

/** The body of the function itself is always entered. */
const withoutOwn = (blocks: readonly Block[]): readonly Block[] => blocks.filter(({ kind }) => kind !== 'body');
