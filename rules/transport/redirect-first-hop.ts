import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/redirect-first-hop',
  ensures: 'The first redirect from http goes to https of the same host.',
  severity: 'low',
  control: 'headers/hsts',
  roles: ['any'],
  cwe: 319,
  owasp: 'A02',
  why: `A browser learns HSTS of a host only from an answer of that host over https. Redirected straight to another name, it
never learns it, and the next visit starts over plain http again.`,
  fix: `Redirect \`http://name\` to \`https://name\` first, and from there to the canonical name.`,
  references: [
    'https://hstspreload.org/#deployment-recommendations',
    'https://www.rfc-editor.org/rfc/rfc6797#section-7.2',
  ],
  needs: ['transport'],
  *check({ transport }) {
    for (const { plain, host } of transport) {
      const first = plain?.hops[0].response;
      const [location] = first?.class === 'redirect' ? first.headers('location') : [];
      if (!first || first.url.scheme !== 'http' || !location || !URL.canParse(location.value, first.url.href)) continue;
      const target = new URL(location.value, first.url.href);
      const isSafe = target.protocol === 'https:' && target.hostname === host;
      // one more step without https; where there is no way to it at all, that is another rule's
      const isDetour = target.protocol === 'http:' && target.hostname === host;
      if (isSafe || (isDetour && plain?.final?.url.scheme !== 'https')) continue;
      if (target.protocol !== 'http:' && target.protocol !== 'https:') continue;
      yield {
        at: location.line,
        message: `${first.url.href} redirects to ${isDetour ? target.href : target.origin} before https://${host} was ever seen.`,
      };
    }
  },
  examples: [
    bad('Straight to www', {
      'live/1-http.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
«Location: https://www.app.example/»`,
      'live/2-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
Location: https://www.app.example/`,
    }),
    bad('Once more without https', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-http.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
«Location: /start»`,
      'live/3-http-redirect.http': `
GET http://app.example/start HTTP/1.1

HTTP/1.1 301 Moved Permanently
Location: https://app.example/`,
    }),
    good('https first, then www', {
      'live/1-http.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
Location: https://app.example/`,
      'live/2-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 301 Moved Permanently
Location: https://www.app.example/`,
    }),
  ],
});
