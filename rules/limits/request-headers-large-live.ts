import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/request-headers-large-live',
  ensures: 'Requests with headers of 64 KB are turned away.',
  severity: 'info',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: `Every connection may hold that much before the first line of the program runs. Node.js itself stops at 16 KB, and nginx
at 8 KB a line: somebody raised the limit.`,
  fix: `Start without \`--max-http-header-size\`, and find out which cookie or token grew so large.`,
  references: ['https://nodejs.org/api/cli.html#--max-http-header-sizesize'],
  needs: ['active'],
  *check({ active }) {
    for (const { responses } of active) {
      const answer = responses.find(({ step, status }) => step === 'header-size' && status < 400);
      if (answer) yield { at: answer.line, message: `${answer.url.href} answers a request with a header of 64 KB.` };
    }
  },
  examples: [
    bad('It is answered as any other', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-header-size.http': `
GET https://app.example/ HTTP/1.1
X-Audit-Padding: xxxx…(65536 bytes)

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    good('It is turned away', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-header-size.http': `
GET https://app.example/ HTTP/1.1
X-Audit-Padding: xxxx…(65536 bytes)

HTTP/1.1 431 Request Header Fields Too Large
Connection: close

`,
    }),
  ],
});
