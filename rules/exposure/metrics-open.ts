import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Serves what `prom-client` has counted. Source: https://github.com/siimon/prom-client */
const SERVES = [
  'prom-client.register.metrics',
  'prom-client.Registry().metrics',
  'prom-client.default.register.metrics',
];

export default defineRule({
  id: 'exposure/metrics-open',
  ensures: 'Metrics are for those who operate the service.',
  severity: 'info',
  control: 'exposure/debug-ui',
  roles: ['service'],
  cwe: 200,
  owasp: 'A02',
  why: 'Routes, load, memory and versions are told to anybody who asks; an attack is tuned while its effect is watched.',
  fix: 'Serve metrics on a port of their own that only the cluster reaches, or behind a login; or let the proxy refuse the path.',
  references: ['https://prometheus.io/docs/operating/security/'],
  needs: ['apps', 'program', 'code'],
  about: {
    what: 'metrics route',
    isIn: ({ program }) => program.callsTo(...SERVES).length > 0,
  },
  *check({ apps, program, code }) {
    const serves = new Set(program.callsTo(...SERVES));
    /** The handler, or what is wrapped to be one: `asyncHandler(serveMetrics())`. */
    const functionsOf = (node: number): ReturnType<typeof code.functionsIn> => {
      const value = program.valueOf(node);
      const args = value.kind === 'call' ? value.args.map((argument) => program.child(node, argument.value)) : [];
      const wrapped = args.flatMap((argument) => code.functionsIn(argument));
      return wrapped.length > 0 ? wrapped : code.functionsIn(node);
    };
    const isMetrics = ({ handlers, call }: (typeof apps.routes)[number]): boolean => {
      const value = program.valueOf(call);
      const last = value.kind === 'call' ? value.args.at(-1) : undefined;
      const written = last ? functionsOf(program.child(call, last.value)) : [];
      const node = handlers.at(-1)?.node;
      return (written.length > 0 || node === undefined ? written : functionsOf(node))
        .flatMap((fn) => code.runs(fn))
        .some((fn) => code.callsIn(fn).some((each) => serves.has(each)));
    };
    for (const app of apps.apps) {
      const metrics = app.routes.filter(isMetrics);
      // an application of its own has a port of its own
      const isShared = app.routes.some((route) => !metrics.includes(route) && route.purpose !== 'health');
      if (app.serving !== 'yes' || !isShared) continue;
      for (const route of metrics) {
        if (route.condition === 'development' || apps.protectionOf(route, 'auth').state !== 'absent') continue;
        yield {
          at: route.pathAt,
          message: `${route.path ?? 'A route'} shows anybody the metrics of the service.`,
          confidence: 'likely',
        };
      }
    }
  },
  examples: [
    bad('Beside all other routes', {
      'server.js': `const express = require('express');\nconst { register } = require('prom-client');\nconst app = express();\napp.get('/', (req, res) => res.send('ok'));\napp.get(«'/metrics'», async (req, res) => res.end(await register.metrics()));\napp.listen(3000);\n`,
    }),
    bad('Of a registry in another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { registry } from './metrics.ts';\nconst app = Fastify();\napp.get('/things', async () => []);\napp.get(«'/metrics'», async () => registry.metrics());\napp.listen({ port: 3000 });\n`,
      'metrics.ts': `import client from 'prom-client';\nexport const registry = new client.Registry();\n`,
    }),
    bad('Made by a function, and wrapped', {
      'app.js': `const express = require('express');\nconst metrics = require('./metrics');\nconst caught = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);\nconst app = express();\napp.get('/', caught(async (req, res) => res.send('ok')));\napp.get(«'/metrics'», caught(metrics.serve()));\napp.listen(3000);\n`,
      'metrics.js': `const { register } = require('prom-client');\nexports.serve = () => async (req, res) => res.end(await register.metrics());\n`,
    }),
    good('On a port of its own', {
      'server.js': `const express = require('express');\nconst { register } = require('prom-client');\nconst app = express();\napp.get('/', (req, res) => res.send('ok'));\napp.listen(3000);\nconst inside = express();\ninside.get('/metrics', async (req, res) => res.end(await register.metrics()));\ninside.listen(9090);\n`,
    }),
    good('Behind a login', {
      'app.ts': `import Koa from 'koa';\nimport Router from '@koa/router';\nimport jwt from 'koa-jwt';\nimport client from 'prom-client';\nconst router = new Router();\nrouter.get('/', (ctx) => { ctx.body = 'ok'; });\nrouter.get('/metrics', jwt({ secret: process.env.KEY ?? '' }), async (ctx) => { ctx.body = await client.register.metrics(); });\nnew Koa().use(router.routes()).listen(3000);\n`,
    }),
  ],
});
