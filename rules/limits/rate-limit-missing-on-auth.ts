import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Secrets that are tried by callers who are not known yet, or only half. */
const TRIED = /log-?in|sign-?in|authenticate|forgot|reset|recover|otp|2fa|mfa|verify|token|session|refresh|\/auth$/i;

export default defineRule({
  id: 'limits/rate-limit-missing-on-auth',
  ensures: 'Passwords, codes and reset tokens cannot be tried without limit.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 307,
  owasp: 'A07',
  why: `Lists of leaked passwords hold billions of pairs, and a script tries thousands a minute. Nothing slows it down here; and
each try that hashes a password costs the server far more than it costs the caller.`,
  fix: `Put a strict limiter on the route, by address and by account: \`router.post('/login', rateLimit({ windowMs: 15 * 60 * 1000,
limit: 10 }), …)\`, with a store all instances share.`,
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html',
    'https://express-rate-limit.mintlify.app/',
  ],
  needs: ['apps', 'edge'],
  *check({ apps, edge }) {
    const [limit] = edge.limits;
    const seen = new Set<string>();
    for (const route of apps.routes) {
      if (route.purpose !== 'credentials' || route.app.serving === 'no' || route.condition === 'development') continue;
      const key = `${route.at.path}:${route.at.start}`;
      if (seen.has(key)) continue;
      const protection = apps.protectionOf(route, 'limiter');
      if (protection.state === 'present') continue;
      // who is known by something else already changes or confirms a password of their own
      const guard = apps.protectionOf(route, 'auth');
      const isNamed = /passw|register|registration|sign-?up/i.test(route.path ?? '');
      const isKnown = guard.state === 'present' && (guard.link.level !== 'route' || isNamed);
      if (isKnown && !TRIED.test(route.path ?? '')) continue;
      seen.add(key);
      const name = `${route.method} ${route.path ?? 'this route'}`;
      yield {
        at: route.pathAt,
        message: `Nothing limits how often ${name} can be tried.`,
        ...(limit && { unsure: `${limit.note} limits in front of it, how strictly for this route is not judged.` }),
        ...(protection.state === 'unknown' && { unsure: `${protection.because}, and may do it.` }),
        ...(protection.state === 'conditional' && { unsure: `${protection.link.name} does, under a condition.` }),
      };
    }
  },
  examples: [
    bad('A login in a router of its own', {
      'app.js': `
const express = require('express');
const app = express();
app.use(express.json());
app.use('/auth', require('./auth'));
app.listen(3000);
`,
      'auth.js': `
const { Router } = require('express');
const router = Router();
router.post(«'/login'», async (req, res) => res.json({ ok: true }));
router.post('/articles', async (req, res) => res.json({ ok: true }));
module.exports = router;
`,
    }),
    bad('By what the handler does, whatever the path', {
      'app.ts': `
import express from 'express';
import bcrypt from 'bcrypt';
const app = express();
app.post(«'/enter'», async (req, res) => {
  const account = await find(req.body.email);
  res.json({ ok: await bcrypt.compare(req.body.password, account.hash) });
});
app.listen(3000);
`,
    }),
    bad('The limiter is mounted somewhere else', {
      'app.js': `
import express from 'express';
import { rateLimit } from 'express-rate-limit';
const app = express();
app.use('/api', rateLimit({ windowMs: 60000, limit: 100 }));
app.post(«'/login'», (req, res) => res.json({}));
app.listen(3000);
`,
    }),
    good('On the route, in a group, by a helper', {
      'app.js': `
const express = require('express');
const { loginLimiter, limitAll } = require('./limits');
const app = express();
app.post('/login', loginLimiter, (req, res) => res.json({}));
const inner = express.Router();
inner.post('/reset-password', (req, res) => res.json({}));
app.use('/account', limitAll(), inner);
app.listen(3000);
`,
      'limits.js': `
const { rateLimit } = require('express-rate-limit');
exports.loginLimiter = rateLimit({ windowMs: 15 * 60 * 1000, limit: 10 });
exports.limitAll = () => exports.loginLimiter;
`,
    }),
    good('A limiter of the project itself, and one inside the handler', {
      'app.js': `
import express from 'express';
import { RateLimiterRedis } from 'rate-limiter-flexible';
const app = express();
const tries = new Map();
const slowDown = (req, res, next) => {
  const count = (tries.get(req.ip) ?? 0) + 1;
  tries.set(req.ip, count);
  if (count > 10) return res.status(429).end();
  next();
};
app.post('/register', slowDown, (req, res) => res.json({}));
const limiter = new RateLimiterRedis({ points: 5, duration: 60 });
app.post('/login', async (req, res) => {
  await limiter.consume(req.ip);
  res.json({});
});
app.get('/login', (req, res) => res.send('form'));
app.get('/auth/google/callback', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Callers who are known already', {
      'app.js': `
import express from 'express';
import jwt from 'jsonwebtoken';
const app = express();
const requireUser = (req, res, next) => {
  req.user = jwt.verify(req.headers.authorization, process.env.KEY);
  next();
};
app.put('/users/me/password', requireUser, (req, res) => res.json({}));
app.post('/register', requireUser, (req, res) => res.json({}));
app.listen(3000);
`,
      'server.js': `
import Fastify from 'fastify';
const app = Fastify();
app.addHook('onRequest', async (request) => { await request.jwtVerify(); });
app.post('/change-password', async () => ({}));
app.listen({ port: 3001 });
`,
    }),
    bad('A guard that checks the password itself, and a second factor', {
      'app.js': `
import express from 'express';
import passport from 'passport';
const app = express();
app.post(«'/login'», passport.authenticate('local'), (req, res) => res.json({}));
app.post(«'/account/otp'», passport.authenticate('jwt'), (req, res) => res.json({}));
app.listen(3000);
`,
    }),
    unsure('An ingress limits in front', {
      'app.js': `const app = require('express')();\napp.post(«'/login'», (req, res) => res.json({}));\napp.listen(3000);\n`,
      'k8s/ingress.yaml': `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: api\n  annotations: { nginx.ingress.kubernetes.io/limit-rps: '5' }\nspec: { rules: [] }\n`,
    }),
    unsure('A middleware of a package nobody knows', {
      'app.js': `
const express = require('express');
const shield = require('@acme/shield');
const app = express();
app.use(shield());
app.post(«'/login'», (req, res) => res.json({}));
app.listen(3000);
`,
    }),
  ],
});
