import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ITEMS: Readonly<Record<string, readonly string[]>> = {
  'cross-origin-opener-policy': ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none'],
  'cross-origin-embedder-policy': ['require-corp', 'credentialless', 'unsafe-none'],
};
const RESOURCE = ['same-origin', 'same-site', 'cross-origin'];

export default defineRule({
  id: 'headers/policy-syntax-live',
  ensures: 'Isolation and permission policies are written so that browsers obey them.',
  severity: 'low',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `Browsers drop the whole field when one character is wrong: quotes around a word, an upper-case letter, the syntax of the
old Feature-Policy.`,
  fix: `Write the word bare and in lower case (\`Cross-Origin-Opener-Policy: same-origin\`), and permissions as
\`camera=(), geolocation=(self)\`.`,
  references: [
    'https://html.spec.whatwg.org/multipage/browsers.html#the-coop-headers',
    'https://www.w3.org/TR/permissions-policy/',
    'https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header',
  ],
  needs: ['responses'],
  *check({ responses }) {
    for (const response of responses.sites.flatMap(({ finals }) => finals)) {
      for (const [name, words] of Object.entries(ITEMS)) {
        const [header] = response.headers(name);
        const value = response.structured(name)?.members?.[0]?.values[0];
        if (!header || (value?.isToken && words.includes(value.text))) continue;
        yield { at: header.line, message: `Browsers ignore ${header.name}: ${header.value || 'without a value'}.` };
      }
      const [permissions] = response.headers('permissions-policy');
      if (permissions && response.structured('permissions-policy')?.members === undefined) {
        yield { at: permissions.line, message: `Browsers ignore this Permissions-Policy: it is no dictionary.` };
      }
      // compared byte by byte
      const [resource, again] = response.headers('cross-origin-resource-policy');
      if (resource && again) {
        yield { at: again.line, message: `Browsers ignore ${resource.name}: it is there twice.` };
      } else if (resource && !RESOURCE.includes(resource.value)) {
        yield {
          at: resource.line,
          message: `Browsers ignore ${resource.name}: ${resource.value || 'without a value'}.`,
        };
      }
    }
  },
  examples: [
    bad('Quotes, upper case, the old syntax', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Cross-Origin-Opener-Policy: "same-origin"»
«Cross-Origin-Embedder-Policy: Require-Corp»
«Cross-Origin-Resource-Policy: SAME-ORIGIN»
«Permissions-Policy: camera 'none'; geolocation 'self'»

<!doctype html>`,
    }),
    bad('Twice the same is one value that nobody knows', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Cross-Origin-Resource-Policy: same-origin
«Cross-Origin-Resource-Policy: same-origin»

<!doctype html><title>Shop</title>`,
    }),
    good('As the specifications have it', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Cross-Origin-Opener-Policy: same-origin; report-to="coop"
Cross-Origin-Embedder-Policy: require-corp
Cross-Origin-Resource-Policy: same-origin
Permissions-Policy: camera=(), geolocation=(self "https://maps.example"), fullscreen=*

<!doctype html>`,
    }),
  ],
});
