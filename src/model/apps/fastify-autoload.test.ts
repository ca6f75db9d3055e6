import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const MANIFEST = `{ "name": "a", "private": true, "type": "module", "scripts": { "start": "node src/server.js" } }`;
const server = (options: string): string =>
  `import path from 'node:path';\nimport { fileURLToPath } from 'node:url';\nimport autoload from '@fastify/autoload';\nimport Fastify from 'fastify';\nconst here = path.dirname(fileURLToPath(import.meta.url));\nconst app = Fastify();\nawait app.register(autoload, { dir: path.join(import.meta.dirname, 'plugins') });\napp.register(autoload, ${options});\nawait app.listen({ port: 3000 });\n`;
const route = (path = '/'): string => `export default async (app) => { app.get('${path}', async () => ({})); };\n`;
const GUARD = `export default async (app) => { app.addHook('onRequest', async (request, reply) => { if (!request.session.user) reply.unauthorized(); }); };\n`;

describe('@fastify/autoload', () => {
  it('makes plugins of packages and of modules, folders into prefixes', async () => {
    const apps = await appsIn({
      'package.json': MANIFEST,
      'src/server.js': server(`{ dir: path.join(here, 'routes'), options: { prefix: '/api' } }`),
      'src/plugins/helmet.js': `import helmet from '@fastify/helmet';\nexport const autoConfig = {};\nexport default helmet;\n`,
      'src/plugins/limit.js': `import limit from '@fastify/rate-limit';\nexport const autoConfig = { global: false };\nexport default limit;\n`,
      'src/routes/root.js': route(),
      'src/routes/users/index.js': route(),
      'src/routes/users/beside-the-index.js': route('/never'),
      'src/routes/users/_id/posts.js': route('/posts'),
      'src/routes/users/users.test.js': route('/test'),
      'src/routes/own.js': `export const autoPrefix = '/elsewhere';\n${route('/own')}`,
    });
    expect(protectionsOf(apps, ['headers', 'limiter']).toSorted()).toEqual([
      'GET /api/users/:id/posts: headers',
      'GET /api/users: headers',
      'GET /api: headers',
      'GET /elsewhere/own: headers',
    ]);
  });

  it.each([
    ['nowhere, unless asked to', '', ['GET /: ', 'GET /deep: ', 'GET /deep/deeper: ']],
    ['for their own folder', 'autoHooks: true', ['GET /: ', 'GET /deep/deeper: ', 'GET /deep: auth']],
    ['for all below', 'autoHooks: true, cascadeHooks: true', ['GET /: ', 'GET /deep/deeper: auth', 'GET /deep: auth']],
  ])('runs hooks of a folder %s', async (_, options, expected) => {
    const apps = await appsIn({
      'package.json': MANIFEST,
      'src/server.js': server(`{ dir: path.join(here, 'routes'), ${options} }`),
      'src/plugins/none.js': `export default async () => {};\n`,
      'src/routes/root.js': route(),
      'src/routes/deep/autohooks.js': GUARD,
      'src/routes/deep/index.js': route(),
      'src/routes/deep/deeper/index.js': route(),
    });
    expect(protectionsOf(apps, ['auth']).toSorted()).toEqual(expected.map((line) => line.trim()).toSorted());
  });

  it('says so where the folder cannot be seen', async () => {
    const apps = await appsIn({
      'package.json': MANIFEST,
      'src/server.js': `${server(`{ dir: process.env.ROUTES }`)}app.get('/x', async () => ({}));\n`,
    });
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /x: auth?']);
  });
});
