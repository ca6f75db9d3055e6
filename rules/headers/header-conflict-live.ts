import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Fields with one value, of which browsers take the first or reject all when there are several. */
const SINGLE = [
  'Strict-Transport-Security',
  'X-Frame-Options',
  'X-Content-Type-Options',
  'Referrer-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Embedder-Policy',
  'Cross-Origin-Resource-Policy',
];

export default defineRule({
  id: 'headers/header-conflict-live',
  ensures: 'Each security header is set by one layer.',
  severity: 'low',
  roles: ['any'],
  cwe: 436,
  owasp: 'A02',
  why: `The application says one thing and the proxy adds another: some browsers take the first, some the stricter, some none,
and a change in one layer has no effect.`,
  fix: `Set it in one place. In nginx \`proxy_hide_header X-Frame-Options;\` takes the application's out before adding its own.`,
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-5.3',
    'https://www.rfc-editor.org/rfc/rfc6797#section-8.1',
  ],
  needs: ['responses'],
  *check({ responses }) {
    for (const response of responses.sites.flatMap(({ finals }) => finals)) {
      for (const name of SINGLE) {
        const [first, ...others] = response.headers(name);
        const other = others.find(({ value }) => value.toLowerCase() !== first?.value.toLowerCase());
        if (!first || !other) continue;
        yield {
          at: other.line,
          message: `${name} is sent twice with different values.`,
          trail: [{ at: first.line, note: `First as ${first.value}.` }],
        };
      }
    }
  },
  examples: [
    bad('The proxy adds its own', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: SAMEORIGIN
«X-Frame-Options: DENY»
Strict-Transport-Security: max-age=31536000
«strict-transport-security: max-age=300»

<!doctype html>`,
    }),
    good('Twice the same, and fields that may be there often', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Content-Type-Options: nosniff
X-Content-Type-Options: nosniff
Content-Security-Policy: default-src 'self'
Content-Security-Policy: frame-ancestors 'none'
Vary: Origin
Vary: Accept-Encoding

<!doctype html>`,
    }),
  ],
});
