import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/cookie-not-secure-live',
  ensures: 'Cookies set over https never travel over plain http.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['any'],
  cwe: 614,
  owasp: 'A07',
  why: `Without \`Secure\` the browser sends the cookie with every plain request as well. An attacker on the network makes the
victim's browser ask for \`http://…\` once and reads the session off the wire.`,
  fix: `Set \`secure: true\`, and behind a proxy that ends TLS also \`app.set('trust proxy', 1)\`: express-session sends no
secure cookie over what looks like plain http.`,
  references: [
    'https://www.rfc-editor.org/rfc/rfc6265#section-5.2.5',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const { site, response, ...cookie } of cookies) {
      if (site.local || response.url.scheme !== 'https' || cookie.attribute('secure') !== undefined) continue;
      const [hsts] = site.secure?.headers('strict-transport-security') ?? [];
      const isPinned = hsts?.value.toLowerCase().includes('includesubdomains');
      const worst = cookie.use === 'session' ? 'medium' : cookie.use === 'edge' ? 'info' : 'low';
      yield {
        at: cookie.line,
        message: `The cookie ${cookie.name} is set over https without Secure.`,
        severity: isPinned ? (worst === 'medium' ? 'low' : 'info') : worst,
      };
    }
  },
  examples: [
    bad('A session cookie', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Set-Cookie: connect.sid=…(82 characters, signed); Path=/; HttpOnly»

<!doctype html>`,
    }),
    bad('On a redirect as well', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: /start
«set-cookie: sid=abc; HttpOnly; SameSite=Lax»`,
    }),
    good('The attribute in any case', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: connect.sid=…(82 characters, signed); Path=/; HttpOnly; secure

<!doctype html>`,
    }),
    good('Plain http on the own machine could not keep it', {
      'live/1-home.http': `
GET http://127.0.0.1:3000/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: connect.sid=…(82 characters, signed); Path=/; HttpOnly

<!doctype html>`,
    }),
  ],
});
