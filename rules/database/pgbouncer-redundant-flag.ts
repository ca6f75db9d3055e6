import { bad, defineRule, good } from '../../src/rule/rule.ts';

const compose = (tag: string, more = ''): string =>
  `services:\n  pgbouncer:\n    image: edoburu/pgbouncer:${tag}\n    environment:\n      POOL_MODE: transaction\n${more}`;

export default defineRule({
  id: 'database/pgbouncer-redundant-flag',
  ensures: 'Prisma prepares statements where the pooler can follow them.',
  severity: 'info',
  roles: ['any'],
  why: '`pgbouncer=true` makes Prisma prepare every statement anew, and clean up after each. It was for poolers that lose prepared statements; this one follows them.',
  fix: 'Take `pgbouncer=true` out of the connection string.',
  references: ['https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/pgbouncer'],
  needs: ['environment', 'poolers'],
  *check({ environment, poolers }) {
    const isFollowing = poolers.all.every(({ version, settings }) => {
      const [major = 0, minor = 0] = (version ?? '0').split('.').map(Number);
      const set = settings.get('max_prepared_statements');
      return major === 1 && minor >= (set ? 21 : 24) && set?.value.trim() !== '0';
    });
    if (!isFollowing) return;
    for (const { value, at, name, place } of environment.assignments)
      if (place !== 'test' && /^postgres(ql)?:.*[?&]pgbouncer=true(&|$)/.test(value))
        yield { at, message: `${name} says \`pgbouncer=true\`, which a PgBouncer of today does not need.` };
  },
  examples: [
    bad('A pooler that follows them by itself', {
      'compose.yaml': compose(
        'v1.24.1-p1',
        '  api:\n    build: .\n    environment:\n      «DATABASE_URL: postgres://app@pgbouncer:6432/shop?pgbouncer=true&connection_limit=5»\n',
      ),
    }),
    bad('One that is told to', {
      'compose.yaml': compose('1.22.0', '      MAX_PREPARED_STATEMENTS: 200\n'),
      '.env.example': '«DATABASE_URL=postgres://app@pgbouncer:6432/shop?pgbouncer=true»\n',
    }),
    good('One that does not, or is told not to', {
      'compose.yaml': compose('1.22.0'),
      '.env.example': 'DATABASE_URL=postgres://app@pgbouncer:6432/shop?pgbouncer=true\n',
    }),
    good('Which one it is, nobody says', {
      'compose.yaml': compose('latest'),
      '.env.example': 'DATABASE_URL=postgres://app@pgbouncer:6432/shop?pgbouncer=true\n',
    }),
  ],
});
