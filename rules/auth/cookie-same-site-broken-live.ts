import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/cookie-same-site-broken-live',
  ensures: 'Cookies say which requests of other sites they go with, in words browsers know.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['any'],
  cwe: 1275,
  owasp: 'A01',
  why: `\`SameSite=None\` without \`Secure\` is dropped by browsers: nobody stays logged in. A value no browser knows counts as
none at all, and then only some browsers keep other sites' requests apart from your own.`,
  fix: `\`sameSite: 'lax'\` for sessions, \`'strict'\` where no link from outside must work, and \`'none'\` only with \`secure: true\`.`,
  references: ['https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis'],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const cookie of cookies) {
      const value = cookie.attribute('samesite');
      const at = cookie.attributeAt('samesite');
      if (value === undefined) {
        if (cookie.use !== 'session') continue;
        yield {
          at: cookie.line,
          message: `The session cookie ${cookie.name} leaves SameSite to the browser, and only some take Lax.`,
          severity: 'info',
        };
      } else if (/^none$/i.test(value)) {
        if (cookie.attribute('secure') !== undefined) continue;
        yield { at, message: `Browsers drop the cookie ${cookie.name}: SameSite=None needs Secure.` };
      } else if (!/^(?:lax|strict)$/i.test(value)) {
        yield {
          at,
          message: `SameSite=${value} of the cookie ${cookie.name} is a word no browser knows.`,
          severity: 'low',
        };
      }
    }
  },
  examples: [
    bad('None without Secure', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: sid=abc; HttpOnly; «SameSite=None»

<!doctype html>`,
    }),
    bad('A word of its own', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: theme=dark; Secure; «SameSite=false»

<!doctype html>`,
    }),
    bad('Nothing said of a session', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Set-Cookie: sid=abc; HttpOnly; Secure»

<!doctype html>`,
    }),
    good('Any of the three, in any case; of two the last counts', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: sid=abc; HttpOnly; Secure; SameSite=nonsense; SameSite=lax
Set-Cookie: embed=1; Secure; samesite=NONE
Set-Cookie: lang=en

<!doctype html>`,
    }),
  ],
});
