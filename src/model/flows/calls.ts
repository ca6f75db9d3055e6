import type { FunctionRef, Node, Program } from '../program/program.ts';
import { calleesIn } from './contexts.ts';
import type { Label } from './label.ts';
import { lazily } from './lazily.ts';
import { clearedByRemoval } from './pattern.ts';
import { METHODS, OPAQUE_PACKAGES, propagatorOf } from './propagators.ts';
import type { MethodPassing, Passing } from './propagators.ts';
import type { Requests } from './requests.ts';
import { callsOfParams, mutationsOf } from './put-into.ts';
import { promises, sanitizes } from './sanitizers.ts';
import { schemaClears } from './schemas.ts';
import type { Next } from './search.ts';
import { pushed } from './state.ts';
import type { State } from './state.ts';
import { DECLARED_SINKS, isCallTo } from './surroundings.ts';

const MAX_CHAIN = 12;
/** Methods of requests that are methods of other things as well. */
const READING = new Set(['get', 'getAll', 'json', 'text', 'values', 'entries', 'next', 'item']);
/** Numbers of the same size as their argument; `Math.min` has one of its own. */
const COMPUTING =
  /^(Number|parseInt|parseFloat|BigInt|Number\.parse(Int|Float)|Math\.(floor|ceil|round|trunc|abs|max))$/;
/** Tags that make parameters of their holes. */
const TAGS = /(^|[./(])(sql|SQL|aql|cypher|query|parameterized|\$queryRaw|\$executeRaw|\$)$/;
/** Calls that make data of text. */
const PARSERS = /^(JSON|JSON5|json5|destr|secure-json-parse|qs|querystring)\b/;
const HOLES: readonly Label[] = ['sql', 'query-language', 'shell'];
/** Labels of what is made of parts; text has none of them until it is parsed. */
export const STRUCTURED: readonly Label[] = ['object', 'keys'];

/** What the result of a call is made of. */
export class Calls {
  readonly #program: Program;
  readonly #requests: Requests;
  readonly #put: () => ReadonlyMap<Node, readonly Next[]>;
  readonly #resolved: () => ReadonlyMap<Node, readonly Node[]>;

  constructor(program: Program, requests: Requests) {
    this.#program = program;
    this.#requests = requests;
    this.#put = lazily(() => mutationsOf(program));
    this.#resolved = lazily(() => callsOfParams(program));
  }

  /** What calls such as `list.push(x)` put into a value. */
  putInto(node: Node): readonly Next[] {
    return this.#put().get(node) ?? [];
  }

  stepsFrom(state: State, label: Label): readonly Next[] {
    const { node, path } = state;
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const calleeNode = this.#program.child(node, call.callee);
    const callee = this.#program.valueOf(calleeNode);
    const apis = this.#program.apis(calleeNode);
    const method = callee.kind === 'member' ? (callee.property ?? '') : '';
    if (apis.some((api) => sanitizes(api, label)) || this.#encodes(node, method)) return [];
    const place = { module: this.#program.moduleOf(node), block: call.block, tests: [] };
    const at = (steps: readonly Next[]): readonly Next[] => steps.map((step) => ({ place, ...step }));

    if (call.tagged && HOLES.includes(label) && apis.some((api) => TAGS.test(api))) return [];
    if (this.#isDeclaredClean(node, label)) return [];
    if (label === 'size' && apis.some((api) => COMPUTING.test(api)))
      return at(this.#passed(node, [], 'flat', [0], label));
    const reader = readerOf(apis);
    if (reader !== undefined) {
      const request = this.#program.argument(node, 0);
      return request === undefined ? [] : at([{ node: request, path: [`${reader}()`, ...path] }]);
    }
    const own = calleesIn(this.#program, node, state.frames);
    if (own.length > 0) return own.flatMap((fn) => this.#returns(state, fn, call.new === true));
    for (const api of apis) {
      const checked = schemaClears(this.#program, node, api, path, label);
      if (checked) return checked.clears ? [] : at([checked.next]);
      if (isHostOnly(api, path, label)) return [];
      const propagator = propagatorOf(api);
      // `pick` names what is kept
      if (propagator && label === 'keys' && /\bpick$/.test(api)) return [];
      const positions = this.#isBelowOwn(node, api, label) ? [0] : propagator?.args;
      if (propagator) {
        const parsed = STRUCTURED.includes(label) && PARSERS.test(api);
        const steps = this.#passed(node, path, propagator.passing, positions, parsed ? 'text' : label);
        return at(parsed ? steps.map((step) => ({ ...step, parsed: true })) : steps);
      }
    }
    if (apis.includes('Promise') && call.new) return this.#promised(node);
    if (callee.kind === 'member') {
      const object = this.#program.child(calleeNode, callee.object);
      const passing = METHODS.get(method);
      const isOfRequest = this.#isOfRequest(object);
      if (isOfRequest && (!passing || READING.has(method))) {
        const variable = method === 'get' ? this.#variable(node, object) : undefined;
        if (variable !== undefined) return at([{ node: object, path: ['var', variable, ...path] }]);
        const kept = passing ? this.#byMethod(state, object, method, passing, label) : [];
        return at([{ node: object, path: [`${method}()`, ...path] }, ...kept]);
      }
      if (passing) return at(this.#byMethod(state, object, method, passing, label));
      if (call.new !== true && apis.length === 0 && !STRUCTURED.includes(label) && !this.#isAwaited(node)) {
        if (promises(method, label)) return [];
        // a method we know nothing of: its text may be the object's
        return at([{ node: object, path: [], doubt: 2 }]);
      }
    }
    if (call.new) return this.#program.fields(node, path[0]).length > 0 ? at(this.#constructed(state)) : [];
    return at(this.#unknown(state, apis, method, label));
  }

  /** The name in `c.get('tenant')` of Hono's context. */
  #variable(node: Node, object: Node): string | undefined {
    if (this.#requests.roleOfValue(object)?.shape !== 'hono-context') return undefined;
    const key = this.#program.argument(node, 0);
    const [name] = key === undefined ? [] : (this.#program.constants(key) ?? []);
    return name === undefined ? undefined : String(name);
  }

  /** `new URL('/login', request.url)` stays where the request was sent to. */
  #isBelowOwn(node: Node, api: string, label: Label): boolean {
    if ((label !== 'redirect' && label !== 'url-host') || !/^(url\.)?URL$/.test(api)) return false;
    const base = this.#program.argument(node, 1);
    const value = base === undefined ? undefined : this.#program.valueOf(base);
    return (
      base !== undefined &&
      value?.kind === 'member' &&
      /^(url|nextUrl|origin|href)$/.test(value.property ?? '') &&
      this.#isOfRequest(base)
    );
  }

  /** The user says that a call clears this. */
  #isDeclaredClean(node: Node, label: Label): boolean {
    const sanitizers = this.#requests.surroundings.declared?.sanitizers ?? [];
    return sanitizers.some(
      ({ call, clears }) =>
        (clears === 'all' || clears.some((kind) => DECLARED_SINKS[kind].label === label)) &&
        isCallTo(this.#program, node, call),
    );
  }

  /** A function of the program: what it returns, looked at for this call alone. */
  #returns({ node, frames, path }: State, fn: FunctionRef, isNew: boolean): readonly Next[] {
    const inside = pushed(frames, node, fn.node);
    if (isNew) {
      const [name, ...rest] = path;
      if (name === undefined) return [];
      return this.#program.fields(node, name.startsWith('*') ? undefined : name).map((field) => ({
        node: field.node,
        path: field.whole ? path : rest,
        frames: inside,
        place:
          field.module && field.block !== undefined
            ? { module: field.module, block: field.block, tests: [] }
            : undefined,
      }));
    }
    return fn.fact.returns.map(({ value, block }) => ({
      node: fn.module.first + value,
      frames: inside,
      place: { module: fn.module, block, tests: [] },
      note: `is returned by ${fn.fact.name ?? 'a function'}`,
    }));
  }

  #constructed({ node, path }: State): readonly Next[] {
    // what is put into single fields does not make the whole of it
    if (path.length === 0)
      return this.#program.fields(node).flatMap((field) => (field.whole ? [{ node: field.node }] : []));
    return this.#program.fields(node, path[0]).map((field) => ({ node: field.node, path: path.slice(1) }));
  }

  #passed(
    node: Node,
    path: readonly string[],
    passing: Passing,
    positions: readonly number[] | undefined,
    label: Label,
  ): readonly Next[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call') return [];
    const args = call.args.filter((_, index) => !positions || positions.includes(index));
    if (STRUCTURED.includes(label) && passing === 'deep') return [];
    return args.flatMap(({ value, spread }): readonly Next[] => {
      const argument = this.#program.child(node, value);
      const steps = pathsThrough(passing, path);
      return steps.map((step) => ({ node: argument, path: spread ? ['*', ...step] : step }));
    });
  }

  #byMethod(state: State, object: Node, method: string, passing: MethodPassing, label: Label): readonly Next[] {
    const { node, path, frames } = state;
    const first = this.#program.argument(node, 0);
    switch (passing) {
      case 'text': {
        if (STRUCTURED.includes(label)) return [];
        if (method.startsWith('replace')) return this.#replaced(node, object, label);
        if (
          label === 'long-text' &&
          /^(substr|substring|charAt)$/.test(method) &&
          this.#program.argument(node, 1) !== undefined
        )
          return [];
        return [{ node: object, path: [] }];
      }
      case 'same': {
        const call = this.#program.valueOf(node);
        if (label === 'long-text' && method === 'slice' && this.#program.argument(node, 1) !== undefined) return [];
        const added = method === 'concat' && call.kind === 'call' ? call.args : [];
        return [{ node: object }, ...added.map(({ value }) => ({ node: this.#program.child(node, value) }))];
      }
      case 'element':
        return [{ node: object, path: ['*', ...path] }];
      case 'joined':
        return STRUCTURED.includes(label)
          ? []
          : [{ node: object, path: ['*'] }, ...(first === undefined ? [] : [{ node: first, path: [] }])];
      case 'callback': {
        const functions = first === undefined ? [] : this.#functions(first);
        if (functions.length === 0) {
          // map(Number), map(String), map(escape)
          const apis = first === undefined ? [] : this.#program.apis(first);
          return apis.some((api) => sanitizes(api, label)) ? [] : [{ node: object }];
        }
        const rest = method === 'then' ? path : path.slice(1);
        return functions.flatMap((fn) =>
          fn.fact.returns.map(({ value, block }) => ({
            node: fn.module.first + value,
            path: rest,
            frames,
            place: { module: fn.module, block, tests: [] },
          })),
        );
      }
      case 'reduced': {
        const second = this.#program.argument(node, 1);
        const returned = (first === undefined ? [] : this.#functions(first)).flatMap((fn) =>
          fn.fact.returns.map(({ value, block }) => ({
            node: fn.module.first + value,
            place: { module: fn.module, block, tests: [] },
          })),
        );
        return [...returned, ...(second === undefined ? [] : [{ node: second }])];
      }
      default:
        return [];
    }
  }

  #functions(node: Node): readonly FunctionRef[] {
    return this.#program.origins(node).flatMap((origin) => this.#program.functionAt(origin) ?? []);
  }

  /** `replace` keeps what it does not match; taking out a class of characters clears what they could do. */
  #replaced(node: Node, object: Node, label: Label): readonly Next[] {
    const pattern = this.#program.argument(node, 0);
    const replacement = this.#program.argument(node, 1);
    const [origin] = pattern === undefined ? [] : this.#program.origins(pattern);
    const regex = origin === undefined ? undefined : this.#program.valueOf(origin);
    if (regex?.kind === 'regex') {
      const cleared: readonly string[] = clearedByRemoval(regex.pattern, regex.flags);
      if (cleared.includes(label)) return [];
      if (label === 'shell' && isQuoteEscape(this.#program, regex, replacement)) return [];
      if (label === 'path' && isClimbCut(this.#program, regex.pattern, object)) return [];
      if (label === 'html' && regex.flags.includes('g') && /</.test(regex.pattern) && /[[<|]/.test(regex.pattern))
        return [];
    }
    const inserted =
      replacement === undefined || this.#program.functionAt(replacement) ? [] : [{ node: replacement, path: [] }];
    return [{ node: object, path: [] }, ...inserted];
  }

  /** `buffer.toString('hex')`, `hash.digest('base64')`. */
  #encodes(node: Node, method: string): boolean {
    if (method === 'digest' || method === 'toISOString' || method === 'getTime' || method === 'toFixed') return true;
    if (method !== 'toString') return false;
    const first = this.#program.argument(node, 0);
    const [encoding] = first === undefined ? [] : (this.#program.constants(first) ?? []);
    return encoding === 'hex' || encoding === 'base64' || encoding === 'base64url';
  }

  /** `new Promise((resolve) => resolve(x))`: what `resolve` is called with. */
  #promised(node: Node): readonly Next[] {
    const executor = this.#program.argument(node, 0);
    return (executor === undefined ? [] : this.#functions(executor)).flatMap((fn) => {
      const param = fn.fact.params[0];
      if (!param) return [];
      return (this.#resolved().get(fn.module.first + param.value) ?? []).flatMap((call): readonly Next[] => {
        const value = this.#program.valueOf(call);
        const argument = this.#program.argument(call, 0);
        if (value.kind !== 'call' || argument === undefined) return [];
        return [{ node: argument, place: { module: this.#program.moduleOf(call), block: value.block, tests: [] } }];
      });
    });
  }

  /** A chain of properties and calls that starts at a parameter with a role: `req.get('x').trim()`. */
  #isOfRequest(node: Node): boolean {
    let current = node;
    for (let count = 0; count < MAX_CHAIN; count += 1) {
      const value = this.#program.valueOf(current);
      if (value.kind === 'param') return this.#requests.roleOfValue(current) !== undefined;
      if (value.kind === 'member') current = this.#program.child(current, value.object);
      else if (value.kind === 'await' || value.kind === 'typed') current = this.#program.child(current, value.value);
      else if (value.kind === 'call') current = this.#program.child(current, value.callee);
      else return false;
    }
    return false;
  }

  #isAwaited(node: Node): boolean {
    const call = this.#program.valueOf(node);
    return call.kind === 'call' && call.result === 'awaited';
  }

  /** A function of a package that only computes, as far as its use tells. */
  #unknown({ node }: State, apis: readonly string[], method: string, label: Label): readonly Next[] {
    const call = this.#program.valueOf(node);
    if (call.kind !== 'call' || STRUCTURED.includes(label) || call.result === 'awaited') return [];
    const [api] = apis;
    if (api === undefined || api.includes('()') || api.includes('@') || OPAQUE_PACKAGES.test(api)) return [];
    const name = method === '' ? (api.split(/[./]/).at(-1) ?? '') : method;
    if (promises(name, label) || /^(is|has|get|find|load|fetch|create|make|count|should|can)[A-Z]?/.test(name))
      return [];
    return call.args.map(({ value }) => ({
      node: this.#program.child(node, value),
      path: [],
      doubt: 2,
      note: `goes through ${name}`,
    }));
  }
}

/** `path.normalize(x).replace(/^(\.\.(\/|\\|$))+/, '')`: once normalized, a path climbs at its start or nowhere. */
const isClimbCut = (program: Program, pattern: string, object: Node): boolean =>
  /^\^\(+(\?:)?\\\.\\\.|^\^\(+(\?:)?\\\.\{2\}/.test(pattern) &&
  /\)[+*]$/.test(pattern) &&
  program.origins(object).some((origin) => {
    const call = program.valueOf(origin);
    return (
      call.kind === 'call' &&
      program.apis(program.child(origin, call.callee)).some((api) => /^path(\.posix|\.win32)?\.normalize$/.test(api))
    );
  });

/** Every quote is closed, escaped and opened again: nothing leaves the quotes of a shell. */
function isQuoteEscape(
  program: Program,
  { pattern, flags }: { readonly pattern: string; readonly flags: string },
  replacement: Node | undefined,
): boolean {
  const [text] = (replacement === undefined ? undefined : program.constants(replacement)) ?? [];
  return pattern === "'" && flags.includes('g') && (text === "'\\''" || text === `'"'"'`);
}

const READERS =
  /^(?:h3\.|#imports\.|nitropack\.|hono\/cookie\.)?((?:read|getQuery|getRouterParam|getHeader|getRequest|getCookie|parseCookies)\w*)$/;

/** Calls that read a request to its end. */
const STREAM_READERS = /^(stream\/consumers\.(text|json|buffer|arrayBuffer|blob)|(raw-body|co-body|micro)(\.\w+)?)$/;

/** `readBody(event)`: functions of h3, which Nitro and Nuxt make global. */
function readerOf(apis: readonly string[]): string | undefined {
  for (const api of apis) {
    if (STREAM_READERS.test(api)) return 'stream';
    const name = READERS.exec(api)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The host of a parsed URL is a name: no path, no markup, no quotes. */
const isHostOnly = (api: string, path: readonly string[], label: Label): boolean =>
  /^(url\.)?URL$/.test(api) &&
  /^(hostname|host|port|protocol)$/.test(path[0] ?? '') &&
  label !== 'url-host' &&
  label !== 'redirect';

function pathsThrough(passing: Passing, path: readonly string[]): readonly (readonly string[])[] {
  switch (passing) {
    case 'same':
      return [path];
    case 'flat':
      return [[]];
    case 'deep':
      return [['**'], []];
    case 'values':
    case 'items':
      return [['*', ...path.slice(1)]];
    case 'keys':
      return [['*']];
    default:
      return [['*', ...path.slice(2)]];
  }
}
