import { bad, defineRule, good } from '../../src/rule/rule.ts';

const URL = /^(DATABASE_UR[LI]|DB_UR[LI]|PG_URL|POSTGRES(_PRISMA)?_URL)$/;
/** A variable for the way around the pooler. */
const AROUND = /DIRECT|SHADOW|MIGRAT|UNPOOLED|NON_POOLING/;
const COMPOSE =
  'services:\n  pgbouncer:\n    image: edoburu/pgbouncer:v1.24.1-p1\n    environment:\n      POOL_MODE: transaction\n  migrate:\n    build: .\n    environment:\n      DATABASE_URL: postgres://app@pgbouncer:6432/shop\n    command: «npx prisma migrate deploy»\n';
const plain = (text: string): string => text.replaceAll(/[«»]/g, '');

export default defineRule({
  id: 'database/migrations-through-pooler',
  ensures: 'Migrations reach the database itself, not its pooler.',
  severity: 'medium',
  roles: ['any'],
  why: 'A migration locks out others for the time of its session. A pooler that shares connections by transaction takes the lock on one connection and gives it back on another: the next migration hangs, or two run at once.',
  fix: 'Give migrations a direct connection string (`directUrl`, a `DIRECT_URL` of port 5432), and the pooled one to the program alone.',
  references: [
    'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/pgbouncer',
    'https://www.pgbouncer.org/features.html',
  ],
  needs: ['pooled', 'environment', 'variableReads'],
  *check({ pooled, environment, variableReads }) {
    const variable = pooled.variables.find(({ name }) => URL.test(name));
    if (!variable || [...environment.assignments, ...variableReads].some(({ name }) => AROUND.test(name))) return;
    for (const { at, text } of pooled.migrations)
      yield {
        at,
        confidence: 'likely',
        message: `\`${text}\` connects by ${variable.name} to ${variable.server}, a pooler that shares connections by transaction.`,
        trail: [{ at: variable.at, note: 'The connection string.' }],
      };
  },
  examples: [
    bad('A service of its own', {
      'compose.prod.yaml': COMPOSE,
    }),
    bad('While it is built, and by the pooler of Supabase', {
      '.env.example':
        'DATABASE_URL=postgres://postgres.abc:[PASSWORD]@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true\n',
      Procfile: 'web: node server.js\n«release: npx node-pg-migrate up»\n',
      'package.json':
        '{ "name": "a", "scripts": { "vercel-build": «"prisma migrate deploy && next build"», "dev": "prisma migrate dev" } }\n',
    }),
    good('By a way of its own, or by session', {
      'a/compose.prod.yaml': plain(COMPOSE).replace(
        '    command',
        '      DIRECT_URL: postgres://app@db:5432/shop\n    command',
      ),
    }),
    good('By a variable that its configuration reads', {
      'compose.prod.yaml': plain(COMPOSE),
      'prisma.config.ts': 'export default { datasource: { url: process.env.DIRECT_URL } };\n',
    }),
    good('A pooler that keeps sessions', {
      'compose.prod.yaml': plain(COMPOSE).replace('transaction', 'session'),
    }),
    good('The service that migrates has the address of the database', {
      'compose.prod.yaml': `${plain(COMPOSE)}  api:\n    build: .\n    environment:\n      DATABASE_URL: postgres://app@db:5432/shop\n`,
    }),
    good('Migrations that hold no lock of a session', {
      'compose.prod.yaml': plain(COMPOSE).replace('npx prisma migrate deploy', 'npx knex migrate:latest'),
    }),
  ],
});
