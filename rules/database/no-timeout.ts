import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'database/no-timeout',
  ensures: 'Waiting for the database ends.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 1088,
  why: `A pg pool waits for ever: for a free connection, for a new one to be set up, for the answer to a query. One slow statement holds a connection, then all of them, and then every request waits; the database is fine and the service is down.`,
  fix: `\`new Pool({ connectionTimeoutMillis: 5000, statement_timeout: 10_000 })\` (through PgBouncer set \`statement_timeout\` on the role instead).`,
  references: ['https://node-postgres.com/apis/pool', 'https://node-postgres.com/apis/client'],
  needs: ['program', 'code', 'pools'],
  *check({ program, code, pools }) {
    for (const { call, kind, isLongLived } of pools.clients) {
      if (kind !== 'pg pool' || !isLongLived) continue;
      // an adapter may set its own
      if (code.argument(call, 0).state === 'unknown') continue;
      const missing: string[] = [];
      if (isAbsent(call, 'connectionTimeoutMillis')) missing.push('a connection');
      if (isAbsent(call, 'statement_timeout', 'query_timeout') && !setsOnConnect(call)) missing.push('an answer');
      if (missing.length === 0) continue;
      yield {
        at: program.locationOf(call),
        message: `This pool waits for ${missing.join(' and for ')} without end.`,
        confidence: 'likely',
        ...(missing.length === 1 && { severity: 'low' as const }),
      };
    }

    function isAbsent(call: number, ...names: readonly string[]): boolean {
      return names.every((name) => code.option(call, 0, name).state === 'absent');
    }

    function setsOnConnect(call: number): boolean {
      if (code.option(call, 0, 'options').state !== 'absent') return true;
      return code.listenersOn(call, 'connect').length > 0 || code.option(call, 0, 'onConnect').state !== 'absent';
    }
  },
  examples: [
    bad('A pool as it comes', {
      'db.js': `
const { Pool } = require('pg');
exports.pool = «new Pool({ connectionString: process.env.DATABASE_URL })»;`,
    }),
    bad('Only the connection', {
      'db.ts': `
import pg from 'pg';
const options = { max: 10, connectionTimeoutMillis: 2000 };
export const pool = «new pg.Pool(options)»;`,
    }),
    good('Both', {
      'db.js': `
const { Pool } = require('pg');
exports.pool = new Pool({ connectionTimeoutMillis: 2000, statement_timeout: 10_000 });
exports.other = new Pool({ connectionTimeoutMillis: 2000, query_timeout: 10_000 });`,
    }),
    good('Options we cannot see; other libraries with defaults', {
      'db.ts': `
import { Pool } from 'pg';
import knex from 'knex';
import settings from './settings.json';
export const pool = new Pool(settings.database);
export const db = knex({ client: 'pg' });`,
    }),
  ],
});
