import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/deployment-differs-live',
  ensures: 'What is deployed is what the code says.',
  severity: 'medium',
  roles: ['service'],
  cwe: 1188,
  owasp: 'A02',
  why: `The repository was repaired, reviewed and audited, and visitors still meet the build from before, or another program.
Every verdict on the code is then about something that does not run.`,
  fix: `Compare the image that runs with the commit it should be of, and deploy again. Where a second application answers some of
the paths, configure it alike.`,
  references: ['https://12factor.net/build-release-run'],
  needs: ['running', 'responses'],
  *check({ running }) {
    for (const { app, site, answers, identity } of running.all) {
      if (app.framework !== 'express' || identity !== 'sure') continue;
      const off = app.settings.find(
        ({ name, enabled, condition }) => name === 'x-powered-by' && enabled === false && condition === 'always',
      );
      const sent = answers
        .flatMap((answer) => answer.headers('x-powered-by').map((header) => ({ header, answer })))
        .find(({ header }) => header.value === 'Express');
      if (!off || !sent) continue;
      yield {
        at: off.at,
        message: `The code turns X-Powered-By off, and ${sent.answer.url.href} sends it: ${site.host} runs another build, or another application there.`,
        trail: [{ at: sent.header.line, note: 'This answer names Express.' }],
        confidence: 'likely',
      };
    }
  },
  examples: [
    bad('A build from before', {
      'app.js': `
const express = require('express');
const app = express();
«app.disable('x-powered-by')»;
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: application/json

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
X-Powered-By: Express
Content-Type: application/json

{"error":"not found"}`,
    }),
    good('As the code says', {
      'app.js': `
const express = require('express');
const app = express();
app.disable('x-powered-by');
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
ETag: W/"2-l9Fw4VUO7kr8CvBlt4zaMCqXZ0w"

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: application/json

{"error":"not found"}`,
    }),
    good('Too little says that it is this program', {
      'app.js': `
const express = require('express');
const app = express();
app.disable('x-powered-by');
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: application/json

{}`,
    }),
  ],
});
