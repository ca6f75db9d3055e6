import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/cookie-scope-wide',
  ensures: 'Session cookies go to the host that set them, and to no other.',
  severity: 'low',
  control: 'auth/cookie-scope',
  roles: ['any'],
  cwe: 1275,
  owasp: 'A01',
  why: `With \`Domain\` every subdomain gets the session and can set its own over it: the forgotten blog and the preview
deployment included.`,
  fix: `Leave \`domain\` out. Where several hosts must share a login, share it by a token exchange.`,
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#domain-and-path-attributes',
  ],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const { name, use, attribute, attributeAt, response, site } of cookies) {
      const domain = attribute('domain')?.replace(/^\./, '').toLowerCase();
      if (use !== 'session' || !domain || response.isPublicSuffix(domain)) continue;
      if (site.host !== domain && !site.host.endsWith(`.${domain}`)) continue;
      yield { at: attributeAt('domain'), message: `The session cookie ${name} goes to every host below ${domain}.` };
    }
  },
  examples: [
    bad('The whole domain', {
      'live/1-home.http': `
GET https://app.example.com/ HTTP/1.1

HTTP/1.1 200 OK
Set-Cookie: sid=abc; Secure; HttpOnly; «Domain=.example.com»`,
    }),
    good('The host alone; what is no session may go wherever it likes', {
      'live/1-home.http': `
GET https://app.example.com/ HTTP/1.1

HTTP/1.1 200 OK
Set-Cookie: sid=abc; Secure; HttpOnly
Set-Cookie: lang=en; Domain=example.com`,
    }),
  ],
});
