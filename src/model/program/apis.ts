import { emptySlots } from './graph.ts';
import type { Graph } from './graph.ts';
import type { Linkage } from './linkage.ts';
import type { Origins } from './origins.ts';
import type { Owners } from './owners.ts';
import type { Node } from './program.ts';
import { asNodeCrypto, pathsOfUnbound } from './unbound.ts';

const MAX_DEPTH = 60;
const MAX_PATHS = 12;
/** Calls that give back what they were given, with a little more to it. */
const GIVING_BACK: ReadonlySet<string> = new Set([
  'util.promisify',
  'bluebird.promisify',
  'pify',
  'es6-promisify',
  'es6-promisify.promisify',
  'universalify.fromCallback',
  'util.deprecate',
  'stoppable',
  'http-shutdown',
  'killable',
]);

/** Names values by the packages and globals they come from; see `Program.apis`. */
export class Apis {
  readonly #graph: Graph;
  readonly #origins: Origins;
  readonly #owners: Owners;
  readonly #linkage: Linkage;
  readonly #known: (readonly string[] | undefined)[];
  readonly #open: Uint8Array;

  constructor(graph: Graph, origins: Origins, owners: Owners, linkage: Linkage) {
    this.#graph = graph;
    this.#origins = origins;
    this.#owners = owners;
    this.#linkage = linkage;
    this.#known = emptySlots(graph.size);
    this.#open = new Uint8Array(graph.size);
  }

  of(node: Node, depth = 0): readonly string[] {
    const known = this.#known[node];
    if (known) return known;
    // a value that is made from itself has no path the second time round
    if (depth > MAX_DEPTH || this.#open[node] === 1) return [];
    this.#open[node] = 1;
    const paths = [...new Set(this.#origins.of(node).flatMap((origin) => this.#ofOrigin(origin, depth)))].slice(
      0,
      MAX_PATHS,
    );
    this.#open[node] = 0;
    this.#known[node] = paths;
    return paths;
  }

  #ofOrigin(node: Node, depth: number): readonly string[] {
    const value = this.#graph.valueOf(node);
    switch (value.kind) {
      case 'import':
        return this.#origins.moduleAt(node, value.module) ? [] : [importPath(value.module, value.name)];
      case 'global':
        return pathsOfUnbound(value.name);
      case 'member':
        return this.#ofMember(this.#graph.child(node, value.object), value.property, depth);
      case 'call':
        return this.#ofCall(node, depth);
      case 'typed': {
        const inner = this.of(this.#graph.child(node, value.value), depth + 1);
        return [...this.#instancesOf(node, value.type.value, depth), ...inner];
      }
      case 'param':
        return this.#ofParam(node, value.function, value.index, depth);
      case 'class':
        // what a class inherits it has itself: `User.create(…)` of `class User extends Model`
        return this.#ofSuper(node, depth);
      case 'this':
      case 'super':
        return this.#ofParent(node, depth);
      default:
        return [];
    }
  }

  /** A function that was wrapped for promises, or bound to its object, is still that function; so is a server that can be stopped. */
  #ofCall(node: Node, depth: number): readonly string[] {
    const call = this.#graph.callAt(node);
    if (!call) return [];
    const callee = this.#graph.child(node, call.callee);
    const paths = this.of(callee, depth + 1);
    const first = call.args[0]?.value;
    if (first !== undefined && paths.some((path) => GIVING_BACK.has(path)))
      return this.of(this.#graph.child(node, first), depth + 1);
    const member = this.#graph.valueOf(callee);
    if (member.kind === 'member' && member.property === 'bind')
      return this.of(this.#graph.child(callee, member.object), depth + 1);
    return [...paths, ...(call.new ? this.#ofSuper(callee, depth) : [])].map((path) => `${path}()`);
  }

  /** `new App()` of a class that extends one of a package makes an instance of that as well. */
  #ofSuper(callee: Node, depth: number): readonly string[] {
    return this.#origins.of(callee).flatMap((origin) => {
      const ref = this.#owners.classAt(origin);
      if (ref?.fact.super === undefined || depth > MAX_DEPTH) return [];
      const parent = ref.module.first + ref.fact.super;
      return [...this.of(parent, depth + 1), ...this.#ofSuper(parent, depth + 1)];
    });
  }

  #ofMember(object: Node, property: string | undefined, depth: number): readonly string[] {
    if (property === undefined) return this.of(object, depth + 1).map((path) => `${path}.*`);
    const paths = this.of(object, depth + 1).map((path) => (property === 'default' ? path : `${path}.${property}`));
    return [...paths, ...this.#origins.of(object).flatMap((origin) => this.#ofTypedField(origin, property, depth))].map(
      unified,
    );
  }

  /** A field or parameter property declared with an imported type is an instance of it. */
  #ofTypedField(instance: Node, property: string, depth: number): readonly string[] {
    const ref = this.#origins.classOfInstance(instance) ?? this.#owners.classAt(instance);
    const member = ref?.fact.members.find(({ name, kind }) => name === property && kind === 'field');
    return ref && member?.type?.value !== undefined ? this.#instancesOf(ref.node, member.type.value, depth) : [];
  }

  #instancesOf(node: Node, type: number | undefined, depth: number): readonly string[] {
    if (type === undefined) return [];
    return this.of(this.#graph.child(node, type), depth + 1).map((path) => `${path}()`);
  }

  #ofParam(node: Node, functionId: number, index: number, depth: number): readonly string[] {
    const module = this.#graph.moduleOf(node);
    const type = module.facts.functions[functionId]?.params[index]?.type;
    const declared = this.#instancesOf(node, type?.array ? undefined : type?.value, depth);
    const fn = this.#graph.functionIn(module, functionId);
    const handed = fn ? (this.#linkage.handedTo.get(fn.node) ?? []) : [];
    const called = handed.flatMap(({ call, index: position }) => {
      const callee = this.#graph.callAt(call)?.callee;
      const paths = callee === undefined ? [] : this.of(this.#graph.child(call, callee), depth + 1);
      return paths.map((path) => `${path}@${position}#${index}`);
    });
    return [...declared, ...called];
  }

  /** `this` of a class that extends a package's class is an instance of that class as well. */
  #ofParent(node: Node, depth: number): readonly string[] {
    const ref = this.#origins.classOfInstance(node);
    return ref ? this.#ofSuper(ref.node, depth).map((path) => `${path}()`) : [];
  }
}

function importPath(module: string, name: string): string {
  const bare = module
    .replace(/^node:/, '')
    .replace(/^lodash-es\b/, 'lodash')
    .replace(/^lodash\/(\w+)(\.js)?$/, 'lodash.$1');
  return unified(name === '=' || name === '*' || name === 'default' ? bare : `${bare}.${name}`);
}

/** Two spellings of one thing: `fs/promises` is `fs.promises`. */
const unified = (path: string): string =>
  asNodeCrypto(path)
    .replace(/^(globalThis|global|self)\.(?=.)/, '')
    .replace(/^(fs|dns|timers|stream|readline|util|path)\/(promises|posix|win32|web|types)\b/, '$1.$2');
