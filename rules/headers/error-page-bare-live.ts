import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PROTECTING = ['Content-Security-Policy', 'X-Content-Type-Options', 'X-Frame-Options'];

export default defineRule({
  id: 'headers/error-page-bare-live',
  ensures: 'Error pages carry the headers that other pages have.',
  severity: 'low',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `Error pages are pages: they repeat what was asked for, can be framed, and run what gets into them, on the same origin and
with the same cookies.`,
  fix: `In nginx write \`always\` behind each \`add_header\`; in an application set the headers before the first route, so that
handlers of errors have them too.`,
  references: ['https://nginx.org/en/docs/http/ngx_http_headers_module.html'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { pages, responses: answers } of responses.sites) {
      const [page] = pages;
      const missing = answers.find(({ step }) => step === 'missing');
      // the page Express itself makes of a path that is not there has headers of its own
      if (!page || !missing || missing.class !== 'page' || missing.status < 400) continue;
      if (missing.stranger || missing.defaultErrorOf !== undefined) continue;
      const own = PROTECTING.filter((name) => page.headers(name).length > 0);
      if (own.length === 0 || PROTECTING.some((name) => missing.headers(name).length > 0)) continue;
      yield {
        at: missing.line,
        message: `The page for what is not there lacks ${own.join(' and ')}, which ${page.url.href} has.`,
      };
    }
  },
  examples: [
    bad('nginx adds headers to success alone', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'
X-Content-Type-Options: nosniff

<!doctype html><title>Shop</title>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

«HTTP/1.1 404 Not Found»
Content-Type: text/html

<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>`,
    }),
    good('All of them have the headers', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'

<!doctype html><title>Shop</title>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/html
Content-Security-Policy: default-src 'self'

<!doctype html><title>Not found</title>`,
    }),
    good('None of them has: that is said of the pages', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><title>Shop</title>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/html

<!doctype html><title>Not found</title>`,
    }),
    good('An error in JSON is no page', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Content-Type-Options: nosniff

<!doctype html><title>Shop</title>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: application/json

{"error":"not found"}`,
    }),
  ],
});
