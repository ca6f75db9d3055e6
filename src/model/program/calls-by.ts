import type { Apis } from './apis.ts';
import type { Graph } from './graph.ts';
import type { Node } from './program.ts';

const NONE: readonly Node[] = [];

/** The calls of a program under words for what they call: those are few, and calls are many. */
export class CallsBy {
  readonly #calls = new Map<string, Node[]>();
  readonly #matching = new Map<string, readonly Node[]>();

  add(word: string, call: Node): void {
    const group = this.#calls.get(word);
    if (group) group.push(call);
    else this.#calls.set(word, [call]);
  }

  /** The calls under any of the words, or under one a pattern matches, in order. */
  of(words: readonly (string | RegExp)[]): readonly Node[] {
    const [first, ...others] = words;
    if (first === undefined) return NONE;
    return others.length === 0 ? this.#of(first) : inOrder(words.flatMap((word) => this.#of(word)));
  }

  #of(word: string | RegExp): readonly Node[] {
    if (typeof word === 'string') return this.#calls.get(word) ?? NONE;
    const known = this.#matching.get(word.source);
    if (known) return known;
    const found = inOrder([...this.#calls].flatMap(([each, calls]) => (word.test(each) ? calls : NONE)));
    this.#matching.set(word.source, found);
    return found;
  }
}

/** By the canonical paths of what they call. */
export function callsByApi(graph: Graph, apis: Apis): CallsBy {
  const calls = new CallsBy();
  for (const call of graph.calls) {
    const callee = graph.callAt(call)?.callee;
    if (callee !== undefined) for (const api of apis.of(graph.child(call, callee))) calls.add(api, call);
  }
  return calls;
}

/** By the name of the method, whatever it is called on. */
export function callsByName(graph: Graph): CallsBy {
  const calls = new CallsBy();
  for (const call of graph.calls) {
    const callee = graph.valueOf(graph.child(call, graph.callAt(call)?.callee ?? 0));
    if (callee.kind === 'member' && callee.property !== undefined) calls.add(callee.property, call);
  }
  return calls;
}

const inOrder = (calls: readonly Node[]): readonly Node[] => [...new Set(calls)].toSorted((a, b) => a - b);
