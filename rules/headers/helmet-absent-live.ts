import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** What stands in front and may take headers away. */
const EDGES = ['via', 'cf-ray', 'x-cache', 'x-amz-cf-id', 'x-served-by', 'server'];
const SHOWN = 3;

const listed = (paths: readonly string[]): string => {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return `${paths.slice(0, SHOWN).join(', ')}${more}`;
};

export default defineRule({
  id: 'headers/helmet-absent-live',
  ensures: 'The middleware that sets security headers runs for every path of the deployment.',
  severity: 'medium',
  control: 'headers/helmet-missing',
  roles: ['service', 'function'],
  cwe: 696,
  owasp: 'A02',
  why: `The code says that every answer is protected, and the deployment shows paths where it is not: files served before the
line, a router mounted above it, a mount path that is too narrow, another build. Reviews read the code and believe it.`,
  fix: `Move the line up, right after the application is created, and mount it without a path. Where something in front takes
headers away, ask the origin itself: \`--resolve host:address\`.`,
  references: ['https://expressjs.com/en/guide/using-middleware.html', 'https://helmetjs.github.io/'],
  needs: ['running', 'responses'],
  *check({ running }) {
    for (const { app, site, answers, identity, traces, routeAt } of running.all) {
      const found = app.links.flatMap((link) =>
        link.condition === 'development'
          ? []
          : link.effects.flatMap(({ kind, headers = [] }) =>
              kind === 'headers' && headers.includes('x-content-type-options') ? [{ link, headers }] : [],
            ),
      );
      const [first] = found;
      if (!first) continue;
      const isNamed = app.framework === 'express' || app.framework === 'nest';
      const names = new Set(found.flatMap(({ headers }) => headers.filter((name) => name !== 'x-powered-by')));
      const bare = answers.filter((answer) => [...names].every((name) => answer.headers(name).length === 0));
      // a proxy takes headers away, it does not add this one: what carries it never met the line
      const passed = bare.filter((answer) =>
        isNamed
          ? answer.headers('x-powered-by').length > 0
          : answer.status < 500 && routeAt('GET', answer.url.path) !== undefined,
      );
      const covered = answers.filter((answer) => !bare.includes(answer));
      const unclear =
        identity === 'guessed' ? { unsure: `That ${site.host} runs this code is a guess: ${traces.join(', ')}.` } : {};
      if (passed.length > 0) {
        const elsewhere = covered.length > 0 ? ` It does for ${listed(covered.map(({ url }) => url.path))}.` : '';
        const sign = isNamed ? 'with X-Powered-By and without its headers' : 'without its headers';
        yield {
          at: first.link.at,
          message: `${first.link.name} does not run for ${listed(passed.map(({ url }) => url.path))}: ${passed.length === 1 ? 'it answers' : 'they answer'} ${sign}.${elsewhere}`,
          trail: passed.slice(0, 8).map(({ line, method, url }) => ({
            at: line,
            note: `${method} ${url.href} answers without them.`,
          })),
          ...unclear,
        };
      } else if (bare.length > 0 && covered.length === 0) {
        const edge = EDGES.find((name) => bare.some((answer) => answer.headers(name).length > 0));
        if (edge === undefined) continue;
        const line = bare[0]?.line ?? first.link.at;
        yield {
          at: first.link.at,
          message: `None of the headers of ${first.link.name} reaches visitors of ${site.host}: something in front takes them away, or serves another build.`,
          trail: [{ at: line, note: `This answer has none of them; ${edge} says that something stands in front.` }],
          confidence: 'likely',
          ...unclear,
        };
      }
    }
  },
  examples: [
    bad('Files are served before the line', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.use(express.static('public'));
«app.use(helmet())»;
app.get('/account', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
ETag: W/"2a-18bcfe56800"

<!doctype html><title>Shop</title>`,
      'live/2-route.http': `
GET https://shop.example/account HTTP/1.1

HTTP/1.1 200 OK
Content-Security-Policy: default-src 'self'
X-Content-Type-Options: nosniff
X-Frame-Options: SAMEORIGIN
Content-Type: text/html; charset=utf-8
ETag: W/"b-Kq5sNclPz7QV2+lfQIuc6R7oRu0"

<h1>Hi</h1>`,
      'live/3-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Security-Policy: default-src 'none'
X-Content-Type-Options: nosniff
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot GET /audit-probe-1</pre>
</body>
</html>`,
    }),
    bad('Everything loses its headers on the way', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const session = require('express-session');
const app = express();
«app.use(helmet())»;
app.use(session({ name: 'shop.id', secret: process.env.SECRET, resave: false, saveUninitialized: false, cookie: { secure: true } }));
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
Server: nginx
Content-Type: text/html; charset=utf-8
ETag: W/"b-Kq5sNclPz7QV2+lfQIuc6R7oRu0"
Set-Cookie: shop.id=…(64 characters, signed); Path=/; Secure; HttpOnly

<h1>Hi</h1>`,
    }),
    unsure('Nothing but the name of the framework says that it is this code', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
«app.use(helmet())»;
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/start HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8

<h1>Hi</h1>`,
    }),
    good('It runs for all of them', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.use(helmet());
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Content-Type-Options: nosniff
X-Frame-Options: SAMEORIGIN
Content-Security-Policy: default-src 'self'
Content-Type: text/html; charset=utf-8
ETag: W/"b-Kq5sNclPz7QV2+lfQIuc6R7oRu0"

<h1>Hi</h1>`,
    }),
    bad('A router of Koa before the line', {
      'app.js': `
const Koa = require('koa');
const Router = require('@koa/router');
const helmet = require('koa-helmet');
const app = new Koa();
const router = new Router();
router.get('/items', (ctx) => { ctx.body = []; });
app.use(router.routes());
«app.use(helmet())»;
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/plain

Not Found`,
    }),
    good('Files that the proxy serves, and a proxy whose upstream is down', {
      'app.js': `
const Koa = require('koa');
const Router = require('@koa/router');
const helmet = require('koa-helmet');
const app = new Koa();
const router = new Router();
app.use(helmet());
router.get('/items', (ctx) => { ctx.body = []; });
app.use(router.routes());
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/assets/logo.svg HTTP/1.1

HTTP/1.1 200 OK
Content-Type: image/svg+xml

<svg/>`,
      'live/2-route.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 502 Bad Gateway
Content-Type: text/html

<html><body>502</body></html>`,
      'live/3-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/plain

Not Found`,
    }),
    good('Another framework answers there', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.use(helmet());
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Next.js
Content-Type: text/html; charset=utf-8

<h1>Hi</h1>`,
    }),
  ],
});
