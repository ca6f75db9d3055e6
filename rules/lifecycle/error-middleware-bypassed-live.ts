import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/error-middleware-bypassed-live',
  ensures: 'Errors reach the error handler of the code.',
  severity: 'medium',
  roles: ['service'],
  cwe: 755,
  owasp: 'A10',
  why: `The handler in the code hides what went wrong and writes it down. It never sees this error: what failed is registered
behind it, or another build runs. Express answers by itself, and outside production with the whole stack.`,
  fix: `Register the error handler last, behind every router and parser, and compare what runs with the commit it should be of.`,
  references: ['https://expressjs.com/en/guide/error-handling.html'],
  needs: ['running', 'responses'],
  *check({ running }) {
    for (const { app, site, identity } of running.all) {
      if (app.framework !== 'express' || identity !== 'sure') continue;
      const handler = app.links.find(
        ({ forErrors, condition, scope, effects }) =>
          forErrors && condition === 'always' && scope === '/' && effects.some(({ kind }) => kind === 'errors'),
      );
      // a path that is not found is no error, and is answered by Express in any case
      const answer = site.responses.find(
        ({ step, marks }) =>
          (step === 'bad-json' || step === 'bad-escape') &&
          marks.some(({ name }) => name === 'express-error-page') &&
          !marks.some(({ name }) => name === 'express-cannot'),
      );
      if (!handler || !answer) continue;
      yield {
        at: handler.at,
        message: `${handler.name} takes errors in the code, and ${site.host} answers ${answer.method} ${answer.url.path} with the error page of Express.`,
        trail: [{ at: answer.line, note: 'This is the page of Express itself.' }],
      };
    }
  },
  examples: [
    bad('The parser comes after it', {
      'app.js': `
const express = require('express');
const app = express();
app.get('/items', (req, res) => res.json([]));
«app.use((error, req, res, next) => { res.status(500).json({ error: 'failed' }); })»;
app.use(express.json());
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
      'live/3-bad-json.http': `
POST https://shop.example/.well-known/audit-probe-1 HTTP/1.1

{"x":

HTTP/1.1 400 Bad Request
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Bad Request</pre>
</body>
</html>`,
    }),
    good('It answers', {
      'app.js': `
const express = require('express');
const app = express();
app.use(express.json());
app.get('/items', (req, res) => res.json([]));
app.use((error, req, res, next) => { res.status(400).json({ error: 'failed' }); });
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
      'live/3-bad-json.http': `
POST https://shop.example/.well-known/audit-probe-1 HTTP/1.1

{"x":

HTTP/1.1 400 Bad Request
Content-Type: application/json

{"error":"failed"}`,
    }),
    good('It is for a part alone', {
      'app.js': `
const express = require('express');
const app = express();
app.use(express.json());
app.get('/items', (req, res) => res.json([]));
app.use('/admin', (error, req, res, next) => { res.status(400).json({ error: 'failed' }); });
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
      'live/3-bad-json.http': `
POST https://shop.example/.well-known/audit-probe-1 HTTP/1.1

{"x":

HTTP/1.1 400 Bad Request
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Bad Request</pre>
</body>
</html>`,
    }),
  ],
});
