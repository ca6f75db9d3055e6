import { bad, defineRule, good } from '../../src/rule/rule.ts';

// made for this page; in pieces, so that no scanner takes this file for a leak
const BEGIN = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
const END = ['-----END', 'PRIVATE KEY-----'].join(' ');
const BODY = 'MC4CAQAwBQYDK2VwBCIEIKEVUBFHUZMnq1x8T0vYc5bR7kLdWm2hJ9pXz4NsGu3a';
const JWK_D = ['nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZ', 'cDusAxyuf2A'].join('');

export default defineRule({
  id: 'secrets/private-key',
  ensures: 'No file holds a private key.',
  severity: 'critical',
  roles: ['any'],
  cwe: 321,
  owasp: 'A04',
  why: 'A private key proves who a server or a user is. Whoever has it can sign tokens and releases, read recorded traffic or log in, and nobody can tell the difference.',
  fix: 'Replace the key pair and withdraw the old certificate or authorised key. Mount the new key at run time from a secrets manager.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, name, severity, state, place } of secrets.found) {
      if (kind !== 'private-key' || place === 'template') continue;
      const beside = place === 'test' ? ', in a folder of tests' : '';
      yield { at, severity, message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${state}${beside}.` };
    }
  },
  examples: [
    bad('A key file', { 'certs/server.key': `«${BEGIN}\n${BODY}\n${END}»\n` }),
    bad('A key in one string', { 'src/jwt.js': `const key = "«${BEGIN}\\n${BODY}\\n${END}»\\n";\n` }),
    bad('A key joined line by line', {
      'src/jwt.ts': `export const key =\n  '«${BEGIN}\\n' +\n  '${BODY}\\n' +\n  '${END}»';\n`,
    }),
    bad('A JSON Web Key with its private member', {
      'config/keys.json': `{ "keys": [{ "kty": "OKP", "crv": "Ed25519", "d": "«${JWK_D}»", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] }\n`,
    }),
    good('A template, of which another rule tells', { 'certs/example.key': `${BEGIN}\n${BODY}\n${END}\n` }),
    good('A certificate, a public key, and a key that is only hinted at', {
      'certs/ca.pem': `-----BEGIN CERTIFICATE-----\n${BODY}${BODY}\n-----END CERTIFICATE-----\n`,
      'certs/public.pem': `-----BEGIN PUBLIC KEY-----\n${BODY}\n-----END PUBLIC KEY-----\n`,
      'README.md': `${BEGIN}\nMC4CAQ…\n${END}\n`,
      'src/check.js': `if (!text.includes('${BEGIN}')) throw new Error('no key');\n`,
    }),
    good('A public JSON Web Key', {
      'keys.json':
        '{ "kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs" }\n',
    }),
  ],
});
