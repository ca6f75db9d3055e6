import type { Node, Program } from '../program/program.ts';

/** Canonical paths whose call opens a port or serves requests. */
const LISTENS = new RegExp(
  [
    /^(express|connect|polka|restana|restify\.createServer|fastify|fastify\.(fastify|default)|koa|@hapi\/hapi\.(server|Server)|hapi\.(server|Server)|uWebSockets\.js\.(SSL)?App)(\.Application)?\(\)\.listen$/,
    /^(@hapi\/hapi|hapi)\.(server|Server)\(\)\.start$/,
    /^(https?|http2|net|tls)\.(createServer|createSecureServer|Server)\(\)\.listen$/,
    /^@nestjs\/core\.NestFactory\.create(Microservice)?\(\)\.(listen|listenAsync)$/,
    /^(@hono\/node-server|@hono\/node-server\.serve|@hono\/node-server\.createAdaptorServer\(\)\.listen)(\.serve)?$/,
    /^(Bun|Deno)\.serve$/,
    /^@apollo\/server\/standalone\.startStandaloneServer$/,
    /^(apollo-server|apollo-server-express|graphql-yoga)\.\w+\(\)\.listen$/,
    /^@grpc\/grpc-js\.Server\(\)\.(bindAsync|bind|start)$/,
    /^(ws\.(WebSocketServer|Server)|ws|socket\.io\.Server)$/,
    /^socket\.io(\.Server)?\(\)\.(listen|attach)$/,
    /^fastify-cli\/helper\.build$/,
    /^@sveltejs\/kit\/node$/,
    /^parse-server\.(default\.)?startApp$/,
    /^@loopback\/rest\.RestApplication\(\)\.start$/,
    /^@feathersjs\/(express|koa)\w*\(\)\.listen$/,
    /^(moleculer-web|sails)\b.*\.(lift|listen)$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Canonical paths whose call starts to consume jobs or messages, or repeats something. */
const WORKS =
  /^(bullmq\.Worker|bull\(\)\.process|bull\.Queue\(\)\.process|bee-queue\(\)\.process|agenda(\.Agenda)?\(\)\.(start|define)|amqplib(\/callback_api)?\.connect\(\)\.(createChannel|createConfirmChannel)\(\)\.consume|amqplib\.connect|kafkajs\.Kafka\(\)\.consumer\(\)\.(run|subscribe)|sqs-consumer\.Consumer\.create|node-cron\.schedule|cron(\.CronJob)?|croner(\.Cron)?|node-schedule\.scheduleJob|graphile-worker\.run|pg-boss\(\)\.(work|start)|nats\.connect|mqtt\.connect|@temporalio\/worker\.Worker\.create|@nestjs\/core\.NestFactory\.createMicroservice|setInterval|discord\.js\.Client|telegraf(\.Telegraf)?|node-telegram-bot-api|grammy\.Bot)$/;

/** Whether a module opens a port, certainly or probably, or consumes something. */
export interface Activity {
  readonly listens?: { readonly call: Node; readonly confidence: 'certain' | 'likely' };
  readonly works?: Node;
}

const NOTHING: Activity = {};

export function activitiesOf(program: Program): (path: string) => Activity {
  const found = new Map<string, Activity>();
  for (const call of new Set([...program.callsTo(LISTENS, WORKS), ...program.callsNamed('listen')])) {
    const value = program.valueOf(call);
    if (value.kind !== 'call') continue;
    const callee = program.child(call, value.callee);
    const apis = program.apis(callee);
    const path = program.moduleOf(call).path;
    const known = found.get(path) ?? NOTHING;
    if (apis.some((api) => LISTENS.test(api)) && opensPort(program, call, apis)) {
      if (known.listens?.confidence !== 'certain')
        found.set(path, { ...known, listens: { call, confidence: 'certain' } });
    } else if (apis.some((api) => WORKS.test(api)) && !(apis.includes('setInterval') && !isAtTop(program, call))) {
      found.set(path, { ...known, works: known.works ?? call });
    } else if (!known.listens && seemsToListen(program, call, apis)) {
      found.set(path, { ...known, listens: { call, confidence: 'likely' } });
    }
  }
  return (path) => found.get(path) ?? NOTHING;
}

/** `new WebSocketServer({ server })` shares a port; `{ port }` opens one. */
function opensPort(program: Program, call: Node, apis: readonly string[]): boolean {
  if (!apis.some((api) => /^(ws|socket\.io)\b/.test(api))) return true;
  const argument = program.argument(call, 0);
  if (argument === undefined) return false;
  return program.property(argument, 'port').length > 0 || typeof program.constants(argument)?.[0] === 'number';
}

const isAtTop = (program: Program, call: Node): boolean => program.enclosing(call) === undefined;

/** `.listen(port)` of something unknown: a number, `PORT` by name, or a callback after it. */
function seemsToListen(program: Program, call: Node, apis: readonly string[]): boolean {
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
  if (callee?.kind !== 'member' || callee.property !== 'listen') return false;
  if (apis.length > 0 && !apis.some((api) => /@\d+#\d+|\(\)/.test(api))) return false;
  if (program.callees(call).length > 0) return false;
  const port = program.argument(call, 0);
  if (port === undefined) return false;
  return (
    namesPort(program, port) ||
    typeof program.constants(port)?.[0] === 'number' ||
    program.property(port, 'port').length > 0
  );
}

/** `PORT`, `config.port`, or one of several options. */
function namesPort(program: Program, node: Node, depth = 0): boolean {
  const value = program.valueOf(node);
  if ((value.kind === 'either' || value.kind === 'variable') && depth < 4)
    return value.options.some((option) => namesPort(program, program.child(node, option), depth + 1));
  if (value.kind === 'call' && depth < 4)
    return value.args.some((argument) => namesPort(program, program.child(node, argument.value), depth + 1));
  return /port\b/i.test(program.describe(node));
}
