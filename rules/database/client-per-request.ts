import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Beyond so many calls, something on the way usually keeps what is made. */
const NEAR = 3;

export default defineRule({
  id: 'database/client-per-request',
  ensures: 'Connections are made once and shared by all requests.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 400,
  why: `A pool or client made in a handler opens new connections for every request, pays for their handshake each time, and leaves them open. The server's limit is soon reached, and then nobody can connect.`,
  fix: `Make one pool when the module is loaded and use it in the handlers.`,
  references: ['https://node-postgres.com/features/pooling'],
  needs: ['program', 'code', 'pools', 'handlers'],
  *check({ program, code, pools, handlers }) {
    for (const { call, kind } of pools.clients) {
      const reach = handlers.reach(call);
      if (!reach || reach.handler.trigger === 'job' || kind === 'queue' || code.isOnceOnly(call)) continue;
      if (reach.calls.some((step) => code.isOnceOnly(step))) continue;
      const { registered } = reach.handler;
      if (registered !== undefined && code.isEnvironmentGuarded(registered)) continue;
      yield {
        at: program.locationOf(call),
        message: `Every request makes a ${kind} connection of its own, ${handlers.describe(reach)}.`,
        ...(reach.calls.length > NEAR && { unsure: 'So many calls away, something may keep the connection.' }),
        ...(reach.handler.byShape && { confidence: 'likely' as const }),
        trail: reach.calls.map((step) => ({ at: code.calleeAt(step), note: 'The request gets there by this call.' })),
      };
    }
  },
  examples: [
    bad('A pool in the handler', {
      'app.js': `
const { Pool } = require('pg');
const app = require('express')();
app.get('/users', async (req, res) => {
  const pool = «new Pool()»;
  res.json((await pool.query('SELECT * FROM users')).rows);
});`,
    }),
    bad('Prisma in a helper', {
      'db.ts': `
import { PrismaClient } from '@prisma/client';
export function users() { return «new PrismaClient()».user.findMany(); }`,
      'server.ts': `
import Fastify from 'fastify';
import { users } from './db.js';
Fastify().get('/', async () => users());`,
    }),
    good('Once, when the module is loaded', {
      'app.js': `
const { Pool } = require('pg');
const pool = new Pool();
const app = require('express')();
app.get('/users', async (req, res) => res.json((await pool.query('SELECT 1')).rows));`,
    }),
    good('Made on first use and kept', {
      'db.ts': `
import { MongoClient } from 'mongodb';
let client;
export async function db() {
  if (!client) client = await new MongoClient(process.env.MONGODB_URL).connect();
  return client.db();
}`,
      'server.ts': `
import Koa from 'koa';
import { db } from './db.js';
new Koa().use(async (ctx) => { ctx.body = await (await db()).collection('a').findOne(); });`,
    }),
  ],
});
