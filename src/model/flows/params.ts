import { placeOf } from '../place.ts';
import type { Node, Program } from '../program/program.ts';
import { accessOf } from './access.ts';
import { isFrom } from './api-path.ts';
import type { Label } from './label.ts';
import { framesAround } from './contexts.ts';
import { emittedTo, emittedToMethod, LISTENING, queuedTo, QUEUES } from './emitted.ts';
import { ITERATING } from './propagators.ts';
import { lazily } from './lazily.ts';
import { isOperator, pipedTo, subscribedTo } from './piped.ts';
import type { Requests, Role } from './requests.ts';
import type { Next } from './search.ts';
import { isForged, sourceKindAt } from './shapes.ts';
import type { SourceKind } from './shapes.ts';
import { frameOf } from './state.ts';
import { givenByTasks } from './tasks.ts';
import type { Frame, Place, State } from './state.ts';
import { isCallTo } from './surroundings.ts';

/** Calls of one function that are followed. */
const MAX_CALLERS = 40;
const COLLECTIONS = ['lodash', 'underscore', 'lodash-es', 'async', 'bluebird', 'p-map', 'ramda', 'es-toolkit'];

const STORED =
  /^(mongoose|mongodb|monk|nedb|@nestjs\/(mongoose|typeorm|sequelize)|sequelize|pg|pg-promise|mysql2?|sqlite3|better-sqlite3|typeorm|@prisma\/client|knex)\b.*\.(find\w*|query|all|get|any|one|many|first|each|aggregate|toArray|exec|lean)(\(\)|@\d+#\d+)$/;

const MODELS =
  /^(openai|@anthropic-ai\/sdk|@google\/(generative-ai|genai)|ai|ollama|@mistralai\/mistralai|cohere-ai|groq-sdk|replicate|langchain|@langchain\/[\w-]+)(?![\w-]).*\.(create|parse|generateContent|sendMessage|generateText|generateObject|chat|generate|complete|invoke|call|run)\(\)$/;

const ARCHIVES =
  /^(adm-zip\(\)\.getEntries|unzipper\.Open\.\w+|jszip(\(\))?\.loadAsync|decompress|node-stream-zip(\.async)?\(\)\.entries)\(\)$/;

/** What parameters are: parts of a request, arguments of calls, elements given to a callback. */
export class Params {
  readonly #program: Program;
  readonly #requests: Requests;
  readonly #isExtended: () => boolean;
  readonly #kept: ReadonlyMap<string, readonly Next[]>;

  constructor(program: Program, requests: Requests) {
    this.#program = program;
    this.#requests = requests;
    this.#kept = keptOnRequests(program, requests);
    this.#isExtended = lazily(() =>
      program.callsTo('express().set').some((call) => {
        const name = program.argument(call, 0);
        return name !== undefined && (program.constants(name)?.includes('query parser') ?? false);
      }),
    );
  }

  /** The source a state stands at, if what it brings may have the label. */
  hitAt({ node, path }: State, label: Label): { readonly role: Role; readonly kind: SourceKind } | undefined {
    const value = this.#program.valueOf(node);
    if (value.kind === 'call')
      return this.#declared(node) ?? this.#archived(node, path, label) ?? this.#uploaded(node, path);
    if (value.kind === 'element') return this.#iterated(this.#program.child(node, value.of));
    if (value.kind !== 'param') return undefined;
    const role = this.#requests.roleOf(node) ?? this.#streamed(node);
    if (!role) return undefined;
    const found = sourceKindAt(role.shape, value.rest ? path.slice(1) : path);
    const declared = role.shape === 'graphql-arguments' ? this.#requests.argumentKind(node, path) : undefined;
    if (declared === 'clean') return undefined;
    const kind = found && this.#isSimpleQuery(node, role, path) ? 'text' : (declared ?? found);
    // the schema says which names there are
    if (role.shape === 'graphql-arguments' && label === 'property-name' && path.some((part) => part.startsWith('*')))
      return undefined;
    if (!kind || !isForged(path, label) || this.#requests.validation.clears(node, path, label)) return undefined;
    return kind === 'data' || (label !== 'object' && label !== 'keys') ? { role, kind } : undefined;
  }

  /** What a database or a language model yields: the result of a call, or the parameter of its callback. */
  yieldedAt({ node }: State, by: 'stored' | 'model'): { readonly role: Role; readonly kind: SourceKind } | undefined {
    const { kind } = this.#program.valueOf(node);
    if (kind !== 'call' && kind !== 'param') return undefined;
    const yields = by === 'stored' ? STORED : MODELS;
    const isYielded = this.#program.apis(node).some((api) => yields.test(api));
    return isYielded ? { role: { shape: by, via: 'registered' }, kind: 'text' } : undefined;
  }

  /** The entries of an archive, where a call yields them. */
  #archived(node: Node, path: readonly string[], label: Label): { role: Role; kind: SourceKind } | undefined {
    if (label !== 'path' || !this.#program.apis(node).some((api) => ARCHIVES.test(api))) return undefined;
    const kind = sourceKindAt('archive-entry', path);
    return kind && { role: { shape: 'archive-entry', via: 'registered' }, kind };
  }

  /** `const [fields, files] = await form.parse(req)`. */
  #uploaded(node: Node, path: readonly string[]): { role: Role; kind: SourceKind } | undefined {
    const isParsed = this.#program.apis(node).some((api) => /^formidable(\.\w+)?\(\)\.parse\(\)$/.test(api));
    const kind = isParsed ? sourceKindAt('form', path) : undefined;
    return kind && { role: { shape: 'form', via: 'registered' }, kind };
  }

  /** The result of a call the user calls a source. */
  #declared(node: Node): { readonly role: Role; readonly kind: SourceKind } | undefined {
    const sources = this.#requests.surroundings.declared?.sources ?? [];
    const isSource = sources.some(
      ({ call, parameter }) => parameter === undefined && isCallTo(this.#program, node, call),
    );
    return isSource ? { role: { shape: 'data', via: 'registered' }, kind: 'data' } : undefined;
  }

  /** Express 5 makes texts and lists of a query, no objects, unless it is told to. */
  #isSimpleQuery(node: Node, { shape }: Role, [first]: readonly string[]): boolean {
    if (first !== 'query' || shape !== 'express-request') return false;
    const major = this.#requests.surroundings.versions?.(['express'], this.#program.moduleOf(node).path);
    return major !== undefined && major >= 5 && !this.#isExtended();
  }

  stepsFrom(state: State): readonly Next[] {
    const { node, path } = state;
    const value = this.#program.valueOf(node);
    if (value.kind !== 'param') return [];
    const fn = this.#program.functionIn(this.#program.moduleOf(node), value.function);
    if (!fn) return [];
    const kept = this.#keptAt(state);
    const role = this.#requests.roleOf(node);
    if (role?.shape === 'procedure' && path[0] === 'ctx') return [...kept, ...this.#shared(path.slice(1))];
    if (role) return role.shape === 'graphql-context' ? [...kept, ...this.#shared(path)] : kept;
    const frame = frameOf(state.frames, fn.node);
    if (frame) {
      const shift = this.#program.callSites(fn.node).find(({ call }) => call === frame.call)?.shift ?? 0;
      return [
        ...kept,
        ...this.#argument(frame.call, value.index + shift, value.rest === true, path, frame.outer, fn.fact.name),
      ];
    }
    // what a test hands over, no deployment does
    const isTested = placeOf(fn.module.path) === 'test';
    const sites = this.#program
      .callSites(fn.node)
      .filter(({ call }) => isTested || placeOf(this.#program.moduleOf(call).path) !== 'test')
      .slice(0, MAX_CALLERS);
    const called = sites.flatMap(({ call, shift }) =>
      framesAround(this.#program, call, fn.node).flatMap((frames) =>
        this.#argument(call, value.index + shift, value.rest === true, path, frames, fn.fact.name),
      ),
    );
    return [
      ...kept,
      ...called,
      ...this.#handed(fn.node, value.index, path),
      ...emittedToMethod(this.#program, fn.node, value.index, path),
      ...givenByTasks(this.#program, fn, value.index, path),
    ];
  }

  /** What the functions that make the context of GraphQL return. */
  #shared(path: readonly string[]): readonly Next[] {
    return this.#requests.contexts.flatMap((fn) =>
      fn.fact.returns.map(({ value, block }) => ({
        node: fn.module.first + value,
        path,
        frames: undefined,
        place: { module: fn.module, block, tests: [] },
        note: 'is what resolvers share',
      })),
    );
  }

  #placeOf(call: Node): Place | undefined {
    const value = this.#program.valueOf(call);
    return value.kind === 'call' ? { module: this.#program.moduleOf(call), block: value.block, tests: [] } : undefined;
  }

  #argument(
    call: Node,
    index: number,
    isRest: boolean,
    path: readonly string[],
    frames: Frame | undefined,
    name: string | undefined,
  ): readonly Next[] {
    const value = this.#program.valueOf(call);
    if (value.kind !== 'call') return [];
    const common = { frames, place: this.#placeOf(call), note: `is passed to ${name ?? 'a function'}` };
    const nodeOf = (argument: { readonly value: number }): Node => this.#program.child(call, argument.value);
    if (isRest) {
      const [part = ''] = path;
      const position = /^\d+$/.test(part) ? Number(part) : undefined;
      const inside = part === '*' || position !== undefined ? path.slice(1) : path;
      const given = value.args.slice(index);
      // `(...args) => inner(...args)` keeps every argument in its place
      if (given[0] && given[0].spread && this.#isRest(nodeOf(given[0])))
        return [{ ...common, node: nodeOf(given[0]), path }];
      const isOne = position !== undefined && given.every(({ spread }) => !spread);
      const wanted = isOne ? given.slice(position, position + 1) : given;
      return wanted.map((argument) => ({ ...common, node: nodeOf(argument), path: inside }));
    }
    const at = value.args.findIndex(({ spread }) => spread);
    const spread = at !== -1 && at <= index ? value.args[at] : undefined;
    if (spread) {
      const part = this.#isRest(nodeOf(spread)) ? String(index - at) : '*';
      return [{ ...common, node: nodeOf(spread), path: [part, ...path] }];
    }
    const argument = value.args[index];
    return argument ? [{ ...common, node: this.#program.child(call, argument.value), path }] : [];
  }

  #isRest(node: Node): boolean {
    const value = this.#program.valueOf(node);
    return value.kind === 'param' && value.rest === true;
  }

  /** Callbacks: elements of what is iterated over, the value of a promise, arguments that were bound. */
  #handed(fn: Node, index: number, path: readonly string[]): readonly Next[] {
    return this.#program.handedTo(fn).flatMap(({ call, index: position }): readonly Next[] => {
      const value = this.#program.valueOf(call);
      if (value.kind !== 'call') return [];
      const calleeNode = this.#program.child(call, value.callee);
      const callee = this.#program.valueOf(calleeNode);
      const common = { frames: undefined, place: this.#placeOf(call) };
      const apis = this.#program.apis(calleeNode);
      const [api = ''] = apis;
      if (index === 0 && isOperator(apis)) return pipedTo(this.#program, call, path);
      if (
        index === 0 &&
        apis.some((each) => each === 'bullmq.Worker' || (each.endsWith('.process') && QUEUES.test(each.slice(0, -8))))
      )
        return queuedTo(this.#program, call, path);
      if (COLLECTIONS.some((root) => isFrom(api, root)) && position > 0) {
        const first = this.#program.argument(call, 0);
        return first !== undefined && index === 0 ? [{ ...common, node: first, path: ['*', ...path] }] : [];
      }
      if (callee.kind !== 'member') return [];
      if (position === 1 && LISTENING.has(callee.property ?? '')) return emittedTo(this.#program, call, index, path);
      if (position !== 0) return [];
      const object = this.#program.child(calleeNode, callee.object);
      const method = callee.property ?? '';
      if (method === 'subscribe' && index === 0) return subscribedTo(this.#program, object, path);
      if (method === 'then' && index === 0) return [{ ...common, node: object, path }];
      if (ITERATING.has(method) && index === 0) return [{ ...common, node: object, path: ['*', ...path] }];
      if (method.startsWith('reduce')) {
        const initial = this.#program.argument(call, 1);
        if (index === 1) return [{ ...common, node: object, path: ['*', ...path] }];
        return index === 0 && initial !== undefined ? [{ ...common, node: initial, path }] : [];
      }
      return [];
    });
  }

  /** `for await (const chunk of req)`. */
  #iterated(of: Node): { readonly role: Role; readonly kind: SourceKind } | undefined {
    const role = this.#requests.roleOfValue(of);
    return role && /^(node|express)-request$/.test(role.shape)
      ? { role: { shape: 'text', via: role.via }, kind: 'text' }
      : undefined;
  }

  /** `req.on('data', (chunk) => …)`. */
  #streamed(node: Node): Role | undefined {
    const value = this.#program.valueOf(node);
    const fn =
      value.kind === 'param' && value.index === 0
        ? this.#program.functionIn(this.#program.moduleOf(node), value.function)
        : undefined;
    if (!fn) return undefined;
    for (const { call, index } of this.#program.handedTo(fn.node)) {
      const callValue = this.#program.valueOf(call);
      if (callValue.kind !== 'call' || index !== 1) continue;
      const callee = this.#program.valueOf(this.#program.child(call, callValue.callee));
      if (callee.kind !== 'member' || (callee.property !== 'on' && callee.property !== 'once')) continue;
      const event = this.#program.argument(call, 0);
      if (event === undefined || this.#program.constants(event)?.[0] !== 'data') continue;
      const object = this.#program.child(this.#program.child(call, callValue.callee), callee.object);
      const role = this.#requests.roleOfValue(object);
      if (role && /request/.test(role.shape)) return { shape: 'text', via: role.via };
    }
    return undefined;
  }

  /** What was hung on this very parameter, or by a middleware on any request. */
  #keptAt({ node, path }: State): readonly Next[] {
    const [first, second] = path;
    if (first === undefined) return [];
    const role = this.#requests.roleOf(node);
    if (role) {
      const found = [
        ...(this.#kept.get(`${role.shape} ${first}`) ?? []).map((next) => ({ ...next, path: path.slice(1) })),
        ...(second === undefined ? [] : (this.#kept.get(`${role.shape} ${first}.${second}`) ?? [])).map((next) => ({
          ...next,
          path: path.slice(2),
        })),
      ];
      return found;
    }
    return this.#program.fields(node, first.startsWith('*') ? undefined : first).map((field) => ({
      node: field.node,
      path: field.whole ? path : path.slice(1),
      note: `is kept in ${first}`,
      ...(field.module &&
        field.block !== undefined && { place: { module: field.module, block: field.block, tests: [] } }),
    }));
  }
}

/** `req.x = …`, `res.locals.x = …`, `ctx.state.x = …`, `c.set('x', …)` of Hono, by the shape of the object and the access below it. */
function keptOnRequests(program: Program, requests: Requests): ReadonlyMap<string, readonly Next[]> {
  const kept = new Map<string, Next[]>();
  for (const module of program.modules.values()) {
    for (const write of module.facts.writes) {
      if (write.property === undefined) continue;
      const { root, path } = accessOf(program, module.first + write.object, [write.property]);
      if (path.length > 2 || program.valueOf(root).kind !== 'param') continue;
      const role = requests.roleOf(root);
      if (!role) continue;
      const name = `${role.shape} ${path.join('.')}`;
      const next: Next = {
        node: module.first + write.value,
        frames: undefined,
        place: { module, block: write.block, tests: [] },
        note: `is kept in ${path.join('.')}`,
      };
      kept.set(name, [...(kept.get(name) ?? []), next]);
    }
  }
  for (const call of program.callsNamed('set')) {
    const value = program.valueOf(call);
    const [key, given] = [program.argument(call, 0), program.argument(call, 1)];
    if (value.kind !== 'call' || key === undefined || given === undefined) continue;
    const callee = program.child(call, value.callee);
    const member = program.valueOf(callee);
    if (member.kind !== 'member') continue;
    if (requests.roleOfValue(program.child(callee, member.object))?.shape !== 'hono-context') continue;
    const place = { module: program.moduleOf(call), block: value.block, tests: [] };
    for (const constant of program.constants(key) ?? []) {
      const name = `hono-context var.${constant}`;
      const next: Next = { node: given, frames: undefined, place, note: `is kept in ${constant}` };
      kept.set(name, [...(kept.get(name) ?? []), next]);
    }
  }
  return kept;
}
