import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** A connection string that leads to PgBouncer. */
const POOLED = /^postgres(ql)?:\/\/([^@/]*@)?([\w.-]*pgbouncer|[\w.-]+:6432)/;

export default defineRule({
  id: 'database/pgbouncer-prepared-statements',
  ensures: 'Prepared statements find their connection again behind PgBouncer.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  why: `In transaction mode the next execution of a named statement runs on another server connection. PgBouncer follows it there from 1.21 on, if \`max_prepared_statements\` is above 0 (200 by default since 1.24); otherwise queries fail with "prepared statement does not exist", at random and only under load.`,
  fix: `Set \`max_prepared_statements = 200\` (PgBouncer 1.21 or newer), or turn them off in the driver: \`postgres(url, { prepare: false })\`, no \`name\` in pg.`,
  references: ['https://www.pgbouncer.org/config.html#max_prepared_statements'],
  needs: ['program', 'code', 'pools', 'poolers', 'environment'],
  *check({ program, code, pools, poolers, environment }) {
    const pooler = poolers.all.find((each) => each.mode !== 'session' && losesStatements(each));
    if (!pooler) return;
    const place = pooler.settings.get('max_prepared_statements')?.at ?? pooler.at;
    const trail = [
      {
        at: place,
        note: pooler.settings.has('max_prepared_statements')
          ? 'It is told not to follow them.'
          : `PgBouncer ${pooler.version ?? ''} does not follow them unless told to.`,
      },
    ];
    const urls = environment.assignments.map(({ value }) => value).filter((value) => POOLED.test(value));
    const isTold = urls.length === 0 || urls.some((value) => value.includes('pgbouncer=true'));
    for (const { call, kind } of pools.clients) {
      // from 7 on it has an adapter, whose driver prepares none by name
      if (kind === 'prisma' && !isTold && code.option(call, 0, 'adapter').state === 'absent')
        yield {
          at: program.locationOf(call),
          message: 'Prisma prepares statements by name unless its URL says `pgbouncer=true`, and PgBouncer loses them.',
          trail,
        };
      if (kind !== 'postgres.js') continue;
      const prepare = code.option(call, 1, 'prepare');
      if (
        prepare.state === 'unknown' ||
        (prepare.state === 'given' && !program.constants(prepare.value)?.every((value) => value === true))
      )
        continue;
      yield {
        at: program.locationOf(call),
        message: 'postgres.js prepares every statement, and PgBouncer loses them.',
        trail,
      };
    }
    for (const call of program.callsTo(/^pg\.(Pool|Client)\(\)(\.connect\(\))?\.query$/)) {
      const name = code.option(call, 0, 'name');
      if (name.state !== 'given') continue;
      yield {
        at: program.locationOf(call),
        message: 'This statement is prepared by name, and PgBouncer loses it.',
        trail,
      };
    }

    function losesStatements({ settings, version }: (typeof poolers.all)[number]): boolean {
      const set = settings.get('max_prepared_statements');
      if (version !== undefined && versionBelow(version, 21)) return true;
      if (set) return set.value.trim() === '0';
      return version !== undefined && versionBelow(version, 24);
    }

    function versionBelow(version: string, minor: number): boolean {
      const [major = 0, own = 0] = version.split('.').map(Number);
      return major === 1 && own < minor;
    }
  },
  examples: [
    bad('postgres.js, and statements turned off in the pooler', {
      'db.js': `
const postgres = require('postgres');
exports.sql = «postgres(process.env.DATABASE_URL)»;`,
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
max_prepared_statements = 0
`,
    }),
    bad('A named query of pg behind an old PgBouncer', {
      'db.ts': `
import { Pool } from 'pg';
const pool = new Pool();
export const user = (id: string) => «pool.query({ name: 'user', text: 'SELECT * FROM users WHERE id = $1', values: [id] })»;`,
      'compose.yaml': `
services:
  pgbouncer:
    image: edoburu/pgbouncer:1.20.1
    environment:
      POOL_MODE: transaction
`,
    }),
    bad('Prisma without an adapter, and not told', {
      'db.ts': `
import { PrismaClient } from '@prisma/client';
export const db = «new PrismaClient()»;`,
      'compose.yaml': `
services:
  pgbouncer:
    image: edoburu/pgbouncer:1.20.1
    environment:
      POOL_MODE: transaction
  api:
    build: .
    environment:
      DATABASE_URL: postgres://app@pgbouncer:6432/shop
`,
    }),
    good('Prisma, which is told', {
      'db.ts': `
import { PrismaClient } from '@prisma/client';
export const db = new PrismaClient();`,
      'new.ts': `
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@prisma/client';
export const db = new PrismaClient({ adapter: new PrismaPg({}) });`,
      '.env.example': 'DATABASE_URL=postgres://app@pgbouncer:6432/shop?pgbouncer=true\n',
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
max_prepared_statements = 0
`,
    }),
    good('A PgBouncer that follows them', {
      'db.js': `exports.sql = require('postgres')(process.env.DATABASE_URL);`,
      'compose.yaml': `
services:
  pgbouncer:
    image: edoburu/pgbouncer:v1.24.1-p1
    environment:
      POOL_MODE: transaction
`,
    }),
    good('Turned off in the driver; pg without a name', {
      'db.ts': `
import postgres from 'postgres';
import { Pool } from 'pg';
export const sql = postgres(process.env.DATABASE_URL, { prepare: false });
export const one = () => new Pool().query('SELECT $1', [1]);`,
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
max_prepared_statements = 0
`,
    }),
  ],
});
