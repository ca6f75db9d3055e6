import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-object-base',
  ensures: 'The policy closes the side doors: plug-ins and the base of relative URLs.',
  severity: 'low',
  control: 'headers/csp-side-doors',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `An injected \`<base href>\` turns your own relative script URLs, nonce and all, into the attacker's; an injected
\`<object>\` loads what \`script-src\` does not govern.`,
  fix: `Add \`object-src 'none'; base-uri 'none'\`.`,
  references: ['https://csp.withgoogle.com/docs/strict-csp.html'],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp, url } of pages) {
      const scripts = csp.enforced.filter((policy) => policy.directive('script-src', 'default-src'));
      const [first] = scripts;
      if (!first) continue;
      const objects = scripts.map((policy) => policy.directive('object-src', 'default-src'));
      if (
        !objects.some(
          (directive) =>
            directive && (directive.has("'none'") || directive.has("'self'") || directive.values.length === 0),
        )
      ) {
        yield {
          at: objects[0]?.at ?? first.at,
          message: `The policy of ${url.href} lets plug-in content in from elsewhere.`,
        };
      }
      const nonced = scripts.find(({ directives }) =>
        directives.some(({ values }) => values.some(({ text }) => text.startsWith("'nonce-"))),
      );
      if (nonced && !csp.enforced.some((policy) => policy.directive('base-uri'))) {
        yield { at: nonced.at, message: `The policy of ${url.href} trusts by nonce and leaves base-uri open.` };
      }
    }
  },
  examples: [
    bad('Scripts only', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: «script-src 'self'»

<!doctype html>`,
    }),
    bad('A nonce, and no base-uri', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: «script-src 'nonce-q83vASNFZ4mrze8BI0VniQ'; object-src 'none'»

<!doctype html>`,
    }),
    good('default-src covers plug-ins', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'

<!doctype html>`,
    }),
    good('Both said', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-q83vASNFZ4mrze8BI0VniQ' 'strict-dynamic'; object-src 'none'; base-uri 'none'

<!doctype html>`,
    }),
  ],
});
