import type { FunctionFact } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import { isFrom, lastName } from './api-path.ts';
import { exportedParams, formActions } from './exported.ts';
import { GraphqlTypes } from './graphql-types.ts';
import type { ArgumentKind } from './graphql-types.ts';
import { lazily } from './lazily.ts';
import { BY_METHOD, inputsBefore, partsOf, takesAll, unpacks } from './registered-parts.ts';
import { DECORATORS, PARAMETER_NAMES, TYPES, VERBS } from './registrations.ts';
import type { Registration } from './registrations.ts';
import { contextsOf, resolversOf } from './resolvers.ts';
import type { Shape } from './shapes.ts';
import { isCallTo } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { Validation } from './validation.ts';

/** What a parameter is to the framework that calls the function, and how that is known. */
export interface Role {
  readonly shape: Shape;
  readonly via: 'registered' | 'typed' | 'named';
}

const MAX_WRAPPERS = 4;

/** Which parameters of the program bring what clients send; see `Requests.roleOf`. */
export class Requests {
  /** What stands before handlers and lets only fitting requests through. */
  readonly validation: Validation;
  readonly #program: Program;
  readonly #registered = new Map<Node, Role>();
  readonly #known = new Map<Node, Role | undefined>();
  readonly #exported = new Map<Node, string>();
  /** Parameters that hold the arguments of a field of GraphQL. */
  readonly #fields = new Map<Node, string>();
  readonly #types: () => GraphqlTypes;
  /** Functions that make what resolvers share. */
  readonly contexts: FunctionRef[] = [];

  /** Packages and calls as the user or the lockfile describe them. */
  readonly surroundings: Surroundings;

  constructor(program: Program, surroundings: Surroundings = {}) {
    this.#program = program;
    this.surroundings = surroundings;
    this.validation = new Validation(program);
    this.#types = lazily(() => new GraphqlTypes(program));
    for (const call of program.calls) this.#register(call);
    for (const module of program.modules.values()) {
      this.#registerRouteObjects(module);
      const isServerAction = module.facts.directives.includes('use server');
      for (const { name, value } of module.facts.exports) {
        for (const origin of program.origins(module.first + value)) {
          const fn = program.functionAt(origin);
          for (const action of formActions(program, origin, name, module.path))
            for (const each of this.#functionsIn(action, undefined)) this.#set(each, 0, 'route-context', 'registered');
          if (!fn) continue;
          this.#exported.set(origin, name);
          this.#registerExport(fn, name, module.path, isServerAction);
        }
      }
      module.facts.functions.forEach((fact, id) => {
        if (!fact.directives?.includes('use server')) return;
        const fn = program.functionIn(module, id);
        if (fn) fn.fact.params.forEach((_, index) => this.#set(fn, index, 'data', 'registered'));
      });
      for (const fact of module.facts.classes) {
        if (fact.members.some(({ decorators }) => decorators.length > 0)) this.#registerClass(module, fact.members);
      }
    }
    this.#registerDeclared();
    this.#registerResolvers();
  }

  /** The role of a parameter, by registration, type or name. */
  roleOf(param: Node): Role | undefined {
    const registered = this.#registered.get(param);
    if (registered) return registered;
    if (this.#known.has(param)) return this.#known.get(param);
    this.#known.set(param, undefined);
    const role = this.#typed(param) ?? this.#named(param);
    this.#known.set(param, role);
    return role;
  }

  /** The role of what a value may be: a parameter with a role, wherever it was handed on to. */
  roleOfValue(node: Node): Role | undefined {
    for (const origin of this.#program.origins(node)) {
      const value = this.#program.valueOf(origin);
      if (value.kind !== 'param') continue;
      const role = this.roleOf(origin);
      if (role) return role;
    }
    return undefined;
  }

  // ——— registered ———

  #register(call: Node): void {
    const value = this.#program.valueOf(call);
    if (value.kind !== 'call' || value.args.length === 0) return;
    const callee = this.#program.child(call, value.callee);
    const apis = this.#program.apis(callee);
    let isKnown = false;
    for (const api of apis) {
      for (const registration of BY_METHOD.get(lastName(api)) ?? []) {
        if (!registration.from.some((root) => isFrom(api, root))) continue;
        isKnown = true;
        if (this.#concerns(call, registration)) this.#registerArguments(call, registration, 'registered');
      }
    }
    if (!isKnown) this.#registerEntry(call);
    if (!isKnown && apis.length === 0) this.#registerByName(call);
  }

  #registerResolvers(): void {
    const resolvers = resolversOf(this.#program);
    if (resolvers.length === 0 && this.#program.callsTo(/^@trpc\/server\b/).length === 0) return;
    for (const { fn, index, field } of resolvers) {
      this.#set(fn, index, 'graphql-arguments', 'registered');
      this.#set(fn, index + 1, 'graphql-context', 'registered');
      const param = paramNode(fn, index);
      if (param !== undefined && field !== undefined) this.#fields.set(param, field);
    }
    for (const fn of contextsOf(this.#program)) {
      this.#set(fn, 0, 'graphql-context', 'registered');
      this.contexts.push(fn);
    }
  }

  /** What the schema says of an argument of GraphQL; undefined where it says nothing. */
  argumentKind(param: Node, path: readonly string[]): ArgumentKind | undefined {
    const field = this.#fields.get(param);
    return field === undefined ? undefined : this.#types().kindAt(field, path);
  }

  #registerDeclared(): void {
    const declared = this.surroundings.declared?.sources?.filter(({ parameter }) => parameter !== undefined) ?? [];
    if (declared.length === 0) return;
    for (const call of this.#program.calls) {
      for (const { call: name, parameter } of declared) {
        const value = this.#program.valueOf(call);
        if (parameter === undefined || value.kind !== 'call' || !isCallTo(this.#program, call, name)) continue;
        for (const { value: argument } of value.args)
          for (const fn of this.#functionsIn(this.#program.child(call, argument), undefined))
            this.#set(fn, parameter, 'data', 'registered');
      }
    }
  }

  #concerns(call: Node, { events, notEvents }: Registration): boolean {
    if (!events && !notEvents) return true;
    const first = this.#program.argument(call, 0);
    const names = first === undefined ? undefined : this.#program.constants(first);
    if (events) return names?.some((name) => events.includes(String(name))) ?? false;
    return !names?.some((name) => notEvents?.includes(String(name)));
  }

  #registerArguments(call: Node, registration: Registration, via: Role['via']): void {
    const value = this.#program.valueOf(call);
    if (value.kind !== 'call') return;
    const args = [
      ...value.args.map((argument) => this.#program.child(call, argument.value)),
      ...(registration.params[0] === 'procedure' ? inputsBefore(this.#program, call) : []),
    ];
    for (const argument of args) {
      for (const part of partsOf(this.#program, argument)) {
        // of several routes in one list only its own schema stands before a handler
        const before = part === argument ? args : [...args.filter((each) => each !== argument), part];
        for (const fn of this.#functionsIn(part, registration.keys)) {
          this.#registerFunction(fn, registration, via);
          this.validation.register(fn, before);
        }
      }
    }
  }

  #registerFunction(fn: FunctionRef, { params, andMore, errorFirst }: Registration, via: Role['via']): void {
    const shift = errorFirst && fn.fact.params.length === 4 ? 1 : 0;
    fn.fact.params.forEach((_, index) => {
      const shape = params[index - shift] ?? (andMore && index >= params.length ? params.at(-1) : undefined);
      if (shape) this.#set(fn, index, shape, via);
    });
  }

  #set({ node, module, fact }: FunctionRef, index: number, shape: Shape, via: Role['via']): void {
    const param = paramNode({ node, module, fact }, index);
    if (param !== undefined && !this.#registered.has(param)) this.#registered.set(param, { shape, via });
  }

  /** Functions an argument is or holds: in arrays, under handler keys of objects, wrapped by another call. */
  #functionsIn(node: Node, keys: readonly string[] | undefined, depth = 0): readonly FunctionRef[] {
    if (depth > MAX_WRAPPERS) return [];
    const wrapped = this.#wrapped(node);
    const found = this.#origins(node, keys, depth);
    // a wrapper that hands on whatever it is given is one function for all that it wraps
    return [...wrapped, ...(wrapped.length > 0 ? found.filter((fn) => !takesAll(fn)) : found)];
  }

  /** The handler in `caught(async (req, res) => …)`, where the wrapper is a function of the program. */
  #wrapped(node: Node): readonly FunctionRef[] {
    return this.#program.definitions(node).flatMap((definition) => {
      const call = this.#program.valueOf(definition);
      if (call.kind !== 'call' || this.#program.callees(definition).length === 0) return [];
      const made = this.#program.origins(definition).flatMap((origin) => this.#program.functionAt(origin) ?? []);
      const isOpen = made.length > 0 && made.every((fn) => takesAll(fn));
      return call.args
        .flatMap((argument) => this.#program.origins(this.#program.child(definition, argument.value)))
        .flatMap((origin) => this.#program.functionAt(origin) ?? [])
        .filter(({ fact }) => isOpen || /^(_?req|request|ctx)$/.test(fact.params[0]?.name ?? ''));
    });
  }

  #origins(node: Node, keys: readonly string[] | undefined, depth: number): readonly FunctionRef[] {
    return this.#program.origins(node).flatMap((origin): readonly FunctionRef[] => {
      const fn = this.#program.functionAt(origin);
      if (fn) return [fn];
      const value = this.#program.valueOf(origin);
      const inside = (id: number): readonly FunctionRef[] =>
        this.#functionsIn(this.#program.child(origin, id), keys, depth + 1);
      switch (value.kind) {
        case 'array':
          return value.items.flatMap((item) => inside(item.value));
        case 'object':
          return value.properties.flatMap((property) =>
            property.name !== undefined && keys?.includes(property.name) ? inside(property.value) : [],
          );
        case 'call':
          // a package's wrapper around the handler: asyncHandler(fn), celebrate(…) has none
          return value.args.flatMap((argument) => inside(argument.value));
        default:
          return [];
      }
    });
  }

  /** `{ method, path, handler }` is a route of hapi, with `url` one of Fastify, wherever it is handed to. */
  #registerRouteObjects({ facts, first }: FunctionRef['module']): void {
    facts.values.forEach((value, id) => {
      if (value.kind !== 'object') return;
      const of = (name: string): Node | undefined => {
        const property = value.properties.find((each) => each.name === name);
        return property && first + property.value;
      };
      const isHapi = of('path') !== undefined;
      if (of('method') === undefined || (!isHapi && of('url') === undefined)) return;
      const registration: Registration = isHapi
        ? { from: [], methods: [], params: ['hapi-request', 'hapi-toolkit'], keys: ['handler', 'pre', 'method'] }
        : { from: [], methods: [], params: ['fastify-request', 'fastify-reply'] };
      const options = isHapi ? (of('options') ?? of('config')) : undefined;
      for (const node of [of('handler'), options])
        for (const fn of node === undefined ? [] : this.#functionsIn(node, registration.keys)) {
          this.#registerFunction(fn, registration, 'registered');
          this.validation.register(fn, [first + id]);
        }
    });
  }

  /** `app.get('/path', (req, res) => …)` on an app we cannot see made. */
  #registerByName(call: Node): void {
    const value = this.#program.valueOf(call);
    if (value.kind !== 'call') return;
    const callee = this.#program.valueOf(this.#program.child(call, value.callee));
    if (callee.kind !== 'member' || callee.property === undefined) return;
    if (!VERBS.includes(callee.property) && callee.property !== 'use') return;
    const first = this.#program.argument(call, 0);
    const path = first === undefined ? undefined : this.#program.constants(first)?.[0];
    if (callee.property !== 'use' && (typeof path !== 'string' || !/^[/*]/.test(path))) return;
    const args = value.args.map((argument) => this.#program.child(call, argument.value));
    for (const argument of args) {
      for (const fn of this.#functionsIn(argument, undefined)) {
        this.validation.register(fn, args);
        const names = fn.fact.params.map(({ name }) => name ?? '');
        if (!/^(_?req|request|ctx|context|_)$/.test(names[0] ?? '')) continue;
        const isContext = /^(ctx|context)$/.test(names[0] ?? '');
        this.#registerFunction(
          fn,
          { from: [], methods: [], params: isContext ? ['koa-context'] : ['express-request', 'express-response'] },
          'named',
        );
      }
    }
  }

  /** `.on('entry', (entry) => …)` where archives are unpacked. */
  #registerEntry(call: Node): void {
    const event = this.#program.argument(call, 0);
    const callback = this.#program.argument(call, 1);
    if (event === undefined || callback === undefined || !this.#program.constants(event)?.includes('entry')) return;
    if (!unpacks(this.#program.moduleOf(call))) return;
    for (const origin of this.#program.origins(callback)) {
      const fn = this.#program.functionAt(origin);
      if (fn) this.#set(fn, 0, 'archive-entry', 'registered');
    }
  }

  #registerExport(fn: FunctionRef, name: string, path: string, isServerAction: boolean): void {
    for (const { index, shape, via = 'registered' } of exportedParams(fn.fact, name, path, isServerAction))
      this.#set(fn, index, shape, via);
  }

  #registerClass(module: FunctionRef['module'], members: readonly { readonly value?: number }[]): void {
    for (const { value } of members) {
      const fn = value === undefined ? undefined : this.#program.functionAt(module.first + value);
      fn?.fact.params.forEach(({ decorators = [], type }, index) => {
        for (const decorator of decorators) {
          const shape = this.#decorated(module.first + decorator, type?.name);
          if (shape) this.#set(fn, index, shape, 'registered');
        }
      });
    }
  }

  #decorated(decorator: Node, type: string | undefined): Shape | undefined {
    const value = this.#program.valueOf(decorator);
    const callee = value.kind === 'call' ? this.#program.child(decorator, value.callee) : decorator;
    const name = this.#program.apis(callee).map(lastName)[0];
    const shape = name !== undefined && Object.hasOwn(DECORATORS, name) ? DECORATORS[name] : undefined;
    // GraphQL holds an argument to the type the schema is made from
    if (/^Args?$/.test(name ?? '') && /^(number|boolean|string)$/.test(type ?? ''))
      return type === 'string' ? 'text' : 'clean';
    if (!shape || value.kind !== 'call') return shape;
    const pipes = value.args.flatMap((argument) => this.#program.apis(this.#program.child(decorator, argument.value)));
    return pipes.some((pipe) => /\.Parse(Int|Float|Bool|UUID|Enum|Date)Pipe/.test(pipe)) ? 'clean' : shape;
  }

  // ——— typed and named ———

  #typed(param: Node): Role | undefined {
    const fact = this.#paramFact(param);
    if (!fact?.type) return undefined;
    const apis = this.#program.apis(param);
    for (const [shape, ...types] of TYPES) {
      if (types.some((type) => apis.includes(type))) return { shape, via: 'typed' };
    }
    return undefined;
  }

  /** Only where nothing calls the function that could say better. */
  #named(param: Node): Role | undefined {
    const value = this.#program.valueOf(param);
    if (value.kind !== 'param' || value.rest) return undefined;
    const fn = this.#program.functionIn(this.#program.moduleOf(param), value.function);
    if (!fn || this.#program.callSites(fn.node).length > 0) return undefined;
    const names = fn.fact.params.map(({ name }) => name ?? '');
    const shift = names.length === 4 && /^_?(err|error|e)$/.test(names[0] ?? '') ? 1 : 0;
    const own = names[value.index] ?? '';
    const shape = Object.hasOwn(PARAMETER_NAMES, own) ? PARAMETER_NAMES[own] : undefined;
    const isPair =
      /^(_?req|request)$/.test(names[shift] ?? '') && /^(_?res|response|resp|reply)$/.test(names[shift + 1] ?? '');
    if (shape && isPair) return { shape: fastifyIf(names[shift + 1] === 'reply', shape), via: 'named' };
    const handed = this.#program.handedTo(fn.node).length > 0;
    if (own === 'req' && names.length <= 2 && !handed) return { shape: 'express-request', via: 'named' };
    if (own === 'ctx' && value.index === 0 && names.length <= 2 && (fn.fact.async || names[1] === 'next'))
      return { shape: 'koa-context', via: 'named' };
    if (own === 'args' && value.index === 1 && this.#isResolver(fn.fact))
      return { shape: 'graphql-arguments', via: 'named' };
    return undefined;
  }

  /** `(parent, args, context)`. */
  #isResolver({ params }: FunctionFact): boolean {
    const [parent, , context] = params.map(({ name }) => name ?? '');
    return (
      /^(_+|parent|root|_?obj|source|_parent|_root)$/.test(parent ?? '') && /^(ctx|context|\{\}|)$/.test(context ?? '')
    );
  }

  #paramFact(param: Node): FunctionFact['params'][number] | undefined {
    const value = this.#program.valueOf(param);
    return value.kind === 'param'
      ? this.#program.moduleOf(param).facts.functions[value.function]?.params[value.index]
      : undefined;
  }
}

const fastifyIf = (isReply: boolean, shape: Shape): Shape =>
  isReply && shape === 'express-request' ? 'fastify-request' : shape;

/** The node of the `param` value itself, below its default. */
export function paramNode({ module, fact }: FunctionRef, index: number): Node | undefined {
  const param = fact.params[index];
  if (!param) return undefined;
  const value = module.facts.values[param.value];
  const inner = value?.kind === 'either' ? value.options[0] : param.value;
  return inner === undefined ? undefined : module.first + inner;
}
