import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-unsafe-eval-live',
  ensures: 'The content security policy does not let text become code.',
  severity: 'low',
  control: 'headers/csp-eval',
  roles: ['any'],
  cwe: 95,
  owasp: 'A02',
  why: `With \`'unsafe-eval'\` any library that hands a string to \`eval\` or \`new Function\` is a way around the policy.`,
  fix: `Take \`'unsafe-eval'\` out; compile templates at build time. WebAssembly needs \`'wasm-unsafe-eval'\` only.`,
  references: ['https://www.w3.org/TR/CSP3/#directive-script-src'],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp, url } of pages) {
      for (const { kind, directive, at } of csp.weaknesses) {
        if (kind === 'eval') yield { at, message: `${directive} lets ${url.href} run text as code.` };
      }
    }
  },
  examples: [
    bad('In script-src', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'self' «'unsafe-eval'»

<!doctype html>`,
    }),
    good('Only for WebAssembly', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'

<!doctype html>`,
    }),
    good('In default-src, which script-src replaces', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self' 'unsafe-eval'; script-src 'self'

<!doctype html>`,
    }),
  ],
});
