import { expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const KINDS = ['auth', 'role', 'limiter', 'csrf'] as const;
const SERVER = `import Fastify from 'fastify';\nconst app = Fastify();\n`;
const LISTEN = `app.listen({ port: 3000 });\n`;
const protectedBy = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  protectionsOf(await appsIn(files, 'service'), KINDS);

it('sees what a shared plugin puts on the application, in routes of other plugins', async () => {
  const files = {
    'server.js': `const app = require('fastify')();\napp.register(require('./auth'));\napp.register(require('./users'), { prefix: '/users' });\n${LISTEN}`,
    'auth.js': `const fp = require('fastify-plugin');
module.exports = fp(async (fastify) => {
  fastify.decorate('authenticate', async (request, reply) => {
    try { await request.jwtVerify(); } catch (error) { reply.send(error); }
  });
  fastify.decorate('optional', async (request) => {
    try { await request.jwtVerify(); } catch { request.log.info('nobody'); }
  });
  fastify.decorate('isAdmin', async (request, reply) => {
    if (request.user.role !== 'admin') return reply.code(403).send();
  });
});
`,
    'users.js': `module.exports = async (fastify) => {
  fastify.get('/', async () => []);
  fastify.get('/me', { onRequest: [fastify.optional] }, async () => []);
  fastify.post('/', { preHandler: fastify.authenticate }, async () => ({}));
  fastify.put('/', { onRequest: [fastify.authenticate, fastify.isAdmin] }, async () => ({}));
  fastify.register(async (inner) => {
    inner.addHook('onRequest', inner.authenticate);
    inner.post('/inner', async () => ({}));
  });
};
`,
  };
  expect(await protectedBy(files)).toEqual([
    'GET /users:',
    'GET /users/me:',
    'POST /users: auth',
    'PUT /users: auth role',
    'POST /users/inner: auth',
  ]);
});

it('counts @fastify/auth by how its parts are joined', async () => {
  const route = (path: string, gate: string): string =>
    `app.post('/${path}', { preHandler: app.auth(${gate}) }, async () => ({}));\n`;
  const files = {
    'server.js': `${SERVER}import auth from '@fastify/auth';
const token = async (request) => { await request.jwtVerify(); };
const admin = (request, reply, done) => (request.user.role === 'admin' ? done() : done(new Error('no')));
const anyone = async (request) => { request.log.info('here'); };
app.decorate('token', token).decorate('admin', admin).decorate('anyone', anyone).register(auth);
app.after(() => {
${route('either', '[app.token, app.admin]')}${route('both', `[app.token, app.admin], { relation: 'and' }`)}${route('open', '[app.token, app.anyone]')}${route('inner', '[[app.token, app.anyone], app.admin]')}${route('never', '[[app.anyone, app.anyone], app.admin]')}});
${LISTEN}`,
  };
  expect(await protectedBy(files)).toEqual([
    'POST /either: auth',
    'POST /both: auth role',
    'POST /open:',
    'POST /inner: auth',
    'POST /never:',
  ]);
});

it('counts plugins that only offer a hook where it is named', async () => {
  const files = {
    'server.js': `${SERVER}import basic from '@fastify/basic-auth';
import csrf from '@fastify/csrf-protection';
import bearer from '@fastify/bearer-auth';
import limit from '@fastify/rate-limit';
await app.register(basic, { validate });
await app.register(csrf);
await app.register(limit, { global: false });
await app.register(bearer, { keys, addHook: false });
app.post('/none', async () => ({}));
app.post('/basic', { onRequest: app.basicAuth }, async () => ({}));
app.post('/form', { preValidation: app.csrfProtection }, async () => ({}));
app.post('/slow', { preHandler: [app.rateLimit({ max: 3 }), app.verifyBearerAuth] }, async () => ({}));
${LISTEN}`,
    'b.js': `${SERVER}import bearer from '@fastify/bearer-auth';\napp.register(bearer, { keys });\napp.post('/all', async () => ({}));\n${LISTEN}`,
  };
  expect((await protectedBy(files)).toSorted()).toEqual([
    'POST /all: auth',
    'POST /basic: auth',
    'POST /form: csrf',
    'POST /none:',
    'POST /slow: auth limiter',
  ]);
});

it('takes a token that must be good for a gate, and one that may be missing for none', async () => {
  const route = (name: string): string => `app.post('/${name}', ${name}, (req, res) => res.json({}));\n`;
  const files = {
    'app.js': `const app = require('express')();
const jwt = require('jsonwebtoken');
const thrown = (req, res, next) => { req.user = jwt.verify(req.headers.authorization, process.env.KEY); next(); };
const passedOn = (req, res, next) => { try { req.user = jwt.verify(req.token, process.env.KEY); next(); } catch (error) { next(error); } };
const called = (req, res, next) => { jwt.verify(req.token, process.env.KEY, (error, user) => { if (error) return next(error); req.user = user; next(); }); };
const swallowed = (req, res, next) => { try { req.user = jwt.verify(req.token, process.env.KEY); } catch { req.user = null; } next(); };
const asked = (req, res, next) => { if (req.token) req.user = jwt.verify(req.token, process.env.KEY); next(); };
const skipped = (req, res, next) => { if (!req.token) return next(); req.user = jwt.verify(req.token, process.env.KEY); next(); };
${['thrown', 'passedOn', 'called', 'swallowed', 'asked', 'skipped'].map(route).join('')}app.listen(3000);
`,
  };
  expect(await protectedBy(files)).toEqual([
    'POST /thrown: auth',
    'POST /passedOn: auth',
    'POST /called: auth',
    'POST /swallowed:',
    'POST /asked:',
    'POST /skipped:',
  ]);
});

it('gives routes what a listener of onRoute gives them, by their options', async () => {
  const files = {
    'server.js': `${SERVER}const known = async (request) => { await request.jwtVerify(); };
const slow = async (request, reply) => { if (many(request.ip)) reply.code(429).send(); };
app.get('/before', async () => []);
app.addHook('onRoute', (route) => {
  if (route.config && route.config.public) return;
  route.onRequest = [...(route.onRequest ?? []), known];
});
app.post('/a', async () => ({}));
app.post('/b', { config: { public: true } }, async () => ({}));
app.register(async (inner) => {
  inner.addHook('onRoute', (options) => {
    if (Array.isArray(options.preHandler)) options.preHandler.push(slow);
    else if (options.preHandler) options.preHandler = [options.preHandler, slow];
    else options.preHandler = slow;
    if (options.url.startsWith('/x')) options.preValidation = inner.csrfProtection;
  });
  inner.post('/c', async () => ({}));
});
${LISTEN}`,
  };
  expect(await protectedBy(files)).toEqual([
    'GET /before:',
    'POST /a: auth',
    'POST /b:',
    'POST /c: auth limiter csrf~',
  ]);
});
