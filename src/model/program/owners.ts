import type { ClassFact, ClassMember, Write } from '../../facts/javascript/module-facts.ts';
import type { Graph } from './graph.ts';
import type { Module, Node } from './program.ts';

export interface ClassRef {
  readonly node: Node;
  readonly module: Module;
  readonly fact: ClassFact;
}

/** Whose `this` it is: for each function, the class or the object literal it is a member of. */
export class Owners {
  readonly #graph: Graph;
  readonly #classes = new Map<string, ClassRef>();
  readonly #objectOfFunction = new Map<string, Node>();
  readonly #writesToThis = new Map<string, { module: Module; write: Write }[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    for (const module of graph.modules.values()) this.#index(module);
  }

  #index(module: Module): void {
    const { values, classes, functions, writes } = module.facts;
    values.forEach((value, id) => {
      if (value.kind === 'class') {
        const fact = classes[value.class];
        if (fact) this.#classes.set(key(module, value.class), { node: module.first + id, module, fact });
      } else if (value.kind === 'object') {
        for (const property of value.properties) {
          const target = values[property.value];
          if (target?.kind === 'function' && !functions[target.function]?.arrow) {
            this.#objectOfFunction.set(key(module, target.function), module.first + id);
          }
        }
      }
    });
    for (const write of writes) {
      const object = values[write.object];
      if (object?.kind !== 'this') continue;
      const owner = object.class ?? functions[object.function]?.class;
      const name = owner === undefined ? `function ${key(module, object.function)}` : `class ${key(module, owner)}`;
      const group = this.#writesToThis.get(name);
      if (group) group.push({ module, write });
      else this.#writesToThis.set(name, [{ module, write }]);
    }
  }

  classes(): Iterable<ClassRef> {
    return this.#classes.values();
  }

  classAt(node: Node): ClassRef | undefined {
    const value = this.#graph.valueOf(node);
    return value.kind === 'class' ? this.#classes.get(key(this.#graph.moduleOf(node), value.class)) : undefined;
  }

  classAmong(nodes: readonly Node[]): ClassRef | undefined {
    for (const node of nodes) {
      const ref = this.classAt(node);
      if (ref) return ref;
    }
    return undefined;
  }

  /** The class whose instance a `this` is. */
  classOfThis(node: Node): ClassRef | undefined {
    const value = this.#graph.valueOf(node);
    if (value.kind !== 'this' && value.kind !== 'super') return undefined;
    const module = this.#graph.moduleOf(node);
    const owner = (value.kind === 'this' ? value.class : undefined) ?? module.facts.functions[value.function]?.class;
    return owner === undefined ? undefined : this.#classes.get(key(module, owner));
  }

  /** The object literal a method's `this` is, where the function is written in one. */
  objectOfThis(node: Node): Node | undefined {
    const value = this.#graph.valueOf(node);
    return value.kind === 'this'
      ? this.#objectOfFunction.get(key(this.#graph.moduleOf(node), value.function))
      : undefined;
  }

  writesToInstance({ node, module }: ClassRef): readonly { module: Module; write: Write }[] {
    const value = this.#graph.valueOf(node);
    return value.kind === 'class' ? (this.#writesToThis.get(`class ${key(module, value.class)}`) ?? []) : [];
  }

  /** Writes to `this` in a plain function used as a constructor. */
  writesInConstructor(fn: Node): readonly { module: Module; write: Write }[] {
    const value = this.#graph.valueOf(fn);
    return value.kind === 'function'
      ? (this.#writesToThis.get(`function ${key(this.#graph.moduleOf(fn), value.function)}`) ?? [])
      : [];
  }
}

const key = (module: Module, id: number): string => `${module.first}:${id}`;

export const membersNamed = (fact: ClassFact, name: string, isStatic: boolean): readonly ClassMember[] =>
  fact.members.filter(
    (member) => member.name === name && (member.static === true) === isStatic && member.kind !== 'constructor',
  );
