import type { Program } from '../program/program.ts';
import type { Field, Node } from '../program/program.ts';
import { memberName } from './access.ts';
import { Calls, STRUCTURED } from './calls.ts';
import type { Exclusiveness } from './exclusion.ts';
import type { Guards } from './guards.ts';
import type { Label } from './label.ts';
import { reaching } from './joins.ts';
import { Params } from './params.ts';
import { paramNode } from './requests.ts';
import type { Requests } from './requests.ts';
import { MAX_PATH } from './state.ts';
import type { Hit, Place, State } from './state.ts';

/** Values looked at for one sink before the search gives up. */
const MAX_STATES = 3000;

export interface Found {
  readonly hits: readonly Hit[];
  /** The search was cut off. */
  readonly capped: boolean;
}

/** What a step leads to; the search fills in where it came from. */
export type Next = Pick<State, 'node'> &
  Partial<Pick<State, 'path' | 'frames' | 'place' | 'note' | 'parsed'>> & { readonly doubt?: number };

/**
 * Follows a value backwards to what clients send: through assignments, properties, calls and their arguments. A call's
 * result is looked at for that call alone: a parameter inside stands for the argument of the same call.
 */
export class Search {
  readonly #program: Program;
  readonly #guards: Guards;
  readonly #calls: Calls;
  readonly #params: Params;

  constructor(program: Program, requests: Requests, guards: Guards) {
    this.#program = program;
    this.#guards = guards;
    this.#calls = new Calls(program, requests);
    this.#params = new Params(program, requests);
  }

  /** Sources whose `label` reaches a value, best first. */
  into(
    start: Node,
    path: readonly string[],
    place: Place | undefined,
    wanted: Label,
    isWanted: (hit: Hit) => boolean = () => true,
    // what a database yields, or a language model, is a source as well
    also?: 'stored' | 'model',
  ): Found {
    const queue: State[] = [{ node: start, path, frames: undefined, place, doubt: 0, from: undefined }];
    const seen = new Set<string>();
    const hits: Hit[] = [];
    for (let index = 0; index < queue.length; index += 1) {
      const state = queue[index];
      if (!state) break;
      if (index > MAX_STATES) return { hits: ranked(hits), capped: true };
      const label = state.parsed && STRUCTURED.includes(wanted) ? 'text' : wanted;
      const judged = this.#judged(state, label);
      if (judged === 'excluded') continue;
      if (judged === 'checked') {
        // the search goes on from here with the doubt that the check was of use
        const doubted = { ...state, doubt: state.doubt + 2 };
        const hit = this.#params.hitAt(doubted, label);
        if (hit && isWanted({ state: doubted, ...hit })) hits.push({ state: doubted, ...hit });
        else if (!hit) queue.push(...this.#nextStates(doubted, label, seen));
        continue;
      }
      const hit = this.#params.hitAt(state, label) ?? (also ? this.#params.yieldedAt(state, also) : undefined);
      if (hit) {
        if (!isWanted({ state, ...hit })) continue;
        hits.push({ state, ...hit });
        if (state.doubt === 0 && hit.role.via !== 'named') break;
        continue;
      }
      queue.push(...this.#nextStates(state, label, seen));
    }
    return { hits: ranked(hits), capped: false };
  }

  #nextStates(state: State, label: Label, seen: Set<string>): readonly State[] {
    return this.#stepsFrom(state, label).flatMap((next) => {
      const added = this.#state(next, state);
      const key = `${added.node}|${added.path.join('.')}|${added.frames?.key ?? ''}|${added.place?.block ?? ''}|${added.parsed ?? ''}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [added];
    });
  }

  #state(next: Next, from: State): State {
    const path = next.path ?? from.path;
    return {
      node: next.node,
      path: path.length > MAX_PATH ? path.slice(0, MAX_PATH) : path,
      frames: 'frames' in next ? next.frames : from.frames,
      place: 'place' in next ? next.place : from.place,
      doubt: from.doubt + (next.doubt ?? 0),
      from,
      ...((next.parsed ?? from.parsed) && { parsed: true }),
      ...(next.note !== undefined && { note: next.note }),
    };
  }

  #judged({ node, path, place }: State, label: Label): Exclusiveness {
    const sought = label === 'keys' && this.#isThinned(node) ? 'excluded' : this.#sought(node, path, label);
    if (!place || sought === 'excluded') return sought;
    const verdicts = [
      sought,
      this.#guards.at(place.module, place.block, node, path, label),
      ...place.tests.map(({ condition, holds }) => this.#guards.by(condition, holds, node, path, label)),
    ];
    if (verdicts.includes('excluded')) return 'excluded';
    return verdicts.includes('checked') ? 'checked' : 'open';
  }

  /** Keys that are not wanted are taken out of it: `delete updates[key]`. */
  #isThinned(node: Node): boolean {
    return this.#program.writesTo(node).some(({ write }) => write.operator === 'delete' && write.key !== undefined);
  }

  /** `list.find((each) => ALLOWED.includes(each.order))`: what the callback asks holds of what is found. */
  #sought(node: Node, path: readonly string[], label: Label): Exclusiveness {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return 'open';
    const callee = this.#program.valueOf(this.#program.child(node, call.callee));
    if (callee.kind !== 'member' || !/^(find|findLast|filter)$/.test(callee.property ?? '')) return 'open';
    const callback = this.#program.argument(node, 0);
    const fn = callback === undefined ? undefined : this.#program.functionAt(callback);
    const [returned, ...others] = fn?.fact.returns ?? [];
    const param = fn && paramNode(fn, 0);
    if (!fn || !returned || others.length > 0 || param === undefined) return 'open';
    const within = callee.property === 'filter' ? path.slice(1) : path;
    return this.#guards.by(this.#program.nodeIn(fn.module, returned.value), true, param, within, label);
  }

  #stepsFrom(state: State, label: Label): readonly Next[] {
    const { node, path } = state;
    const value = this.#program.valueOf(node);
    const child = (id: number): Node => this.#program.child(node, id);
    switch (value.kind) {
      case 'await':
      case 'typed':
      case 'yield':
        return [{ node: child(value.value) }];
      case 'member':
        return this.#member(state, label);
      case 'call':
        return this.#calls.stepsFrom(state, label);
      case 'param':
        return this.#params.stepsFrom(state);
      case 'join':
        if (label === 'object' || label === 'keys' || !isText(path)) return [];
        return reaching(this.#program, node, label).map((part) => ({
          node: part,
          path: [],
          note: 'becomes part of a text',
        }));
      case 'either':
        return this.#either(state);
      case 'variable':
        return value.options.map((option) => ({ node: child(option) }));
      case 'import':
        return this.#program
          .origins(node)
          .filter((origin) => origin !== node)
          .map((origin) => ({ node: origin, frames: undefined, place: undefined }));
      case 'object':
      case 'array':
      case 'class':
      case 'function':
      case 'this':
        return this.#fields(state, label);
      case 'element':
        return [{ node: child(value.of), path: ['*', ...path] }];
      case 'operation':
        return label === 'size' && /^[-+*/]$/.test(value.operator)
          ? value.operands.map((operand) => ({ node: child(operand.value), path: [] }))
          : [];
      case 'key':
        return [{ node: child(value.of), path: ['*'] }];
      case 'rest':
        return path[0] !== undefined && value.without.includes(path[0]) ? [] : [{ node: child(value.of) }];
      default:
        return [];
    }
  }

  #member(state: State, label: Label): readonly Next[] {
    const { node, path } = state;
    const value = this.#program.valueOf(node);
    if (value.kind !== 'member') return [];
    const name = memberName(this.#program, node);
    const object = this.#program.child(node, value.object);
    // a parameter may be called `size`
    const isSize = name === 'size' && label !== 'size' && !HOLDERS.has(memberName(this.#program, object) ?? '');
    const isCount = name === 'length' || name === 'byteLength' || isSize;
    if (isCount && path.every((part) => part === '**')) return [];
    const place = { module: this.#program.moduleOf(node), block: value.block, tests: [] };
    const step = name === undefined || name.startsWith('[') ? '*' : name;
    return [{ node: object, path: [step, ...path], place }];
  }

  #either(state: State): readonly Next[] {
    const { node, place } = state;
    const value = this.#program.valueOf(node);
    if (value.kind !== 'either') return [];
    const module = this.#program.moduleOf(node);
    const child = (id: number): Node => this.#program.child(node, id);
    const tested = (condition: Node, holds: boolean): Place => {
      const at = place?.module === module ? place : { module, block: 0, tests: [] };
      return { ...at, tests: [...at.tests, { condition, holds }] };
    };
    switch (value.reason) {
      case 'conditional':
        return value.options.map((option, index) => ({
          node: child(option),
          ...(value.test !== undefined && { place: tested(child(value.test), index === 0) }),
        }));
      case 'and': {
        const [left, right] = value.options;
        if (left === undefined || right === undefined) return [];
        return [{ node: child(right), place: tested(child(left), true) }];
      }
      case 'assigned':
        return value.options.map((option, index) => {
          const block = value.from?.[index];
          return { node: child(option), ...(block !== undefined && { place: { module, block, tests: [] } }) };
        });
      default:
        return value.options.map((option) => ({ node: child(option) }));
    }
  }

  /** Below an operator of the program's own (`{ $eq: x }`) an object is only compared. */
  #fieldsNamed(node: Node, name: string | undefined, label: Label): readonly Field[] {
    const fields = this.#program.fields(node, name);
    const value = this.#program.valueOf(node);
    if (label !== 'object' || name !== undefined || value.kind !== 'object') return fields;
    const compared = new Set(
      value.properties
        .filter((property) => /^\$(?!or$|and$|nor$|not$|elemMatch$|expr$|match$)/.test(property.name ?? ''))
        .map((property) => this.#program.child(node, property.value)),
    );
    return fields.filter((field) => !compared.has(field.node));
  }

  /** What the property that matters is given; of a whole object what was spread into it. */
  #fields(state: State, label: Label): readonly Next[] {
    const { node, path } = state;
    const [name, ...rest] = path;
    const kind = this.#program.valueOf(node).kind;
    if (name === undefined) {
      const wholes = this.#program
        .fields(node)
        .filter(({ whole, key }) => whole || (label === 'keys' && key !== undefined));
      return wholes.map(({ node: given, whole, key, module, block }): Next => {
        if (whole || key === undefined) return { node: given, note: 'is spread into an object' };
        // which fields it has, the keys decide, and what is asked of them where they are written
        const place = module && block !== undefined ? { module, block, tests: [] } : undefined;
        return { node: key, ...(module && { frames: undefined, place }), note: 'names a field of an object' };
      });
    }
    const isAny = name === '*' || name === '**';
    const own = this.#fieldsNamed(node, isAny ? undefined : name, label).map((field): Next => {
      const place =
        field.module && field.block !== undefined ? { module: field.module, block: field.block, tests: [] } : undefined;
      const isOther = field.module !== undefined || kind === 'this';
      // what is kept under one computed key is rarely what is read under another
      const isElsewhere =
        isAny &&
        field.key !== undefined &&
        field.module?.facts.blocks[field.block ?? 0]?.function !== functionAt(state.place);
      return {
        node: field.node,
        path: field.whole || name === '**' ? path : rest,
        ...(isOther && { frames: undefined, place }),
        ...(isElsewhere && { doubt: 2 }),
        ...(field.module !== undefined && { note: `is kept in ${isAny ? 'it' : name}` }),
      };
    });
    return [...own, ...this.#calls.putInto(node).map((each) => ({ ...each, path: rest }))];
  }
}

/** Parts of requests that have the names clients give them. */
const HOLDERS = new Set(['body', 'query', 'params', 'payload']);

/** The function a place is in. */
const functionAt = (place: Place | undefined): number | undefined =>
  place && place.module.facts.blocks[place.block]?.function;

/** A text has no properties but its characters. */
const isText = (path: readonly string[]): boolean =>
  path.every((part) => part.startsWith('*') || /^\d+$/.test(part) || part.endsWith('()'));

const ranked = (hits: readonly Hit[]): readonly Hit[] => hits.toSorted((a, b) => doubtOf(a) - doubtOf(b));

export const doubtOf = ({ state, role }: Hit): number => state.doubt + (role.via === 'named' ? 1 : 0);
