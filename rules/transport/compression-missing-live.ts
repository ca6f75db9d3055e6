import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Bytes. Below this a body fits the first packets whether it is compressed or not. */
const WORTHWHILE = 1536;
const TEXT = /^(?:text\/(?!event-stream)|application\/(?:(?:x-)?javascript|json|xml|xhtml\+xml|[\w.-]+\+json)$)/;

export default defineRule({
  id: 'transport/compression-missing-live',
  ensures: 'Text is sent compressed to those who can take it.',
  severity: 'info',
  roles: ['any'],
  why: `Pages, scripts and JSON shrink to a quarter. Sent as they are, they cost every visitor time and the service bandwidth,
and each answer holds its connection longer.`,
  fix: `Compress at the edge (\`gzip on; gzip_types text/css application/javascript application/json;\` in nginx), or with
\`app.use(compression())\`.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9110#name-content-encoding'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { local, responses: answers } of responses.sites) {
      if (local) continue;
      const [largest, ...others] = answers
        .filter((answer) => {
          const offers = answer.requestHeaders('accept-encoding').some(({ value }) => /\bgzip\b/.test(value));
          const isKept = answer.headers('cache-control').some(({ value }) => /no-transform/i.test(value));
          const isWhole = answer.method === 'GET' && answer.status === 200 && answer.step !== 'exposed';
          return (
            offers &&
            isWhole &&
            !isKept &&
            TEXT.test(answer.type) &&
            answer.body.bytes > WORTHWHILE &&
            answer.headers('content-encoding').length === 0
          );
        })
        .toSorted((a, b) => b.body.bytes - a.body.bytes);
      if (!largest) continue;
      const more = new Set(others.map(({ url }) => url.href)).size > 1 ? ', and it is not the only one' : '';
      yield {
        at: largest.line,
        message: `${largest.url.href} sends ${largest.body.bytes} bytes of text as they are, though gzip and br were offered${more}.`,
      };
    }
  },
  examples: [
    bad('A page of eight kilobytes', {
      'live/1-home.http': `
# body: 8000 bytes
GET https://app.example/ HTTP/1.1
Accept-Encoding: gzip, deflate, br

«HTTP/1.1 200 OK»
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
    }),
    bad('A script of two kilobytes', {
      'live/1-home.http': `
# body: 2000 bytes
GET https://app.example/a.js HTTP/1.1
Accept-Encoding: gzip, deflate, br

«HTTP/1.1 200 OK»
Content-Type: text/javascript

alert(1)`,
    }),
    good('Compressed, small, an image, and one that must stay as it is', {
      'live/1-home.http': `
# body: 8000 bytes
GET https://app.example/ HTTP/1.1
Accept-Encoding: gzip, deflate, br

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
Content-Encoding: br
Vary: Accept-Encoding

<!doctype html><title>Shop</title>`,
      'live/2-script.http': `
# body: 1500 bytes
GET https://app.example/a.js HTTP/1.1
Accept-Encoding: gzip, deflate, br

HTTP/1.1 200 OK
Content-Type: text/javascript

alert(1)`,
      'live/3-route.http': `
# body: 90000 bytes
GET https://app.example/logo HTTP/1.1
Accept-Encoding: gzip, deflate, br

HTTP/1.1 200 OK
Content-Type: image/png
`,
      'live/4-route.http': `
# body: 90000 bytes
GET https://app.example/report HTTP/1.1
Accept-Encoding: gzip, deflate, br

HTTP/1.1 200 OK
Content-Type: text/csv
Cache-Control: no-transform

a,b`,
    }),
    good('On the own machine the edge is missing, too', {
      'live/1-home.http': `
# body: 8000 bytes
GET http://localhost:3000/ HTTP/1.1
Accept-Encoding: gzip, deflate, br

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
    }),
    good('Nothing was offered', {
      'live/1-home.http': `
# body: 8000 bytes
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
    }),
  ],
});
