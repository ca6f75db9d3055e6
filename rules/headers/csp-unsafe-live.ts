import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-unsafe-live',
  ensures: 'The content security policy keeps injected scripts from running.',
  severity: 'medium',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `A policy that allows inline scripts, or scripts from anywhere, allows the injected ones as well: it costs upkeep and
stops nothing.`,
  fix: `Give every response a fresh nonce and trust what those scripts load:
\`script-src 'nonce-…' 'strict-dynamic'; object-src 'none'; base-uri 'none'\`. In helmet a directive may be a function
of the response: \`(req, res) => \`'nonce-\${res.locals.nonce}'\`\`.`,
  references: ['https://www.w3.org/TR/CSP3/', 'https://csp.withgoogle.com/docs/strict-csp.html'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      for (const { kind, source, directive, at } of page.csp.weaknesses) {
        if (kind === 'inline') {
          yield { at, message: `${directive} allows ${source}: injected inline scripts run on ${page.url.href}.` };
        } else if (kind === 'anything') {
          yield { at, message: `${directive} allows ${source}: scripts from anywhere run on ${page.url.href}.` };
        }
      }
    }
  },
  examples: [
    bad('Inline scripts', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'; script-src 'self' «'unsafe-inline'»

<!doctype html>`,
    }),
    bad('Scripts from any https host, by way of default-src', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self' «https:»

<!doctype html>`,
    }),
    bad('Inline handlers, under a strict default', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'; script-src-attr «'unsafe-inline'»

<!doctype html>`,
    }),
    bad('A wildcard with a scheme, and a nonce that is none', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src «https://*» «'unsafe-inline'» 'nonce-'

<!doctype html><title>Shop</title>`,
    }),
    good('What one policy lets in the other keeps out', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src https: ; script-src-elem https:
Content-Security-Policy: script-src data:

<!doctype html><title>Shop</title>`,
    }),
    good('One of two policies is strict, and both must agree', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'self' 'unsafe-inline'
Content-Security-Policy: script-src 'self'

<!doctype html>`,
    }),
    good('Browsers ignore what stands next to a nonce for the sake of old ones', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-aGVsbG9oZWxsb2hlbGxvMTIzNDU' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'

<!doctype html>`,
    }),
    good('Inline styles are another matter; this is what helmet sends', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests

<!doctype html>`,
    }),
  ],
});
