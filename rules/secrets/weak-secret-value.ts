import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/weak-secret-value',
  ensures: 'Secrets cannot be guessed.',
  severity: 'high',
  roles: ['any'],
  cwe: 521,
  owasp: 'A07',
  why: 'A signed token or cookie can be attacked offline, millions of guesses a second, with lists that begin with these words. Whoever finds the secret signs in as anybody.',
  fix: 'Make one by `openssl rand -base64 48`, a different one for each environment.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/JSON_Web_Token_for_Java_Cheat_Sheet.html#weak-token-secret',
  ],
  needs: ['environment'],
  *check({ environment }) {
    for (const { path, tracked, place, encrypted, entries, at } of environment.files) {
      if (place !== 'product' || encrypted) continue;
      const production = /prod|live|release/i.test(path);
      const development = /\.(dev|development|local|ci)(\.|$)/i.test(path) || tracked === 'ignored';
      for (const { name, nameAt, secret } of entries) {
        if (!secret?.weak || !(production || SIGNS.test(name))) continue;
        const severity = production ? ('high' as const) : development ? ('low' as const) : ('medium' as const);
        yield {
          at: at(nameAt),
          severity,
          message:
            secret.weak === 'word'
              ? `${name} in ${path} is a word that is guessed first.`
              : `${name} in ${path} has ${secret.characters} characters, too few for a key.`,
        };
      }
    }
  },
  examples: [
    bad('The word everybody uses', { '.env': '«JWT_SECRET»=supersecret\nPORT=3000\n' }),
    bad('Too short to sign with', { '.env.production': '«SESSION_SECRET»=q9!xZ\n' }),
    bad('The password of the image, in production', { 'deploy/.env.prod': '«DB_PASSWORD»=postgres\n' }),
    good('A long one', { '.env': 'JWT_SECRET=vE4xq9JdT7mPz2KcRb8nWy5LhGfUa3Ss\n' }),
    good('Templates, tests, and a database on the own machine', {
      '.env.example': 'JWT_SECRET=secret\n',
      'test/.env': 'JWT_SECRET=secret\n',
      '.env': 'DB_PASSWORD=postgres\nTOKEN_LIFETIME=15\n',
    }),
  ],
});

const SIGNS = /jwt|session|cookie|sign|encrypt|hmac|^(app_)?secret(_key)?$|auth_secret/i;
