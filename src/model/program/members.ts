import type { Graph } from './graph.ts';
import type { Linkage } from './linkage.ts';
import { membersNamed } from './owners.ts';
import type { ClassRef, Owners } from './owners.ts';
import type { ModuleResolution } from './module-resolution.ts';
import type { Node } from './program.ts';

const MAX_PARENTS = 8;
const NONE: readonly Node[] = [];

/** What follows values. */
interface Follower {
  readonly of: (node: Node) => readonly Node[];
  readonly returnsOf: (fn: Node) => readonly Node[];
}

/** What the members of instances and classes are, inherited ones and those that only a subclass has. */
export class Members {
  readonly #graph: Graph;
  readonly #owners: Owners;
  readonly #resolution: ModuleResolution;
  readonly #linkage: Linkage;
  readonly #follower: Follower;
  /** By the class or interface, or the import that leads to an interface nobody has read: those that fulfil it. */
  #fulfilling: ReadonlyMap<Node | string, readonly ClassRef[]> | undefined;

  constructor(graph: Graph, owners: Owners, resolution: ModuleResolution, linkage: Linkage, follower: Follower) {
    this.#graph = graph;
    this.#owners = owners;
    this.#resolution = resolution;
    this.#linkage = linkage;
    this.#follower = follower;
  }

  /** A member of a class or its parents; where none of them has it, that of the classes below it. */
  named(ref: ClassRef, name: string, isStatic: boolean): readonly Node[] {
    const found = this.#inherited(ref, name, isStatic, 0);
    if (found.length > 0) return found;
    return isStatic ? this.named(ref, name, false) : this.#below(ref.node, name, 0);
  }

  parentOf({ module, fact }: ClassRef): ClassRef | undefined {
    return fact.super === undefined ? undefined : this.#owners.classAmong(this.#follower.of(module.first + fact.super));
  }

  /** A member of whatever fulfils a type that is no class of the program. */
  ofType(type: Node, name: string): readonly Node[] {
    const origins = this.#follower.of(type).flatMap((origin) => this.#keyOf(origin) ?? []);
    return origins.flatMap((key) => this.#below(key, name, 0));
  }

  /** A property of what a plain function constructs: `this.x = …` in it, `F.prototype.x = …`, and of its parents. */
  constructed(fn: Node, name: string, depth = 0): readonly Node[] {
    const writes = [...this.#owners.writesInConstructor(fn), ...(this.#linkage.prototypeWrites.get(fn) ?? [])];
    const own = writes
      .filter(({ write }) => write.property === name)
      .flatMap(({ module, write }) => this.#follower.of(module.first + write.value));
    if (own.length > 0 || depth > MAX_PARENTS) return own;
    return (this.#linkage.prototypeParents.get(fn) ?? []).flatMap((parent) =>
      this.constructed(parent, name, depth + 1),
    );
  }

  #inherited(ref: ClassRef, name: string, isStatic: boolean, depth: number): readonly Node[] {
    const found = this.#own(ref, name, isStatic);
    const parent = found.length > 0 || depth > MAX_PARENTS ? undefined : this.parentOf(ref);
    return parent ? this.#inherited(parent, name, isStatic, depth + 1) : found;
  }

  #own(ref: ClassRef, name: string, isStatic: boolean): readonly Node[] {
    const { module, fact } = ref;
    const own = membersNamed(fact, name, isStatic).flatMap((member) => {
      if (member.value === undefined) return NONE;
      const node = module.first + member.value;
      return member.kind === 'get' ? this.#follower.returnsOf(node) : this.#follower.of(node);
    });
    const written = isStatic ? [] : this.#owners.writesToInstance(ref).filter(({ write }) => write.property === name);
    const found = [
      ...own,
      ...written.flatMap(({ module: { first }, write }) => this.#follower.of(first + write.value)),
      ...(isStatic ? [] : this.#injected(ref, name)),
    ];
    if (found.length > 0) return found;
    const typed = fact.members.find(
      (member) => member.name === name && member.kind === 'field' && member.type?.value !== undefined,
    );
    if (typed?.type?.value === undefined || typed.type.array) return NONE;
    return this.#follower.of(module.first + typed.type.value).filter((node) => this.#owners.classAt(node));
  }

  /** A constructor's parameter properties (`private readonly pool: Pool`). */
  #injected({ module, fact }: ClassRef, name: string): readonly Node[] {
    const constructor = fact.members.find(({ kind }) => kind === 'constructor');
    const fn = constructor?.value === undefined ? undefined : this.#graph.functionAt(module.first + constructor.value);
    const param = fn?.fact.params.find((each) => each.property && each.name === name);
    return param ? this.#follower.of(module.first + param.value) : NONE;
  }

  #below(key: Node | string, name: string, depth: number): readonly Node[] {
    this.#fulfilling ??= this.#allFulfilling();
    return (this.#fulfilling.get(key) ?? []).flatMap((ref) => {
      const found = this.#own(ref, name, false);
      return found.length > 0 || depth > MAX_PARENTS ? found : this.#below(ref.node, name, depth + 1);
    });
  }

  #allFulfilling(): ReadonlyMap<Node | string, readonly ClassRef[]> {
    const found = new Map<Node | string, ClassRef[]>();
    this.#fulfilling = found;
    for (const ref of this.#owners.classes()) {
      const { super: parent, implements: promised = [] } = ref.fact;
      for (const id of [...promised, ...(parent === undefined ? [] : [parent])]) {
        for (const origin of this.#follower.of(ref.module.first + id)) {
          const key = this.#keyOf(origin);
          if (key === undefined) continue;
          const group = found.get(key);
          if (group) group.push(ref);
          else found.set(key, [ref]);
        }
      }
    }
    return found;
  }

  #keyOf(origin: Node): Node | string | undefined {
    const value = this.#graph.valueOf(origin);
    if (value.kind === 'class') return origin;
    if (value.kind !== 'import') return undefined;
    // modules that hold nothing but types are not read
    const target = this.#resolution.resolve(this.#graph.moduleOf(origin).path, value.module);
    return `${target.kind === 'file' ? target.path : value.module} ${value.name}`;
  }
}
