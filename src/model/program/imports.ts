import type { ImportFact } from '../../facts/javascript/module-facts.ts';
import type { Apis } from './apis.ts';
import type { Constants } from './constants.ts';
import type { Graph } from './graph.ts';
import type { ModuleResolution } from './module-resolution.ts';
import { joined } from './module-resolution.ts';
import type { Origins } from './origins.ts';
import type { Module, Node } from './program.ts';

/** A folder with more modules than this is not loaded file by file. */
const MAX_FOLDER = 400;
/** `glob.sync(…)`, `fastGlob(…)`: give the paths a pattern matches. */
const GLOBS = /^(glob|fast-glob|globby|tiny-glob|tinyglobby)(\.\w+)*$/;

/** Modules a module loads; see `Program.importsOf` and `Program.loadedAt`. */
export class Imports {
  readonly #graph: Graph;
  readonly #resolution: ModuleResolution;
  readonly #constants: Constants;
  readonly #origins: Origins;
  readonly #apis: Apis;
  readonly #all: readonly string[];
  readonly #known = new Map<string, readonly string[]>();

  constructor(graph: Graph, resolution: ModuleResolution, constants: Constants, origins: Origins, apis: Apis) {
    this.#graph = graph;
    this.#resolution = resolution;
    this.#constants = constants;
    this.#origins = origins;
    this.#apis = apis;
    this.#all = [...graph.modules.keys()];
  }

  of(path: string): readonly string[] {
    const cached = this.#known.get(path);
    if (cached) return cached;
    const module = this.#graph.modules.get(path);
    const found = module ? [...new Set(module.facts.imports.flatMap((fact) => this.#targetsOf(module, fact)))] : [];
    this.#known.set(path, found);
    return found;
  }

  /** Of a computed `require` or `import()`. */
  loadedAt(call: Node): readonly string[] {
    const value = this.#graph.valueOf(call);
    const callee = value.kind === 'call' ? this.#graph.valueOf(this.#graph.child(call, value.callee)) : undefined;
    if (callee?.kind !== 'global' || (callee.name !== 'require' && callee.name !== 'import')) return [];
    const module = this.#graph.moduleOf(call);
    return module.facts.imports
      .filter((fact) => fact.module === undefined && fact.at[0] === value.at[0])
      .flatMap((fact) => this.#targetsOf(module, fact));
  }

  #targetsOf(module: Module, fact: ImportFact): readonly string[] {
    if (fact.kind === 'type') return [];
    if (fact.module !== undefined) {
      const found = this.#resolution.resolve(module.path, fact.module);
      return found.kind === 'file' ? [found.path] : [];
    }
    if (fact.value === undefined) return [];
    const specifier = module.first + fact.value;
    const { folder, end } = this.#matched(module, specifier) ?? { folder: this.#folderOf(module, specifier), end: '' };
    if (folder === undefined) return [];
    const here = folderOf(module.path);
    // a module that loads its neighbours loads none of what they keep in folders
    const inside = this.#all.filter((path) =>
      folder === here
        ? isNeighbour(path, here) && path !== module.path
        : path.startsWith(`${folder}/`) && path !== module.path,
    );
    const named = inside.filter((path) => path.endsWith(end));
    return named.length > MAX_FOLDER ? [] : named;
  }

  /** The folder a computed specifier certainly lies in: of `'./routes/' + name`, of `path.join(__dirname, 'x', name)`. */
  #folderOf(module: Module, node: Node): string | undefined {
    const value = this.#graph.valueOf(node);
    const parts =
      value.kind === 'join'
        ? value.parts.map((part) => part.value)
        : value.kind === 'call'
          ? value.args.map((argument) => argument.value)
          : [];
    const separator = value.kind === 'call' ? '/' : '';
    const prefix: string[] = [];
    for (const part of parts) {
      const known = this.#constants.of(this.#graph.child(node, part));
      if (known?.length !== 1 || typeof known[0] !== 'string') break;
      prefix.push(known[0]);
    }
    const text = prefix.join(separator) + (prefix.length < parts.length ? separator : '');
    return this.#folderIn(module, text);
  }

  #folderIn(module: Module, text: string): string | undefined {
    if (!/^\.{0,2}\//.test(text)) return undefined;
    const cut = text.slice(0, text.lastIndexOf('/'));
    const folder = text.startsWith('/') ? joined('', cut) : joined(folderOf(module.path), cut);
    return folder === '' ? undefined : folder;
  }

  /** `require(path.resolve(file))` of `glob.sync('./routes/*.js')`: the folder, and how its files end. */
  #matched(module: Module, node: Node): { readonly folder: string; readonly end: string } | undefined {
    const value = this.#graph.valueOf(node);
    const given =
      value.kind === 'call' ? value.args.map((argument) => this.#graph.child(node, argument.value)) : [node];
    for (const each of given) {
      const [origin = each] = this.#origins.of(each);
      const element = this.#graph.valueOf(origin);
      const list = element.kind === 'element' ? this.#graph.child(origin, element.of) : this.#listOf(origin);
      for (const call of list === undefined ? [] : [list, ...this.#origins.of(list)]) {
        const pattern = this.#patternOf(call);
        const start = pattern?.split(/[*?{[]/, 1)[0] ?? '';
        const end = pattern?.split(/[*?}\]/]/).at(-1) ?? '';
        const folder = /^\.{0,2}\//.test(start)
          ? this.#folderIn(module, start)
          : joined('', start.replace(/\/[^/]*$/, ''));
        if (pattern !== undefined && folder !== undefined && folder !== '') return { folder, end };
      }
    }
    return undefined;
  }

  /** The list a callback's parameter is an item of: `glob.sync(…).forEach((file) => …)`. */
  #listOf(node: Node): Node | undefined {
    for (const api of this.#apis.of(node)) {
      if (!/^[\w.-]+\(\)\.(forEach|map)@0#0$/.test(api)) continue;
      const value = this.#graph.valueOf(node);
      const fn = value.kind === 'param' ? value.function : undefined;
      const { facts, first } = this.#graph.moduleOf(node);
      for (const [index, call] of facts.values.entries()) {
        if (call.kind !== 'call') continue;
        const [argument] = call.args;
        const callback = argument && facts.values[argument.value];
        if (callback?.kind !== 'function' || callback.function !== fn) continue;
        const member = facts.values[call.callee];
        if (member?.kind === 'member') return this.#graph.child(first + index, member.object);
      }
    }
    return undefined;
  }

  #patternOf(call: Node): string | undefined {
    const value = this.#graph.valueOf(call);
    const awaited = value.kind === 'await' ? this.#graph.child(call, value.value) : call;
    const made = this.#graph.callAt(awaited);
    if (!made || !this.#apis.of(this.#graph.child(awaited, made.callee)).some((api) => GLOBS.test(api)))
      return undefined;
    const first = this.#graph.argument(awaited, 0);
    const known = first === undefined ? undefined : this.#constants.of(first);
    return known?.length === 1 && typeof known[0] === 'string' ? known[0] : undefined;
  }
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A module of the folder, or the index of a folder in it. */
const isNeighbour = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}/`) && /^[^/]+(\/index\.[cm]?[jt]sx?)?$/.test(path.slice(folder.length + 1));
