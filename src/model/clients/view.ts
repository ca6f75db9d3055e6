import { absent, defineView, present } from '../view.ts';
import type { Code } from '../code/code.ts';
import { placeOf } from '../place.ts';
import type { Node, Program } from '../program/program.ts';
import type { Clients, Deadline, Outbound } from './clients.ts';
import { LIBRARIES } from './libraries.ts';
import type { Library } from './libraries.ts';

export const clients = defineView({
  name: 'clients',
  reads: [],
  needs: ['program', 'code'],
  build: (_, { program, code }) => {
    if (program.state !== 'present' || code.state !== 'present') return absent('There is no code to look at.');
    return present(clientsOf(program.answer, code.answer), program.gaps);
  },
});

function clientsOf(program: Program, code: Code): Clients {
  const hasGlobalDispatcher = program.callsTo('undici.setGlobalDispatcher').length > 0;
  const isUndici = ({ name }: Library): boolean => name === 'fetch' || name === 'undici';
  const outbound = program.callsTo(...LIBRARIES.map(({ api }) => api)).flatMap((call): readonly Outbound[] => {
    const value = program.valueOf(call);
    if (value.kind !== 'call' || value.new || value.args.length === 0) return [];
    if (placeOf(program.moduleOf(call).path) === 'test') return [];
    for (const api of code.apiOf(call)) {
      if (api.length > 100) continue;
      for (const library of LIBRARIES) {
        const match = library.api.exec(api);
        if (!match) continue;
        const method = methodOf(program, code, call, library, match[1]);
        const own = deadlineOf(program, code, call, library, match[1]);
        const deadline = own === 'unbounded' && isUndici(library) && hasGlobalDispatcher ? 'unknown' : own;
        const { name, waits } = library;
        return [{ call, library: name, deadline, waits, ...(method !== undefined && { method }) }];
      }
    }
    return [];
  });
  return { outbound };
}

function methodOf(
  program: Program,
  code: Code,
  call: Node,
  library: Library,
  named: string | undefined,
): string | undefined {
  if (named !== undefined && !/^(request|stream|pipeline)$/.test(named))
    return named.replace(/Form$/, '').toUpperCase();
  for (const index of library.options(named)) {
    const option = code.option(call, index, 'method');
    if (option.state === 'unknown') return undefined;
    if (option.state !== 'given') continue;
    const constants = program.constants(option.value);
    return constants?.length === 1 ? String(constants[0]).toUpperCase() : undefined;
  }
  return 'GET';
}

function deadlineOf(program: Program, code: Code, call: Node, library: Library, method: string | undefined): Deadline {
  const states = library.options(method).flatMap((index) => {
    const argument = code.argument(call, index);
    if (argument.state === 'absent') return ['absent'];
    if (argument.state === 'unknown') return ['unknown'];
    // a URL, or a callback, has no options
    if (isText(program, code, argument.value)) return ['absent'];
    return library.limits.map((name) => code.property(argument.value, name).state);
  });
  if (states.includes('given') || isBoundedAround(program, code, call)) return 'bounded';
  const chain = chained(code, call);
  if (library.chained?.some((name) => chain.includes(name))) return 'bounded';
  const inherited = ofInstance(program, code, call, library);
  if (inherited !== 'unbounded') return inherited;
  return states.includes('unknown') ? 'unknown' : 'unbounded';
}

/** A text, a URL, or a function: nothing that could hold options. */
function isText(program: Program, code: Code, node: Node): boolean {
  if (program.constants(node) || code.functionsIn(node).length > 0) return true;
  return program.origins(node).every((origin) => {
    const value = program.valueOf(origin);
    if (value.kind === 'join' || value.kind === 'literal') return true;
    if (value.kind === 'either' || value.kind === 'secret') return true;
    if (value.kind === 'member')
      return /^(env|url|uri|href|link|endpoint)$/i.test(value.property ?? '') || isEnvironment(program, origin);
    return value.kind === 'call' && program.apis(origin).some((api) => /^URL\(\)|\.toString\(\)$/.test(api));
  });
}

const isEnvironment = (program: Program, node: Node): boolean =>
  program.apis(node).some((api) => api.startsWith('process.env'));

/** Names of the methods called on a call's result, and on theirs. */
function chained(code: Code, call: Node, depth = 0): readonly string[] {
  if (depth > 10) return [];
  return code
    .callsOn(call)
    .flatMap((each) => [each.name, ...(each.call === call ? [] : chained(code, each.call, depth + 1))]);
}

/** Given to a race, a time limit or a circuit breaker. */
function isBoundedAround(program: Program, code: Code, call: Node, depth = 0): boolean {
  const takers = code.handedOut(call).map((taker) => taker.call);
  if (takers.some((taker) => isLimiter(code, taker))) return true;
  const owner = code.ownerOf(call);
  if (!owner || depth > 2) return raced(program, code, call);
  if (program.handedTo(owner.node).some((taker) => isLimiter(code, taker.call))) return true;
  return raced(program, code, call) || program.callers(owner.node).some((caller) => isLimiterAround(code, caller));
}

const LIMITER =
  /^(p-timeout|promise-timeout\.timeout|opossum|cockatiel\.\w+\(\)\.execute|Promise\.race|Promise\.any|p-timeout\.default)$/;

const isLimiter = (code: Code, call: Node): boolean => code.apiOf(call).some((api) => LIMITER.test(api));

const isLimiterAround = (code: Code, caller: Node): boolean =>
  code.handedOut(caller).some(({ call }) => isLimiter(code, call));

/** In the array that `Promise.race` takes. */
function raced(program: Program, code: Code, call: Node): boolean {
  return [...program.callsTo('Promise.race'), ...program.callsTo('Promise.any')].some((race) => {
    const argument = code.argument(race, 0);
    if (argument.state !== 'given') return true;
    return program.origins(argument.value).some((origin) => {
      const value = program.valueOf(origin);
      return (
        value.kind === 'array' &&
        value.items.some((item) => program.origins(program.child(origin, item.value)).includes(call))
      );
    });
  });
}

/** What an instance (`axios.create`, `got.extend`) or the library's own defaults say. */
function ofInstance(program: Program, code: Code, call: Node, library: Library): Deadline {
  if (library.name !== 'axios' && library.name !== 'got') return 'unbounded';
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
  const member = program.valueOf(callee);
  const holder =
    member.kind === 'member' && member.property !== 'default' ? program.child(callee, member.object) : callee;
  for (const origin of program.origins(holder)) {
    const made = program.valueOf(origin);
    if (made.kind === 'call') {
      for (const name of library.limits) {
        const option = code.option(origin, 0, name);
        if (option.state === 'given') return 'bounded';
        if (option.state === 'unknown') return 'unknown';
      }
    }
    const adapted = interceptorOf(program, code, origin);
    if (adapted) return adapted;
    if (setsDefaults(program, origin, library)) return 'bounded';
  }
  return 'unbounded';
}

const INTERCEPTS = /\.interceptors\.request\.use$/;

/** An interceptor may set a limit: it does if it writes one, and may if we cannot see it. */
function interceptorOf(program: Program, code: Code, instance: Node): Deadline | undefined {
  for (const each of program.callsTo(INTERCEPTS)) {
    const api = code.apiOf(each).find((path) => INTERCEPTS.test(path));
    if (api === undefined) continue;
    const instances = program.apis(instance);
    if (!instances.some((path) => api.startsWith(path))) continue;
    const argument = code.argument(each, 0);
    const fns = argument.state === 'given' ? code.functionsIn(argument.value) : [];
    if (fns.length === 0) return 'unknown';
    const limits = fns.some(({ module, fact }) =>
      module.facts.writes.some(
        ({ property, at }) => /^(timeout|signal)$/.test(property ?? '') && at[0] >= fact.at[0] && at[1] <= fact.at[1],
      ),
    );
    if (limits) return 'bounded';
  }
  return undefined;
}

/** `axios.defaults.timeout = 5000`. */
function setsDefaults(program: Program, instance: Node, { limits }: Library): boolean {
  const paths = program.apis(instance);
  return [...program.modules.values()].some((module) =>
    module.facts.writes.some(({ object, property }) => {
      if (property === undefined || !limits.includes(property)) return false;
      const holder = program.nodeIn(module, object);
      return program
        .apis(holder)
        .some((path) => paths.some((own) => path === `${own}.defaults` || path === 'axios.defaults'));
    }),
  );
}
