import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/guard-too-late',
  ensures: 'Guards stand before the routes they are meant for.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 696,
  owasp: 'A01',
  why: 'A guard that is registered behind all routes, or at a path none of them has, asks nobody. It is in the code and in the review, and every route is open.',
  fix: 'Register the guard before the routes: `router.use(requireUser)` above the first one.',
  references: [
    'https://expressjs.com/en/guide/using-middleware.html',
    'https://cwe.mitre.org/data/definitions/863.html',
  ],
  needs: ['apps'],
  about: {
    what: 'guard',
    isIn: ({ apps }) =>
      apps.apps.some(({ links }) =>
        links.some(({ effects }) => effects.some(({ kind }) => kind === 'auth' || kind === 'role')),
      ),
  },
  *check({ apps }) {
    for (const app of apps.apps) {
      if (app.serving === 'no' || app.routes.length === 0 || app.escapes.length > 0) continue;
      if (app.routes.some(({ path }) => path === undefined)) continue;
      for (const link of app.links) {
        const isGuard = link.effects.some(({ kind, by }) => (kind === 'auth' || kind === 'role') && by !== 'name');
        if (!isGuard || link.level === 'route' || link.condition === 'development' || link.scope === undefined)
          continue;
        const scope = link.scope;
        const isMet = app.routes.some(({ chain }) =>
          chain.some(({ node, order }) => node === link.node && order === link.order),
        );
        // what stands behind it may be what it is for: files, a proxy, a handler without a path
        const guards = app.links.some(
          ({ effects, scope: other, order, forErrors }) =>
            order > link.order &&
            !forErrors &&
            (other === undefined || other.startsWith(scope)) &&
            effects.some(({ kind }) => /^(static|proxy|unknown|answers|health)$/.test(kind)),
        );
        if (isMet || guards) continue;
        const before = app.routes.filter(
          ({ path, order, purpose, chain }) =>
            purpose === 'other' &&
            order < link.order &&
            (scope === '/' || path?.startsWith(scope)) &&
            !chain.some(({ effects }) => effects.some(({ kind }) => kind === 'auth' || kind === 'role')),
        );
        const [first] = before;
        // at a path where nothing is, it may wait for what comes
        if (!first) continue;
        yield {
          at: link.at,
          message: `${link.name} is registered after ${first.method} ${first.path}${before.length > 1 ? ` and ${before.length - 1} more` : ''}, and guards no route.`,
          trail: before
            .slice(0, 5)
            .map((route) => ({ at: route.pathAt, note: `${route.method} ${route.path} is open.` })),
        };
      }
    }
  },
  examples: [
    bad('Below the routes', {
      'app.js': `const express = require('express');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/orders', (req, res) => res.json([]));\napp.post('/orders', (req, res) => res.json({}));\n«app.use(requireUser)»;\napp.listen(3000);\n`,
    }),
    bad('In a router, behind its routes', {
      'app.ts': `import express from 'express';\nimport { orders } from './orders.ts';\nconst app = express();\napp.use('/orders', orders);\napp.listen(3000);\n`,
      'orders.ts': `import { Router } from 'express';\nimport passport from 'passport';\nexport const orders = Router();\norders.get('/', (req, res) => res.json([]));\norders.delete('/:id', (req, res) => res.json({}));\n«orders.use(passport.authenticate('jwt', { session: false }))»;\n`,
    }),
    good('Public routes first, the others behind it', {
      'app.js': `const express = require('express');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/about', (req, res) => res.send('us'));\napp.use(requireUser);\napp.get('/orders', (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    good('Files behind it; a hook of Fastify, wherever it stands', {
      'app.js': `import express from 'express';\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/about', (req, res) => res.send('us'));\napp.use('/files', requireUser, express.static('files'));\napp.listen(3000);\n`,
      'api.js': `import Fastify from 'fastify';\nconst app = Fastify();\napp.addHook('onRequest', async (request, reply) => {\n  if (!request.headers.authorization) return reply.code(401).send();\n});\napp.get('/orders', async () => []);\napp.listen({ port: 3001 });\n`,
    }),
  ],
});
