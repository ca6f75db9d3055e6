import type { Shape } from './shapes.ts';

/** Calls that hand a function to a framework, and what the framework will call it with. */
export interface Registration {
  /** Packages the callee comes from. */
  readonly from: readonly string[];
  /** The last part of the callee's path; an empty name is the package itself. */
  readonly methods: readonly string[];
  readonly params: readonly (Shape | undefined)[];
  /** Further parameters like the last. */
  readonly andMore?: true;
  /** With four parameters the first is an error. */
  readonly errorFirst?: true;
  /** The literal first argument must, or must not, be one of these. */
  readonly events?: readonly string[];
  readonly notEvents?: readonly string[];
  /** Properties of an object argument that are handlers. */
  readonly keys?: readonly string[];
}

export const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'del', 'options', 'head', 'all', 'opts', '*'];
const LIFE = ['connection', 'connect', 'disconnect', 'disconnecting', 'close', 'error', 'open', 'listening'];

const EXPRESS = [
  'express',
  'restify',
  'polka',
  'router',
  'connect',
  'express-promise-router',
  'express-async-router',
  '@root/async-router',
  'routing-controllers',
  '@feathersjs/express',
  'json-server',
  'sails',
  'browser-sync',
  'ultimate-express',
  'hyper-express',
  'firebase-functions',
  '@google-cloud/functions-framework',
];
const KOA = ['koa', 'koa-router', '@koa/router', 'koa-better-router', 'koa-joi-router', 'koa-route', 'koa-mount'];
const SOCKETS = ['socket.io', 'ws', 'sockjs', 'faye', 'primus', 'uWebSockets.js', '@fastify/websocket', 'express-ws'];

export const REGISTRATIONS: readonly Registration[] = [
  {
    from: EXPRESS,
    methods: [...VERBS, 'use', 'pre', 'add', 'onRequest', 'http', 'ws'],
    params: ['express-request', 'express-response'],
    errorFirst: true,
  },
  { from: EXPRESS, methods: ['param'], params: ['express-request', 'express-response', undefined, 'text'] },
  {
    from: ['fastify'],
    methods: [...VERBS, 'route', 'addHook', 'setNotFoundHandler', 'preHandler', 'addContentTypeParser'],
    params: ['fastify-request', 'fastify-reply', 'data'],
    keys: ['handler', 'preHandler', 'onRequest', 'preValidation', 'preParsing', 'preSerialization', 'onSend'],
  },
  { from: ['fastify'], methods: ['setErrorHandler'], params: [undefined, 'fastify-request', 'fastify-reply'] },
  { from: KOA, methods: [...VERBS, 'use', 'register', 'route'], params: ['koa-context'], keys: ['handler', 'pre'] },
  {
    from: ['hono', '@hono/zod-openapi'],
    methods: [...VERBS, 'use', 'on', 'openapi', 'notFound'],
    params: ['hono-context'],
  },
  { from: ['hono'], methods: ['onError'], params: [undefined, 'hono-context'] },
  {
    from: ['@hapi/hapi', 'hapi'],
    methods: ['route', 'ext', 'register', 'scheme'],
    params: ['hapi-request', 'hapi-toolkit'],
    keys: ['handler', 'method', 'assign', 'options', 'config', 'pre', 'failAction', 'onPreHandler', 'authenticate'],
  },
  { from: ['elysia'], methods: [...VERBS, 'onBeforeHandle', 'onRequest', 'derive'], params: ['elysia-context'] },
  {
    from: ['h3', 'nitropack', '#imports', 'defineEventHandler', 'eventHandler', 'defineLazyEventHandler'],
    methods: ['defineEventHandler', 'eventHandler', 'defineRequestMiddleware', ''],
    params: ['h3-event'],
  },
  { from: ['itty-router'], methods: VERBS, params: ['fetch-arguments'] },
  {
    from: ['http', 'https', 'http2', 'spdy', 'micro', 'uws', 'server-destroy'],
    methods: ['createServer', 'createSecureServer', '', 'serve'],
    params: ['node-request', 'node-response'],
  },
  {
    from: ['http', 'https', 'http2'],
    methods: ['on', 'once', 'addListener'],
    params: ['node-request', 'node-response'],
    events: ['request', 'checkContinue', 'upgrade'],
  },
  { from: ['http2'], methods: ['on'], params: [undefined, 'text'], events: ['stream'] },
  { from: ['socket.io'], methods: ['on', 'once', 'use'], params: ['socket'], events: LIFE },
  { from: ['socket.io'], methods: ['use'], params: ['socket'] },
  { from: SOCKETS, methods: ['on', 'once', 'onAny'], params: ['data'], andMore: true, notEvents: LIFE },
  { from: ['ws'], methods: ['on'], params: [undefined, 'node-request'], events: ['connection', 'headers'] },
  {
    from: ['@trpc/server'],
    methods: ['query', 'mutation', 'subscription', 'resolve'],
    params: ['procedure'],
    keys: ['resolve'],
  },
  {
    from: ['@modelcontextprotocol/sdk', 'fastmcp'],
    methods: ['tool', 'registerTool', 'addTool', 'prompt'],
    params: ['data'],
    keys: ['execute'],
  },
  { from: ['@middy/core'], methods: ['', 'handler'], params: ['lambda-event'] },
  { from: ['express-validator', 'multer'], methods: ['custom', 'customSanitizer'], params: ['data'] },
  {
    from: ['multer'],
    methods: ['', 'diskStorage'],
    params: ['express-request', 'data'],
    keys: ['filename', 'destination', 'fileFilter', 'key'],
  },
  { from: ['formidable', 'multiparty'], methods: ['parse'], params: [undefined, 'data', 'data'] },
  {
    from: ['busboy', '@fastify/busboy'],
    methods: ['on'],
    params: ['text', 'text', 'data', 'text'],
    events: ['field', 'file'],
  },
  { from: ['jszip'], methods: ['forEach'], params: ['archive-name'] },
  // looks for the key by a header that whoever wrote the token wrote
  { from: ['jsonwebtoken'], methods: ['verify'], params: ['jwt-header'] },
  { from: ['jose'], methods: ['jwtVerify', 'compactVerify'], params: ['jwt-header'] },
  {
    from: ['express-jwt', 'koa-jwt'],
    methods: ['', 'expressjwt', 'jwt'],
    params: [undefined, 'jwt-header'],
    keys: ['secret'],
  },
  { from: ['passport-local'], methods: ['Strategy', ''], params: ['data', 'data', 'data'] },
];

/** Declared types that say what a parameter is. */
export const TYPES: readonly (readonly [shape: Shape, ...apis: readonly string[]])[] = [
  [
    'express-request',
    'express.Request()',
    'express-serve-static-core.Request()',
    'next.NextApiRequest()',
    'restify.Request()',
    'polka.Request()',
    '@vercel/node.VercelRequest()',
    'firebase-functions.https.Request()',
  ],
  ['express-response', 'express.Response()', 'next.NextApiResponse()', '@vercel/node.VercelResponse()'],
  ['fastify-request', 'fastify.FastifyRequest()'],
  ['fastify-reply', 'fastify.FastifyReply()'],
  ['koa-context', 'koa.Context()', 'koa.ParameterizedContext()', 'koa.DefaultContext()', 'koa-router.RouterContext()'],
  ['hapi-request', '@hapi/hapi.Request()', 'hapi.Request()'],
  ['hapi-toolkit', '@hapi/hapi.ResponseToolkit()'],
  ['hono-context', 'hono.Context()'],
  ['node-request', 'http.IncomingMessage()', 'http2.Http2ServerRequest()'],
  ['node-response', 'http.ServerResponse()', 'http2.Http2ServerResponse()'],
  ['fetch-request', 'next/server.NextRequest()'],
  [
    'lambda-event',
    'aws-lambda.APIGatewayProxyEvent()',
    'aws-lambda.APIGatewayProxyEventV2()',
    'aws-lambda.APIGatewayEvent()',
    'aws-lambda.ALBEvent()',
    'aws-lambda.S3Event()',
    'aws-lambda.LambdaFunctionURLEvent()',
    'aws-lambda.AppSyncResolverEvent()',
  ],
  [
    'route-context',
    'next.GetServerSidePropsContext()',
    '@remix-run/node.LoaderFunctionArgs()',
    '@remix-run/node.ActionFunctionArgs()',
    '@remix-run/node.LoaderArgs()',
    'react-router.LoaderFunctionArgs()',
    'react-router.ActionFunctionArgs()',
    '@sveltejs/kit.RequestEvent()',
  ],
  ['socket', 'socket.io.Socket()'],
  ['h3-event', 'h3.H3Event()', 'nitropack.H3Event()'],
  ['adonis-context', '@adonisjs/core/http.HttpContext()'],
  ['elysia-context', 'elysia.Context()'],
];

/** Parameter decorators (NestJS, routing-controllers, type-graphql) and what they bring. */
export const DECORATORS: Readonly<Record<string, Shape>> = {
  Body: 'data',
  Query: 'data',
  Param: 'text',
  Params: 'text',
  Headers: 'text',
  Header: 'text',
  HeaderParam: 'text',
  QueryParam: 'text',
  QueryParams: 'data',
  BodyParam: 'data',
  CookieParam: 'text',
  HostParam: 'text',
  Ip: 'text',
  Req: 'express-request',
  Request: 'express-request',
  Res: 'express-response',
  Response: 'express-response',
  RawBody: 'text',
  MessageBody: 'data',
  ConnectedSocket: 'socket',
  Args: 'data',
  Arg: 'data',
  Payload: 'data',
  UploadedFile: 'data',
  UploadedFiles: 'data',
};

/** Names by which handlers call their parameters, where nothing else says what they are. */
export const PARAMETER_NAMES: Readonly<Record<string, Shape>> = {
  req: 'express-request',
  request: 'express-request',
  _req: 'express-request',
  res: 'express-response',
  response: 'express-response',
  resp: 'express-response',
  reply: 'fastify-reply',
};
