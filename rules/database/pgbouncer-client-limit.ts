import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** PgBouncer's own default. */
const DEFAULT = 100;

export default defineRule({
  id: 'database/pgbouncer-client-limit',
  ensures: 'PgBouncer lets in as many clients as the application opens.',
  severity: 'low',
  roles: ['any'],
  why: `PgBouncer is there to take many clients, but takes 100 unless told otherwise (\`max_client_conn\`). Ten processes with pools of ten connections already fill it, and the next one is refused: "no more connections allowed".`,
  fix: `Set \`max_client_conn\` above the sum of all pools of all processes (and the file descriptor limit of the container with it), and \`default_pool_size\` to what PostgreSQL can take.`,
  references: ['https://www.pgbouncer.org/config.html#max_client_conn'],
  needs: ['poolers'],
  *check({ poolers }) {
    for (const { at, settings } of poolers.all) {
      const set = settings.get('max_client_conn');
      const size = settings.get('default_pool_size');
      if (!set) {
        yield { at, message: `\`max_client_conn\` is not set: the ${DEFAULT + 1}st client is refused.` };
        continue;
      }
      const clients = Number(set.value);
      const servers = Number(size?.value ?? 20);
      if (Number.isInteger(clients) && Number.isInteger(servers) && clients > 0 && clients < servers) {
        yield {
          at: set.at,
          message: `${clients} clients share ${servers} server connections: the pooler lets fewer in than it could serve.`,
          ...(size && { trail: [{ at: size.at, note: 'As many connections it may open.' }] }),
        };
      }
    }
  },
  examples: [
    bad('Left at the default', {
      'deploy/pgbouncer.ini': `
[pgbouncer]
«pool_mode = transaction»
default_pool_size = 20
`,
    }),
    bad('Fewer than there are connections', {
      'pgbouncer.ini': `
[pgbouncer]
pool_mode = transaction
«max_client_conn = 10»
default_pool_size = 50
`,
    }),
    good('Room for all', {
      'compose.yaml': `
services:
  pgbouncer:
    image: edoburu/pgbouncer:v1.24.1-p1
    environment:
      - POOL_MODE=transaction
      - MAX_CLIENT_CONN=2000
      - DEFAULT_POOL_SIZE=25
`,
    }),
    good('Another pooler', {
      'pool.ini': `
[server]
pool_mode = transaction
`,
    }),
  ],
});
