import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Options of pg that it sends while it connects. PgBouncer refuses such a client unless told to ignore them. */
const SENT = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'options'];

export default defineRule({
  id: 'database/pgbouncer-startup-parameter',
  ensures: 'PgBouncer accepts the parameters the application connects with.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  why: `pg sends \`statement_timeout\` and its kin in the first packet of a connection. PgBouncer does not know them and refuses the connection ("unsupported startup parameter"): the service works against PostgreSQL and fails as soon as the pooler stands between.`,
  fix: `Set them on the role (\`ALTER ROLE app SET statement_timeout = '10s'\`), or add them to \`ignore_startup_parameters\` (they then have no effect).`,
  references: ['https://www.pgbouncer.org/config.html#ignore_startup_parameters'],
  needs: ['program', 'code', 'pools', 'poolers'],
  *check({ program, code, pools, poolers }) {
    for (const { call, kind } of pools.clients) {
      if (kind !== 'pg pool' && kind !== 'pg client') continue;
      for (const name of SENT) {
        const option = code.option(call, 0, name);
        if (option.state !== 'given') continue;
        const pooler = poolers.all.find(
          ({ settings }) => !(settings.get('ignore_startup_parameters')?.value ?? '').split(/[\s,]+/).includes(name),
        );
        if (!pooler) continue;
        yield {
          at: option.property
            ? program.locationIn(program.moduleOf(option.value), option.property.at)
            : program.locationOf(option.value),
          message: `PgBouncer refuses connections that send \`${name}\`.`,
          confidence: 'likely',
          trail: [
            {
              at: pooler.settings.get('ignore_startup_parameters')?.at ?? pooler.at,
              note: 'Its `ignore_startup_parameters` does not name it.',
            },
          ],
        };
      }
    }
  },
  examples: [
    bad('A timeout that is sent', {
      'db.js': `
const { Pool } = require('pg');
exports.pool = new Pool({ host: 'pgbouncer', port: 6432, «statement_timeout: 10_000» });`,
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
`,
    }),
    bad('Others are ignored, this is not', {
      'db.ts': `
import pg from 'pg';
export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, «lock_timeout: 500» });`,
      'compose.yaml': `
services:
  pgbouncer:
    image: edoburu/pgbouncer:v1.24.1-p1
    environment:
      POOL_MODE: transaction
      IGNORE_STARTUP_PARAMETERS: extra_float_digits, statement_timeout
`,
    }),
    good('Ignored by name', {
      'db.js': `
const { Pool } = require('pg');
exports.pool = new Pool({ statement_timeout: 10_000 });`,
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
ignore_startup_parameters = extra_float_digits, statement_timeout
`,
    }),
    good('query_timeout stays in the client', {
      'db.ts': `
import { Pool } from 'pg';
export const pool = new Pool({ query_timeout: 10_000 });`,
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
`,
    }),
  ],
});
