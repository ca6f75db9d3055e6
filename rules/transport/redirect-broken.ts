import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/redirect-broken',
  ensures: 'Redirects lead to a page.',
  severity: 'medium',
  roles: ['any'],
  cwe: 684,
  owasp: 'A06',
  why: `Visitors get an error of their browser instead of the page. Circles between the edge and the application
("redirect to https" behind a proxy that speaks http) are the classic outage of a first deployment.`,
  fix: `Let one layer redirect. Behind a proxy that ends TLS, redirect by \`X-Forwarded-Proto\` and trust the proxy, or leave it
to the proxy altogether.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.4'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { visits, plain } of responses.sites) {
      for (const { hops, isBroken } of new Set([...visits, ...(plain ? [plain] : [])])) {
        const last = hops.at(-1)?.response;
        if (!isBroken || !last) continue;
        const [location] = last.headers('location');
        const problem = location
          ? hops.some(({ url }) => url.href === new URL(location.value, url.href).href)
            ? `goes in a circle: ${location.value} was there before`
            : hops.length > 10
              ? `takes more than ten redirects`
              : `redirects to ${location.value || 'nothing'}, which is no page`
          : `answers ${last.status} without saying where to`;
        yield {
          at: location?.line ?? last.line,
          message: `${hops[0].url.href} ${problem}.`,
          trail: hops.slice(0, 11).map(({ line, url }) => ({ at: line, note: url.href })),
        };
      }
    }
  },
  examples: [
    bad('A circle between edge and application', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
«Location: https://app.example/»`,
    }),
    bad('No target', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 302 Found»
Content-Length: 0`,
    }),
    bad('A scheme no browser follows', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
«Location: javascript:alert(1)»`,
    }),
    good('Two hops, and one that leaves for another host', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
Location: https://app.example/`,
      'live/2-home-redirect.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: https://www.app.example/`,
    }),
    good('Not modified, and a choice, need no target', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 304 Not Modified`,
      'live/2-home.http': `
GET https://app.example/docs HTTP/1.1

HTTP/1.1 300 Multiple Choices
Content-Type: text/html

<a href=/en>English</a>`,
    }),
  ],
});
