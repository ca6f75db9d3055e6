import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const app = (lines: string): Readonly<Record<string, string>> => ({
  'app.js': `const express = require('express');\nconst app = express();\n${lines}\napp.listen(3000);\n`,
});
const seen = async (lines: string): Promise<readonly string[]> =>
  protectionsOf(await appsIn(app(lines), 'service'), ['auth', 'role']);

describe('a role decides', () => {
  it.each([
    ['where it is compared', `if (req.user.role !== 'admin') return res.sendStatus(403); next();`],
    [
      'where it is among others',
      `if (['admin', 'editor'].includes(req.user.role)) return next(); res.status(403).end();`,
    ],
    ['by a question', `req.user.isAdmin ? next() : res.sendStatus(403);`],
    ['through a helper', `if (!hasPermission(req.user, 'write')) return forbid(res); next();`],
    [
      'where something is not the caller’s own',
      `if (req.params.id !== req.user.id) return res.sendStatus(403); next();`,
    ],
  ])('%s', async (_, body) => {
    const lines = `const forbid = (res) => res.status(403).end();\napp.get('/x', (req, res, next) => { ${body} }, (req, res) => res.end());`;
    expect(await seen(lines)).toEqual(['GET /x: role']);
  });

  it('and nothing else where it is only read', async () => {
    const lines = `const guard = (req, res, next) => { const found = find(req.headers.authorization); if (!found?.user) return res.sendStatus(401); req.user = { id: found.user.id, role: found.user.role }; next(); };\napp.get('/x', guard, (req, res) => res.json({ role: req.user.role }));`;
    expect(await seen(lines)).toEqual(['GET /x: auth']);
  });

  it('of somebody the handler itself finds out', async () => {
    const lines = `app.get('/x', async (req, res) => {\n  if (!(await canEdit(req))) return res.sendStatus(403);\n  res.end();\n});\nasync function canEdit(req) {\n  const session = await getSession(req);\n  return session.user.id === (await owner(req.params.id));\n}`;
    expect(await seen(lines)).toEqual(['GET /x: auth role']);
  });
});

describe('a guard', () => {
  it('is no redirect that comes after the work', async () => {
    const lines = `app.post('/x', (req, res, next) => { if (req.body.title) return next(); db.run('DELETE', req.user.id, (err) => { if (err) return next(err); res.redirect('/'); }); }, (req, res) => res.end());`;
    expect(await seen(lines)).toEqual(['POST /x:']);
  });

  it('is a redirect of those who are not known, and not of those who are', async () => {
    const lines = `app.get('/a', (req, res, next) => { if (!req.isAuthenticated()) return res.redirect('/'); next(); }, (req, res) => res.end());\napp.get('/b', (req, res, next) => { if (req.isAuthenticated()) return res.redirect('/'); next(); }, (req, res) => res.end());`;
    expect(await seen(lines)).toEqual(['GET /a: auth', 'GET /b:']);
  });

  it('is no handler whose helpers can answer 401 to others', async () => {
    const lines = `const answer = (res, kind) => (kind === 'no' ? res.status(401).end() : res.end());\napp.get('/health', (req, res) => answer(res, 'ok'));\napp.post('/hook', (req, res) => (req.headers['x-secret'] === process.env.SECRET ? res.end() : res.status(401).end()));`;
    expect(await seen(lines)).toEqual(['GET /health:', 'POST /hook: auth']);
  });

  it('is no strategy that restores a session', async () => {
    const lines = `const passport = require('passport');\napp.use(passport.authenticate('session'));\napp.get('/a', (req, res) => res.end());\napp.get('/b', passport.authenticate(['jwt', 'anonymous']), (req, res) => res.end());\napp.get('/c', passport.authenticate('jwt'), (req, res) => res.end());`;
    expect(await seen(lines)).toEqual(['GET /a:', 'GET /b:', 'GET /c: auth']);
  });

  it('meets all requests but those it leaves out', async () => {
    const lines = `const { expressjwt } = require('express-jwt');\napp.use(expressjwt({ secret: 's', algorithms: ['HS256'] }).unless({ path: ['/login', { url: '/posts', methods: ['GET'] }, /^\\/public\\/.*/, /^\\/files\\/\\d+/] }));\napp.post('/login', (req, res) => res.end());\napp.get('/posts', (req, res) => res.end());\napp.post('/posts', (req, res) => res.end());\napp.get('/public/a', (req, res) => res.end());\napp.get('/files/:id', (req, res) => res.end());\napp.get('/users', (req, res) => res.end());`;
    expect(await seen(lines)).toEqual([
      'POST /login:',
      'GET /posts:',
      'POST /posts: auth',
      'GET /public/a:',
      'GET /files/:id: auth~',
      'GET /users: auth',
    ]);
  });
});

it('an application that is a class of its own is seen with what its methods register', async () => {
  const apps = await appsIn(
    {
      'index.js': `const App = require('./app');\nconst app = new App();\napp.listen(3000);\n`,
      'app.js': `const Koa = require('koa');\nconst Router = require('koa-router');\nconst helmet = require('koa-helmet');\nmodule.exports = class App extends Koa {\n  constructor(...given) {\n    super(...given);\n    this.servers = [];\n    this.prepare();\n  }\n  prepare() {\n    this.use(helmet());\n    const router = new Router();\n    router.get('/', (ctx) => { ctx.body = 'ok'; });\n    this.use(router.routes());\n  }\n  listen(...given) {\n    const server = super.listen(...given);\n    this.servers.push(server);\n    return server;\n  }\n};\n`,
    },
    'service',
  );
  expect(apps.apps.map(({ serving, escapes }) => [serving, escapes.length])).toEqual([['yes', 0]]);
  expect(protectionsOf(apps, ['headers'])).toEqual(['GET /: headers']);
});

describe('who is sent away', () => {
  const route = (body: string, rest = ''): string =>
    `const handler = (req, res) => res.end();\napp.get('/x', async (req, res, next) => { ${body} }${rest});`;

  it.each([
    ['those who are not known', `if (!req.session.user) return res.redirect('/login'); next();`, 'auth'],
    ['by what says who they are', `if (await whoami(req)) return next(); res.redirect('/login');`, 'auth'],
    [
      'where the token cannot be read',
      `try { read(req.cookies.id); next(); } catch { res.redirect('/login'); }`,
      'auth',
    ],
    ['where a setting says so', `if (config.closed && !req.user) return res.redirect('/login'); next();`, 'auth~'],
    [
      'until there is somebody',
      `if (req.user || (await db.user.any())) return next(); res.redirect('/setup');`,
      'auth~',
    ],
    ['for one kind of answer', `if (req.isPage) { if (!req.user) return res.redirect('/login'); } next();`, 'auth~'],
    ['those who are known', `if (req.user) return res.redirect('/'); next();`, ''],
  ])('%s', async (_, body, expected) => {
    expect(await seen(route(body, ', handler'))).toEqual([`GET /x: ${expected}`.trimEnd()]);
  });

  it.each([
    ['who logs out', `req.session.user = null; res.redirect('/login');`, ''],
    [
      'where the work is done already',
      `if (await users.any()) return res.redirect('/login'); res.render('setup');`,
      '',
    ],
    [
      'where a setting says so',
      `if (config.closed && !req.user) return res.redirect('/login'); res.render('x');`,
      'auth~',
    ],
    ['from a page of their own', `if (!req.user) return res.redirect('/login'); res.render('x');`, 'auth'],
  ])('by a handler: %s', async (_, body, expected) => {
    expect(await seen(route(body))).toEqual([`GET /x: ${expected}`.trimEnd()]);
  });

  it('nobody who sends nothing, where only what is sent is checked', async () => {
    const guard = `const signed = (passive) => (req, res, next) => { const given = req.headers.authorization; if (!given) { if (passive) return next(); return res.status(401).end(); } if (!verified(given)) return res.status(401).end(); next(); };`;
    const optional = `const perhaps = (req, res, next) => { if (!req.cookies.token) { req.user = null; return next(); } try { req.user = read(req.cookies.token); next(); } catch { res.sendStatus(401); } };`;
    const lines = `${guard}\n${optional}\napp.get('/a', signed(true), (req, res) => res.end());\napp.get('/b', signed(false), (req, res) => res.end());\napp.get('/c', perhaps, (req, res) => res.end());`;
    expect(await seen(lines)).toEqual(['GET /a:', 'GET /b: auth', 'GET /c:']);
  });

  it('who may not, whatever the status', async () => {
    const check = `const checkAccess = (req, res, next) => { const found = list.find((each) => each.path === req.route.path); if (req.session.isAdmin === false && found) return res.status(400).json({}); next(); };`;
    const valid = `const checkBody = (req, res, next) => (['admin', 'user'].includes(req.body.role) ? next() : res.status(400).end());`;
    const lines = `${check}\n${valid}\napp.post('/a', checkAccess, (req, res) => res.end());\napp.post('/b', checkBody, (req, res) => res.end());`;
    expect(protectionsOf(await appsIn(app(lines), 'service'), ['auth', 'role', 'validator'])).toEqual([
      'POST /a: role~',
      'POST /b: validator',
    ]);
  });
});
