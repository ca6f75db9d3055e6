import { describe, expect, it } from 'vitest';
import { appsIn } from './apps-in.ts';

const routesIn = async (files: Readonly<Record<string, string>>): Promise<readonly string[][]> => {
  const { apps } = await appsIn({
    'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node main.js" } }`,
    ...files,
  });
  return apps.map(({ routes }) => routes.map(({ method, path }) => `${method} ${path ?? '?'}`));
};

const LISTENS = `const app = require('express')();\n  app.get('/items', (req, res) => res.json([]));\n  app.listen(3000);`;

describe('A function that is handed over', () => {
  it('runs where it stands in a list or an object', async () => {
    expect(
      await routesIn({
        'main.js': `const { pipeline } = require('vasync');\npipeline({ funcs: [function readConfig(_, next) { next(); }, function listen(_, next) {\n  ${LISTENS}\n} ] });\n`,
      }),
    ).toEqual([['GET /items']]);
  });

  it('runs though the function of the program it is given to keeps it', async () => {
    expect(
      await routesIn({
        'main.js': `const { start, kept } = require('./modules.js');\nkept('server', () => {\n  ${LISTENS}\n});\nstart();\n`,
        'modules.js': `const all = new Map();\nexports.kept = (name, run) => { all.set(name, { run }); };\nexports.start = () => { for (const name of all.keys()) all.get(name).run(); };\n`,
      }),
    ).toEqual([['GET /items']]);
  });

  it('finds the application around it, whatever it is called for', async () => {
    expect(
      await routesIn({
        'main.js': `const fastify = require('fastify');\nconst start = async () => {\n  const server = fastify();\n  server.register(async (items) => { items.get('/', async () => []); }, { prefix: '/items' });\n  ['SIGINT', 'SIGTERM'].forEach((signal) => process.on(signal, async () => { await server.close(); }));\n  await server.listen({ port: 3000 });\n};\nstart();\n`,
      }),
    ).toEqual([['GET /items']]);
  });
});
