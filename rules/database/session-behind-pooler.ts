import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What lives as long as the connection it was said on. */
const STATE =
  /^\s*(LISTEN|SET\s+(?!LOCAL\b|TRANSACTION\b)\w+|PREPARE\s+\w+|CREATE\s+(?:TEMP|TEMPORARY)\s+TABLE)\b|\b(pg_advisory_lock|pg_try_advisory_lock)\b/i;
const COMPOSE =
  'services:\n  pgbouncer:\n    image: edoburu/pgbouncer:v1.24.1-p1\n    environment:\n      POOL_MODE: transaction\n  api:\n    build: .\n    environment:\n      DATABASE_URL: postgres://app@pgbouncer:6432/shop\n';

export default defineRule({
  id: 'database/session-behind-pooler',
  ensures: 'What needs a session has one.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 662,
  why: 'Behind a pooler that shares connections by transaction, the next statement of the same client runs on another one: `LISTEN` hears nothing, a lock is never given back, `SET` is found by a stranger. Nothing fails, so nobody notices.',
  fix: 'Connect this client to the database itself, by a connection string of its own.',
  references: ['https://www.pgbouncer.org/features.html'],
  needs: ['program', 'code', 'pools', 'pooled'],
  *check({ program, code, pools, pooled }) {
    for (const { call, kind } of pools.clients) {
      const variable = kind === 'pg client' || kind === 'pg pool' ? pooledBy(call) : undefined;
      if (!variable) continue;
      // statements of the pool itself are told of wherever it leads
      const clients = kind === 'pg client' ? [call] : code.callsOn(call, 'connect').map((connect) => connect.call);
      for (const query of clients.flatMap((client) => code.callsOn(client, 'query'))) {
        const [, word, other] = STATE.exec(textOf(query.call)) ?? [];
        const name = word ?? other;
        if (name !== undefined) yield problem(query.call, name.split(/\s+/).slice(0, 2).join(' '), variable);
      }
    }
    for (const call of program.callsTo(
      /^pg-listen(\.(default|createPostgresSubscriber))?$/,
      /^graphile-worker\.run$/,
    )) {
      const variable = pooledBy(call);
      if (variable) yield problem(call, 'LISTEN', variable);
    }

    function problem(call: number, name: string, { name: variable, server, at }: (typeof pooled.variables)[number]) {
      return {
        at: program.locationOf(call),
        message: `\`${name}\` needs a session, and ${variable} leads to ${server}, which shares connections by transaction.`,
        confidence: 'likely' as const,
        trail: [{ at, note: 'The connection string.' }],
      };
    }

    /** The variable a client is told to connect by. */
    function pooledBy(call: number): (typeof pooled.variables)[number] | undefined {
      const option = code.option(call, 0, 'connectionString');
      const given = option.state === 'given' ? option : code.argument(call, 0);
      if (given.state !== 'given') return undefined;
      const names = [given.value, ...program.definitions(given.value)].flatMap((node) => {
        const value = program.valueOf(node);
        return value.kind === 'member' ? [value.property] : [];
      });
      return pooled.variables.find(({ name }) => names.includes(name));
    }

    function textOf(call: number): string {
      const argument = program.argument(call, 0);
      return argument === undefined ? '' : String(program.constants(argument)?.[0] ?? '').slice(0, 2000);
    }
  },
  examples: [
    bad('A listener', {
      'listen.js': `const { Client } = require('pg');\nconst client = new Client({ connectionString: process.env.DATABASE_URL });\nexports.start = async () => {\n  await client.connect();\n  await «client.query('LISTEN orders')»;\n};\n`,
      'compose.prod.yaml': COMPOSE,
    }),
    bad('A lock on a client of the pool, and a package that listens', {
      'lock.ts': `import { Pool } from 'pg';\nimport createSubscriber from 'pg-listen';\nconst pool = new Pool({ connectionString: process.env.DATABASE_URL });\nexport const events = «createSubscriber({ connectionString: process.env.DATABASE_URL })»;\nexport async function once(job: () => Promise<void>) {\n  const client = await pool.connect();\n  try {\n    await «client.query('SELECT pg_advisory_lock(1)')»;\n    await job();\n  } finally {\n    client.release();\n  }\n}\n`,
      '.env.example': 'DATABASE_URL=postgres://app:change-me@db.abc.supabase.co:6543/postgres\n',
    }),
    good('A connection string of its own', {
      'listen.js': `const { Client } = require('pg');\nconst client = new Client({ connectionString: process.env.LISTEN_URL });\nexports.start = () => client.query('LISTEN orders');\n`,
      'compose.prod.yaml': `${COMPOSE}      LISTEN_URL: postgres://app@db:5432/shop\n`,
    }),
    good('For one transaction, and by session', {
      'lock.js': `const { Client } = require('pg');\nconst client = new Client({ connectionString: process.env.DATABASE_URL });\nexports.lock = () => client.query('SELECT pg_advisory_xact_lock(1)');\nexports.set = () => client.query("SET LOCAL app.tenant = 'a'");\n`,
      'compose.prod.yaml': COMPOSE,
    }),
    good('A pooler that keeps sessions', {
      'listen.js': `const { Client } = require('pg');\nconst client = new Client(process.env.DATABASE_URL);\nexports.start = () => client.query('LISTEN orders');\n`,
      'compose.prod.yaml': COMPOSE.replace('transaction', 'session'),
    }),
  ],
});
