import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/cookie-readable-by-scripts-live',
  ensures: 'Scripts in the page cannot read session cookies.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['any'],
  cwe: 1004,
  owasp: 'A07',
  why: `One injected script is enough to send \`document.cookie\` away, and with it the session, which then works from
anywhere for as long as it lives.`,
  fix: `Set \`httpOnly: true\` on the session cookie. What a script must read (a CSRF token) belongs in a cookie of its own.`,
  references: [
    'https://www.rfc-editor.org/rfc/rfc6265#section-5.2.6',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const cookie of cookies) {
      if (cookie.use !== 'session' || cookie.attribute('httponly') !== undefined) continue;
      yield { at: cookie.line, message: `Scripts can read the session cookie ${cookie.name}: it lacks HttpOnly.` };
    }
  },
  examples: [
    bad('A token by its name', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Set-Cookie: auth_token=abc; Path=/; Secure; SameSite=Lax»

<!doctype html>`,
    }),
    bad('A session by its signed value, whatever it is called', {
      'live/1-home.http': `
GET http://127.0.0.1:3000/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Set-Cookie: shop=s%3AqT2f0P8gYb1x.Zk1mT0p4cW5vcXJzdHV2d3h5ejAxMjM0NTY3ODk; Path=/»

<!doctype html>`,
    }),
    good('Kept from scripts', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: auth_token=abc; Path=/; Secure; httponly

<!doctype html>`,
    }),
    good('A CSRF token must be read by scripts, a theme may be, a balancer sets its own', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: XSRF-TOKEN=abc; Path=/; Secure
Set-Cookie: theme=dark; Path=/; Secure
Set-Cookie: AWSALB=abcdef; Path=/; Secure

<!doctype html>`,
    }),
  ],
});
