import { bad, defineRule, good } from '../../src/rule/rule.ts';

const token = (payload: object): string =>
  [{ alg: 'HS256', typ: 'JWT' }, payload].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.') +
  '.c2lnbmF0dXJlLW9mLXRoZS1leGFtcGxl';

export default defineRule({
  id: 'secrets/json-web-token',
  ensures: 'No file holds a signed token that is still accepted.',
  severity: 'high',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'A signed token is accepted wherever its key is trusted, by whoever sends it. One without `exp` is accepted until that key is replaced.',
  fix: 'Replace the key that signed it, or put the token on the deny list, and read tokens from the environment.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/JSON_Web_Token_for_Java_Cheat_Sheet.html'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, name, severity, state, place, within } of secrets.found) {
      if (kind !== 'jwt' || severity === 'info' || within === 'template') continue;
      if (place !== 'product' && severity !== 'critical') continue;
      yield { at, severity, message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${state}.` };
    }
  },
  examples: [
    bad('A key of a hosted database that may do everything', {
      'src/supabase.ts': `export const client = createClient(url, '«${token({ role: 'service_role', iss: 'supabase' })}»');\n`,
    }),
    bad('A token that never expires', {
      'scripts/export.js': `fetch(url, { headers: { Authorization: 'Bearer «${token({ sub: 'exporter', iat: 1700000000 })}»' } });\n`,
    }),
    good('Expired long ago', { 'src/routes.js': `// refreshToken: ${token({ sub: 'a', exp: 1589298484 })}\n` }),
    good('The public key of a hosted database, and the sample everybody copies', {
      'src/supabase.ts': `export const anon = '${token({ role: 'anon', iss: 'supabase' })}';\n`,
      'src/docs.ts': `export const sample = '${token({ sub: '1234567890', name: 'John Doe' })}';\n`,
    }),
  ],
});
