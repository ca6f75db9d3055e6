import type { Graph } from './graph.ts';
import type { Linkage, PlacedWrite } from './linkage.ts';
import type { Origins } from './origins.ts';
import { membersNamed } from './owners.ts';
import type { ClassRef, Owners } from './owners.ts';
import type { Field, Node } from './program.ts';

const MAX_PARENTS = 8;

/** What the properties of a value are given; see `Program.fields`. */
export class Fields {
  readonly #graph: Graph;
  readonly #owners: Owners;
  readonly #origins: Origins;
  readonly #linkage: Linkage;

  constructor(graph: Graph, owners: Owners, origins: Origins, linkage: Linkage) {
    this.#graph = graph;
    this.#owners = owners;
    this.#origins = origins;
    this.#linkage = linkage;
  }

  /** Without a name: of all its properties. */
  of(node: Node, name: string | undefined): readonly Field[] {
    return [...this.#own(node, name), ...given(this.#linkage.writes.get(node) ?? [], name)];
  }

  #own(node: Node, name: string | undefined): readonly Field[] {
    const value = this.#graph.valueOf(node);
    switch (value.kind) {
      case 'object':
        return this.#ofObject(node, name);
      case 'array':
        return this.#ofArray(node, name);
      case 'this':
        return this.#ofThis(node, name);
      case 'call':
        return value.new ? this.#ofNew(node, value.callee, name) : [];
      case 'class': {
        const ref = this.#owners.classAt(node);
        return ref ? this.#ofClass(ref, name, true) : [];
      }
      case 'param':
      case 'typed': {
        const ref = this.#origins.classOfInstance(node);
        return ref ? this.#ofClass(ref, name, false) : [];
      }
      default:
        return [];
    }
  }

  #ofObject(node: Node, name: string | undefined): readonly Field[] {
    const value = this.#graph.valueOf(node);
    if (value.kind !== 'object') return [];
    const found: Field[] = [];
    for (const property of value.properties.toReversed()) {
      const at = this.#graph.child(node, property.value);
      if (property.kind === 'spread') found.push({ node: at, whole: true });
      else if (property.kind === 'set') continue;
      else if (name === undefined || property.name === name) {
        found.push(...(property.kind === 'get' ? this.#returned(at) : [{ node: at }]));
        if (name !== undefined) break;
      } else if (property.name === undefined) found.push({ node: at });
    }
    return found;
  }

  #ofArray(node: Node, name: string | undefined): readonly Field[] {
    const value = this.#graph.valueOf(node);
    if (value.kind !== 'array') return [];
    const isIndex = name !== undefined && /^\d+$/.test(name);
    if (name !== undefined && !isIndex) return [];
    const plain = value.items.every(({ spread }) => !spread);
    return value.items.flatMap(({ value: item, spread }, index): readonly Field[] => {
      if (isIndex && plain && index !== Number(name)) return [];
      const at = this.#graph.child(node, item);
      return spread ? [{ node: at, whole: true }] : [{ node: at }];
    });
  }

  #ofThis(node: Node, name: string | undefined): readonly Field[] {
    const ref = this.#owners.classOfThis(node);
    if (ref) return this.#ofClass(ref, name, false);
    const object = this.#owners.objectOfThis(node);
    if (object !== undefined) return this.of(object, name);
    const value = this.#graph.valueOf(node);
    const fn = value.kind === 'this' ? this.#graph.functionIn(this.#graph.moduleOf(node), value.function) : undefined;
    return fn ? this.#ofConstructor(this.#linkage.constructorOf.get(fn.node) ?? fn.node, name) : [];
  }

  #ofNew(node: Node, callee: number, name: string | undefined): readonly Field[] {
    return this.#origins.of(this.#graph.child(node, callee)).flatMap((origin) => {
      const ref = this.#owners.classAt(origin);
      return ref ? this.#ofClass(ref, name, false) : this.#ofConstructor(origin, name);
    });
  }

  #ofConstructor(fn: Node, name: string | undefined, depth = 0): readonly Field[] {
    const own = given(
      [...this.#owners.writesInConstructor(fn), ...(this.#linkage.prototypeWrites.get(fn) ?? [])],
      name,
    );
    if (own.length > 0 || depth > MAX_PARENTS) return own;
    return (this.#linkage.prototypeParents.get(fn) ?? []).flatMap((parent) =>
      this.#ofConstructor(parent, name, depth + 1),
    );
  }

  #ofClass(ref: ClassRef, name: string | undefined, isStatic: boolean, depth = 0): readonly Field[] {
    const members =
      name === undefined
        ? ref.fact.members.filter((member) => member.kind === 'field' && (member.static === true) === isStatic)
        : membersNamed(ref.fact, name, isStatic);
    const own = members.flatMap((member): readonly Field[] => {
      if (member.value === undefined || member.kind === 'set') return [];
      const at = ref.module.first + member.value;
      return member.kind === 'get' ? this.#returned(at) : [{ node: at }];
    });
    const written = isStatic ? [] : given(this.#owners.writesToInstance(ref), name);
    const found = [...own, ...written, ...(isStatic ? [] : this.#injected(ref, name))];
    if (found.length > 0 || depth > MAX_PARENTS || ref.fact.super === undefined) return found;
    return this.#origins.of(ref.module.first + ref.fact.super).flatMap((origin) => {
      const parent = this.#owners.classAt(origin);
      return parent ? this.#ofClass(parent, name, isStatic, depth + 1) : [];
    });
  }

  /** A constructor's parameter properties. */
  #injected(ref: ClassRef, name: string | undefined): readonly Field[] {
    const constructor = ref.fact.members.find(({ kind }) => kind === 'constructor');
    const fn =
      constructor?.value === undefined ? undefined : this.#graph.functionAt(ref.module.first + constructor.value);
    return (fn?.fact.params ?? [])
      .filter((param) => param.property && (name === undefined || param.name === name))
      .map(({ value }) => ({ node: ref.module.first + value }));
  }

  #returned(fn: Node): readonly Field[] {
    const ref = this.#graph.functionAt(fn);
    return (ref?.fact.returns ?? []).map(({ value }) => ({ node: (ref?.module.first ?? 0) + value }));
  }
}

/** A write to a computed key may be to any property. */
const given = (writes: readonly PlacedWrite[], name: string | undefined): readonly Field[] =>
  writes
    .filter(
      ({ write }) =>
        write.operator !== 'delete' && (name === undefined || write.property === name || write.property === undefined),
    )
    .map(({ module, write }) => ({
      node: module.first + write.value,
      module,
      block: write.block,
      ...(write.key !== undefined && { key: module.first + write.key }),
    }));
