import type { Program } from '../program/program.ts';
import { ROOT } from './resolvers.ts';

/** What a client can put into an argument: nothing that does harm, text, or any data. */
export type ArgumentKind = 'clean' | 'text' | 'data';

const MAX_TEXT = 200_000;
const MAX_DEPTH = 4;
const DEFINES = /\b(?:type|input|enum|scalar)\s+[A-Z]\w*/;
const BLOCK = /\b(type|input)\s+(\w+)[^{}]{0,200}\{([^}]*)\}/g;
const WITH_ARGUMENTS = /\b(\w+)\s*\(([^()]*)\)\s*:/g;
const TYPED = /\b(\w+)\s*:\s*\[?\s*(\w+)/g;
const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];
const HARMLESS = new Set(['Int', 'Float', 'Boolean']);

/** The type definitions a program holds as text, for what the arguments of its resolvers can be. */
export class GraphqlTypes {
  /** By `Type.field`: the type of each argument. */
  readonly #arguments = new Map<string, ReadonlyMap<string, string>>();
  /** By the name of an input: the type of each field. */
  readonly #inputs = new Map<string, ReadonlyMap<string, string>>();
  readonly #enums = new Set<string>();
  readonly #scalars = new Set<string>();

  constructor(program: Program) {
    for (const { facts } of program.modules.values())
      for (const value of facts.values)
        if (value.kind === 'literal' && typeof value.value === 'string' && DEFINES.test(value.value.slice(0, MAX_TEXT)))
          this.#read(value.value.slice(0, MAX_TEXT));
  }

  /** Undefined where no definition says. */
  kindAt(field: string, [argument, ...path]: readonly string[]): ArgumentKind | undefined {
    if (argument === undefined) return undefined;
    const fields = field.startsWith(`${ROOT}.`) ? ROOT_TYPES.map((type) => type + field.slice(ROOT.length)) : [field];
    const type = fields.map((each) => this.#arguments.get(each)?.get(argument)).find((each) => each !== undefined);
    return type === undefined ? undefined : this.#kindOf(type, path, 0);
  }

  #kindOf(type: string, [name, ...rest]: readonly string[], depth: number): ArgumentKind {
    if (HARMLESS.has(type) || this.#enums.has(type)) return 'clean';
    if (this.#scalars.has(type)) return /json|any|object|map|dict/i.test(type) ? 'data' : 'text';
    const inner = name === undefined ? undefined : this.#inputs.get(type)?.get(name);
    if (inner !== undefined && depth < MAX_DEPTH) return this.#kindOf(inner, rest, depth + 1);
    return name !== undefined && /^(\*|\d+)$/.test(name) && rest.length > 0
      ? this.#kindOf(type, rest, depth + 1)
      : 'text';
  }

  #read(source: string): void {
    const text = source.replace(/"""[^"]*"""|"[^"\n]*"|#[^\n]*/g, ' ');
    for (const [, name = ''] of text.matchAll(/\benum\s+(\w+)/g)) this.#enums.add(name);
    for (const [, name = ''] of text.matchAll(/\bscalar\s+(\w+)/g)) this.#scalars.add(name);
    for (const [, kind, type = '', body = ''] of text.matchAll(BLOCK)) {
      if (kind === 'input') this.#inputs.set(type, typesIn(body));
      else
        for (const [, field = '', list = ''] of body.matchAll(WITH_ARGUMENTS))
          this.#arguments.set(`${type}.${field}`, typesIn(list));
    }
  }
}

const typesIn = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(TYPED)].map(([, name = '', type = '']) => [name, type] as const));
