import type { Node, Program } from '../program/program.ts';
import { lastName } from './api-path.ts';
import type { Received } from './flows.ts';
import type { Requests } from './requests.ts';

const MAX_DEPTH = 14;
/** Methods whose result is made of what they are called on. */
const PASSING =
  /^(toString|trim|slice|substring|substr|split|replace|replaceAll|toLowerCase|toUpperCase|at|pop|shift|join|concat|normalize|match|json|valid)$/;
/** Functions whose result is made of their first argument. */
const WRAPPING = /^(String|Number|Boolean|decodeURIComponent|Buffer\.from|JSON\.parse|atob|parseInt|unescape)$/;
const READING = /^(get|header|param|query|cookie)$/;

/** Which part of a request a value is read from, wherever it was handed on to; undefined for all others. */
export function receivedOf(program: Program, requests: Requests, node: Node, depth = 0): Received | undefined {
  if (depth > MAX_DEPTH) return undefined;
  for (const origin of program.origins(node)) {
    const found = ofOrigin(program, requests, origin, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function ofOrigin(program: Program, requests: Requests, origin: Node, depth: number): Received | undefined {
  const value = program.valueOf(origin);
  const inner = (id: number): Received | undefined => receivedOf(program, requests, program.child(origin, id), depth);
  switch (value.kind) {
    case 'param': {
      const role = requests.roleOf(origin);
      return role && { node: origin, shape: role.shape, path: decoratedPath(program, origin) };
    }
    case 'member': {
      const object = inner(value.object);
      if (!object) return undefined;
      const [key] = value.key === undefined ? [] : (program.constants(program.child(origin, value.key)) ?? []);
      return { ...object, node: origin, path: [...object.path, value.property ?? String(key ?? '*')] };
    }
    case 'call':
      return ofCall(program, requests, origin, depth);
    case 'await':
    case 'typed':
      return inner(value.value);
    case 'element':
    case 'rest':
      return inner(value.of);
    case 'join':
      return value.parts.map((part) => inner(part.value)).find((found) => found !== undefined);
    case 'either':
      return value.options.map(inner).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

/** What a decorator of a parameter takes it from: `@Param('id')` is `params`, `id`. */
const DECORATED = new Map([
  ['Body', 'body'],
  ['Query', 'query'],
  ['Param', 'params'],
  ['Headers', 'headers'],
  ['BodyParam', 'body'],
  ['QueryParam', 'query'],
  ['HeaderParam', 'headers'],
  ['CookieParam', 'cookies'],
]);

function decoratedPath(program: Program, param: Node): readonly string[] {
  const value = program.valueOf(param);
  if (value.kind !== 'param') return [];
  const { facts, first } = program.moduleOf(param);
  const { decorators = [] } = facts.functions[value.function]?.params[value.index] ?? {};
  for (const decorator of decorators) {
    const call = program.valueOf(first + decorator);
    if (call.kind !== 'call') continue;
    const part = program
      .apis(program.child(first + decorator, call.callee))
      .map((api) => DECORATED.get(lastName(api)))
      .find((each) => each !== undefined);
    if (part === undefined) continue;
    const given = program.argument(first + decorator, 0);
    const [name] = given === undefined ? [] : (program.constants(given) ?? []);
    if (typeof name !== 'string') return [part];
    return [part, part === 'headers' ? name.toLowerCase() : name];
  }
  return [];
}

function ofCall(program: Program, requests: Requests, call: Node, depth: number): Received | undefined {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const calleeNode = program.child(call, value.callee);
  const callee = program.valueOf(calleeNode);
  const first = program.argument(call, 0);
  if (first !== undefined && program.apis(calleeNode).some((api) => WRAPPING.test(api)))
    return receivedOf(program, requests, first, depth);
  if (callee.kind !== 'member' || callee.property === undefined) return undefined;
  const reads = READING.test(callee.property);
  if (!reads && !PASSING.test(callee.property)) return undefined;
  const object = receivedOf(program, requests, program.child(calleeNode, callee.object), depth);
  if (!object || !reads) return object;
  const [name] = first === undefined ? [] : (program.constants(first) ?? []);
  const isHeader = callee.property === 'header' || (callee.property === 'get' && !object.path.includes('cookies'));
  const part = isHeader ? (object.path.includes('headers') ? [] : ['headers']) : [callee.property];
  return { ...object, node: call, path: [...object.path, ...part, String(name ?? '*').toLowerCase()] };
}
