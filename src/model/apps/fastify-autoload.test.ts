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
      'src/server.js': server(`{ dir: path.join(here, 'routes'), routeParams: true, options: { prefix: '/api' } }`),
      'src/plugins/helmet.js': `import helmet from '@fastify/helmet';\nexport const autoConfig = {};\nexport default helmet;\n`,
      'src/plugins/limit.js': `import limit from '@fastify/rate-limit';\nexport const autoConfig = { global: false };\nexport default limit;\n`,
      'src/routes/root.js': route(),
      'src/routes/users/index.js': route(),
      'src/routes/users/beside-the-index.js': route('/never'),
      'src/routes/users/_id/posts.js': route('/posts'),
      'src/routes/users/users.test.js': route('/test'),
      'src/routes/own.js': `export const autoPrefix = '/elsewhere';\n${route('/own')}`,
      'src/routes/over.js': `export const prefixOverride = '/instead';\n${route('/over')}`,
    });
    expect(protectionsOf(apps, ['headers', 'limiter']).toSorted()).toEqual([
      'GET /api/elsewhere/own: headers',
      'GET /api/users/:id/posts: headers',
      'GET /api/users: headers',
      'GET /api: headers',
      'GET /instead/over: headers',
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

  it('serves what `fastify start` starts', async () => {
    const apps = await appsIn({
      'package.json': `{ "name": "a", "private": true, "scripts": { "start": "fastify start -w -l info app.js" } }`,
      'app.js': `const path = require('node:path');
const autoload = require('@fastify/autoload');
module.exports = async (fastify, options) => {
  fastify.register(autoload, { dir: path.join(__dirname, 'plugins'), options: Object.assign({}, options) });
  fastify.register(autoload, { dir: path.join(__dirname, 'routes'), options: { ...options, prefix: '/v1' } });
};
`,
      'plugins/known.js': `const fp = require('fastify-plugin');
module.exports = fp(async (fastify) => {
  fastify.decorate('known', async (request) => { await request.jwtVerify(); });
});
`,
      'routes/items/index.js': `module.exports = async (fastify) => {
  fastify.get('/', async () => []);
  fastify.post('/', { onRequest: fastify.known }, async () => ({}));
};
`,
    });
    expect(apps.apps.map(({ serving, path }) => `${path} ${serving}`)).toEqual(['app.js yes']);
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /v1/items:', 'POST /v1/items: auth']);
  });

  it('says so where the folder cannot be seen', async () => {
    const apps = await appsIn({
      'package.json': MANIFEST,
      'src/server.js': `${server(`{ dir: process.env.ROUTES }`)}app.get('/x', async () => ({}));\n`,
    });
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /x: auth?']);
  });
});
