/** What makes a handler run. */
export type Trigger = 'request' | 'message' | 'job';

/** A call that registers handlers, by the canonical path of what is called. */
export interface Registration {
  readonly trigger: Trigger;
  /** The first argument that may be a handler. */
  readonly from: number;
  /** The framework waits for the handler's promise and deals with its rejection. */
  readonly awaits: boolean;
  /** Properties of an object argument that are handlers; absent where arguments are handlers themselves. */
  readonly properties?: readonly string[];
  /** Events a client brings about, where the first argument names one; absent for all. */
  readonly events?: RegExp;
  readonly framework: string;
}

interface Row extends Registration {
  readonly api: RegExp;
}

const VERBS = 'get|post|put|patch|delete|del|head|options|all|any';
const FASTIFY = '(fastify|fastify\\.(fastify|default|FastifyInstance))\\(\\)';

/** Canonical paths are short and the patterns linear: each is anchored and has no nested repetition over one text. */
const ROWS: readonly Row[] = [
  {
    framework: 'express',
    api: new RegExp(
      `^(express\\(\\)|express\\.(Router|Express|Application|IRouter)\\(\\)|express-promise-router\\(\\)|express-serve-static-core\\.\\w+\\(\\)|router\\(\\)|polka\\(\\)|restify\\.createServer\\(\\))(\\.\\w+\\(\\))*\\.(use|pre|param|${VERBS})$`,
    ),
    trigger: 'request',
    from: 0,
    awaits: false,
  },
  {
    framework: 'fastify',
    api: new RegExp(
      `^${FASTIFY}(\\.(register|after|withTypeProvider|route)(\\(\\)|@0#0))*\\.(addHook|setErrorHandler|setNotFoundHandler|${VERBS})$`,
    ),
    trigger: 'request',
    from: 0,
    awaits: true,
    properties: ['handler', 'onRequest', 'preHandler', 'preValidation', 'preParsing', 'preSerialization', 'onSend'],
  },
  {
    framework: 'fastify',
    api: new RegExp(`^${FASTIFY}(\\.(register|after|withTypeProvider|route)(\\(\\)|@0#0))*\\.route$`),
    trigger: 'request',
    from: 0,
    awaits: true,
    properties: ['handler', 'onRequest', 'preHandler', 'preValidation', 'preParsing', 'preSerialization', 'onSend'],
  },
  {
    framework: 'koa',
    api: new RegExp(`^(koa|koa-router|@koa/router)(\\.default)?\\(\\)(\\.\\w+\\(\\))*\\.(use|param|${VERBS})$`),
    trigger: 'request',
    from: 0,
    awaits: true,
  },
  {
    framework: 'hapi',
    api: /^@?hapi(\/hapi)?\.(server|Server)\(\)\.(route|ext)$/,
    trigger: 'request',
    from: 0,
    awaits: true,
    properties: ['handler', 'method', 'pre'],
  },
  {
    framework: 'hono',
    api: new RegExp(
      `^(hono|@hono/zod-openapi)\\.(Hono|OpenAPIHono)\\(\\)(\\.\\w+\\(\\))*\\.(use|on|openapi|${VERBS})$`,
    ),
    trigger: 'request',
    from: 0,
    awaits: true,
  },
  { framework: 'node:http', api: /^https?\.createServer$/, trigger: 'request', from: 0, awaits: false },
  { framework: 'node:http', api: /^http2\.create(Secure)?Server$/, trigger: 'request', from: 0, awaits: false },
  {
    framework: 'node:http',
    api: /^https?\.createServer\(\)(\.\w+\(\))*\.on$/,
    trigger: 'request',
    from: 1,
    awaits: false,
    // `error` and `listening` are of the server itself
    events: /^(request|connection|secureConnection|checkContinue|checkExpectation|connect|upgrade|clientError)$/,
  },
  { framework: 'node:net', api: /^(net|tls)\.createServer$/, trigger: 'message', from: 0, awaits: false },
  {
    framework: 'ws',
    // `ws` itself is a client
    api: /^ws\.(WebSocketServer|Server|default\.Server)\(\)\.on$/,
    trigger: 'message',
    from: 1,
    awaits: false,
    events: /^(connection|headers|message|wsClientError)$/,
  },
  {
    framework: 'ws',
    api: /^ws\.(Server|WebSocketServer)\(\)\.on@1#0\.on$/,
    trigger: 'message',
    from: 1,
    awaits: false,
  },
  {
    framework: 'socket.io',
    api: /^socket\.io(\.Server|\.default)?\(\)(\.(of|listen|attach)\(\))*\.(on|use)$/,
    trigger: 'message',
    from: 0,
    awaits: false,
  },
  {
    framework: 'amqplib',
    api: /^amqplib\.connect\(\)(\.\w+\(\))*\.consume$/,
    trigger: 'message',
    from: 1,
    awaits: false,
  },
  { framework: 'bullmq', api: /^bullmq\.Worker$/, trigger: 'job', from: 1, awaits: true },
  { framework: 'bull', api: /^(bull|bee-queue)\(\)\.process$/, trigger: 'job', from: 0, awaits: true },
  {
    framework: 'kafkajs',
    api: /^kafkajs\.Kafka\(\)\.consumer\(\)\.run$/,
    trigger: 'message',
    from: 0,
    awaits: true,
    properties: ['eachMessage', 'eachBatch'],
  },
  {
    framework: 'node-cron',
    api: /^(node-cron|node-schedule)\.(schedule|scheduleJob)$/,
    trigger: 'job',
    from: 1,
    awaits: false,
  },
  {
    framework: 'passport',
    api: /^passport\.(deserializeUser|serializeUser)$/,
    trigger: 'request',
    from: 0,
    awaits: false,
  },
  { framework: 'passport', api: /^passport-[\w-]+(\.\w*Strategy)?$/, trigger: 'request', from: 0, awaits: false },
];

const known = new Map<string, Registration | undefined>();

/** The registration a call with this canonical path is. */
export function registrationAt(api: string): Registration | undefined {
  if (api.length > 300) return undefined;
  if (!known.has(api)) {
    if (known.size > 20_000) known.clear();
    known.set(
      api,
      ROWS.find((row) => row.api.test(api)),
    );
  }
  return known.get(api);
}

/** Decorators that make a method of a class a handler, by their canonical path. */
export const HANDLER_DECORATORS: readonly { readonly api: RegExp; readonly trigger: Trigger }[] = [
  { api: /^@nestjs\/common\.(Get|Post|Put|Patch|Delete|All|Head|Options|Sse)\(\)$/, trigger: 'request' },
  { api: /^@nestjs\/graphql\.(Query|Mutation|ResolveField|Subscription)\(\)$/, trigger: 'request' },
  { api: /^@nestjs\/microservices\.(MessagePattern|EventPattern|GrpcMethod)\(\)$/, trigger: 'message' },
  { api: /^@nestjs\/websockets\.SubscribeMessage\(\)$/, trigger: 'message' },
  { api: /^@nestjs\/(bull|bullmq)\.(Process|OnWorkerEvent)\(\)$/, trigger: 'job' },
  { api: /^@nestjs\/schedule\.(Cron|Interval)\(\)$/, trigger: 'job' },
  { api: /^type-graphql\.(Query|Mutation|FieldResolver|Subscription)\(\)$/, trigger: 'request' },
  {
    api: /^(routing-controllers|@tsed\/schema|@tsoa\/runtime|tsoa)\.(Get|Post|Put|Patch|Delete)\(\)$/,
    trigger: 'request',
  },
];
