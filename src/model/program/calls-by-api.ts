import type { Apis } from './apis.ts';
import type { Graph } from './graph.ts';
import type { Node } from './program.ts';

const NONE: readonly Node[] = [];

/** The calls of a program by the canonical paths of what they call: those are few, and calls are many. */
export class CallsByApi {
  readonly #calls = new Map<string, Node[]>();
  readonly #matching = new Map<string, readonly Node[]>();

  constructor(graph: Graph, apis: Apis) {
    for (const call of graph.calls) {
      const callee = graph.callAt(call)?.callee;
      for (const api of callee === undefined ? [] : apis.of(graph.child(call, callee))) {
        const group = this.#calls.get(api);
        if (group) group.push(call);
        else this.#calls.set(api, [call]);
      }
    }
  }

  to(apis: readonly (string | RegExp)[]): readonly Node[] {
    const [first, ...others] = apis;
    if (first === undefined) return NONE;
    return others.length === 0 ? this.#to(first) : inOrder(apis.flatMap((api) => this.#to(api)));
  }

  #to(api: string | RegExp): readonly Node[] {
    if (typeof api === 'string') return this.#calls.get(api) ?? NONE;
    const known = this.#matching.get(api.source);
    if (known) return known;
    const found = inOrder([...this.#calls].flatMap(([path, calls]) => (api.test(path) ? calls : NONE)));
    this.#matching.set(api.source, found);
    return found;
  }
}

const inOrder = (calls: readonly Node[]): readonly Node[] => [...new Set(calls)].toSorted((a, b) => a - b);
