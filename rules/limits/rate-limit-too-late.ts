import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/rate-limit-too-late',
  ensures: 'Limiters stand before the routes they are meant for.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 696,
  owasp: 'A06',
  why: `A limiter that is registered after the routes, or at a path none of them has, counts nothing. It is in the code and in the
review, and it stops nobody.`,
  fix: `Register it before the routes. With Fastify, \`await app.register(rateLimit)\` before the routes, or put them in a plugin
that is registered after it.`,
  references: [
    'https://expressjs.com/en/guide/using-middleware.html',
    'https://github.com/fastify/fastify-rate-limit#usage',
  ],
  needs: ['apps'],
  about: {
    what: 'limiter before its applications',
    isIn: ({ apps }) =>
      apps.apps.some(({ links }) => links.some(({ effects }) => effects.some(({ kind }) => kind === 'limiter'))),
  },
  *check({ apps }) {
    for (const app of apps.apps) {
      if (app.serving === 'no' || app.routes.length === 0 || app.escapes.length > 0) continue;
      for (const link of app.links) {
        const isLimiter = link.effects.some(({ kind, by }) => kind === 'limiter' && by === 'package');
        if (!isLimiter || link.condition === 'development' || link.scope === undefined) continue;
        const met = app.routes.some(({ chain }) =>
          chain.some(({ node, order }) => node === link.node && order === link.order),
        );
        const unknown = app.routes.some(({ path }) => path === undefined);
        const covered =
          met ||
          unknown ||
          app.links.some(
            ({ effects, scope, order }) =>
              order > link.order &&
              scope?.startsWith(link.scope ?? '/') &&
              effects.some(
                ({ kind }) =>
                  kind === 'static' || kind === 'proxy' || kind === 'unknown' || kind === 'none' || kind === 'answers',
              ),
          );
        if (covered) continue;
        const before = app.routes.filter(
          ({ path, order }) => order < link.order && (link.scope === '/' || path?.startsWith(link.scope ?? '/')),
        );
        const [first] = before;
        yield {
          at: link.at,
          message: first
            ? `${link.name} is registered after ${first.method} ${first.path ?? '?'}${before.length > 1 ? ` and ${before.length - 1} more` : ''}, and limits none of them.`
            : `${link.name} is registered at ${link.scope}, where no route is.`,
          trail: before
            .slice(0, 5)
            .map((route) => ({ at: route.pathAt, note: `${route.method} ${route.path ?? '?'} is not limited.` })),
        };
      }
    }
  },
  examples: [
    bad('Below the routes', {
      'app.js': `
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const app = express();
app.get('/items', (req, res) => res.json([]));
«app.use(rateLimit({ windowMs: 60000, limit: 100 }))»;
app.listen(3000);
`,
    }),
    bad('At a path that is not there', {
      'app.js': `
import express from 'express';
import { limiter } from './limiter.js';
const app = express();
«app.use('/api/', limiter)»;
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'limiter.js': `
import { rateLimit } from 'express-rate-limit';
export const limiter = rateLimit({ windowMs: 60_000, limit: 100 });
`,
    }),
    bad('Fastify does not wait for a plugin that is not awaited', {
      'app.js': `
import Fastify from 'fastify';
import rateLimit from '@fastify/rate-limit';
const app = Fastify();
«app.register(rateLimit, { max: 100 })»;
app.get('/items', async () => []);
app.listen({ port: 3000 });
`,
    }),
    good('Fastify, awaited, or before a plugin with the routes', {
      'app.js': `
import Fastify from 'fastify';
import rateLimit from '@fastify/rate-limit';
const app = Fastify();
app.register(rateLimit, { max: 100 });
app.register(async (api) => {
  api.get('/items', async () => []);
});
app.listen({ port: 3000 });
`,
    }),
    good('Before the routes, at their path', {
      'app.js': `
import express from 'express';
import { rateLimit } from 'express-rate-limit';
const app = express();
app.use('/api', rateLimit({ windowMs: 60_000, limit: 100 }));
app.get('/api/items', (req, res) => res.json([]));
app.listen(3000);
`,
    }),
  ],
});
