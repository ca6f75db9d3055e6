import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DEBUG = /^(?:x-debug-token(?:-link)?|x-chromelogger-data|x-chromephp-data|x-debug-info)$/i;

export default defineRule({
  id: 'exposure/debug-headers-live',
  ensures: 'Responses carry nothing that was meant for developers.',
  severity: 'medium',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: `Debug headers lead to profiles, queries and logs of the request.`,
  fix: `Turn the debug mode off in production, and describe no queries in \`Server-Timing\`.`,
  references: ['https://www.w3.org/TR/server-timing/#privacy-and-security'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const header = answers
        .flatMap(({ allHeaders }) => allHeaders)
        .find(
          ({ name, value }) =>
            DEBUG.test(name) ||
            (/^server-timing$/i.test(name) &&
              /\b(?:select|insert|update|delete)\b[^;]{0,200}\b(?:from|into|set)\b/i.test(value)),
        );
      if (header) yield { at: header.line, message: `${header.name} is for developers, and everybody gets it.` };
    }
  },
  examples: [
    bad('A query in the timing', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Server-Timing: db;desc="SELECT id FROM users";dur=3»
Content-Type: text/html

<!doctype html>`,
    }),
    good('Plain timing', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Server-Timing: total;dur=12, db;dur=3
X-Request-Id: 5f2a
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
