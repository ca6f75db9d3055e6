import type { Module, Node, Program } from '../program/program.ts';
import type { Framework } from './app.ts';
import { newInstance } from './express.ts';
import type { Ref } from './frame.ts';
import { classAt, isNamed } from './nest-class.ts';
import type { Instance } from './registry.ts';
import type { Walk } from './walk.ts';

const AWAY = 'code that is not here';
const NAMED_APP = /^(app|api|server|router|fastify|koa|hono|express_?app|[a-z]+(App|Router))$/;
const FILE_OF_APP = /^\.{1,2}\/([\w.-]+\/)*(app|server|index|router|fastify)(\.\w+)?$|^\.{1,2}\/?$/;
const OF_NEST = /^(enableCors|useGlobal\w+|setGlobalPrefix|enableShutdownHooks)$/;
const OF_FASTIFY = /^(register|addHook|decorate\w*|setErrorHandler|setNotFoundHandler)$/;

/**
 * Applications that code out of sight makes: a name an excerpt does not bind, what a module outside the project exports,
 * a parameter of what a module exports. What surrounds them cannot be seen either.
 */
export class Unmade {
  readonly #walk: Walk;
  readonly #program: Program;
  /** Modules that stand alone: nothing that can be seen loads them. */
  readonly #alone: ReadonlySet<string>;
  readonly #known = new Map<string, Instance>();
  readonly #parts = new Set<Instance>();
  readonly #calls = new Map<string, readonly Node[]>();

  constructor(walk: Walk, alone: ReadonlySet<string>) {
    this.#walk = walk;
    this.#program = walk.program;
    this.#alone = alone;
  }

  /** The instance a value is, by its name alone. */
  of(ref: Ref): Instance | undefined {
    const value = this.#program.valueOf(ref.node);
    const module = this.#program.moduleOf(ref.node);
    if (!this.#alone.has(module.path)) return undefined;
    if (value.kind === 'global' && NAMED_APP.test(value.name)) return this.#instance(value.name, ref, module);
    if (value.kind !== 'import' || !value.module.startsWith('.') || this.#program.apis(ref.node).length === 0)
      return undefined;
    const isApp = NAMED_APP.test(value.name) || (/^(=|default|\*)$/.test(value.name) && FILE_OF_APP.test(value.module));
    return isApp ? this.#instance(`${value.module} ${value.name}`, ref, module) : undefined;
  }

  /** Runs what nothing calls in a module, and what it exports for the application it is to be given. */
  runExports(path: string): void {
    const module = this.#program.modules.get(path);
    if (!module) return;
    const isMade = [...this.#walk.instances.values()].some(({ node }) => this.#program.moduleOf(node) === module);
    module.facts.functions.forEach((_, id) => {
      const fn = isMade || id === 0 ? undefined : this.#program.functionIn(module, id);
      if (!fn || this.#program.callers(fn.node).length > 0 || this.#program.handedTo(fn.node).length > 0) return;
      this.#walk.enter({ node: fn.node }, fn.node, undefined, 'always', []);
      this.#walk.flush();
    });
    for (const { value } of module.facts.exports) {
      for (const ref of this.#walk.resolver.refs(module.first + value, undefined)) {
        this.#runExport(ref, module);
        const at = classAt(ref.node, this.#walk);
        if (!isMade && at?.fact.decorators.some((id) => isNamed(at.module.first + id, 'Controller', this.#walk)))
          this.#addController(ref);
      }
    }
  }

  #addController(ref: Ref): void {
    const instance = this.#made('nest', ref);
    this.#parts.add(instance);
    this.#walk.add(instance);
  }

  /** A router that a module standing alone exports is mounted out of sight. */
  addAround(router: Instance): void {
    if (router.mounted || !this.#alone.has(this.#program.moduleOf(router.node).path)) return;
    this.#parts.add(router);
    router.serving = 'unknown';
    router.escapes.push({ at: this.#walk.locationOf(router.node), to: AWAY, order: 0 });
  }

  /** Whether what a module standing alone makes is ever served cannot be seen. */
  serveAlone(): void {
    for (const instance of this.#walk.instances.values()) {
      const { path } = this.#program.moduleOf(instance.node);
      if (instance.kind === 'app' && instance.serving === 'no' && this.#alone.has(path)) instance.serving = 'unknown';
    }
  }

  isPart(instance: Instance): boolean {
    return this.#parts.has(instance);
  }

  #runExport(ref: Ref, module: Module): void {
    const fn = this.#program.functionAt(ref.node);
    if (!fn || fn.module !== module || this.#program.callers(fn.node).length > 0) return;
    const index = fn.fact.params.findIndex(({ name }) => name !== undefined && NAMED_APP.test(name));
    const param = fn.fact.params[index];
    if (param === undefined || this.#walk.instancesOf({ node: module.first + param.value }).length > 0) return;
    const isCalled = (node: Node): boolean => {
      const value = this.#program.valueOf(node);
      return (
        value.kind === 'param' &&
        value.index === index &&
        this.#program.functionIn(module, value.function)?.node === fn.node
      );
    };
    const instance = this.#made(this.#frameworkOf(module, isCalled), ref);
    this.#walk.add(instance);
    const given = fn.fact.params.map((_, at) => (at === index ? [{ node: ref.node, instance }] : []));
    this.#walk.enter(ref, ref.node, undefined, 'always', given, { node: ref.node, instance });
    this.#walk.flush();
  }

  #instance(name: string, ref: Ref, module: Module): Instance {
    const key = `${module.path} ${name}`;
    const known = this.#known.get(key);
    if (known) return known;
    const own = this.#program.valueOf(ref.node);
    const isSame = (node: Node): boolean => {
      const value = this.#program.valueOf(node);
      if (value.kind === 'global') return own.kind === 'global' && value.name === own.name;
      return value.kind === 'import' && own.kind === 'import' && value.module === own.module;
    };
    const made = this.#made(this.#frameworkOf(module, isSame), ref);
    this.#known.set(key, made);
    return made;
  }

  #made(framework: Framework, ref: Ref): Instance {
    const instance = newInstance(framework, 'app', { node: ref.node });
    instance.serving = 'unknown';
    instance.escapes.push({ at: this.#walk.locationOf(ref.node), to: AWAY, order: 0 });
    return instance;
  }

  /** By what is called on it, and by what its handlers call what they are given. */
  #frameworkOf(module: Module, isIt: (node: Node) => boolean): Framework {
    const program = this.#program;
    const called = this.#callsIn(module)
      .map((call) => ({ call, ...methodOf(program, call) }))
      .filter(({ object }) => object !== undefined && isIt(object));
    if (called.some(({ method = '' }) => OF_NEST.test(method))) return 'nest';
    if (called.some(({ method = '' }) => OF_FASTIFY.test(method))) return 'fastify';
    const names = called.flatMap(({ call }) => {
      const value = program.valueOf(call);
      const last = value.kind === 'call' ? value.args.at(-1)?.value : undefined;
      const fn = last === undefined ? undefined : program.functionAt(program.child(call, last));
      return fn ? [fn.fact.params.map(({ name }) => name ?? '')] : [];
    });
    if (names.some(([first]) => first === 'ctx' || first === 'context')) return 'koa';
    if (names.some(([first]) => first === 'c')) return 'hono';
    return names.some(([first, second]) => first === 'request' || second === 'reply') ? 'fastify' : 'express';
  }

  /** Calls of methods, by module. */
  #callsIn(module: Module): readonly Node[] {
    if (this.#calls.size === 0) {
      const found = new Map<string, Node[]>();
      for (const call of this.#program.calls) {
        const { path } = this.#program.moduleOf(call);
        if (!this.#alone.has(path)) continue;
        const known = found.get(path);
        if (known) known.push(call);
        else found.set(path, [call]);
      }
      for (const [path, calls] of found) this.#calls.set(path, calls);
    }
    return this.#calls.get(module.path) ?? [];
  }
}

function methodOf(program: Program, call: Node): { readonly object?: Node; readonly method?: string } {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return {};
  const callee = program.child(call, value.callee);
  const member = program.valueOf(callee);
  if (member.kind !== 'member' || member.property === undefined) return {};
  const object = program.child(callee, member.object);
  return { object: program.origins(object)[0] ?? object, method: member.property };
}
