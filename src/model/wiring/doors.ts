import type { Code } from '../code/code.ts';
import type { Node, Program } from '../program/program.ts';
import type { Listen } from '../servers/servers.ts';
import type { Door } from './wiring.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/;
const MAX_DEPTH = 5;

/** Where a listening call opens a port. */
export function doorOf(program: Program, code: Code, { call, framework }: Listen): Door {
  const somewhere: Door = { at: code.calleeAt(call), framework, defaults: [], variables: [], known: false };
  // hapi is told its port where the server is made
  if (!/^(express|koa|fastify|nest|node:http|hono)$/.test(framework)) return somewhere;
  const first = code.argument(call, 0);
  if (first.state !== 'given') return somewhere;
  const options = program.origins(first.value).some((node) => program.valueOf(node).kind === 'object');
  const port = options ? code.option(call, 0, 'port') : first;
  const host = options ? code.option(call, 0, framework === 'hono' ? 'hostname' : 'host') : code.argument(call, 1);
  if (port.state !== 'given') return somewhere;
  const folded = { defaults: new Set<number>(), variables: new Set<string>(), known: true };
  fold(program, port.value, folded, 0);
  const written = host.state === 'given' ? (program.constants(host.value) ?? []) : [];
  const [only] = written;
  const loopback =
    host.state === 'given' && written.length === 1 && typeof only === 'string' && LOOPBACK.test(only)
      ? { host: only, at: host.at }
      : framework === 'fastify' && host.state === 'absent'
        ? { host: 'localhost', at: code.calleeAt(call) }
        : undefined;
  return {
    at: code.calleeAt(call),
    framework,
    defaults: [...folded.defaults],
    variables: [...folded.variables],
    known: folded.known,
    ...(loopback && { loopback }),
  };
}

interface Folded {
  readonly defaults: Set<number>;
  readonly variables: Set<string>;
  known: boolean;
}

/** `process.env.PORT ?? 3000`, `Number(…)`, and what names and settings lead to. */
function fold(program: Program, node: Node, into: Folded, depth: number): void {
  for (const origin of program.origins(node)) {
    const value = program.valueOf(origin);
    const variable = program.apis(origin).flatMap((api) => /^process\.env\.(\w+)$/.exec(api)?.[1] ?? [])[0];
    if (variable !== undefined) into.variables.add(variable);
    else if (value.kind === 'literal' && /^\d{1,5}$/.test(String(value.value))) into.defaults.add(Number(value.value));
    else if (value.kind === 'call' && depth < MAX_DEPTH && isNumber(program, origin)) {
      const [argument] = value.args;
      if (argument) fold(program, program.child(origin, argument.value), into, depth + 1);
    } else if (value.kind === 'operation' && depth < MAX_DEPTH && value.operands.length <= 2) {
      for (const operand of value.operands) fold(program, program.child(origin, operand.value), into, depth + 1);
    } else into.known = false;
  }
}

const isNumber = (program: Program, call: Node): boolean => {
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
  return callee?.kind === 'global' && /^(Number|parseInt)$/.test(callee.name);
};
