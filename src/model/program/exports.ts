import type { ExportFact } from '../../facts/javascript/module-facts.ts';
import type { Graph } from './graph.ts';
import type { ModuleResolution } from './module-resolution.ts';
import type { Module, Node } from './program.ts';

/** What follows values. */
interface Follower {
  readonly of: (node: Node) => readonly Node[];
  readonly property: (origin: Node, name: string) => readonly Node[];
}

interface ExportsOfModule {
  readonly named: ReadonlyMap<string, readonly ExportFact[]>;
  readonly found: Map<string, readonly Node[]>;
}

const NONE: readonly Node[] = [];
/** Of modules that export one value as a whole: it may have any property. */
const WHOLE = '=';

/** The modules that imports lead to, and what they export. */
export class Exports {
  readonly #graph: Graph;
  readonly #resolution: ModuleResolution;
  readonly #follower: Follower;
  readonly #targets = new Map<Module, Map<string, Module | undefined>>();
  readonly #exports = new Map<Module, ExportsOfModule>();
  readonly #exporters = new Map<string, Module[]>();
  readonly #passedOn = new Map<Module, ReadonlySet<Module>>();

  constructor(graph: Graph, resolution: ModuleResolution, follower: Follower) {
    this.#graph = graph;
    this.#resolution = resolution;
    this.#follower = follower;
    for (const module of graph.modules.values()) {
      for (const name of new Set(module.facts.exports.map((fact) => fact.name))) push(this.#exporters, name, module);
    }
  }

  /** The module of the project a specifier leads to from the module a value is in. */
  moduleAt(node: Node, specifier: string): Module | undefined {
    return this.#target(this.#graph.moduleOf(node), specifier);
  }

  #target(from: Module, specifier: string): Module | undefined {
    let targets = this.#targets.get(from);
    if (!targets) this.#targets.set(from, (targets = new Map()));
    const known = targets.get(specifier);
    if (known || targets.has(specifier)) return known;
    const resolution = this.#resolution.resolve(from.path, specifier);
    const target = resolution.kind === 'file' ? this.#graph.modules.get(resolution.path) : undefined;
    targets.set(specifier, target);
    return target;
  }

  /** What an export of a module is; empty for the namespace of a module without `module.exports = …`. */
  of(module: Module, name: string): readonly Node[] {
    const exports = this.#exportsOf(module);
    const known = exports.found.get(name);
    if (known) return known;
    // modules that export each other's everything add nothing on the way round
    exports.found.set(name, NONE);
    const found = this.#find(module, exports, name === '*' ? WHOLE : name);
    exports.found.set(name, found);
    return found;
  }

  #find(module: Module, { named }: ExportsOfModule, name: string): readonly Node[] {
    const of = (facts: readonly ExportFact[] = []): readonly Node[] =>
      facts.flatMap(({ value }) => this.#follower.of(module.first + value));
    const own = named.get(name);
    if (own || name === WHOLE) return of(own);
    const whole = of(named.get(WHOLE));
    if (name === 'default') return whole;
    const inWhole = whole.flatMap((origin) => this.#follower.property(origin, name));
    if (inWhole.length > 0) return inWhole;
    const passedOn = this.#passedOnBy(module);
    if (passedOn.size === 0) return NONE;
    return [name, WHOLE].flatMap((each) =>
      (this.#exporters.get(each) ?? []).flatMap((exporter) =>
        passedOn.has(exporter) ? this.of(exporter, name) : NONE,
      ),
    );
  }

  /** The modules of which a module exports everything, `export * from './a'`, and of which those do. */
  #passedOnBy(module: Module): ReadonlySet<Module> {
    const known = this.#passedOn.get(module);
    if (known) return known;
    const found = new Set<Module>();
    this.#passedOn.set(module, found);
    const open = [module];
    for (let each = open.pop(); each; each = open.pop()) {
      const { exports, values } = each.facts;
      for (const fact of exports) {
        const value = fact.name === '*' ? values[fact.value] : undefined;
        const target = value?.kind === 'import' ? this.#target(each, value.module) : undefined;
        if (!target || found.has(target) || target === module) continue;
        found.add(target);
        open.push(target);
      }
    }
    return found;
  }

  #exportsOf(module: Module): ExportsOfModule {
    const known = this.#exports.get(module);
    if (known) return known;
    const named = new Map<string, ExportFact[]>();
    for (const fact of module.facts.exports) push(named, fact.name, fact);
    const made: ExportsOfModule = { named, found: new Map() };
    this.#exports.set(module, made);
    return made;
  }
}

function push<T>(groups: Map<string, T[]>, name: string, item: T): void {
  const group = groups.get(name);
  if (group) group.push(item);
  else groups.set(name, [item]);
}
