import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/session-never-set-live',
  ensures: 'Sessions that may only travel over https are set behind the proxy that ends it.',
  severity: 'high',
  roles: ['service'],
  cwe: 613,
  owasp: 'A07',
  why: `express-session sets a cookie with \`secure: true\` only where it knows that the request came over https. Behind a proxy it
sees plain http and sets none: nobody stays logged in, and the flag is soon taken out.`,
  fix: `\`app.set('trust proxy', 1)\`, with the number of proxies in front, and let the proxy send \`X-Forwarded-Proto\`.`,
  references: ['https://github.com/expressjs/session#cookiesecure'],
  needs: ['running', 'responses', 'program', 'code'],
  *check({ running, program, code }) {
    for (const { app, site, answers, identity } of running.all) {
      const isTrusting = app.settings.some(({ name }) => name === 'trust proxy');
      const overTls = answers.filter(({ url, status }) => url.scheme === 'https' && status < 400);
      if (identity !== 'sure' || isTrusting || overTls.length === 0 || site.identity.cookies.size > 0) continue;
      for (const { at, effects, condition, scope } of app.links) {
        for (const { kind, package: name, call, options } of effects) {
          if (kind !== 'session' || name !== 'express-session' || call === undefined || options === undefined) continue;
          if (condition === 'development' || scope !== '/') continue;
          const isTrue = (holder: number, option: string): boolean => {
            const given = code.property(holder, option);
            return given.state === 'given' && program.constants(given.value)?.[0] === true;
          };
          const cookie = code.property(options, 'cookie');
          const isProxied = code.property(options, 'proxy').state !== 'absent';
          // only then does every first visit bring a cookie
          if (isProxied || cookie.state !== 'given' || !isTrue(options, 'saveUninitialized')) continue;
          if (!isTrue(cookie.value, 'secure')) continue;
          yield {
            at,
            message: `${site.host} sets no session over https: the cookie is secure, and no proxy is trusted.`,
            trail: overTls.slice(0, 3).map(({ line, url }) => ({ at: line, note: `${url.href} sets no cookie.` })),
          };
        }
      }
    }
  },
  examples: [
    bad('Behind a proxy that is not trusted', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
«app.use(session({ secret: process.env.SECRET, resave: false, saveUninitialized: true, cookie: { secure: true } }))»;
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
    good('The proxy is trusted', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
app.set('trust proxy', 1);
app.use(session({ secret: process.env.SECRET, resave: false, saveUninitialized: true, cookie: { secure: true } }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: application/json
Set-Cookie: connect.sid=…(64 characters, signed); Path=/; HttpOnly; Secure

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
X-Powered-By: Express
Content-Type: application/json

{"error":"not found"}`,
    }),
    good('A session is made only for who logs in', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
app.use(session({ secret: process.env.SECRET, resave: false, saveUninitialized: false, cookie: { secure: true } }));
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
  ],
});
