import { bad, defineRule, good } from '../../src/rule/rule.ts';

const POOLED =
  /^((pg|@neondatabase\/serverless)\.Pool\(\)\.query|knex(\.knex)?\(\)\.raw|sequelize(\.Sequelize)?\(\)\.query|@prisma\/client\.PrismaClient\(\)\.\$(executeRawUnsafe|executeRaw|queryRaw|queryRawUnsafe)|typeorm\.DataSource\(\)\.query)$/;
/** What stays with a connection when the statement is over. `pg_advisory_xact_lock` and `SET LOCAL` end with their transaction. */
const STATE =
  /^\s*(LISTEN|UNLISTEN|SET\s+(?!LOCAL\b|TRANSACTION\b)\w+|PREPARE\s+\w+|CREATE\s+(?:TEMP|TEMPORARY)\s+TABLE|DECLARE\s+\w+)\b|\b(pg_advisory_lock|pg_try_advisory_lock)\b/i;

export default defineRule({
  id: 'database/session-state-on-pool',
  ensures: 'What belongs to one connection is done on a connection of its own.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 662,
  why: `A pool runs each statement on any connection. A lock taken that way is held by a connection nobody can name again, so it is never released; \`LISTEN\` hears nothing once its connection is reused; \`SET\` changes the connection of the next request, which belongs to somebody else.`,
  fix: `Use \`pg_advisory_xact_lock\` and \`SET LOCAL\` inside a transaction on one client, and a \`Client\` of its own for \`LISTEN\`.`,
  references: ['https://www.pgbouncer.org/features.html', 'https://node-postgres.com/features/pooling'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(POOLED)) {
      const argument = code.argument(call, 0);
      if (argument.state !== 'given') continue;
      const word = textsOf(argument.value)
        .map((text) => STATE.exec(text.slice(0, 2000)))
        .find((found) => found !== null);
      if (!word) continue;
      const name = (word[2] ?? word[1] ?? '').trim().split(/\s+/).slice(0, 2).join(' ');
      yield {
        at: program.locationOf(call),
        message: `\`${name}\` changes one connection of the pool, and the next statement may run on another.`,
      };
    }

    /** Constant texts, or the constant beginning of a text that is put together. */
    function textsOf(node: number): readonly string[] {
      const constants = program.constants(node);
      if (constants) return constants.map(String);
      return program.origins(node).flatMap((origin) => {
        const value = program.valueOf(origin);
        const parts = value.kind === 'join' ? value.parts : value.kind === 'array' ? value.items : [];
        const [first] = parts;
        return first ? (program.constants(program.child(origin, first.value)) ?? []).map(String) : [];
      });
    }
  },
  examples: [
    bad('An advisory lock', {
      'jobs.js': `
const { Pool } = require('pg');
const pool = new Pool();
exports.once = async (job) => {
  await «pool.query('SELECT pg_advisory_lock($1)', [job.id])»;
  await job.run();
};`,
    }),
    bad('LISTEN and SET', {
      'db.ts': `
import { Pool } from 'pg';
const pool = new Pool();
export const listen = () => «pool.query('LISTEN orders')»;
export const tenant = (id: string) => «pool.query(\`SET app.tenant = '\${id}'\`)»;`,
    }),
    good('On a client, or for one transaction', {
      'db.ts': `
import { Client, Pool } from 'pg';
const pool = new Pool();
const listener = new Client();
export const listen = () => listener.query('LISTEN orders');
export const lock = () => pool.query('SELECT pg_advisory_xact_lock(1)');
export const set = () => pool.query('UPDATE settings SET value = 1');`,
    }),
    good('In a transaction of Prisma', {
      'db.ts': `
import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export const run = () => prisma.$transaction(async (tx) => { await tx.$executeRaw\`SET LOCAL app.tenant = 'a'\`; });`,
    }),
  ],
});
