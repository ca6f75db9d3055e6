import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/content-type-missing-live',
  ensures: 'Every body says what it is.',
  severity: 'low',
  roles: ['any'],
  cwe: 430,
  owasp: 'A02',
  why: `Without a type browsers guess from the content, and what a user uploaded may be taken for a page of yours.`,
  fix: `Let the framework set it, \`res.type('json')\`, \`res.json(…)\`, or write \`Content-Type\` yourself.`,
  references: ['https://mimesniff.spec.whatwg.org/'],
  needs: ['responses'],
  *check({ responses }) {
    for (const response of responses.sites.flatMap(({ finals }) => finals)) {
      const hasBody = response.body.bytes > 0 && response.status !== 204 && response.status !== 304;
      if (!hasBody || response.class === 'redirect' || response.headers('content-type').length > 0) continue;
      yield { at: response.line, message: `${response.url.href} does not say what it sends: no Content-Type.` };
    }
  },
  examples: [
    bad('A text without a type', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
X-Content-Type-Options: nosniff

hello`,
    }),
    good('A type, and a response without a body', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
content-type: text/plain

hello`,
      'live/2-home.http': `
GET https://app.example/b HTTP/1.1

HTTP/1.1 204 No Content
Date: Mon, 01 Jun 2026 10:00:00 GMT`,
    }),
  ],
});
