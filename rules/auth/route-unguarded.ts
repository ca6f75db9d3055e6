import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PUBLIC =
  /(^|\/)(log-?in|log-?out|sign-?(in|up|out)|register|registration|auth|oauth2?|sso|saml|callback|verify|confirm|activate|unsubscribe|reset|forgot|password|token|refresh|webhooks?|hooks?|stripe|paypal|contact|feedback|newsletter|subscribe|public|csp-report|report|search|graphql|health\w*|ping|status|metrics|docs|invite|accept|captcha|session|setup|install|track\w*|analytics|events?|collect|telemetry)([-_/]|$)/i;

/** What must be so alike for a comparison to mean anything: this many guarded ones, and four of five. */
const LEAST_GUARDED = 3;
const SHARE = 0.75;
/** Models of those who log in, and calls that change one of them. */
const ACCOUNTS = /(^|[._])(users?|accounts?|members?|admins?)(Model|Repository)?$/i;
const CHANGES =
  /^(update|updateOne|destroy|delete|deleteOne|remove|findByIdAndUpdate|findByIdAndDelete|findByIdAndRemove|findOneAndUpdate|findOneAndDelete)$/;
/** Whoever does this knows who calls, elsewhere. */
const LOGS_IN =
  /^(jsonwebtoken\.sign|@nestjs\/jwt\.JwtService\(\)\.sign(Async)?|express-session|passport\.authenticate|jose\.SignJWT)$/;

export default defineRule({
  id: 'auth/route-unguarded',
  ensures: 'Routes that change things are guarded like the routes beside them.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 862,
  owasp: 'A01',
  why: `All the routes around it ask who is calling, and this one does not: whoever knows its path may use it without an account.
Such a route is mostly one that was added later.`,
  fix: `Add the guard its neighbours have, or put it once before the whole router: \`router.use(requireUser)\`.`,
  references: [
    'https://owasp.org/Top10/A01_2021-Broken_Access_Control/',
    'https://cwe.mitre.org/data/definitions/862.html',
  ],
  needs: ['apps', 'program', 'code', 'flows'],
  *check({ apps, program, code, flows }) {
    const groups = new Map<string, (typeof apps.routes)[number][]>();
    for (const route of apps.routes) {
      const changes = /^(POST|PUT|PATCH|DELETE)$/.test(route.method);
      if (!changes || route.app.serving === 'no' || route.condition === 'development' || route.path === undefined)
        continue;
      // siblings are registered in the same file on the same application
      const key = `${route.app.at.path}:${route.app.at.start} ${route.at.path}`;
      groups.set(key, [...(groups.get(key) ?? []), route]);
    }
    const told = new Set<string>();
    for (const routes of groups.values()) {
      const asked = routes.map((route) => {
        const protections = [apps.protectionOf(route, 'auth'), apps.protectionOf(route, 'role')];
        const own = route.handlers.at(-1);
        const inside =
          own?.effects.some(({ kind }) => kind === 'auth' || kind === 'role' || kind === 'unknown') === true;
        const guards = route.chain.filter(
          (link) => link !== own && link.effects.some(({ kind }) => kind === 'auth' || kind === 'role'),
        );
        return {
          route,
          guards,
          open: !inside && guards.length === 0 && protections.every(({ state }) => state === 'absent'),
        };
      });
      // what is open on purpose says nothing of its neighbours
      const alike = asked.filter(({ route: { purpose, path = '' } }) => purpose === 'other' && !PUBLIC.test(path));
      const guarded = alike.filter(({ guards }) => guards.length > 0);
      if (guarded.length < LEAST_GUARDED || guarded.length / alike.length < SHARE) continue;
      for (const { route } of alike.filter(({ open }) => open)) {
        const [example] = guarded;
        told.add(`${route.pathAt.path}:${route.pathAt.start}`);
        yield {
          at: route.pathAt,
          message: `${route.method} ${route.path} asks nobody who they are; ${guarded.length} of the ${alike.length} routes like it do.`,
          confidence: 'likely',
          trail: example
            ? [
                {
                  at: example.route.pathAt,
                  note: `${example.route.method} ${example.route.path} is guarded by ${example.guards[0]?.name ?? 'a guard'}.`,
                },
              ]
            : [],
        };
      }
    }
    const logsIn = program.callsTo(LOGS_IN).length > 0;
    for (const route of logsIn ? apps.routes : []) {
      const key = `${route.pathAt.path}:${route.pathAt.start}`;
      const own = route.handlers.at(-1);
      const isOpen =
        route.purpose === 'other' &&
        !own?.effects.some(({ kind }) => /^(auth|role|unknown)$/.test(kind)) &&
        (['auth', 'role'] as const).every((kind) => apps.protectionOf(route, kind).state === 'absent');
      if (!isOpen || !own || told.has(key) || route.app.serving === 'no' || route.condition === 'development') continue;
      const change = changeIn(own.node);
      if (change === undefined) continue;
      told.add(key);
      yield {
        at: route.pathAt,
        message: `${route.method} ${route.path ?? '?'} changes an account by its id, and asks nobody who they are.`,
        confidence: 'likely',
        trail: [{ at: program.locationOf(change), note: 'The account is changed here.' }],
      };
    }

    /** `User.update({ … }, { where: { id: req.params.id } })` in a handler. */
    function changeIn(handler: number): number | undefined {
      const fn = program.functionAt(handler);
      return (fn ? [...code.runs(fn)] : [])
        .flatMap((each) => code.callsIn(each))
        .find((call) => {
          const value = program.valueOf(call);
          const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
          const member = program.valueOf(callee);
          return (
            member.kind === 'member' &&
            CHANGES.test(member.property ?? '') &&
            ACCOUNTS.test(program.describe(program.child(callee, member.object))) &&
            [0, 1].some((index) => isById(program.argument(call, index), 0))
          );
        });
    }

    function isById(node: number | undefined, depth: number): boolean {
      if (node === undefined || depth > 2) return false;
      const path = flows.received(node)?.path ?? [];
      if (path[0] === 'params' && /^(\w*id)$/i.test(path.at(-1) ?? '')) return true;
      return program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        return (
          value.kind === 'object' &&
          value.properties.some(
            ({ name, value: inner }) =>
              /^(_?id|where)$/.test(name ?? '') && isById(program.child(origin, inner), depth + 1),
          )
        );
      });
    }
  },
  examples: [
    bad('The one that was forgotten', {
      'app.js': `
const express = require('express');
const app = express();
app.use('/users', require('./users'));
app.listen(3000);
`,
      'users.js': `
const router = require('express').Router();
const { requireUser } = require('./auth');
router.get('/', (req, res) => res.json([]));
router.post('/', requireUser, (req, res) => res.json({}));
router.put('/:id', requireUser, (req, res) => res.json({}));
router.patch('/:id', requireUser, (req, res) => res.json({}));
router.delete(«'/:id'», (req, res) => res.json({}));
module.exports = router;
`,
      'auth.js': `
exports.requireUser = (req, res, next) => {
  if (!req.headers.authorization) return res.status(401).end();
  next();
};
`,
    }),
    bad('Fastify, by route option', {
      'app.js': `
import Fastify from 'fastify';
const app = Fastify();
const guarded = {
  preHandler: async (request, reply) => {
    if (!request.session.user) reply.code(401).send({ error: 'Sign in.' });
  },
};
app.post('/items', guarded, async () => ({}));
app.put('/items/:id', guarded, async () => ({}));
app.patch('/items/:id', guarded, async () => ({}));
app.delete(«'/items/:id'», async () => ({}));
app.listen({ port: 3000 });
`,
    }),
    bad('Accounts are changed by their ids, by anybody, in routes of a list', {
      'app.js': `
const express = require('express');
const app = express();
[require('./login'), require('./users')].forEach((add) => {
  add(app, require('./user'));
});
app.listen(3000);
`,
      'login.js': `
const jwt = require('jsonwebtoken');
module.exports = (app) => {
  app.post('/login', async (req, res) => res.json({ token: jwt.sign({ id: 1 }, process.env.KEY, { expiresIn: '1h' }) }));
};
`,
      'users.js': `
module.exports = (app, { User }) => {
  app.put(«'/users/:id/admin'», (req, res) => User.update({ role: 'admin' }, { where: { id: req.params.id } }).then((user) => res.send(user)));
  app.post('/confirm/:token', async (req, res) => res.json(await User.update({ confirmed: true }, { where: { token: req.params.token } })));
};
`,
      'user.js': `
const { Sequelize, DataTypes } = require('sequelize');
const sequelize = new Sequelize(process.env.DATABASE_URL);
exports.User = sequelize.define('user', { role: DataTypes.STRING });
`,
    }),
    good('Guarded as a whole, or public by purpose', {
      'app.js': `
import express, { Router } from 'express';
const app = express();
const requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));
const api = Router();
api.post('/login', (req, res) => res.json({}));
api.post('/webhooks/stripe', (req, res) => res.json({}));
api.use(requireUser);
api.post('/items', (req, res) => res.json({}));
api.put('/items', (req, res) => res.json({}));
api.delete('/items', (req, res) => res.json({}));
app.use(api);
app.listen(3000);
`,
    }),
    good('The handler asks by itself; half of the others do not', {
      'app.js': `
import express from 'express';
const app = express();
const requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));
app.post('/a', requireUser, (req, res) => res.json({}));
app.put('/a', requireUser, (req, res) => res.json({}));
app.patch('/a', requireUser, (req, res) => res.json({}));
app.delete('/a', (req, res) => {
  if (!req.session.user) return res.sendStatus(401);
  res.json({});
});
app.listen(3000);
`,
    }),
  ],
});
