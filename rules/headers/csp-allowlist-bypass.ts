import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-allowlist-bypass',
  ensures: 'No script host that the policy allows runs scripts for anybody who asks.',
  severity: 'medium',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `The host serves JSONP or old frameworks: an injected \`<script src>\` to it runs what the attacker writes into the URL,
and the policy agrees.`,
  fix: `Allow scripts by nonce and \`'strict-dynamic'\` instead of by host, or name the one file with its path and an
\`integrity\` hash.`,
  references: [
    'https://research.google/pubs/csp-is-dead-long-live-csp-on-the-insecurity-of-whitelists-and-the-future-of-content-security-policy/',
  ],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp, url } of pages) {
      for (const { kind, source, directive, at } of csp.weaknesses) {
        if (kind !== 'gadget') continue;
        yield { at, message: `${directive} of ${url.href} allows ${source}, which runs scripts for anybody.` };
      }
    }
  },
  examples: [
    bad('A public library host', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'self' «https://ajax.googleapis.com»; object-src 'none'

<!doctype html>`,
    }),
    good('Ignored next to strict-dynamic', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-q83vASNFZ4mrze8BI0VniQ' 'strict-dynamic' https://ajax.googleapis.com; object-src 'none'

<!doctype html>`,
    }),
    good('Styles from there run nothing', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'; style-src https://ajax.googleapis.com

<!doctype html>`,
    }),
  ],
});
