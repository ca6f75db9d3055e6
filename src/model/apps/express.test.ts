import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const GUARD = `(req, res, next) => { if (!req.user) return res.status(401).end(); next(); }`;
const app = (lines: string): Readonly<Record<string, string>> => ({
  'app.js': `const express = require('express');\nconst app = express();\n${lines}\napp.listen(3000);\n`,
});

describe('an application that is put together', () => {
  it('at a path that cannot be seen is still protected by what is below the same path', async () => {
    const apps = await appsIn(
      app(
        `const router = express.Router();\nrouter.use('/in', ${GUARD});\nrouter.get('/in/a', (req, res) => res.end());\nrouter.get('/out', (req, res) => res.end());\napp.use(require('./config').prefix, router);\napp.get('/other', (req, res) => res.end());`,
      ),
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET ?: auth', 'GET ?:', 'GET /other: auth~']);
  });

  it('may meet what is mounted at another path that cannot be seen', async () => {
    const apps = await appsIn(
      app(
        `const config = require('./config');\napp.use(config.adminPath, ${GUARD});\napp.get('/a', (req, res) => res.end());`,
      ),
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /a: auth~']);
  });

  it('by something that is only met as a value', async () => {
    const apps = await appsIn(
      app(
        `class Inner {\n  get app() { this.made ??= Inner.make(); return this.made; }\n  static make() { const api = express(); api.use(${GUARD}); api.get('/x', (req, res) => res.end()); return api; }\n}\nconst inner = new Inner();\napp.use('/inner', inner.app);`,
      ),
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /inner/x: auth']);
  });

  it('with a list that grows meets all that is in it', async () => {
    const apps = await appsIn(
      app(
        `const all = [];\nall.push(${GUARD});\nconst some = [];\nif (process.env.CHECK) some.push(${GUARD});\napp.get('/a', ...all, (req, res) => res.end());\napp.get('/b', some, (req, res) => res.end());`,
      ),
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /a: auth', 'GET /b: auth?']);
  });

  it('by calls with methods that cannot be seen has routes nothing is known of', async () => {
    const apps = await appsIn(
      app(`for (const route of require('./routes')) app[route.method].call(app, route.path, route.handler);`),
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['? ?:']);
  });
});

describe('an application that is exported', () => {
  const HONO = `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/a', (c) => c.text('a'));\n`;

  it.each([
    [
      'to a platform that calls it',
      { 'wrangler.toml': 'name = "a"', 'src/index.ts': `${HONO}export default app;\n` },
      'yes',
    ],
    [
      'as what it answers with',
      { 'wrangler.toml': 'name = "a"', 'src/index.ts': `${HONO}export default { fetch: app.fetch };\n` },
      'yes',
    ],
    [
      'through an adapter',
      {
        'package.json': '{ "dependencies": { "next": "16.0.0" } }',
        'app/api/[...all]/route.ts': `import { handle } from 'hono/vercel';\n${HONO}export const GET = handle(app);\n`,
      },
      'yes',
    ],
  ])('%s serves', async (_, files, serving) => {
    const { apps } = await appsIn(files);
    expect(apps.find(({ framework }) => framework === 'hono')?.serving).toBe(serving);
  });

  it('to nobody that can be seen may serve', async () => {
    const { apps } = await appsIn({ 'app.ts': `${HONO}export default app;\n` }, 'service');
    expect(apps.map(({ serving }) => serving)).toEqual(['unknown']);
  });
});

describe('what is registered', () => {
  it('on an application that is declared with its type is registered on the one that listens elsewhere', async () => {
    const apps = await appsIn(
      {
        'server.ts': `import express, { type Express } from 'express';\nconst app: Express = express();\napp.use(${GUARD});\napp.get('/x', (req, res) => res.end());\nexport { app };\n`,
        'index.ts': `import { app } from './server.ts';\napp.listen(3000);\n`,
      },
      'service',
    );
    expect(apps.apps.map(({ serving }) => serving)).toEqual(['yes']);
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /x: auth']);
  });

  it('for errors with three parameters is no guard', async () => {
    const apps = await appsIn(
      app(
        `app.get('/x', (req, res) => res.end());\napp.use((err, req, res) => { if (err.name === 'UnauthorizedError') res.status(401).end(); });\napp.get('/y', (req, res) => res.end());`,
      ),
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /x:', 'GET /y:']);
  });

  it('in a wrapper that many share does what it wraps does', async () => {
    const routes = Array.from(
      { length: 30 },
      (_, index) => `app.get('/r${index}', catching(async (req, res) => res.end()));`,
    );
    const apps = await appsIn(
      app(
        `const catching = (run) => (req, res, next) => run(req, res, next).catch(next);\napp.use(catching(async (req, res, next) => { if (!req.user) return res.status(401).end(); next(); }));\n${routes.join('\n')}`,
      ),
      'service',
    );
    expect(new Set(protectionsOf(apps, ['auth', 'limiter']).map((line) => line.replace(/.*: /, '')))).toEqual(
      new Set(['auth']),
    );
  });
});
