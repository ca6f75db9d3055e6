import { bad, defineRule, good } from '../../src/rule/rule.ts';

const POOLED =
  /^((pg|@neondatabase\/serverless)\.Pool\(\)\.query|(mysql|mysql2|mysql2\/promise|mariadb)\.createPool\(\)(\.promise\(\))?\.(query|execute)|knex(\.knex)?\(\)\.raw|sequelize(\.Sequelize)?\(\)\.query|typeorm\.DataSource\(\)\.query|@prisma\/client\.PrismaClient\(\)\.\$(executeRawUnsafe|executeRaw|queryRaw|queryRawUnsafe))$/;
const CLIENT = /(\.(connect|getConnection)\(\)|\.(PoolClient|Client|PoolConnection)(\(\))?)\.(query|execute)$/;
const TRANSACTION = /^\s*(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT)\b/i;

export default defineRule({
  id: 'database/transaction-on-pool',
  ensures: 'All statements of a transaction run on one connection.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 662,
  why: `A pool picks a connection for every statement. \`BEGIN\` opens a transaction on one, the updates run on others and are final at once, and \`COMMIT\` ends nothing. The connection that heard \`BEGIN\` goes back to the pool inside a transaction, with its locks, and the next request works in it.`,
  fix: `Take one client (\`const client = await pool.connect()\`), run all statements on it, release it in \`finally\`; or use the transaction function of the ORM.`,
  references: ['https://node-postgres.com/features/transactions'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(POOLED)) {
      const argument = code.argument(call, 0);
      // where it may be a client of the pool as well, a client is what it is
      if (argument.state !== 'given' || code.apiOf(call).some((api) => CLIENT.test(api))) continue;
      const tag = program.valueOf(argument.value);
      const texts =
        tag.kind === 'array'
          ? tag.items.slice(0, 1).flatMap((item) => program.constants(program.child(argument.value, item.value)) ?? [])
          : program.constants(argument.value);
      const word = texts?.map((text) => TRANSACTION.exec(String(text))?.[1]).find((found) => found !== undefined);
      if (word === undefined) continue;
      const [pool] = code.receiversOf(call);
      const most = pool === undefined ? undefined : code.option(pool, 0, 'max');
      const isSingle = most?.state === 'given' && program.constants(most.value)?.every((each) => each === 1);
      yield {
        at: program.locationOf(call),
        message: `${word.toUpperCase()} runs on whichever connection the pool picks, and so does every statement after it.`,
        ...(isSingle && { severity: 'medium' as const }),
      };
    }
  },
  examples: [
    bad('On a pg pool', {
      'db.js': `
const { Pool } = require('pg');
const pool = new Pool();
exports.move = async (a, b) => {
  await «pool.query('BEGIN')»;
  await pool.query('UPDATE accounts SET x = $1', [a]);
  await «pool.query('COMMIT')»;
};`,
    }),
    bad('Through a helper in another file', {
      'db.ts': `
import mysql from 'mysql2/promise';
export const pool = mysql.createPool({});`,
      'orders.ts': `
import { pool } from './db.js';
export async function place() {
  await «pool.query('START TRANSACTION')»;
  await pool.query('INSERT INTO orders VALUES (1)');
}`,
    }),
    good('A function that is told it gets a client', {
      'transaction.ts': `
import { Pool, type PoolClient } from 'pg';
export const pool = new Pool();
export async function begin(connection: PoolClient) {
  await connection.query('BEGIN');
}
export async function run(connection: Pool | PoolClient) {
  if (connection instanceof Pool) connection = await connection.connect();
  await begin(connection);
}
await run(pool);`,
    }),
    good('On one client', {
      'db.js': `
const { Pool } = require('pg');
const pool = new Pool();
exports.move = async () => {
  const client = await pool.connect();
  try { await client.query('BEGIN'); await client.query('COMMIT'); } finally { client.release(); }
};`,
    }),
    good('A function of the ORM, and a word that only looks like it', {
      'db.ts': `
import { Pool } from 'pg';
import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export const move = () => prisma.$transaction([prisma.a.count(), prisma.b.count()]);
export const began = () => new Pool().query('SELECT begin_at FROM commits');`,
    }),
  ],
});
