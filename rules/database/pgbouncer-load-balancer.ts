import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'database/pgbouncer-load-balancer',
  ensures: 'PgBouncer is not used to spread load over servers.',
  severity: 'medium',
  roles: ['any'],
  why: 'It goes round the list without asking who is primary or alive: writes land on a replica, and a dead server keeps getting its share.',
  fix: 'Name one address, of HAProxy or the Patroni endpoint, which checks its servers.',
  references: ['https://www.pgbouncer.org/config.html#host'],
  needs: ['poolers'],
  *check({ poolers }) {
    for (const { spread } of poolers.all) {
      for (const { database, servers, at } of spread)
        yield { at, message: `${database} is spread over ${servers} servers by turns.` };
    }
  },
  examples: [
    bad('Two servers', {
      'pgbouncer.ini': '[databases]\nshop = «host=db1,db2» port=5432\n[pgbouncer]\npool_mode = transaction\n',
    }),
    bad('In quotes', {
      'pgbouncer.ini': "[databases]\n* = port=5432 «host='db1, db2'»\n[pgbouncer]\npool_mode = transaction\n",
    }),
    good('One address', {
      'pgbouncer.ini': '[databases]\nshop = host=haproxy port=5432\n[pgbouncer]\npool_mode = transaction\n',
    }),
    good('A list of users', { 'pgbouncer.ini': '[databases]\nshop = host=db\n[pgbouncer]\nadmin_users = a, b\n' }),
  ],
});
