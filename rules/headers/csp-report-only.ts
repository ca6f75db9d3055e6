import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-report-only',
  ensures: 'A content security policy is enforced, not only reported on.',
  severity: 'low',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `A policy that only reports lets every injected script run, and tells you afterwards.`,
  fix: `Once the reports are quiet, send the same policy as \`Content-Security-Policy\`; keep a stricter candidate as
\`-Report-Only\` beside it.`,
  references: ['https://www.w3.org/TR/CSP3/#cspro-header'],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp, url } of pages) {
      const [reported] = csp.all.filter(
        ({ disposition, from, directives }) => disposition === 'report' && from === 'header' && directives.length > 0,
      );
      if (!reported || csp.enforced.length > 0) continue;
      yield { at: reported.at, message: `The only policy of ${url.href} reports and blocks nothing.` };
    }
  },
  examples: [
    bad('Reported alone', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy-Report-Only: «default-src 'self'»

<!doctype html>`,
    }),
    good('A stricter candidate beside an enforced one', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'
Content-Security-Policy-Report-Only: default-src 'none'

<!doctype html>`,
    }),
  ],
});
