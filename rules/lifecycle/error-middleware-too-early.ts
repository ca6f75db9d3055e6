import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/error-middleware-too-early',
  ensures: 'Error handlers stand behind the routes they are for.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 755,
  owasp: 'A10',
  why: 'Express looks for an error handler behind the route that failed, never before it. The errors of these routes end in its default page, which outside production shows the stack.',
  fix: 'Register the error handler last, behind all routes and routers.',
  references: ['https://expressjs.com/en/guide/error-handling.html#writing-error-handlers'],
  needs: ['apps'],
  about: {
    what: 'error handler of Express',
    isIn: ({ apps }) =>
      apps.apps.some(({ framework, links }) => framework === 'express' && links.some(({ forErrors }) => forErrors)),
  },
  *check({ apps }) {
    for (const app of apps.apps) {
      if (app.framework !== 'express' || app.serving === 'no' || app.escapes.length > 0) continue;
      const handlers = app.links.filter(
        ({ forErrors, condition, level }) => forErrors && condition !== 'development' && level !== 'route',
      );
      // one whose errors are not read by a package that cannot be seen
      const other = app.links.some(
        ({ effects, forErrors }) => !forErrors && effects.some(({ kind }) => kind === 'errors'),
      );
      const last = handlers.findLast(({ level }) => level === 'app');
      if (!last || other) continue;
      const behind = app.routes.filter(
        (route) =>
          route.condition !== 'development' &&
          route.order > last.order &&
          (last.scope === '/' || (last.scope !== undefined && route.path?.startsWith(`${last.scope}/`))) &&
          !handlers.some(({ order }) => order > route.order) &&
          !route.handlers.some(({ forErrors }) => forErrors),
      );
      const [first] = behind;
      if (!first) continue;
      const more = behind.length > 1 ? ` and ${behind.length - 1} more` : '';
      yield {
        at: last.at,
        message: `${last.name} stands before ${first.method} ${first.path ?? '?'}${more}, and never hears of ${behind.length > 1 ? 'their' : 'its'} errors.`,
        trail: behind
          .slice(0, 5)
          .map(({ pathAt, method, path }) => ({ at: pathAt, note: `${method} ${path ?? '?'} comes later.` })),
      };
    }
  },
  examples: [
    bad('Before a route', {
      'app.js': `const app = require('express')();\n«app.use((err, req, res, next) => res.status(500).end())»;\napp.get('/', (req, res) => res.send('ok'));\napp.listen(3000);\n`,
    }),
    bad('Before a router of another file', {
      'app.js': `import express from 'express';\nimport { items } from './items.js';\nconst app = express();\nconst handle = (error, req, res, next) => res.sendStatus(500);\napp.get('/', (req, res) => res.send('ok'));\n«app.use(handle)»;\napp.use('/items', items);\napp.listen(3000);\n`,
      'items.js': `import { Router } from 'express';\nexport const items = Router();\nitems.get('/', (req, res) => res.json([]));\n`,
    }),
    good('Last', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use('/items', require('./items'));\napp.use((err, req, res, next) => res.status(500).end());\napp.listen(3000);\n`,
      'items.js': `const router = require('express').Router();\nrouter.get('/', (req, res) => res.json([]));\nmodule.exports = router;\n`,
    }),
    good('One for bodies first, one for all last', {
      'app.js': `import express from 'express';\nconst app = express();\napp.use(express.json());\napp.use((err, req, res, next) => res.status(400).end());\napp.get('/', (req, res) => res.send('ok'));\napp.use((err, req, res, next) => res.status(500).end());\napp.listen(3000);\n`,
    }),
  ],
});
