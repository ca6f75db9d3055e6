import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const NEXT = `{ "name": "shop", "private": true, "scripts": { "start": "next start" }, "dependencies": { "next": "^16.0.0" } }`;
const JSON_ROUTE = `export async function GET() { return Response.json([]); }\n`;

describe('Next.js', () => {
  it('has a route for each verb a file exports, and for each a page asks for', async () => {
    const { routes } = await appsIn({
      'package.json': NEXT,
      'app/api/(shop)/items/[id]/route.ts': `${JSON_ROUTE}export const DELETE = async () => new Response(null, { status: 204 });\nexport const dynamic = 'force-dynamic';\n`,
      'src/app/[...rest]/route.ts': JSON_ROUTE,
      'pages/api/index.js': `export default function handler(req, res) { res.json({}); }\n`,
      'pages/api/orders/[id].js': `export default (req, res) => { switch (req.method) { case 'GET': return res.json({}); case 'PUT': return res.json({}); default: return res.status(405).end(); } };\n`,
      'pages/about.js': `export default () => null;\n`,
    });
    expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'ALL /api',
      'DELETE /api/items/:id',
      'GET /:rest*',
      'GET /api/items/:id',
      'GET /api/orders/:id',
      'PUT /api/orders/:id',
    ]);
  });

  it('serves every exported function of a module that says so, and those that say so themselves', async () => {
    const { routes } = await appsIn({
      'package.json': NEXT,
      'app/page.js': `import { signIn, add } from './actions';\nexport default function Page() { async function drop(form) { 'use server'; } return <form action={drop} onSubmit={() => add(signIn)} />; }\n`,
      'app/actions.js': `'use server';\nconst inner = () => {};\nexport async function signIn(form) { inner(); }\nexport const add = async (form) => {};\n`,
    });
    expect(routes.map(({ method, path, purpose }) => `${method} ${path ?? '?'} ${purpose}`)).toEqual([
      'POST ? credentials',
      'POST ? other',
      'POST ? other',
    ]);
  });

  it.each([
    ['says nothing', '', 'auth', 'auth'],
    ['names the API', `export const config = { matcher: '/api/:path*' };`, 'auth', 'auth'],
    ['names other paths', `export const config = { matcher: ['/admin/:path*', '/account'] };`, '', ''],
    [
      'leaves paths out',
      `export const config = { matcher: ['/((?!api/open|_next/static|.*\\\\.png$).*)'] };`,
      'auth',
      '',
    ],
    [
      'depends on more',
      `export const config = { matcher: [{ source: '/api/:path*', has: [{ type: 'header', key: 'x' }] }] };`,
      'auth~',
      'auth~',
    ],
    ['cannot be read', `export const config = { matcher: process.env.PATHS };`, 'auth~', 'auth~'],
  ])('runs its middleware where the matcher says: one that %s', async (_, config, items, open) => {
    const middleware = `import { NextResponse } from 'next/server';\nexport function middleware(request) {\n  if (!request.cookies.get('session')) return NextResponse.redirect(new URL('/login', request.url));\n  return NextResponse.next();\n}\n${config}\n`;
    const apps = await appsIn({
      'package.json': NEXT,
      'middleware.js': middleware,
      'app/api/items/route.js': JSON_ROUTE,
      'app/api/open/route.js': JSON_ROUTE,
    });
    expect(protectionsOf(apps, ['auth'])).toEqual(
      [`GET /api/items: ${items}`.trimEnd(), `GET /api/open: ${open}`.trimEnd()].map((line) =>
        line.replace(/: $/, ':'),
      ),
    );
  });

  it.each([
    [
      'for all',
      `module.exports = { async headers() { return [{ source: '/(.*)', headers: [{ key: 'X-Frame-Options', value: 'DENY' }] }]; } };`,
      'headers',
    ],
    [
      'for other paths',
      `module.exports = { headers: async () => [{ source: '/docs/:path*', headers: [{ key: 'X-Frame-Options', value: 'DENY' }] }] };`,
      '',
    ],
    [
      'in a constant, wrapped',
      `const list = [{ key: 'X-Content-Type-Options', value: 'nosniff' }];\nconst config = { headers: async () => [{ source: '/:path*', headers: list }] };\nmodule.exports = require('@next/bundle-analyzer')()(config);`,
      'headers',
    ],
    ['in a configuration nobody can read', `module.exports = require('./load')();`, 'headers?'],
    [
      'in a list nobody can read',
      `module.exports = { headers: async () => [{ source: '/(.*)', headers: require('@acme/headers') }] };`,
      'headers?',
    ],
  ])('sets the headers of its configuration: %s', async (_, config, expected) => {
    const apps = await appsIn({
      'package.json': NEXT,
      'next.config.js': `${config}\n`,
      'app/api/x/route.js': JSON_ROUTE,
    });
    expect(protectionsOf(apps, ['headers'])).toEqual([`GET /api/x: ${expected}`.trimEnd().replace(/: $/, ':')]);
  });

  it('is behind whatever a server of its own does', async () => {
    const apps = await appsIn({
      'package.json': NEXT.replace('next start', 'node server.js'),
      'server.js': `const next = require('next');\nconst http = require('http');\nconst app = next({ dev: false });\nconst handle = app.getRequestHandler();\napp.prepare().then(() => http.createServer((req, res) => handle(req, res)).listen(3000));\n`,
      'app/api/x/route.js': JSON_ROUTE,
    });
    const own = apps.apps.find(({ framework }) => framework === 'next');
    expect(own?.routes.map((route) => apps.protectionOf(route, 'limiter').state)).toEqual(['unknown']);
  });
});

describe('AWS Lambda', () => {
  const HANDLER = `export const handler = async (event) => ({ statusCode: 200, body: '' });\n`;

  it('has a route for each event of a gateway, and nothing of it is known to be missing', async () => {
    const apps = await appsIn({
      'serverless.yml': `service: notes\nfunctions:\n  list:\n    handler: src/notes.list\n    events:\n      - httpApi: 'GET /notes'\n  add:\n    handler: src/notes.add\n    events:\n      - http: { path: notes, method: post, authorizer: { name: jwt } }\n  nightly:\n    handler: src/night.handler\n    events:\n      - schedule: rate(1 day)\n`,
      'src/notes.js': `import middy from '@middy/core';\nimport validator from '@middy/validator';\nexport const list = async () => ({ statusCode: 200 });\nexport const add = middy().use(validator({})).handler(async (event) => ({ statusCode: 201 }));\n`,
      'src/night.js': HANDLER,
    });
    expect(protectionsOf(apps, ['auth', 'validator'])).toEqual([
      'GET /notes: auth? validator?',
      'POST /notes: auth validator',
    ]);
  });

  it('reads templates of SAM', async () => {
    const apps = await appsIn({
      'template.yaml': `Resources:\n  Get:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: get\n      Handler: app.handler\n      Events:\n        Api: { Type: HttpApi, Properties: { Path: '/things/{id}', Method: get } }\n`,
      'get/app.js': `export const handler = async (event) => {\n  if (!event.headers.authorization) return { statusCode: 401 };\n  return { statusCode: 200 };\n};\n`,
    });
    expect(protectionsOf(apps, ['auth', 'limiter'])).toEqual(['GET /things/{id}: auth limiter?']);
  });

  it('leaves an application of a framework to that framework', async () => {
    const { apps } = await appsIn({
      'serverless.yml': `functions:\n  api:\n    handler: app.handler\n    events: [{ httpApi: '*' }]\n`,
      'app.js': `const express = require('express');\nconst serverless = require('serverless-http');\nconst app = express();\napp.get('/x', (req, res) => res.json({}));\nexports.handler = serverless(app);\n`,
    });
    expect(apps.map(({ framework, serving }) => [framework, serving])).toEqual([['express', 'yes']]);
  });
});

describe('the version of a framework', () => {
  const APP = `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`;
  const manifest = (range: string): string =>
    `{ "name": "a", "private": true, "scripts": { "start": "node app.js" }, "dependencies": { "express": "${range}" } }`;
  const lock = (version: string): string =>
    `{ "name": "a", "lockfileVersion": 3, "packages": { "": { "name": "a", "dependencies": { "express": ">=4" } }, "node_modules/express": { "version": "${version}", "integrity": "sha512-AAAA" } } }`;

  it.each([
    ['what the lockfile pins', { 'package.json': manifest('>=4'), 'package-lock.json': lock('5.1.0') }, 5],
    ['the lowest that is allowed, without one', { 'package.json': manifest('>=4 <6') }, 4],
  ])('is %s', async (_, files, major) => {
    const { apps } = await appsIn({ ...files, 'app.js': APP });
    expect(apps.map((app) => app.major)).toEqual([major]);
  });
});

describe('node:http', () => {
  it('is protected only by what runs for the request', async () => {
    const apps = await appsIn(
      {
        'server.js': `import http from 'node:http';\nhttp.createServer((req, res) => {\n  res.setHeader('X-Content-Type-Options', 'nosniff');\n  if (req.url === '/open') return res.end('ok');\n  if (!req.headers.authorization) {\n    res.writeHead(401).end();\n    return;\n  }\n  if (req.url === '/secret' && req.method === 'POST') return res.end('secret');\n  res.writeHead(404).end();\n}).listen(3000);\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['headers', 'auth'])).toEqual(['ALL /open: headers', 'POST /secret: headers auth']);
  });

  it('is no application where it answers everybody the same', async () => {
    const apps = await appsIn(
      { 'server.js': `require('http').createServer((req, res) => res.end('ok')).listen(3000);\n` },
      'service',
    );
    expect(apps.routes).toEqual([]);
  });
});

describe('hapi', () => {
  const server = (lines: string): Readonly<Record<string, string>> => ({
    'server.js': `const Hapi = require('@hapi/hapi');\nconst Boom = require('@hapi/boom');\nconst server = Hapi.server({ port: 3000, routes: { security: true } });\n${lines}\nserver.start();\n`,
  });

  it('tells what a route asks for from what it only tries', async () => {
    const apps = await appsIn(
      server(
        `server.auth.default('jwt');\nconst handler = () => 'ok';\nserver.route({ method: 'GET', path: '/own', handler });\nserver.route({ method: 'GET', path: '/open', options: { auth: false, handler } });\nserver.route({ method: 'GET', path: '/try', options: { auth: { mode: 'try' }, handler } });\nserver.route({ method: 'POST', path: '/admin', options: { auth: { scope: ['admin'] }, validate: { payload: schema }, handler } });`,
      ),
      'service',
    );
    expect(protectionsOf(apps, ['auth', 'role', 'validator', 'headers'])).toEqual([
      'GET /own: auth headers',
      'GET /open: headers',
      'GET /try: headers',
      'POST /admin: auth role validator headers',
    ]);
  });

  it('knows what an extension refuses, and not what a plugin of a package may', async () => {
    const own = `server.ext('onPreAuth', (request, h) => { if (!request.headers.authorization) throw Boom.unauthorized(); return h.continue; });`;
    const route = `server.route({ method: 'GET', path: '/x', handler: () => 'ok' });`;
    expect(protectionsOf(await appsIn(server(`${own}\n${route}`), 'service'), ['auth', 'limiter'])).toEqual([
      'GET /x: auth',
    ]);
    const plugin = `server.register(require('@acme/gate'));`;
    expect(protectionsOf(await appsIn(server(`${plugin}\n${route}`), 'service'), ['auth', 'limiter'])).toEqual([
      'GET /x: auth? limiter?',
    ]);
  });
});

describe('a package that checks tokens', () => {
  it.each([
    ['express-jwt', `jwt({ secret, algorithms: ['HS256'] })`, 'auth'],
    ['express-jwt', `jwt({ secret, algorithms: ['HS256'], credentialsRequired: false })`, ''],
    ['express-jwt', `jwt({ secret, algorithms: ['HS256'], credentialsRequired: process.env.OPEN !== '1' })`, 'auth'],
  ])('%s lets everyone pass where it is told to: %s', async (name, made, expected) => {
    const apps = await appsIn(
      {
        'app.js': `const { expressjwt: jwt } = require('${name}');\nconst express = require('express');\nconst app = express();\nconst secret = process.env.KEY;\napp.use(${made});\napp.get('/a', (req, res) => res.json({}));\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual([`GET /a: ${expected}`.replace(/: $/, ':')]);
  });

  it('koa-jwt, told to pass everyone through, beside packages that only name requests', async () => {
    const apps = await appsIn(
      {
        'app.js': `const Koa = require('koa');\nconst jwt = require('koa-jwt');\nconst app = new Koa();\napp.use(require('koa-x-request-id')({ inject: true }, app));\napp.use(require('kcors')());\napp.use(jwt({ secret: process.env.KEY, passthrough: true }));\nconst Router = require('koa-router');\nconst router = new Router();\nrouter.get('/a', (ctx) => { ctx.body = 1; });\napp.use(router.routes());\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth', 'limiter'])).toEqual(['GET /a:']);
  });
});
