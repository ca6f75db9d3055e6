import type { Code } from '../code/code.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import type { Handler } from './handlers.ts';
import { HANDLER_DECORATORS, registrationAt } from './registrations.ts';
import type { Registration } from './registrations.ts';

/** Every handler of the program: registered by a call, a decorator or a path, or shaped like one. */
export function handlersOf(program: Program, code: Code): readonly Handler[] {
  const found = new Map<Node, Handler>();
  const add = (handler: Handler): void => {
    if (!found.has(handler.fn.node)) found.set(handler.fn.node, handler);
  };
  for (const call of program.calls) {
    for (const api of code.apiOf(call)) {
      const registration = registrationAt(api);
      if (!registration) continue;
      for (const fn of functionsOf(program, code, call, registration)) {
        const { trigger, framework, awaits } = registration;
        add({ fn, trigger, framework, awaits, registered: call });
      }
    }
  }
  for (const module of program.modules.values()) {
    decorated(program, module).forEach(add);
    routed(program, module).forEach(add);
  }
  for (const module of program.modules.values()) shaped(program, module).forEach(add);
  return [...found.values()];
}

function functionsOf(program: Program, code: Code, call: Node, registration: Registration): readonly FunctionRef[] {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return [];
  const { events } = registration;
  const event = events && program.argument(call, 0);
  const named = event === undefined ? [] : (program.constants(event) ?? []);
  if (events && named.length > 0 && !named.some((each) => events.test(String(each)))) return [];
  return value.args.slice(registration.from).flatMap((argument) => {
    const node = program.child(call, argument.value);
    const properties = (registration.properties ?? []).flatMap((name) => {
      const option = code.property(node, name);
      return option.state === 'given' ? code.functionsIn(option.value) : [];
    });
    return [...code.functionsIn(node), ...properties];
  });
}

/** Methods a decorator makes handlers, and those a NestJS guard, interceptor or pipe must have. */
function decorated(program: Program, module: Module): readonly Handler[] {
  return module.facts.classes.flatMap((fact) => {
    const isInjectable = fact.decorators.some((id) =>
      program.apis(module.first + id).some((api) => /^@nestjs\/common\.(Injectable|Catch)\(\)$/.test(api)),
    );
    return fact.members.flatMap((member): readonly Handler[] => {
      const fn = member.value === undefined ? undefined : program.functionAt(module.first + member.value);
      if (!fn || member.kind !== 'method') return [];
      const apis = member.decorators.flatMap((id) => program.apis(module.first + id));
      const row = HANDLER_DECORATORS.find(({ api }) => apis.some((each) => api.test(each)));
      const isHook = isInjectable && /^(canActivate|intercept|transform|catch|use|validate)$/.test(member.name ?? '');
      if (!row && !isHook) return [];
      return [{ fn, trigger: row?.trigger ?? 'request', framework: 'nest', awaits: true }];
    });
  });
}

const NEXT_API = /(^|\/)pages\/api\/.+\.[jt]sx?$/;
const NEXT_ROUTE = /(^|\/)app\/(.+\/)?route\.[jt]sx?$/;
const VERB = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

/** Next.js finds handlers by the path of their file. */
function routed(program: Program, module: Module): readonly Handler[] {
  const isApi = NEXT_API.test(module.path);
  if (!isApi && !NEXT_ROUTE.test(module.path)) return [];
  return module.facts.exports.flatMap(({ name, value }) => {
    if (isApi ? name !== 'default' : !VERB.test(name)) return [];
    return program.origins(module.first + value).flatMap((origin): readonly Handler[] => {
      const fn = program.functionAt(origin);
      return fn ? [{ fn, trigger: 'request', framework: 'next', awaits: true }] : [];
    });
  });
}

const REQUEST = /^_?(req|request)$/;
const RESPONSE = /^_?(res|resp|response|reply)$/;

const ANSWER = /^(http\.ServerResponse|express\.Response|fastify\.FastifyReply|next\.NextApiResponse)$/;

/** `(response: ServerResponse)`: who is given the answer to write has one to write. */
const takesAnswer = (program: Program, { first }: Module, { fact }: FunctionRef): boolean =>
  fact.params.some(
    ({ type }) => type?.value !== undefined && program.apis(first + type.value).some((api) => ANSWER.test(api)),
  );

/** `(req, res)`, `(err, req, res, next)`: what nothing in the program calls and only a framework would. */
function shaped(program: Program, module: Module): readonly Handler[] {
  return module.facts.values.flatMap((value, id): readonly Handler[] => {
    const fn = value.kind === 'function' ? program.functionAt(module.first + id) : undefined;
    const names = fn?.fact.params.map(({ name }) => name ?? '') ?? [];
    const at = REQUEST.test(names[0] ?? '') ? 0 : /^_?(err|error)$/.test(names[0] ?? '') ? 1 : -1;
    if (!fn || names.length > 4) return [];
    const isNamed = at >= 0 && REQUEST.test(names[at] ?? '') && RESPONSE.test(names[at + 1] ?? '');
    if (!isNamed && !takesAnswer(program, module, fn)) return [];
    if (program.callers(fn.node).length > 0) return [];
    return [{ fn, trigger: 'request', framework: 'express', awaits: false, byShape: true }];
  });
}
