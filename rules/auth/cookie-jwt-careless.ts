import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PERSONAL = /^(?:e?mail|phone|address|birth|dob|ssn|password|pwd|credit|card|iban|salary)/i;

export default defineRule({
  id: 'auth/cookie-jwt-careless',
  ensures: 'Tokens in cookies are signed, expire, and tell nothing personal.',
  severity: 'medium',
  roles: ['any'],
  cwe: 345,
  owasp: 'A07',
  why: `The middle of a JWT is readable by anyone who holds it. Without a signature anyone can write one; without \`exp\` a
stolen one works for ever.`,
  fix: `Sign with a fixed algorithm, set \`expiresIn\`, and keep an id in the token instead of the person.`,
  references: ['https://www.rfc-editor.org/rfc/rfc8725'],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const { name, value, line } of cookies) {
      if (!value.jwt) continue;
      const { alg, expires, claims } = value.jwt;
      const personal = claims.find((claim) => PERSONAL.test(claim));
      if (/^none$/i.test(alg)) {
        yield { at: line, message: `The token in the cookie ${name} is signed by nobody.`, severity: 'high' };
      } else if (!expires) {
        yield { at: line, message: `The token in the cookie ${name} never expires.` };
      } else if (personal !== undefined) {
        yield {
          at: line,
          message: `Everyone can read ${personal} in the token of the cookie ${name}.`,
          severity: 'low',
        };
      }
    }
  },
  examples: [
    bad('No signature', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Set-Cookie: jwt=…(90 characters, jwt, alg=none, expires=yes, claims=sub+exp); Secure; HttpOnly»`,
    }),
    bad('No end', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Set-Cookie: jwt=…(120 characters, jwt, alg=HS256, expires=no, claims=sub+iat); Secure; HttpOnly»`,
    }),
    bad('Personal', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Set-Cookie: jwt=…(120 characters, jwt, alg=HS256, expires=yes, claims=sub+email+exp); Secure; HttpOnly»`,
    }),
    good('Signed, with an end, and nothing else', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Set-Cookie: jwt=…(120 characters, jwt, alg=ES256, expires=yes, claims=sub+iat+exp); Secure; HttpOnly
Set-Cookie: sid=…(70 characters, signed); Secure; HttpOnly`,
    }),
  ],
});
