import type { Node, Program } from '../program/program.ts';
import { isComputedRequire } from './computed-require.ts';

const FRAMEWORK =
  /^(express|connect|polka|restify|restana|fastify|koa|@koa\/router|koa-router|@hapi\/hapi|hapi|hono(\/[\w-]+)?|@hono\/[\w-]+|@nestjs\/core|https?|http2|express-promise-router|@feathersjs\/express|serverless-http|find-my-way|fastify-plugin|routing-controllers|inversify-express-utils|awilix-(express|koa|router-core)|@fastify\/autoload)(\.|\(|$)/;
const REGISTERS =
  /^(use|get|post|put|patch|delete|del|head|options|all|route|register|addHook|listen|param|set|enable|disable|setErrorHandler|setGlobalPrefix|useGlobalGuards|useGlobalPipes|useGlobalFilters|enableCors|ext|onPreHandler|mount|server|start)$/;

/** A parameter of a callback, in a canonical path. */
const GIVEN = /@\d+#/;
/** A request or its answer has methods of the same names. */
const EXCHANGE = /^(req|res|request|response|reply|ctx)$/;

/**
 * Functions whose run may create an application, register something on one or hand one over: by what they call, and
 * whatever calls them or is written around them.
 */
export function relevantFunctions(program: Program): ReadonlySet<Node> {
  const relevant = new Set<Node>();
  const open: Node[] = [];
  const mark = (fn: Node | undefined): void => {
    if (fn === undefined || relevant.has(fn)) return;
    relevant.add(fn);
    open.push(fn);
  };
  for (const call of program.calls) if (concernsFramework(program, call)) mark(program.enclosing(call)?.node);
  for (let fn = open.pop(); fn !== undefined; fn = open.pop()) {
    for (const call of program.callers(fn)) mark(program.enclosing(call)?.node);
    for (const { call } of program.handedTo(fn)) mark(program.enclosing(call)?.node);
    const ref = program.functionAt(fn);
    const parent = ref?.fact.parent;
    if (ref && parent !== undefined && parent > 0) mark(program.functionIn(ref.module, parent)?.node);
  }
  return relevant;
}

function concernsFramework(program: Program, call: Node): boolean {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return false;
  const callee = program.child(call, value.callee);
  if (isComputedRequire(program, call)) return program.loadedAt(call).length > 0;
  const apis = program.apis(callee);
  if (apis.some((api) => FRAMEWORK.test(api) && !GIVEN.test(api))) return true;
  // what a function that is no framework's hands to a callback
  if (apis.length > 0 && apis.every((api) => GIVEN.test(api) && !FRAMEWORK.test(api))) return false;
  const member = program.valueOf(callee);
  if (member.kind !== 'member') return false;
  // a method of a parameter nobody has typed: `module.exports = (app) => app.use(…)`
  const object = program.valueOf(program.child(callee, member.object));
  return (
    member.property !== undefined &&
    REGISTERS.test(member.property) &&
    object.kind === 'param' &&
    !EXCHANGE.test(program.describe(program.child(callee, member.object))) &&
    program.argument(call, 1) !== undefined
  );
}
