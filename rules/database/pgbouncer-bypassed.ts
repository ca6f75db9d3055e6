import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'database/pgbouncer-bypassed',
  ensures: 'Services connect to the pooler that was put there for them.',
  severity: 'medium',
  roles: ['any'],
  why: 'The pooler stands beside the way: every process opens its own connections, and the server runs out of them at the next scale-up.',
  fix: 'Point the URL at PgBouncer and its port 6432; keep the direct one for migrations, under another name.',
  references: ['https://www.pgbouncer.org/usage.html'],
  needs: ['poolers'],
  *check({ poolers }) {
    for (const { at, service, variable, server, pooler } of poolers.bypasses)
      yield { at, message: `${variable} of ${service} goes to ${server}, past ${pooler}.` };
  },
  examples: [
    bad('The server itself', {
      'compose.yaml':
        'services:\n  db: { image: "postgres:17" }\n  pool: { image: "edoburu/pgbouncer:1.24" }\n  web:\n    build: .\n    environment:\n      «DATABASE_URL: "postgres://shop@db:5432/shop"»\n',
    }),
    bad('By host', {
      'compose.yaml':
        'services:\n  db: { image: "postgres:17" }\n  pool: { image: "bitnami/pgbouncer:1.24" }\n  web:\n    build: .\n    environment:\n      - «DB_HOST=db»\n',
    }),
    good('Through the pooler, with a direct way for migrations', {
      'compose.yaml':
        'services:\n  db: { image: "postgres:17" }\n  pool: { image: "edoburu/pgbouncer:1.24" }\n  web:\n    build: .\n    environment:\n      DATABASE_URL: postgres://shop@pool:6432/shop\n      DIRECT_URL: postgres://shop@db:5432/shop\n',
    }),
    good('Another server', {
      'compose.yaml':
        'services:\n  db: { image: "postgres:17" }\n  pool: { image: "edoburu/pgbouncer:1.24" }\n  web:\n    build: .\n    environment:\n      DATABASE_URL: postgres://shop@db.acme.io:5432/shop\n',
    }),
  ],
});
