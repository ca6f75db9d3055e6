import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'database/pgbouncer-mode',
  ensures: 'PgBouncer shares connections in a mode the application can live with.',
  severity: 'medium',
  roles: ['any'],
  why: `Unless told otherwise, PgBouncer keeps a server connection for each client as long as the client stays (\`session\`): a pool of clients gains nothing by it, and those beyond the limit wait. \`statement\` refuses every transaction of more than one statement.`,
  fix: `Set \`pool_mode = transaction\`, after making sure that nothing needs a session (LISTEN, advisory locks, SET).`,
  references: ['https://www.pgbouncer.org/config.html#pool_mode', 'https://www.pgbouncer.org/features.html'],
  needs: ['poolers'],
  *check({ poolers }) {
    for (const { at, settings, mode } of poolers.all) {
      const set = settings.get('pool_mode');
      if (!set) {
        yield {
          at,
          message:
            '`pool_mode` is not set, so every client holds a server connection for as long as it is connected (`session`).',
          severity: 'low',
        };
      } else if (mode === 'session') {
        yield {
          at: set.at,
          message: `\`pool_mode = session\` holds a server connection for each client as long as it is connected.`,
          severity: 'info',
        };
      } else if (mode === 'statement') {
        yield { at: set.at, message: '`pool_mode = statement` refuses transactions of more than one statement.' };
      }
    }
  },
  examples: [
    bad('Left at the default', {
      'pgbouncer.ini': `
[databases]
shop = host=db port=5432

[pgbouncer]
«listen_port = 6432»
max_client_conn = 500
`,
    }),
    bad('One statement at a time, in compose', {
      'compose.yaml': `
services:
  pgbouncer:
    image: edoburu/pgbouncer:v1.24.1-p1
    environment:
      DATABASE_URL: postgres://db/shop
      «POOL_MODE: statement»
`,
    }),
    good('By transaction', {
      'pgbouncer.ini': `
[pgbouncer]
listen_port = 6432
pool_mode = transaction
`,
    }),
    bad('Chosen: by session', {
      'compose.yaml': `
services:
  pgbouncer:
    image: bitnami/pgbouncer:1.24.1
    environment:
      «PGBOUNCER_POOL_MODE: session»
`,
    }),
  ],
});
