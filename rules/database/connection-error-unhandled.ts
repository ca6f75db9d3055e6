import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'database/connection-error-unhandled',
  ensures: 'A lost database connection does not take the process down.',
  severity: 'high',
  roles: ['service', 'worker'],
  cwe: 248,
  why: `An idle connection that breaks (a restart, a failover, a firewall's timeout) is reported as an \`error\` event of the pool or client. Nobody asked for anything at that moment, so no \`try\` is around it: without a listener the process ends.`,
  fix: `Add \`pool.on('error', (error) => log.error(error))\` where it is made; the pool replaces the connection by itself.`,
  references: ['https://node-postgres.com/apis/pool#error', 'https://github.com/redis/node-redis#events'],
  needs: ['program', 'code', 'pools'],
  *check({ program, code, pools }) {
    for (const { call, kind, isLongLived, closers } of pools.clients) {
      if (
        !isLongLived ||
        !(
          kind === 'pg pool' ||
          kind === 'pg client' ||
          kind === 'redis' ||
          kind === 'amqp' ||
          kind === 'mysql connection'
        )
      )
        continue;
      if (code.listenersOn(call, 'error').length > 0) continue;
      // closed again by the function that made it: a script, not a service
      const owner = code.ownerOf(call);
      if (owner && code.callsOn(call, ...closers).some((close) => code.ownerOf(close.call)?.node === owner.node))
        continue;
      // an adapter or an ORM that takes it over listens for it, or may
      if (
        code
          .handedOut(call)
          .some(
            ({ call: taker }) =>
              program.callees(taker).length === 0 && !code.apiOf(taker).some((api) => api.startsWith('console.')),
          )
      )
        continue;
      yield {
        at: program.locationOf(call),
        message: `Nothing listens for errors of this ${kind}: a connection that breaks while idle ends the process.`,
      };
    }
  },
  examples: [
    bad('A pg pool', {
      'db.js': `
const { Pool } = require('pg');
const pool = «new Pool({ connectionString: process.env.DATABASE_URL })»;
exports.query = (text, values) => pool.query(text, values);`,
    }),
    bad('Redis', {
      'cache.ts': `
import { createClient } from 'redis';
export const cache = «createClient({ url: process.env.REDIS_URL })»;
await cache.connect();`,
    }),
    good('With a listener, here or elsewhere', {
      'db.ts': `
import pg from 'pg';
import { createClient } from 'redis';
export const pool = new pg.Pool();
export const cache = createClient().on('error', console.error);`,
      'watch.ts': `
import { pool } from './db.js';
pool.on('error', (error) => console.error(error));`,
    }),
    good('ioredis and the MongoDB driver see to it themselves', {
      'db.js': `
const Redis = require('ioredis');
const { MongoClient } = require('mongodb');
exports.redis = new Redis();
exports.mongo = new MongoClient(process.env.MONGODB_URL);`,
    }),
    good('A script that closes what it opened', {
      'seed.ts': `
import { createConnection } from 'mysql2/promise';
async function seed() {
  const connection = await createConnection(process.env.DATABASE_URL);
  await connection.query('INSERT INTO a VALUES (1)');
  await connection.end();
}
seed();`,
    }),
    good('An ORM owns the pool', {
      'db.ts': `
import { Pool } from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
export const adapter = new PrismaPg(new Pool());`,
    }),
  ],
});
