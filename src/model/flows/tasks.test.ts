import { describe, expect, it } from 'vitest';
import { flowsIn } from './flows-in.ts';

const app = (handler: string) => ({
  'app.js': `const { exec } = require('child_process');
const async = require('async');
const app = require('express')();
app.get('/', (req, res) => {
${handler}
});
`,
});

describe('what tasks hand on', () => {
  it.each([
    [
      'to the next and to the end of a waterfall',
      `async.waterfall([
  (next) => next(null, 1, req.query.a),
  (n, a, next) => { exec(a); next(null, 'ls ' + a); },
], (error, text) => exec(text));`,
      ['req.query.a', 'req.query.a'],
    ],
    ['from an async function', `async.waterfall([async () => req.query.a, async (a) => exec(a)]);`, ['req.query.a']],
    [
      'to the end of a series, in its place',
      `async.series([(done) => done(null, req.query.a), (done) => done(null, 'ls')], (error, results) => { exec(results[0]); exec(results[1]); });`,
      ['req.query.a'],
    ],
    [
      'by name, to tasks that wait for them',
      `async.auto({
  get: (done) => done(null, req.query.a),
  other: (done) => done(null, 'ls'),
  run: ['get', 'other', (results, done) => { exec(results.get); exec(results.other); }],
});`,
      ['req.query.a'],
    ],
    [
      'as an error, which is nothing of the client',
      `async.waterfall([(next) => next(req.query.a)], (error, text) => exec(text));`,
      [],
    ],
  ])('%s', (_, handler, sources) => {
    expect(flowsIn(app(handler), 'shell').map(({ source }) => source)).toEqual(sources);
  });
});

describe('where files and exports say who calls', () => {
  const EXEC = `import { exec } from 'node:child_process';\n`;
  it.each([
    [
      'form actions of SvelteKit',
      'src/routes/a/+page.server.ts',
      `export const actions = { default: async ({ request }) => { const form = await request.formData(); exec(form.get('a')); } };`,
      ['request.formData()'],
    ],
    [
      'endpoints of Astro',
      'src/pages/api/a.ts',
      `export const POST = async ({ request, params }) => { exec(params.a); return new Response(''); };`,
      ['params.a'],
    ],
    [
      'what is called so in other files',
      'src/actions.ts',
      `export const actions = { default: async ({ request }) => exec(request.a) };`,
      [],
    ],
  ])('%s', (_, path, text, sources) => {
    expect(flowsIn({ [path]: EXEC + text }, 'shell').map(({ source }) => source)).toEqual(sources);
  });

  it('the context of tRPC', () => {
    const files = {
      'index.ts': `import { createHTTPServer } from '@trpc/server/adapters/standalone';
import { router } from './router';
createHTTPServer({ router, createContext: ({ req }) => ({ tenant: req.headers['x-tenant'], port: 1 }) }).listen(3000);`,
      'router.ts': `${EXEC}import { initTRPC } from '@trpc/server';
const t = initTRPC.create();
export const router = t.router({ a: t.procedure.query(({ ctx }) => { exec(ctx.tenant); exec(ctx.port); }) });`,
    };
    expect(flowsIn(files, 'shell').map(({ source }) => source)).toEqual(['req.headers.x-tenant']);
  });
});

describe('a method of what a table holds', () => {
  it('is run with what the call gives', () => {
    const text = `const { exec } = require('child_process');
const app = require('express')();
class Shell { run(text) { exec(text); } }
class Other { run() { return 1; } }
class Runner {
  constructor() {
    this.ways = new Map();
    this.ways.set('shell', new Shell());
    this.ways.set('other', new Other());
  }
  go(way, text) { return this.ways.get(way).run(text); }
}
const runner = new Runner();
app.get('/', (req, res) => runner.go(req.query.way, req.query.text));`;
    expect(flowsIn({ 'app.js': text }, 'shell').map(({ source }) => source)).toEqual(['req.query.text']);
  });
});

describe('functions of a list', () => {
  it('are called with what each round gives them', () => {
    const files = {
      'app.js': `const app = require('express')();
const { Pool } = require('pg');
[require('./a'), require('./b')].forEach((add) => add(app, new Pool()));`,
      'a.js': `module.exports = (app, db) => app.get('/a', (req, res) => db.query('select ' + req.query.a));`,
      'b.js': `module.exports = (app, db) => app.get('/b', (req, res) => db.query('select $1', [req.query.b]));`,
    };
    expect(flowsIn(files, 'sql').map(({ source, evidence }) => [source, evidence.unsure])).toEqual([
      ['req.query.a', undefined],
    ]);
  });
});
