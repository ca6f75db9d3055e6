import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PUBLIC =
  /(^|\/)(log-?in|log-?out|sign-?(in|up|out)|register|registration|auth|oauth2?|sso|saml|callback|verify|confirm|activate|unsubscribe|reset|forgot|password|token|refresh|webhooks?|hooks?|stripe|paypal|contact|feedback|newsletter|subscribe|public|csp-report|report|search|graphql|health\w*|ping|status|metrics|docs|invite|accept|captcha|session|setup|install|track\w*|analytics|events?|collect|telemetry)([-_/]|$)/i;

/** What must be so alike for a comparison to mean anything: this many guarded ones, and four of five. */
const LEAST_GUARDED = 3;
const SHARE = 0.75;

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
  needs: ['apps'],
  *check({ apps }) {
    const groups = new Map<string, (typeof apps.routes)[number][]>();
    for (const route of apps.routes) {
      const changes = /^(POST|PUT|PATCH|DELETE)$/.test(route.method);
      if (!changes || route.app.serving === 'no' || route.condition === 'development' || route.path === undefined)
        continue;
      // siblings are registered in the same file on the same application
      const key = `${route.app.at.path}:${route.app.at.start} ${route.at.path}`;
      groups.set(key, [...(groups.get(key) ?? []), route]);
    }
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
