import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Limiters that say what is left unless they are told not to, and the options that tell them. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  'express-rate-limit': ['legacyHeaders', 'headers', 'skip'],
  '@fastify/rate-limit': ['addHeaders', 'allowList', 'skipOnError'],
};

export default defineRule({
  id: 'limits/rate-limit-absent-live',
  ensures: 'The limiter in the code counts the requests to the deployment.',
  severity: 'medium',
  control: 'limits/rate',
  roles: ['service'],
  cwe: 770,
  owasp: 'A06',
  why: `The code says that callers are limited, and the deployment shows no sign of it: another build runs there, or a branch that
the environment decides. Guessing passwords is then as cheap as without a limiter.`,
  fix: `Compare what runs with the commit it should be of, and ask the origin itself: \`--resolve host:address\`. Register the
limiter under no condition of the environment.`,
  references: ['https://express-rate-limit.mintlify.app/reference/configuration'],
  needs: ['running', 'responses', 'code'],
  *check({ running, code }) {
    for (const { app, site, answers, identity, routeAt } of running.all) {
      if (identity !== 'sure' || site.responses.some(({ rateLimit, status }) => rateLimit || status === 429)) continue;
      const limiters = app.links.flatMap((link) =>
        link.effects.flatMap(({ kind, package: name = '', options, by }) => {
          const silencing = Object.hasOwn(TELLING, name) ? TELLING[name] : undefined;
          const isTelling = silencing?.every(
            (option) => options === undefined || code.property(options, option).state === 'absent',
          );
          return kind === 'limiter' && by === 'package' && isTelling && link.condition === 'always' ? [link] : [];
        }),
      );
      for (const { at, name } of limiters) {
        const open = answers.filter(({ url, status }) => {
          const route = status < 400 ? routeAt('GET', url.path) : undefined;
          return route?.chain.some((link) => link.at.path === at.path && link.at.start === at.start);
        });
        const [first] = open;
        if (!first) continue;
        const burst = site.responses.find(({ step, url }) => step === 'burst' && url.path === first.url.path);
        yield {
          at,
          message: `${name} stands before ${first.url.path} in the code, and ${site.host} answers without counting.`,
          trail: [{ at: (burst ?? first).line, note: 'This answer names no limit.' }],
          ...(!burst && { confidence: 'likely' as const }),
        };
        break;
      }
    }
  },
  examples: [
    bad('A build from before', {
      'app.js': `
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const app = express();
«app.use(rateLimit({ windowMs: 60000, limit: 100 }))»;
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
    good('It counts, and says so', {
      'app.js': `
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const app = express();
app.use(rateLimit({ windowMs: 60000, limit: 100 }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
X-RateLimit-Limit: 100
X-RateLimit-Remaining: 99
Content-Type: application/json

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
X-Powered-By: Express
Content-Type: application/json

{"error":"not found"}`,
    }),
    good('Told to say nothing, and on another path', {
      'app.js': `
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const app = express();
app.use(rateLimit({ windowMs: 60000, limit: 100, legacyHeaders: false }));
app.get('/items', (req, res) => res.json([]));
app.use('/api', rateLimit({ windowMs: 60000, limit: 100 }));
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
