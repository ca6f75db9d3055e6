import { absent, defineView, present } from '../view.ts';
import { keepAliveOf } from './keep-alive.ts';
import type { Code } from '../code/code.ts';
import type { Node, Program } from '../program/program.ts';
import { placeOf } from '../place.ts';
import { packageOf } from '../loading/view.ts';
import { processListenersOf } from './process-listeners.ts';
import type { Listen, Servers } from './servers.ts';

export const servers = defineView({
  name: 'servers',
  reads: [],
  needs: ['program', 'code'],
  build: (_, { program, code }) => {
    if (program.state !== 'present' || code.state !== 'present') return absent('There is no code to look at.');
    return present(serversOf(program.answer, code.answer), program.gaps);
  },
});

interface Row {
  readonly api: RegExp;
  readonly framework: string;
}

const LISTENS: readonly Row[] = [
  {
    framework: 'express',
    api: /^(express|polka|connect|restify\.createServer|express-ws\(\)\.app)\(\)(\.\w+\(\))*\.listen$/,
  },
  { framework: 'express', api: /^express\.(Express|Application)\(\)\.listen$/ },
  { framework: 'koa', api: /^koa(\.default)?\(\)(\.\w+\(\))*\.listen$/ },
  { framework: 'fastify', api: /^fastify(\.(fastify|default|FastifyInstance))?\(\)(\.\w+\(\))*\.listen$/ },
  { framework: 'hapi', api: /^@?hapi(\/hapi)?\.(server|Server)\(\)\.start$/ },
  { framework: 'nest', api: /^@nestjs\/core\.NestFactory\.create\(\)\.listen$/ },
  { framework: 'hono', api: /^@hono\/node-server\.serve$/ },
  { framework: 'apollo', api: /^@apollo\/server\/standalone\.startStandaloneServer$/ },
  { framework: 'grpc', api: /^@grpc\/grpc-js\.Server\(\)\.bindAsync$/ },
  { framework: 'node:http', api: /^https?\.(createServer|Server)\(\)(\.\w+\(\))*\.listen$/ },
  { framework: 'node:http2', api: /^http2\.create(Secure)?Server\(\)\.listen$/ },
  { framework: 'node:net', api: /^(net|tls)\.createServer\(\)\.listen$/ },
];

const SHUTDOWN_PACKAGE =
  /^(@godaddy\/terminus|@nestjs\/terminus|lightship|stoppable|death|hapi-pulse|(async-)?exit-hook|close-with-grace|[\w@/.-]*(graceful|shutdown|http-terminator)[\w.-]*)$/;

function serversOf(program: Program, code: Code): Servers {
  const listens = program.callsTo(...LISTENS.map(({ api }) => api)).flatMap((call): readonly Listen[] => {
    const row = LISTENS.find(({ api }) => code.apiOf(call).some((each) => each.length < 300 && api.test(each)));
    if (!row || placeOf(program.moduleOf(call).path) === 'test') return [];
    return [{ call, framework: row.framework, servers: [call, ...code.receiversOf(call)] }];
  });
  const listening = new Set(listens.flatMap((listen) => listen.servers));
  return {
    listens,
    keepAlive: keepAliveOf(program, listens),
    process: processListenersOf(program, code).filter(
      ({ call, fn }) => placeOf(program.moduleOf(call).path) !== 'test' && !(fn && isTakenBack(program, code, fn.node)),
    ),
    shutdownPackages: shutdownPackagesOf(program),
    shutdownHooks: program.callsNamed('enableShutdownHooks'),
    closesServer: (close) =>
      code.receiversOf(close).some((receiver) => listening.has(receiver) || madeServer(program, receiver)),
  };
}

/** `http.createServer(app)`, though it is another value that was seen to listen. */
const madeServer = (program: Program, node: Node): boolean =>
  program
    .apis(node)
    .some((api) => /^(https?\.(createServer|Server)|http2\.create(Secure)?Server|net\.createServer)\(\)$/.test(api)) ||
  program.apis(node).some((api) => /^https?\.Server\(\)$|\.listen\(\)$/.test(api));

/** A listener that is removed again is there for a moment only. */
const isTakenBack = (program: Program, code: Code, fn: Node): boolean =>
  program.handedTo(fn).some(({ call }) => code.apiOf(call).some((api) => /^process\.(off|removeListener)$/.test(api)));

function shutdownPackagesOf(program: Program): Servers['shutdownPackages'] {
  return [...program.modules.values()].flatMap(({ path, facts }) =>
    facts.imports.flatMap(({ module, kind }) => {
      const name = module === undefined || kind === 'type' || /^[./]/.test(module) ? undefined : packageOf(module);
      return name !== undefined && name.length < 80 && SHUTDOWN_PACKAGE.test(name) && name !== '@nestjs/terminus'
        ? [{ name, path }]
        : [];
    }),
  );
}
