import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/rate-limit-missing',
  ensures: 'Something limits how many requests one client may make.',
  severity: 'medium',
  control: 'limits/rate',
  roles: ['service'],
  cwe: 770,
  owasp: 'A06',
  why: `One client can take all of the server's time: by accident in a retry loop, or on purpose on the most expensive route it
finds.`,
  fix: `Mount a limiter before the routes: \`app.use('/api', rateLimit({ windowMs: 15 * 60 * 1000, limit: 100 }))\`. Where a proxy
in front limits, ignore this with the reason.`,
  references: ['https://express-rate-limit.mintlify.app/', 'https://cwe.mitre.org/data/definitions/770.html'],
  needs: ['apps', 'edge', 'running'],
  *check({ apps, edge, running }) {
    const [limit] = edge.limits;
    for (const app of apps.apps) {
      const routes = app.routes.filter(
        ({ purpose, condition, method }) => purpose !== 'health' && condition !== 'development' && method !== 'OPTIONS',
      );
      // the gateway in front of a function limits and adds headers
      if (routes.length === 0 || app.serving === 'no' || app.framework === 'lambda') continue;
      const found = routes.map((route) => apps.protectionOf(route, 'limiter'));
      if (found.some(({ state }) => state === 'present')) continue;
      const unclear = found.find(({ state }) => state !== 'absent');
      const deployed = running.of(app);
      const limited = deployed?.site.responses.find(
        ({ status, rateLimit }) => rateLimit !== undefined || status === 429,
      );
      yield {
        at: app.at,
        message: `No limiter stands before ${routes.length === 1 ? 'the only route' : `any of the ${routes.length} routes`} of this application.`,
        ...(limited && { mitigated: `${deployed?.site.host ?? ''} names a limit: something in front has one.` }),
        ...(limit && { unsure: `${limit.note} limits in front of it.` }),
        ...(unclear?.state === 'unknown' && { unsure: `${unclear.because}, and may do it.` }),
        ...(unclear?.state === 'conditional' && { unsure: `${unclear.link.name} does, under a condition.` }),
      };
    }
  },
  examples: [
    bad('None at all', {
      'app.js': `
const express = require('express');
const app = «express()»;
app.get('/search', (req, res) => res.json([]));
app.listen(3000);
`,
    }),
    bad('Below the routes', {
      'app.js': `
import express from 'express';
import { rateLimit } from 'express-rate-limit';
const app = «express()»;
app.get('/search', (req, res) => res.json([]));
app.use(rateLimit({ windowMs: 60_000, limit: 100 }));
app.listen(3000);
`,
    }),
    good('Only in production', {
      'app.js': `
import express from 'express';
import { rateLimit } from 'express-rate-limit';
const app = express();
const isProduction = process.env.NODE_ENV === 'production';
if (isProduction) app.use(rateLimit({ windowMs: 60_000, limit: 100 }));
app.get('/search', (req, res) => res.json([]));
app.listen(3000);
`,
    }),
    good('Nothing but health', {
      'app.js': `
const express = require('express');
const app = express();
app.get('/healthz', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    unsure('A proxy limits in front', {
      'app.js': `const app = «require('express')()»;\napp.get('/search', (req, res) => res.json([]));\napp.listen(3000);\n`,
      'nginx.conf': `http {\n  limit_req_zone $binary_remote_addr zone=a:10m rate=10r/s;\n  server { location / { limit_req zone=a; proxy_pass http://app:3000; } }\n}\n`,
    }),
    unsure('Under a switch', {
      'app.js': `
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const config = require('./config.json');
const app = «express()»;
if (config.limits) app.use(rateLimit({ windowMs: 60000, limit: 100 }));
app.get('/search', (req, res) => res.json([]));
app.listen(3000);
`,
      'config.json': `{ "limits": true }`,
    }),
  ],
});
