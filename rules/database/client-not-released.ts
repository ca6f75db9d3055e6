import { bad, defineRule, good } from '../../src/rule/rule.ts';

const TAKES =
  /^(pg|@neondatabase\/serverless)\.Pool\(\)\.connect$|^(mysql2\/promise|mariadb)\.createPool\(\)\.getConnection$|^mysql2\.createPool\(\)\.promise\(\)\.getConnection$|^postgres\(\)\.reserve$/;
const BEGINS = /^sequelize(\.Sequelize)?\(\)\.transaction$/;

export default defineRule({
  id: 'database/client-not-released',
  ensures: 'Every connection taken from a pool goes back, whatever happens.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 772,
  why: `A connection that is not given back is lost to the pool. One failing query per lost connection is enough: after ten of them (the default size) every request waits for a connection that never comes.`,
  fix: `\`const client = await pool.connect(); try { … } finally { client.release(); }\`, or \`pool.query\` where one statement is all.`,
  references: ['https://node-postgres.com/features/pooling#checkout-use-and-return'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(BEGINS, TAKES)) {
      const apis = code.apiOf(call);
      const value = program.valueOf(call);
      const isTransaction = apis.some((api) => BEGINS.test(api));
      if (value.kind !== 'call' || value.result !== 'awaited' || value.args.length > 1) continue;
      if (!isTransaction && !apis.some((api) => TAKES.test(api))) continue;
      const first = code.argument(call, 0);
      // a managed transaction, or a callback that gets the client
      if (first.state === 'given' && code.functionsIn(first.value).length > 0) continue;
      const owner = code.ownerOf(call);
      if (
        !owner ||
        owner.fact.returns.some((returned) =>
          program.origins(program.nodeIn(owner.module, returned.value)).includes(call),
        )
      )
        continue;
      const back = isTransaction ? ['rollback'] : ['release', 'end', 'destroy'];
      const ends = code.callsOn(call, ...back);
      const name = isTransaction ? 'transaction' : 'connection';
      if (ends.length === 0) {
        const given = code
          .handedOut(call)
          .some(({ call: taker }) => program.callees(taker).length === 0 && !isTransaction);
        const isKept = program
          .moduleOf(call)
          .facts.writes.some((write) =>
            program.origins(program.nodeIn(program.moduleOf(call), write.value)).includes(call),
          );
        if (given || isKept) continue;
        yield {
          at: program.locationOf(call),
          message: isTransaction
            ? 'This transaction is never rolled back: when a statement fails, it stays open and keeps its connection.'
            : 'This connection is never given back to the pool.',
        };
        continue;
      }
      const kinds = ends.flatMap((end) => code.blocksAround(end.call).map(({ kind }) => kind));
      if (
        kinds.includes('finally') ||
        kinds.includes('catch') ||
        ends.some((end) => code.ownerOf(end.call)?.node !== owner.node)
      )
        continue;
      const last = Math.max(...ends.map((end) => end.call));
      const risky = code.callsIn(owner).find((each) => {
        const step = program.valueOf(each);
        return each > call && each < last && step.kind === 'call' && step.result === 'awaited' && !code.isCaught(each);
      });
      const left = program
        .moduleOf(call)
        .facts.blocks.find(
          (block) =>
            block.leaves === 'return' &&
            block.function === functionOf(call) &&
            block.at[0] > value.at[1] &&
            ends.every((end) => program.valueOf(end.call).at[0] > block.at[1]),
        );
      if (risky === undefined && !left) continue;
      yield {
        at: program.locationOf(call),
        message: `This ${name} is not given back when \`${risky === undefined ? 'return' : program.describe(risky)}\` ${risky === undefined ? 'leaves early' : 'fails'}.`,
        trail: [
          {
            at:
              risky === undefined
                ? program.locationIn(program.moduleOf(call), left?.at ?? value.at)
                : program.locationOf(risky),
            note: 'From here the way out does not lead past the release.',
          },
        ],
      };
    }

    function functionOf(node: number): number {
      const owner = code.ownerOf(node);
      const value = owner ? program.valueOf(owner.node) : undefined;
      return value?.kind === 'function' ? value.function : 0;
    }
  },
  examples: [
    bad('The release is skipped when a query fails', {
      'db.js': `
const { Pool } = require('pg');
const pool = new Pool();
exports.move = async (a, b) => {
  const client = await «pool.connect()»;
  await client.query('BEGIN');
  await client.query('UPDATE accounts SET …', [a, b]);
  await client.query('COMMIT');
  client.release();
};`,
    }),
    bad('Never released', {
      'db.ts': `
import mysql from 'mysql2/promise';
const pool = mysql.createPool(process.env.DATABASE_URL);
export async function users() {
  const connection = await «pool.getConnection()»;
  const [rows] = await connection.query('SELECT * FROM users');
  return rows;
}`,
    }),
    good('In finally', {
      'db.js': `
const { Pool } = require('pg');
const pool = new Pool();
exports.move = async (a, b) => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
};`,
    }),
    good('pool.query needs no release, and a helper may release', {
      'db.ts': `
import { Pool } from 'pg';
import { inTransaction } from './transaction.js';
const pool = new Pool();
export const one = () => pool.query('SELECT 1');
export async function two() { const client = await pool.connect(); return inTransaction(client); }`,
      'transaction.ts': `
export async function inTransaction(client) {
  try { await client.query('BEGIN'); await client.query('COMMIT'); } finally { client.release(); }
}`,
    }),
  ],
});
