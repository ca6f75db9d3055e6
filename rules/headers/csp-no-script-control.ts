import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-no-script-control',
  ensures: 'The content security policy says which scripts may run.',
  severity: 'low',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `Without \`script-src\` or \`default-src\` a policy does its other work and leaves injected scripts alone.`,
  fix: `Add \`script-src 'nonce-…' 'strict-dynamic'\`, or \`script-src 'self'\` for a start.`,
  references: ['https://www.w3.org/TR/CSP3/#directive-script-src'],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp, url } of pages) {
      const [first] = csp.enforced;
      if (!first || csp.controlsScripts) continue;
      yield { at: first.at, message: `The policy of ${url.href} says nothing of scripts.` };
    }
  },
  examples: [
    bad('Only framing and upgrades', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: «frame-ancestors 'self'; upgrade-insecure-requests»

<!doctype html>`,
    }),
    good('A second policy does', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: upgrade-insecure-requests, default-src 'self'

<!doctype html>`,
    }),
    good('A sandbox without scripts', {
      'live/1-home.http': `
GET https://files.example/1 HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: sandbox

<!doctype html>`,
    }),
  ],
});
