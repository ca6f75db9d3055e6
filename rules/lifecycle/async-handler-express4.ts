import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Packages that make Express 4 wait for the promises of its handlers. */
const PATCHES = /^(express-async-errors|express-async-patch|@awaitjs\/express|express-promise-router)$/;

export default defineRule({
  id: 'lifecycle/async-handler-express4',
  ensures: 'A rejected promise in a handler reaches the error handler.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 755,
  owasp: 'A10',
  why: `Express 4 does not look at the promise a handler returns. When it is rejected, the client waits for an answer that never
comes, and Node.js ends the process for an unhandled rejection: one bad request takes all others down with it.`,
  fix: `Upgrade to Express 5, which waits for handlers, or wrap every async handler in one that ends in \`.catch(next)\`.`,
  references: [
    'https://expressjs.com/en/guide/error-handling.html',
    'https://nodejs.org/api/process.html#event-unhandledrejection',
  ],
  needs: ['apps', 'program'],
  *check({ apps, program }) {
    const patched = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(({ module }) => module !== undefined && PATCHES.test(module)),
    );
    if (patched) return;
    const seen = new Set<number>();
    for (const app of apps.apps) {
      if (app.framework !== 'express' || app.major === undefined || app.major >= 5) continue;
      const uses = app.links.map((link) => ({ link, name: link.name }));
      const own = app.routes.flatMap(({ handlers, method, path }) =>
        handlers.map((link) => ({ link, name: `${method} ${path ?? '?'}` })),
      );
      for (const { link, name } of [...own, ...uses]) {
        if (seen.has(link.node) || link.condition === 'development') continue;
        seen.add(link.node);
        const fn = program.functionAt(link.node);
        if (!fn?.fact.async) continue;
        const { facts } = fn.module;
        const id = facts.functions.indexOf(fn.fact);
        const isCaught = (block: number): boolean =>
          facts.blocks[block]?.kind === 'try' ||
          (facts.blocks[block]?.parent !== undefined && isCaught(facts.blocks[block]?.parent ?? 0));
        const rejects = facts.values.findIndex(
          (value) =>
            value.kind === 'call' &&
            value.result === 'awaited' &&
            facts.blocks[value.block]?.function === id &&
            !isCaught(value.block) &&
            !/\.(catch|allSettled)$/.test(program.describe(program.nodeIn(fn.module, value.callee))),
        );
        if (rejects < 0) continue;
        const call = program.nodeIn(fn.module, rejects);
        yield {
          at: program.locationOf(call),
          message: `${name} awaits ${program.describe(call)}, and Express 4 does not hear when that fails.`,
          trail: [{ at: link.at, note: 'The handler is registered here.' }],
          repair: 'Express',
        };
      }
    }
  },
  examples: [
    bad('An async handler without a catch', {
      'package.json': `{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.21.0" } }`,
      'app.js': `
const express = require('express');
const db = require('./db');
const app = express();
app.get('/users/:id', async (req, res) => {
  const user = await «db.find(req.params.id)»;
  res.json(user);
});
app.listen(3000);
`,
      'db.js': `exports.find = async (id) => fetch('https://db.internal/' + id);`,
    }),
    bad('A middleware in another file, only half of it in try', {
      'package.json': `{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "~4.18.0" } }`,
      'app.js': `
import express from 'express';
import { loadUser } from './load-user.js';
const app = express();
app.use(loadUser);
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
      'load-user.js': `
import { verify } from './tokens.js';
import { find } from './users.js';
export async function loadUser(req, res, next) {
  let id;
  try {
    id = await verify(req.get('authorization'));
  } catch {
    return res.status(401).end();
  }
  req.user = await «find(id)»;
  next();
}
`,
      'tokens.js': `export const verify = async (token) => token;`,
      'users.js': `export const find = async (id) => ({ id });`,
    }),
    good('Caught, wrapped, or not async', {
      'package.json': `{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.21.0" } }`,
      'app.js': `
const express = require('express');
const asyncHandler = require('express-async-handler');
const db = require('./db');
const catchAsync = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);
const app = express();
app.get('/a', catchAsync(async (req, res) => res.json(await db.all())));
app.get('/b', asyncHandler(async (req, res) => res.json(await db.all())));
app.get('/c', async (req, res, next) => {
  try {
    res.json(await db.all());
  } catch (error) {
    next(error);
  }
});
app.get('/d', async (req, res) => res.json({}));
app.get('/e', async (req, res, next) => {
  const all = await db.all().catch(next);
  res.json(all);
});
app.listen(3000);
`,
      'db.js': `exports.all = async () => [];`,
    }),
    good('Express 5 waits', {
      'package.json': `{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^5.1.0" } }`,
      'app.js': `
import express from 'express';
const app = express();
app.get('/users', async (req, res) => res.json(await load()));
app.listen(3000);
async function load() {
  return [];
}
`,
    }),
    good('Taught to wait', {
      'package.json': `{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.21.0", "express-async-errors": "^3.1.1" } }`,
      'app.js': `
require('express-async-errors');
const express = require('express');
const app = express();
app.get('/users', async (req, res) => res.json(await load()));
app.listen(3000);
async function load() {
  return [];
}
`,
    }),
  ],
});
