import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/powered-by-live',
  ensures: 'Responses do not name the framework that made them.',
  severity: 'low',
  control: 'headers/powered-by',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `Scanners sort hosts by what they run and come back when the next hole in it is published.`,
  fix: `Express: \`app.disable('x-powered-by')\` or \`app.use(helmet())\` before the routes. Next.js: \`poweredByHeader: false\`.`,
  references: ['https://expressjs.com/en/advanced/best-practice-security.html'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const [first, ...others] = answers.flatMap((answer) =>
        answer.headers('x-powered-by').map((header) => ({ header, answer })),
      );
      if (!first) continue;
      yield {
        at: first.header.line,
        message: `${first.answer.url.href} names ${first.header.value || 'a framework'} in X-Powered-By.`,
        trail: others
          .slice(0, 5)
          .map(({ header, answer }) => ({ at: header.line, note: `So does ${answer.url.href}.` })),
      };
    }
  },
  examples: [
    bad('Express, unless told otherwise', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«X-Powered-By: Express»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('Only on the paths helmet does not reach', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-missing.http': `
GET https://app.example/6f1d HTTP/1.1

HTTP/1.1 404 Not Found
«x-powered-by: Express»
Content-Type: text/html

<pre>Cannot GET /6f1d</pre>`,
    }),
    good('Not a word about it', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><p>X-Powered-By: Express</p>`,
    }),
    good('Another host says it, behind a redirect', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: https://login.example/`,
      'live/2-redirect.http': `
GET https://login.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: PHP/8.2
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
