import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/redirect-downgrade',
  ensures: 'No redirect leads from https back to http.',
  severity: 'high',
  control: 'transport/https',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: `The visitor came over a safe line and is sent back to one that anybody on the way can read and rewrite, with whatever
is in the URL.`,
  fix: `Build absolute URLs from configuration, or let the framework see \`X-Forwarded-Proto\`: \`app.set('trust proxy', 1)\`
in Express, \`trustProxy\` in Fastify, \`app.proxy = true\` in Koa.`,
  references: ['https://expressjs.com/en/guide/behind-proxies.html'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { exchanges } of transport) {
      for (const { response } of exchanges) {
        const [location] = response?.class === 'redirect' ? response.headers('location') : [];
        if (!response || response.url.scheme !== 'https' || !location || !/^http:\/\//i.test(location.value)) continue;
        yield {
          at: location.line,
          message: `${response.url.href} redirects to ${location.value}, from https back to http.`,
        };
      }
    }
  },
  examples: [
    bad('The application believes it is spoken to over http', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
«Location: http://app.example/login»`,
      'live/2-home-redirect.http': `
GET http://app.example/login HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
    }),
    bad('To another host', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
«location: HTTP://www.app.example/»`,
    }),
    good('A path keeps the scheme', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: /login?next=http://app.example/`,
      'live/2-http.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
Location: http://www.app.example/`,
    }),
    good('A created resource is not gone to', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 201 Created
Location: http://app.example/1`,
    }),
  ],
});
