import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const START = `{ "name": "shop", "private": true, "scripts": { "start": "node main.js" }, "dependencies": { "express": "^4.21.0" } }`;
const NEXT = `{ "name": "shop", "private": true, "scripts": { "start": "next start" }, "dependencies": { "next": "^16.0.0" } }`;

describe('A guard made by a call', () => {
  const guarded = (flag: string, wrap: string): Readonly<Record<string, string>> => ({
    'package.json': START,
    'wrap.js': `module.exports = function wrap(fn) { return function wrapped(...args) { return Promise.resolve(fn(...args)).catch(args[args.length - 1]); }; };\n`,
    'guards.js': `const passport = require('passport');
function authenticate(type, isStrict) {
  return function auth(req, res, next) {
    if (req.user) return next();
    passport.authenticate(type, (err, user) => {
      if (err) return next(err);
      if (!user && isStrict) return res.status(401).end();
      if (user && user.banned) throw new Refusal('banned', 403);
      req.user = user;
      next();
    })(req, res, next);
  };
}
exports.guard = authenticate('jwt', ${flag});\n`,
    'main.js': `const app = require('express')();\nconst wrap = require('./wrap.js');\nconst { guard } = require('./guards.js');\napp.get('/orders', ${wrap}, (req, res) => res.json([]));\napp.listen(3000);\n`,
  });

  it.each([
    ['refuses', 'true', 'guard', 'auth'],
    ['refuses in a wrapper that hands all arguments on', 'true', 'wrap(guard)', 'auth'],
    ['is told not to', 'false', 'guard', ''],
    ['is told not to, in a wrapper', 'false', 'wrap(guard)', ''],
  ])('%s', async (_, flag, wrap, expected) => {
    expect(protectionsOf(await appsIn(guarded(flag, wrap)), ['auth'])).toEqual([`GET /orders: ${expected}`.trimEnd()]);
  });
});

describe('A guard that asks for the path', () => {
  const at = async (condition: string): Promise<readonly string[]> =>
    protectionsOf(
      await appsIn({
        'package.json': START,
        'main.js': `const app = require('express')();\nconst OPEN = ['/login', '/health'];\napp.use((req, res, next) => {\n  ${condition}\n  if (!req.headers.authorization) return res.status(401).end();\n  next();\n});\nfor (const path of ['/login', '/open/news', '/orders', '/:page']) app.get(path, (req, res) => res.json([]));\napp.listen(3000);\n`,
      }),
      ['auth'],
    );

  it.each([
    ['nothing', '', ['auth', 'auth', 'auth', 'auth']],
    ['a list', 'if (OPEN.includes(req.path)) return next();', ['', 'auth', 'auth', 'auth~']],
    ['a beginning', "if (req.path.startsWith('/open/')) return next();", ['auth', '', 'auth', 'auth~']],
    ['all but one', "if (req.originalUrl !== '/orders') return next();", ['', '', 'auth', 'auth~']],
    ['a pattern', 'if (/^\\/open\\//.test(req.path)) return next();', ['auth', '', 'auth', 'auth~']],
    ['something unseen', 'if (isOpen(req.path)) return next();', ['auth~', 'auth~', 'auth~', 'auth~']],
  ])('of %s', async (_, condition, expected) => {
    const paths = ['/login', '/open/news', '/orders', '/:page'];
    expect(await at(condition)).toEqual(paths.map((path, index) => `GET ${path}: ${expected[index]}`.trimEnd()));
  });

  it('of Next.js lets globs of its own by, and guards pages alone where it says so', async () => {
    const found = async (middleware: string): Promise<readonly string[]> =>
      protectionsOf(
        await appsIn({
          'package.json': NEXT,
          'pages/api/auth/join.js': `export default function handler(req, res) { res.json({}); }\n`,
          'pages/api/users.js': `export default function handler(req, res) { res.json({}); }\n`,
          'middleware.js': `import micromatch from 'micromatch';\nimport { NextResponse } from 'next/server';\nexport function middleware(request) {\n  const { pathname } = request.nextUrl;\n  ${middleware}\n  return NextResponse.next();\n}\n`,
        }),
        ['auth'],
      );
    const refusal = `return NextResponse.redirect(new URL('/login', request.url));`;
    expect(
      await found(
        `if (micromatch.isMatch(pathname, ['/api/auth/**'])) return NextResponse.next();\n  if (!request.cookies.get('session')) ${refusal}`,
      ),
    ).toEqual(['ALL /api/auth/join:', 'ALL /api/users: auth']);
    expect(await found(`if (pathname.startsWith('/dashboard') && !request.cookies.get('session')) ${refusal}`)).toEqual(
      ['ALL /api/auth/join:', 'ALL /api/users:'],
    );
  });
});

describe('A path that grows in a loop', () => {
  it('is not known, and ends nothing', async () => {
    const { routes } = await appsIn({
      'package.json': START,
      'main.js': `const express = require('express');\nconst app = express();\nconst on = (path, handler) => app.get(path, handler);\nconst all = (parts) => {\n  let path = '';\n  for (const part of parts) {\n    path = path + '/' + part;\n    on(path, (req, res) => res.json([]));\n    app[path + 'get']('/x', (req, res) => res.end());\n  }\n};\nall(process.argv);\napp.get('/orders', (req, res) => res.json([]));\napp.listen(3000);\n`,
    });
    expect(routes.map(({ path }) => path)).toContain('/orders');
  });
});
