import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DAY = 86_400;
const MOST_DAYS = 90;

export default defineRule({
  id: 'auth/session-lives-long-live',
  ensures: 'A session ends within three months.',
  severity: 'info',
  roles: ['any'],
  cwe: 613,
  owasp: 'A07',
  why: `A cookie that was copied once, from a shared computer, a backup or a log, opens the account for as long as it lives.`,
  fix: `Shorten \`cookie.maxAge\`, renew it while it is used (\`rolling: true\`), and end sessions on the server, too.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html'],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const { name, use, site, attribute, attributeAt } of cookies) {
      const age = attribute('max-age') ?? '';
      if (use !== 'session' || !/^\d{1,12}$/.test(age)) continue;
      const days = Math.floor(Number(age) / DAY);
      if (days <= MOST_DAYS) continue;
      yield {
        at: attributeAt('max-age'),
        message: `The session cookie ${name} of ${site.host} lives for ${days} days.`,
      };
    }
  },
  examples: [
    bad('A year', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: session_id=abc; Path=/; «Max-Age=31536000»; Secure; HttpOnly; SameSite=Lax

<!doctype html>`,
    }),
    good('A month, until the browser closes, and a preference', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: session_id=abc; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax
Set-Cookie: auth=abc; Path=/; Secure; HttpOnly; SameSite=Lax
Set-Cookie: theme=dark; Path=/; Max-Age=31536000; Secure

<!doctype html>`,
    }),
  ],
});
