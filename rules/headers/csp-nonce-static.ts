import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-nonce-static',
  ensures: 'Every response has a nonce of its own that nobody can guess.',
  severity: 'high',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 330,
  owasp: 'A02',
  why: `Whoever has seen the nonce once writes it on the injected script, and the policy lets it through.`,
  fix: `Make one per response, \`crypto.randomBytes(16).toString('base64')\`, and keep pages with a nonce out of shared caches
(\`Cache-Control: private, no-store\`).`,
  references: ['https://www.w3.org/TR/CSP3/#security-nonces'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { pages, responses: answers } of responses.sites) {
      for (const page of pages) {
        const again = answers.find(({ step, url }) => step === 'again' && url.href === page.url.href);
        const sources = page.csp.enforced.flatMap(({ directives }) => directives.flatMap(({ values }) => values));
        const others = new Set(
          again?.csp.enforced.flatMap(({ directives }) =>
            directives.flatMap(({ values }) => values.map(({ text }) => text)),
          ),
        );
        for (const { text, at } of sources.filter(({ text: source }) => source.startsWith("'nonce-"))) {
          if (others.has(text)) {
            yield { at, message: `${page.url.href} sends the same nonce again in the next response.` };
          } else if (text.length - "'nonce-'".length < 22) {
            yield { at, message: `The nonce of ${page.url.href} has less than 128 bits.`, severity: 'medium' };
          } else continue;
          break;
        }
      }
    }
  },
  examples: [
    bad('The same twice', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src «'nonce-q83vASNFZ4mrze8BI0VniQ'»

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-q83vASNFZ4mrze8BI0VniQ'

<!doctype html>`,
    }),
    bad('Too short', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src «'nonce-12345'»

<!doctype html>`,
    }),
    good('A fresh one each time', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-q83vASNFZ4mrze8BI0VniQ'

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-Zm9vYmFyYmF6cXV4cXV1eA'

<!doctype html>`,
    }),
  ],
});
