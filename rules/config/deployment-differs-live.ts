import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Seconds: what helmet says where it is not told, in its eighth major version and before. */
const HELMET = [31_536_000, 15_552_000];

const secondsOf = (text: string): number | undefined => {
  const digits = /max-age\s*=\s*"?(\d{1,12})/i.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

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
  needs: ['running', 'responses', 'policies'],
  *check({ running, policies }) {
    for (const { app, site, answers, identity } of running.all) {
      if (identity !== 'sure') continue;
      const off = app.settings.find(
        ({ name, enabled, condition }) => name === 'x-powered-by' && enabled === false && condition === 'always',
      );
      const sent = answers
        .flatMap((answer) => answer.headers('x-powered-by').map((header) => ({ header, answer })))
        .find(({ header }) => header.value === 'Express');
      if (off && sent && app.framework === 'express')
        yield {
          at: off.at,
          message: `The code turns X-Powered-By off, and ${sent.answer.url.href} sends it: ${site.host} runs another build, or another application there.`,
          trail: [{ at: sent.header.line, note: 'This answer names Express.' }],
          confidence: 'likely',
        };
      const written = policies.headers.find(({ name }) => name === 'strict-transport-security');
      const link = app.links.find(({ effects, condition }) =>
        effects.some(({ headers = [] }) => condition === 'always' && headers.includes('strict-transport-security')),
      );
      const said = written?.value.kind === 'text' ? [secondsOf(written.value.text)] : written ? [] : HELMET;
      const [header] = site.secure?.headers('strict-transport-security') ?? [];
      const shown = secondsOf(header?.value ?? '');
      const from = written?.at ?? link?.at;
      if (header && from && shown !== undefined && said.length > 0 && !said.includes(shown))
        yield {
          at: from,
          severity: 'info',
          message: `${site.host} sends Strict-Transport-Security for ${shown} seconds, which is not what the code says: something in front sets its own.`,
          trail: [{ at: header.line, note: 'This is what browsers get.' }],
        };
      const health = app.routes.find(
        ({ purpose, path, condition }) =>
          purpose === 'health' &&
          condition === 'always' &&
          site.responses.some(({ status, url, method }) => status === 404 && method === 'GET' && url.path === path),
      );
      if (health)
        yield {
          at: health.pathAt,
          severity: 'info',
          message: `The code answers ${health.path ?? '?'}, and ${site.host} does not: only the inside can ask it, or it has a prefix there.`,
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
    bad('A shorter HSTS, and no way to the health check', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
«app.use(helmet())»;
app.get(«'/healthz'», (req, res) => res.send('ok'));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
Strict-Transport-Security: max-age=2592000
X-Content-Type-Options: nosniff
ETag: W/"2-l9Fw4VUO7kr8CvBlt4zaMCqXZ0w"
Content-Type: application/json

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: application/json

{"error":"not found"}`,
      'live/3-exposed.http': `
GET https://shop.example/healthz HTTP/1.1

HTTP/1.1 404 Not Found
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
