import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/redirect-temporary',
  ensures: 'The redirect to https is permanent.',
  severity: 'info',
  control: 'transport/https',
  roles: ['any'],
  owasp: 'A02',
  why: `Browsers and search engines remember a permanent redirect and skip the plain request next time; a temporary one is
asked for again and again, over plain http.`,
  fix: `Answer with 308 (or 301): \`return 308 https://$host$request_uri;\`.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.4.9'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { plain } of transport) {
      const first = plain?.hops[0].response;
      const [location] = first?.class === 'redirect' ? first.headers('location') : [];
      if (!first || first.url.scheme !== 'http' || !/^https:/i.test(location?.value ?? '')) continue;
      if (![302, 303, 307].includes(first.status)) continue;
      yield {
        at: first.line,
        message: `${first.url.href} redirects to https with ${first.status}, for the time being.`,
      };
    }
  },
  examples: [
    bad('302', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

«HTTP/1.1 302 Found»
Location: https://app.example/`,
    }),
    good('308, and a temporary one within https', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 308 Permanent Redirect
Location: https://app.example/`,
      'live/2-home-redirect.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: /start`,
    }),
  ],
});
