import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const HEALTH =
  /(^|\/)(_*health\w*|health[-_]?checks?|is[-_]?alive|live(z|ness)?|ready(z)?|readiness|s?ping|pong|_*status|_*heartbeat_*|__lbheartbeat__|up|alive|actuator(\/.*)?|diagnostics?)$|health/i;
const PACKAGES =
  /^(@godaddy\/terminus|lightship|@nestjs\/terminus|@fastify\/under-pressure|under-pressure|express-actuator|express-healthcheck|fastify-healthcheck|@cloudnative\/health(-connect)?|koa-ping|koa-simple-healthcheck|hapi-and-healthy|hapi-alive)$/;

export default defineRule({
  id: 'lifecycle/health-missing',
  ensures: 'A machine can ask the service whether it lives.',
  severity: 'low',
  roles: ['service'],
  why: `A process that hangs, or lost its database, still has an open port. Without a route that says so, load balancers go on
sending it requests, and nothing restarts it.`,
  fix: 'Add `GET /livez` that answers 200, and `GET /readyz` that checks what requests need, before any guard or limiter.',
  references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  needs: ['apps', 'program', 'edge'],
  *check({ apps, program, edge }) {
    // something asks already, whatever the route is called
    if (edge.probes.length > 0) return;
    const served = apps.apps.filter(
      ({ framework, serving, routes }) => !/^(lambda|next)$/.test(framework) && serving === 'yes' && routes.length > 0,
    );
    // a machine has no account
    const answers = (route: (typeof apps.routes)[number]): boolean =>
      (route.purpose === 'health' || HEALTH.test(route.path ?? '')) &&
      route.method !== 'POST' &&
      route.condition !== 'development' &&
      apps.protectionOf(route, 'auth').state !== 'present';
    if (served.some(({ routes }) => routes.some(answers))) return;
    const mounted = served.some(({ links }) =>
      links.some(({ scope, name }) => HEALTH.test(scope ?? '') || /health/i.test(name)),
    );
    const packaged = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(({ module }) => module !== undefined && PACKAGES.test(module)),
    );
    // written somewhere, though how it is registered cannot be followed
    const seen = new Set(apps.routes.map(({ pathAt }) => `${pathAt.path}:${pathAt.start}`));
    const written = [...program.modules.values()].some(({ facts, path }) =>
      facts.values.some(
        (value) =>
          value.kind === 'literal' &&
          typeof value.value === 'string' &&
          /^\/(\w+\/)?(health|livez|liveness|readyz|readiness|ping|status|heartbeat)/i.test(value.value) &&
          !seen.has(`${path}:${value.at[0]}`),
      ),
    );
    if (mounted || packaged || written) return;
    const [app] = served.toSorted((a, b) => b.routes.length - a.routes.length);
    if (!app) return;
    const hidden = served.flatMap(({ escapes }) => escapes)[0];
    const open = served.some(({ routes }) => routes.some(({ path }) => path === undefined));
    const reason = hidden
      ? `the application is handed to ${hidden.to}, which may add one.`
      : open
        ? 'the paths of some routes cannot be seen.'
        : undefined;
    yield {
      at: app.at,
      message: `None of the ${app.routes.length} routes says whether the service lives.`,
      ...(reason !== undefined && { unsure: reason }),
    };
  },
  examples: [
    bad('None', {
      'app.js': `const app = «require('express')()»;\napp.get('/', (req, res) => res.send('ok'));\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    bad('Fastify', {
      'app.js': `import Fastify from 'fastify';\nconst app = «Fastify()»;\napp.get('/items', async () => []);\nawait app.listen({ port: 3000 });\n`,
    }),
    bad('A tool that pings others, for those who are logged in', {
      'app.js': `const app = «require('express')()»;\nconst passport = require('passport');\nconst only = passport.authenticate('jwt', { session: false });\napp.get('/ping', only, (req, res) => res.render('ping'));\napp.post('/ping', (req, res) => res.render('ping'));\napp.listen(3000);\n`,
    }),
    bad('One that only developers have', {
      'app.js': `const express = require('express');\nconst app = «express()»;\nif (process.env.NODE_ENV === 'development') app.get('/health', (req, res) => res.send('ok'));\napp.get('/x', (req, res) => res.send('x'));\napp.listen(3000);\n`,
    }),
    good('One, in a router', {
      'app.js': `const express = require('express');\nconst app = express();\nconst inner = express.Router();\ninner.get('/healthz', (req, res) => res.send('ok'));\napp.use('/internal', inner);\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    good('A package answers', {
      'app.js': `import http from 'node:http';\nimport express from 'express';\nimport { createTerminus } from '@godaddy/terminus';\nconst app = express();\napp.get('/items', (req, res) => res.json([]));\nconst server = http.createServer(app);\ncreateTerminus(server, { healthChecks: { '/x': async () => {} } });\nserver.listen(3000);\n`,
    }),
    good('The container asks another route', {
      'app.js': `const app = require('express')();\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
      Dockerfile: `FROM node:22\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:3000/items\nCMD ["node", "app.js"]\n`,
    }),
    unsure('A package gets the application', {
      'app.js': `const app = «require('express')()»;\nrequire('@acme/defaults')(app);\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
  ],
});
