import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Fields that no browser reads any more, and what took their place. */
const PAST: Readonly<Partial<Record<string, string>>> = {
  'expect-ct': 'certificates are transparent without it',
  'public-key-pins': 'browsers took it out: it locked people out of their own sites',
  'public-key-pins-report-only': 'browsers took it out',
  'feature-policy': 'Permissions-Policy took its place',
  'x-webkit-csp': 'Content-Security-Policy took its place',
  'x-content-security-policy': 'Content-Security-Policy took its place',
  p3p: 'it meant something to one browser of the past',
  tk: 'nobody tracks whether tracking is wanted',
};

export default defineRule({
  id: 'headers/deprecated-live',
  ensures: 'No response carries headers of the past.',
  severity: 'info',
  roles: ['any'],
  owasp: 'A02',
  why: `They do nothing, and whoever reads them believes that they protect.`,
  fix: `Take them out, and send what took their place.`,
  references: ['https://owasp.org/www-project-secure-headers/'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { finals } of responses.sites) {
      const seen = new Set<string>();
      for (const { name, line } of finals.flatMap(({ allHeaders }) => allHeaders)) {
        const lower = name.toLowerCase();
        const reason = Object.hasOwn(PAST, lower) ? PAST[lower] : undefined;
        if (reason === undefined || seen.has(lower)) continue;
        seen.add(lower);
        yield {
          at: line,
          message: `${name} is of the past: ${reason}.`,
          // the others do nothing; this one can still shut out whoever has an old browser
          ...(lower === 'public-key-pins' && { severity: 'low' as const }),
        };
      }
    }
  },
  examples: [
    bad('Two of them', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Expect-CT: max-age=86400, enforce»
«Feature-Policy: camera 'none'»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('Pins of keys', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Public-Key-Pins: pin-sha256="d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="; max-age=5184000»
Content-Type: text/html

<!doctype html>`,
    }),
    good('What helmet sends is of today, or harmless', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Origin-Agent-Cluster: ?1
X-DNS-Prefetch-Control: off
X-Download-Options: noopen
X-Permitted-Cross-Domain-Policies: none
X-XSS-Protection: 0
Permissions-Policy: camera=()
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
