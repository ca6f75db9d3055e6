import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/method-override-live',
  ensures: 'A request is what its own method says.',
  severity: 'info',
  roles: ['any'],
  cwe: 436,
  owasp: 'A01',
  why: `A header turns a POST into any other method. What stands in front, a firewall or a proxy that lets only POST through,
sees the POST, and a form of another site can send what only scripts could.`,
  fix: `Take the middleware out, or let it read the header for the few methods that old clients need.`,
  references: ['https://expressjs.com/en/resources/middleware/method-override.html'],
  needs: ['active'],
  *check({ active }) {
    for (const { responses } of active) {
      // REPORT is what was asked for in the header; the error page says what the program understood
      const answer = responses.find(
        ({ step, marks }) => step === 'method-override' && marks.some(({ name }) => name === 'method-overridden'),
      );
      if (answer)
        yield {
          at: answer.line,
          message: `${answer.url.origin} obeys X-HTTP-Method-Override: a POST became a REPORT.`,
        };
    }
  },
  examples: [
    bad('The error page names the other method', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-method-override.http': `
POST https://app.example/.well-known/audit-probe-1 HTTP/1.1
X-HTTP-Method-Override: REPORT

«HTTP/1.1 404 Not Found»
Content-Type: text/html

<!DOCTYPE html>
<pre>Cannot REPORT /.well-known/audit-probe-1</pre>`,
    }),
    good('It names the method that was sent', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-method-override.http': `
POST https://app.example/.well-known/audit-probe-1 HTTP/1.1
X-HTTP-Method-Override: REPORT

HTTP/1.1 404 Not Found
Content-Type: text/html

<!DOCTYPE html>
<pre>Cannot POST /.well-known/audit-probe-1</pre>`,
    }),
  ],
});
