import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/url-credential',
  ensures: 'No URL in a file holds a password.',
  severity: 'high',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'A connection string opens the database or the broker it names. It is copied into images, logs and error reports together with the code around it.',
  fix: 'Change the password, and read the whole URL from the environment.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, name, user, host, mode, severity, state, place, within } of secrets.found) {
      if (kind !== 'url' || within !== 'elsewhere' || place === 'docs' || place === 'test') continue;
      const of = user === undefined ? `for ${host}` : `of ${user} at ${host}`;
      yield {
        at,
        severity,
        message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${of} ${state}.`,
        ...(mode === 'local' && { confidence: 'likely' as const }),
      };
    }
  },
  examples: [
    bad('The production database in the code', {
      'src/db.js': `const pool = new Pool({ connectionString: 'postgres://api:«Kf93-vuqLd»@db.acme.io:5432/shop' });\n`,
    }),
    bad('A cache with a password and no user', {
      'config/production.json': '{ "redis": "redis://:«p4ssV9kdq1»@cache.acme.io:6379/0" }\n',
    }),
    bad('A database on the same machine: a password that may well be used again', {
      'src/db.js': `mongoose.connect('mongodb://shop:«Kf93vuqLd8»@localhost:27017/shop');\n`,
    }),
    bad('A token as the user of a git remote', {
      'scripts/clone.sh': 'git clone https://«4f9c1b7e2d8a6053e1f7b9c2d4a8e6f0»@git.acme.io/shop.git\n',
    }),
    good('Filled in when it runs', {
      'src/db.js': 'const url = `postgres://${user}:${password}@db.acme.io/shop`;\n',
      'deploy/api.yaml': 'value: postgres://app:$(DB_PASSWORD)@db:5432/app\n',
    }),
    good('An address that is reserved for documentation', {
      'ci.sh': 'export DATABASE_URL="postgresql://check:Kf93vuqLd@192.0.2.1:5432/app"\n',
    }),
    good('Words that stand for a password', {
      'src/a.js': `// postgres://user:password@host:5432/db\nconst url = 'mongodb://username:<password>@cluster.example.com';\n`,
      'README.md': 'DATABASE_URL=postgres://app:s3cr3tPw9@db.acme.io/app\n',
    }),
    good('No password at all', {
      'src/a.js': `fetch('https://api.acme.io/users/@me?to=a@b.io');\nimport 'https://esm.sh/react@18.2.0';\nconst dsn = 'https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2';\n`,
    }),
  ],
});
