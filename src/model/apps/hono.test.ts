import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const GUARD = `async (c, next) => { if (!c.req.header('authorization')) return c.json({}, 401); await next(); }`;
const served = (lines: string): string =>
  `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\n${lines}\nserve({ fetch: app.fetch, port: 3000 });\n`;

describe('a Hono application', () => {
  it('made by a factory has what is mounted from a list in a callback', async () => {
    const apps = await appsIn(
      {
        'app.ts': served(
          `import users from './users.ts';\nconst make = () => new Hono();\nconst app = make();\napp.use(${GUARD});\nconst all = [users, make().get('/posts', (c) => c.text('b'))] as const;\nall.forEach((route) => { app.route('/api', route); });`,
        ),
        'users.ts': `import { Hono } from 'hono';\nconst make = () => new Hono();\nconst router = make().get('/users', (c) => c.text('a')).post((c) => c.text('b'));\nexport default router;\n`,
      },
      'service',
    );
    expect(apps.apps).toHaveLength(1);
    expect(protectionsOf(apps, ['auth'])).toEqual([
      'GET /api/users: auth',
      'POST /api/users: auth',
      'GET /api/posts: auth',
    ]);
  });

  it('described for OpenAPI has those routes, what they validate and their middleware', async () => {
    const apps = await appsIn(
      {
        'app.ts': `import { serve } from '@hono/node-server';\nimport { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';\nconst guard = ${GUARD};\nconst show = createRoute({ method: 'get', path: '/users/{id}', request: { params: z.object({ id: z.string() }) }, responses: {} });\nconst app = new OpenAPIHono();\napp.openapi(show, (c) => c.json({})).openapi(createRoute({ method: 'delete', path: '/users/{id}', middleware: [guard] as const, responses: {} }), (c) => c.json({}));\napp.doc('/doc', { openapi: '3.0.0', info: { title: 'a', version: '1' } });\nserve({ fetch: app.fetch, port: 3000 });\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth', 'validator'])).toEqual([
      'GET /users/:id: validator',
      'DELETE /users/:id: auth',
      'GET /doc:',
    ]);
  });

  it('has handlers of a factory, several paths and methods, and guards with exceptions', async () => {
    const apps = await appsIn(
      {
        'app.ts': served(
          `import { createFactory } from 'hono/factory';\nimport { every, except } from 'hono/combine';\nimport { jwt } from 'hono/jwt';\nconst factory = createFactory();\nconst guard = factory.createMiddleware(${GUARD});\nconst handlers = factory.createHandlers(guard, (c) => c.text('a'));\nconst app = factory.createApp();\napp.use('/api/*', except(['/api/login', '/api/public/*'], jwt({ secret: 's', alg: 'HS256' })));\napp.get('/mine', ...handlers);\napp.on(['PUT', 'DELETE'], ['/one', '/two'], (c) => c.text('b'));\napp.post('/api/login', (c) => c.text('c'));\napp.get('/api/public/a', (c) => c.text('d'));\napp.get('/api/users', (c) => c.text('e'));\napp.use('/late/*', every(guard, (c, next) => next()));\napp.get('/late/a', (c) => c.text('f'));`,
        ),
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual([
      'GET /mine: auth',
      'PUT /one:',
      'PUT /two:',
      'DELETE /one:',
      'DELETE /two:',
      'POST /api/login:',
      'GET /api/public/a:',
      'GET /api/users: auth',
      'GET /late/a: auth',
    ]);
  });
});
