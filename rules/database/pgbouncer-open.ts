import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'database/pgbouncer-open',
  ensures: 'PgBouncer asks for a password, and not in clear.',
  severity: 'high',
  roles: ['any'],
  cwe: 306,
  owasp: 'A07',
  why: '`trust` and `any` let whoever reaches the port be any user; `plain` keeps the passwords readable in a file.',
  fix: 'Set `auth_type = scram-sha-256`, and `listen_addr` to the address the service uses.',
  references: ['https://www.pgbouncer.org/config.html#auth_type'],
  needs: ['poolers'],
  *check({ poolers }) {
    for (const { settings } of poolers.all) {
      const auth = settings.get('auth_type');
      const local = /^(127\.0\.0\.1|localhost|::1)$/.test(settings.get('listen_addr')?.value ?? '');
      if (auth && /^(any|trust)$/.test(auth.value)) {
        yield {
          at: auth.at,
          message: `auth_type ${auth.value} lets anyone in as anyone.`,
          ...(local && { severity: 'medium' as const }),
        };
      }
      if (auth?.value === 'plain')
        yield { at: auth.at, message: 'Passwords are kept and sent in clear.', severity: 'medium' };
    }
  },
  examples: [
    bad('Anyone', { 'pgbouncer.ini': '[pgbouncer]\nlisten_addr = *\n«auth_type = trust»\n' }),
    bad('In clear', { 'pgbouncer.ini': '[pgbouncer]\n«auth_type = plain»\n' }),
    good('SCRAM', { 'pgbouncer.ini': '[pgbouncer]\nauth_type = scram-sha-256\n' }),
    good('The default of compose', {
      'compose.yaml':
        'services:\n  pool:\n    image: edoburu/pgbouncer:1.24\n    environment: { POOL_MODE: transaction }\n',
    }),
  ],
});
