import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/retry-after-missing-live',
  ensures: 'Who is refused for now learns when to come back.',
  severity: 'low',
  roles: ['any'],
  owasp: 'A06',
  why: `Clients that are not told try again at once, all of them, and keep a struggling service down.`,
  fix: `Send \`Retry-After\` in seconds with 429 and 503; express-rate-limit does it by itself.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const refused = answers.find(({ status }) => status === 429 || status === 503);
      if (!refused) continue;
      const [header] = refused.headers('retry-after');
      if (header && (/^\d+$/.test(header.value) || !Number.isNaN(Date.parse(header.value)))) continue;
      yield {
        at: header?.line ?? refused.line,
        message: header
          ? `Retry-After: ${header.value} is neither seconds nor a date.`
          : `${refused.url.href} answers ${refused.status} and does not say when to come back.`,
      };
    }
  },
  examples: [
    bad('Refused without a word', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

«HTTP/1.1 429 Too Many Requests»
Content-Type: application/json

{}`,
    }),
    bad('A word no client understands', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 503 Service Unavailable
Content-Type: application/json
«Retry-After: soon»

{}`,
    }),
    good('Seconds, or a date', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 429 Too Many Requests
Content-Type: application/json
Retry-After: 120

{}`,
      'live/2-home.http': `
GET https://other.example/ HTTP/1.1

HTTP/1.1 503 Service Unavailable
Content-Type: application/json
Retry-After: Sun, 22 Nov 2026 10:00:00 GMT

{}`,
    }),
  ],
});
