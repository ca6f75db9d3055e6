import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ROUTER = /rout(es?|ers?)$/i;

export default defineRule({
  id: 'headers/helmet-after-routes',
  ensures: 'Security headers are set before any route answers.',
  severity: 'medium',
  control: 'headers/helmet-missing',
  roles: ['service', 'function'],
  cwe: 696,
  owasp: 'A02',
  why: `Middleware runs in the order in which it is registered. A route that was registered before, or beside it, answers without
the headers, and nobody notices: the rest of the application has them.`,
  fix: `Move the registration up, right after the application is created and before the first route or router.`,
  references: ['https://expressjs.com/en/guide/using-middleware.html'],
  needs: ['apps'],
  about: {
    what: 'middleware that sets security headers',
    isIn: ({ apps }) =>
      apps.apps.some(({ links }) => links.some(({ effects }) => effects.some(({ kind }) => kind === 'headers'))),
  },
  *check({ apps }) {
    for (const app of apps.apps) {
      if (app.serving === 'no') continue;
      const links = app.links.filter(
        ({ effects, condition }) => condition !== 'development' && effects.some(({ kind }) => kind === 'headers'),
      );
      const [link] = links;
      if (!link) continue;
      const bare = app.routes.filter(
        (route) =>
          route.purpose !== 'health' &&
          route.method !== 'OPTIONS' &&
          route.condition !== 'development' &&
          apps.protectionOf(route, 'headers').state === 'absent',
      );
      const [first] = bare;
      if (!first) {
        // a router that is elsewhere answers by itself
        const router = app.links.find(
          ({ name, order, effects, level }) =>
            level === 'app' &&
            order < link.order &&
            ROUTER.test(name) &&
            effects.some(({ kind }) => kind === 'unknown'),
        );
        const isLate = router && links.every(({ order }) => order > router.order);
        if (isLate)
          yield {
            at: link.at,
            confidence: 'likely',
            message: `${link.name} comes after ${router.name}, whose routes answer without it.`,
          };
        continue;
      }
      const tooLate = bare.every(({ order }) => order < link.order);
      const names = `${first.method} ${first.path ?? '?'}`;
      const more = bare.length > 1 ? ` and ${bare.length - 1} more` : '';
      yield {
        at: link.at,
        message: tooLate
          ? `${link.name} comes after ${names}${more}, which ${bare.length > 1 ? 'answer' : 'answers'} without it.`
          : `${link.name} covers only ${link.scope ?? 'a part of the application'}: ${names}${more} ${bare.length > 1 ? 'answer' : 'answers'} without it.`,
        trail: bare.slice(0, 8).map((route) => ({
          at: route.pathAt,
          note: `${route.method} ${route.path ?? '?'} answers without the headers.`,
        })),
      };
    }
  },
  examples: [
    bad('Below a router of another file', {
      'app.js': `const helmet = require('helmet');\nconst { userRoutes } = require('our-users');\nconst app = require('express')();\napp.use('/users', userRoutes);\n«app.use(helmet())»;\napp.listen(3000);\n`,
    }),
    good('Above it', {
      'app.js': `const helmet = require('helmet');\nconst { userRoutes } = require('our-users');\nconst app = require('express')();\napp.use(helmet());\napp.use('/users', userRoutes);\napp.use(helmet.noSniff());\napp.listen(3000);\n`,
    }),
    bad('Registered below the routes', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
«app.use(helmet())»;
app.listen(3000);
`,
    }),
    bad('In a helper that is called between the routers', {
      'server.js': `
const express = require('express');
const { securityHeaders } = require('./security');
const app = express();
app.use('/tickets', require('./tickets'));
securityHeaders(app);
app.get('/about', (req, res) => res.send('about'));
app.listen(3000);
`,
      'security.js': `
const helmet = require('helmet');
exports.securityHeaders = (app) => {
  «app.use(helmet())»;
};
`,
      'tickets.js': `
const router = require('express').Router();
router.get('/', (req, res) => res.send('tickets'));
module.exports = router;
`,
    }),
    bad('On one of two routers', {
      'app.js': `
import express, { Router } from 'express';
import helmet from 'helmet';
const site = Router();
«site.use(helmet())»;
site.get('/', (req, res) => res.send('site'));
const admin = Router();
admin.get('/', (req, res) => res.send('admin'));
const app = express();
app.use('/site', site);
app.use('/admin', admin);
app.listen(3000);
`,
    }),
    good('First of all', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.use(helmet());
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
    }),
    good('Written below, called above, on every router', {
      'app.js': `
import express, { Router } from 'express';
import helmet from 'helmet';
const app = express();
setup(app);
for (const router of [users(), orders()]) app.use('/api', helmet(), router);
app.get('/livez', (req, res) => res.send('ok'));
app.listen(3000);
function users() {
  const router = Router();
  router.get('/users', (req, res) => res.json([]));
  return router;
}
function orders() {
  return Router().get('/orders', (req, res) => res.json([]));
}
function setup(target) {
  target.get('/healthz', (req, res) => res.send('ok'));
}
`,
    }),
  ],
});
