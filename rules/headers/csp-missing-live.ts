import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-missing-live',
  ensures: 'Every page is served with a content security policy that browsers enforce.',
  severity: 'medium',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `One place that forgets to escape is enough for an attacker's script to run with the visitor's session. A policy is
the second line: it tells the browser which scripts are yours.`,
  fix: `\`app.use(helmet())\` before the routes sends a policy. Strict ones can break pages: start with
\`helmet({ contentSecurityPolicy: { reportOnly: true, … } })\`, read the reports, then enforce.`,
  references: [
    'https://www.w3.org/TR/CSP3/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Content_Security_Policy_Cheat_Sheet.html',
  ],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      const { all, enforced } = page.csp;
      // one that only reports is headers/csp-report-only; one in the wrong place is headers/csp-ineffective
      if (enforced.length > 0 || all.some(({ directives }) => directives.length > 0)) continue;
      const [empty] = page.headers('content-security-policy');
      yield empty
        ? {
            at: empty.line,
            message: `The Content-Security-Policy of ${page.url.href} has no directive browsers can read.`,
          }
        : { at: page.line, message: `${page.url.href} is a page without a Content-Security-Policy.` };
    }
  },
  examples: [
    bad('A page without a policy', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
    }),
    bad('No Content-Type, but a document all the same', {
      'live/1-home.http': `
GET http://127.0.0.1:3000/ HTTP/1.1

«HTTP/1.1 200 OK»

<!DOCTYPE html><title>Shop</title>`,
    }),
    bad('A policy that is empty, and one that browsers skip for its letters', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Content-Security-Policy: ;»

<!doctype html><title>Shop</title>`,
      'live/2-home.http': `
GET https://app.example/café HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Content-Security-Policy: default-src ’self’»

<!doctype html><title>Shop</title>`,
    }),
    good('A policy in the header', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'

<!doctype html><title>Shop</title>`,
    }),
    good('A policy in the head, before any script', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><head><meta charset=utf-8><meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head>`,
    }),
    good('JSON is no page', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"ok":true}`,
    }),
    good('Nor is an error, or a redirect that leaves the host', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/html

<!doctype html><title>Not found</title>`,
      'live/2-home.http': `
GET https://app.example/login HTTP/1.1

HTTP/1.1 302 Found
Location: https://login.example/`,
    }),
  ],
});
