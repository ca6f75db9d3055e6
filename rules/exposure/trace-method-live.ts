import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/trace-method-live',
  ensures: 'TRACE does not repeat what it is sent.',
  severity: 'medium',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `It repeats the request with every header the proxies on the way added: internal addresses, and cookies a script was
not to read.`,
  fix: `Refuse it at the edge: \`if ($request_method = TRACE) { return 405; }\`.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8'],
  needs: ['active'],
  *check({ active }) {
    for (const { responses } of active) {
      for (const answer of responses) {
        if (answer.step !== 'trace' || answer.status !== 200) continue;
        // many frameworks answer any method with their page: only the echo counts
        if (answer.type !== 'message/http' && !answer.marks.some(({ name }) => name === 'canary')) continue;
        yield { at: answer.line, message: `TRACE ${answer.url.href} repeats the request.` };
      }
    }
  },
  examples: [
    bad('The request comes back', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-trace.http': `
TRACE https://app.example/ HTTP/1.1
X-Audit-Canary: canary-0a1b

«HTTP/1.1 200 OK»
Content-Type: message/http

TRACE / HTTP/1.1
X-Audit-Canary: canary-0a1b`,
    }),
    good('The page, as for any method', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-trace.http': `
TRACE https://app.example/ HTTP/1.1
X-Audit-Canary: canary-0a1b

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
