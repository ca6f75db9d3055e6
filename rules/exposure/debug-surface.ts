import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';
import type { Severity } from '../../src/rule/rule.ts';

/** What operators and developers look at, by the canonical path of what is registered. */
const TOOLS: readonly (readonly [api: RegExp, what: string, severity: Severity])[] = [
  [
    /^(@bull-board\/(express|koa|fastify|hono)\b|bull-board\.(router|UI)\b|bull-arena\b|arena\b|kue\.app\b|agendash\b)/,
    'the board of the job queues',
    'high',
  ],
  [/^express-status-monitor\b/, 'the status monitor', 'medium'],
  [
    /^(webpack-(dev|hot)-middleware\b|vite\.createServer\(\)\.middlewares$)/,
    'the development server, sources and all,',
    'medium',
  ],
  [/^(errorhandler|api-error-handler)\b/, 'the stack of every error', 'medium'],
  [
    /^(graphql-playground-middleware(-express|-koa|-hapi)?\b|apollo-server-\w+\.graphiql\w+|altair-(express|koa|fastify)-(middleware|plugin)\b|graphql-voyager\/middleware\b)/,
    'a page to try queries',
    'low',
  ],
];
const ERRORS = 'the stack of every error';
/** What writes or sends the memory of the process, or how it is spent. */
const DUMPS = [
  'heapdump.writeSnapshot',
  'v8.writeHeapSnapshot',
  'v8.getHeapSnapshot',
  'pprof.heap.profile',
  'pprof.time.profile',
  '@datadog/pprof.heap.profile',
  '@datadog/pprof.time.profile',
  'inspector.open',
];
/** A server for developers, by the name of its file. */
const DEVELOPING = /(^|[-_./])dev(elopment)?([-_./]|server)/i;
const LOOPBACK = /^(127\.|localhost$|\[?::1\]?$)/;

export default defineRule({
  id: 'exposure/debug-surface',
  ensures: 'Tools for operators and developers ask who is there.',
  severity: 'medium',
  control: 'exposure/debug-ui',
  roles: ['service'],
  cwe: 489,
  owasp: 'A02',
  why: `Queues can be emptied, memory with its secrets copied and sources read by anyone who guesses the usual path. An inspector on
every interface runs any code.`,
  fix: "Put a login before it (`app.use('/admin', requireAdmin, board)`), serve it on a port only the cluster reaches, or register it while developing only.",
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Nodejs_Security_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/489.html',
  ],
  needs: ['apps', 'program', 'code', 'handlers'],
  *check({ apps, program, code, handlers }) {
    type App = (typeof apps.apps)[number];
    type Link = App['links'][number];
    const seen = new Set<string>();
    for (const app of apps.apps) {
      if (app.serving === 'no' || DEVELOPING.test(app.path)) continue;
      for (const link of app.links) {
        const tool = toolOf(link);
        if (!tool || !isOn(link)) continue;
        const key = `${link.at.path}:${link.at.start}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const [, what, severity] = tool;
        const reason = what === ERRORS ? undefined : reasonOf(app, link);
        if (reason === '') continue;
        yield {
          at: program.locationOf(link.node),
          severity,
          message: `${link.name} shows anybody ${what}.`.replace(',.', '.'),
          ...(reason && { unsure: reason }),
        };
      }
      for (const route of app.routes) {
        const tool = route.handlers.map(toolOf).find((each) => each !== undefined);
        const last = route.handlers.at(-1);
        if (!tool || !last || !isOn({ ...last, condition: route.condition })) continue;
        const unclear = openness(route);
        if (unclear === '') continue;
        yield {
          at: route.pathAt,
          severity: tool[2],
          message: `${route.method} ${route.path ?? '?'} shows anybody ${tool[1]}.`,
          ...(unclear && { unsure: unclear }),
        };
      }
    }
    for (const call of program.callsTo(...DUMPS)) {
      if (code.isEnvironmentGuarded(call)) continue;
      const isInspector = code.apiOf(call).includes('inspector.open');
      const host = isInspector ? program.argument(call, 1) : undefined;
      const [name] = host === undefined ? [] : (program.constants(host) ?? []);
      if (typeof name === 'string' && name !== '' && !LOOPBACK.test(name)) {
        // behind a switch it is off until somebody needs it
        if (code.blocksAround(call).some(({ kind }) => kind !== 'body' && kind !== 'try')) continue;
        yield {
          at: program.locationOf(call),
          severity: 'high',
          message: `The inspector listens on ${name}: whoever reaches it runs any code.`,
        };
        continue;
      }
      const registered = handlers.reach(call)?.handler.registered;
      const route = apps.routes.find((each) => each.call === registered);
      if (!route || route.app.serving === 'no' || route.condition === 'development' || route.condition === 'sometimes')
        continue;
      const unclear = openness(route);
      if (unclear === '') continue;
      yield {
        at: route.pathAt,
        message: `Anybody can ask ${route.method} ${route.path ?? '?'} for ${program.describe(call)}.`,
        ...(unclear && { unsure: unclear }),
      };
    }

    function toolOf({ node }: Link): (typeof TOOLS)[number] | undefined {
      const names = program.origins(node).flatMap((origin) => {
        const value = program.valueOf(origin);
        return [
          ...program.apis(origin),
          ...(value.kind === 'call' ? program.apis(program.child(origin, value.callee)) : []),
        ];
      });
      return TOOLS.find(([api]) => names.some((name) => api.test(name)));
    }

    function isOn({ node, condition }: Pick<Link, 'node' | 'condition'>): boolean {
      if (condition === 'development' || condition === 'sometimes' || code.isEnvironmentGuarded(node)) return false;
      return program.origins(node).every((origin) => {
        if (code.isEnvironmentGuarded(origin)) return false;
        if (!program.apis(origin).some((api) => api.startsWith('express-status-monitor'))) return true;
        // it has no page of its own where its path is empty
        const path = code.option(origin, 0, 'path');
        return path.state !== 'unknown' && !(path.state === 'given' && program.constants(path.value)?.[0] === '');
      });
    }

    /** Empty where something before asks; why it is not certain; undefined where nothing asks. */
    function reasonOf(app: App, link: Link): string | undefined {
      const before = app.links.filter(
        (each) => each !== link && each.order <= link.order && covers(each.scope, link.scope),
      );
      if (before.some(({ effects }) => effects.some(({ kind }) => kind === 'auth' || kind === 'role'))) return '';
      const unseen = before.find(({ effects }) => effects.some(({ kind }) => kind === 'unknown'));
      if (unseen) return `${unseen.name} cannot be seen, and may ask.`;
      const [escape] = app.escapes.filter(({ order }) => order <= link.order);
      if (escape) return `the application is handed to ${escape.to}, which may ask.`;
      return app.routes.length === 0 ? 'it is alone on its port, which may be closed to the outside.' : undefined;
    }

    function openness(route: (typeof apps.routes)[number]): string | undefined {
      const states = (['auth', 'role'] as const).map((kind) => apps.protectionOf(route, kind));
      if (states.some(({ state }) => state === 'present' || state === 'conditional')) return '';
      const unknown = states.find((each) => each.state === 'unknown');
      return unknown?.state === 'unknown' ? `${unknown.because}, and may ask.` : undefined;
    }

    function covers(outer: string | undefined, inner: string | undefined): boolean {
      if (outer === undefined || inner === undefined || outer === '/') return true;
      return inner === outer || inner.startsWith(`${outer.replace(/\/\*?$/, '')}/`);
    }
  },
  examples: [
    bad('A board, a monitor, a bundler', {
      'app.js': `const express = require('express');\nconst { createBullBoard } = require('@bull-board/api');\nconst { ExpressAdapter } = require('@bull-board/express');\nconst webpackDev = require('webpack-dev-middleware');\nconst app = express();\nconst serverAdapter = new ExpressAdapter();\nserverAdapter.setBasePath('/admin/queues');\ncreateBullBoard({ queues: [], serverAdapter });\napp.use(«require('express-status-monitor')()»);\napp.use(«webpackDev(require('webpack')({}))»);\napp.use('/admin/queues', «serverAdapter.getRouter()»);\napp.get('/', (req, res) => res.json({}));\napp.use(«require('errorhandler')()»);\napp.listen(3000);\n`,
    }),
    bad('Memory for all, the inspector on every interface', {
      'app.ts': `import Fastify from 'fastify';\nimport inspector from 'node:inspector';\nimport { dump } from './dump.ts';\nconst app = Fastify();\n«inspector.open(9229, '0.0.0.0')»;\napp.get(«'/debug/heap'», async () => dump());\napp.listen({ port: 3000 });\n`,
      'dump.ts': `import v8 from 'node:v8';\nexport const dump = () => v8.writeHeapSnapshot();\n`,
    }),
    good('Behind a login', {
      'app.js': `const express = require('express');\nconst v8 = require('node:v8');\nconst { ExpressAdapter } = require('@bull-board/express');\nconst monitor = require('express-status-monitor')({ path: '' });\nconst app = express();\nconst requireAdmin = (req, res, next) => (req.session.user?.isAdmin ? next() : res.sendStatus(403));\nconst serverAdapter = new ExpressAdapter();\napp.use(monitor);\napp.get('/', (req, res) => res.json({}));\napp.use('/admin/queues', requireAdmin, serverAdapter.getRouter());\napp.get('/status', requireAdmin, monitor.pageRoute);\napp.get('/heap', requireAdmin, (req, res) => res.send(v8.writeHeapSnapshot()));\napp.listen(3000);\n`,
    }),
    good('While developing, on loopback, by a signal', {
      'app.js': `import express from 'express';\nimport errorHandler from 'errorhandler';\nimport inspector from 'node:inspector';\nimport v8 from 'node:v8';\nimport webpackDev from 'webpack-dev-middleware';\nconst app = express();\nif (process.env.NODE_ENV !== 'production') {\n  app.use(webpackDev({}));\n  inspector.open(9229, '0.0.0.0');\n}\nprocess.on('SIGUSR2', () => v8.writeHeapSnapshot());\ninspector.open(9229, '127.0.0.1');\napp.get('/', (req, res) => res.json({}));\nif (app.get('env') === 'development') app.use(errorHandler());\napp.listen(3000);\n`,
    }),
    bad('A Fastify plugin, a page for queries', {
      'queues.js': `import Fastify from 'fastify';\nimport { FastifyAdapter } from '@bull-board/fastify';\nconst fastify = Fastify();\nconst board = new FastifyAdapter();\nfastify.get('/', async () => ({}));\nfastify.register(«board.registerPlugin()», { prefix: '/queues' });\nfastify.listen({ port: 3000 });\n`,
      'api.js': `const express = require('express');\nconst playground = require('graphql-playground-middleware-express').default;\nconst app = express();\napp.get(«'/playground'», playground({ endpoint: '/graphql' }));\napp.listen(3001);\n`,
      'ssr.js': `import express from 'express';\nimport { createServer } from 'vite';\nconst app = express();\nconst vite = await createServer({ server: { middlewareMode: true } });\napp.use(«vite.middlewares»);\napp.get('/', (req, res) => res.json({}));\napp.listen(3002);\n`,
    }),
    good('Basic authentication; a hook of Fastify', {
      'app.js': `const express = require('express');\nconst basicAuth = require('express-basic-auth');\nconst { ExpressAdapter } = require('@bull-board/express');\nconst app = express();\nconst board = new ExpressAdapter();\napp.get('/', (req, res) => res.json({}));\napp.use('/queues', basicAuth({ users: { ops: process.env.PASSWORD }, challenge: true }), board.getRouter());\napp.listen(3000);\n`,
      'queues.js': `import Fastify from 'fastify';\nimport { FastifyAdapter } from '@bull-board/fastify';\nconst fastify = Fastify();\nconst board = new FastifyAdapter();\nfastify.addHook('onRequest', async (request, reply) => {\n  if (!request.headers.authorization) return reply.code(401).send();\n});\nfastify.get('/', async () => ({}));\nfastify.register(board.registerPlugin(), { prefix: '/queues' });\nfastify.listen({ port: 3000 });\n`,
      'ssr.js': `import express from 'express';\nimport { createServer } from 'vite';\nconst isProduction = process.env.NODE_ENV === 'production';\nconst app = express();\nif (!isProduction) {\n  const vite = await createServer({ server: { middlewareMode: true } });\n  app.use(vite.middlewares);\n}\napp.get('/', (req, res) => res.json({}));\napp.listen(3002);\n`,
    }),
    unsure('A guard nobody can see', {
      'app.js': `import express from 'express';\nimport { ExpressAdapter } from '@bull-board/express';\nimport gate from 'house-gate';\nconst app = express();\nconst board = new ExpressAdapter();\napp.get('/', (req, res) => res.json({}));\napp.use('/queues', gate(), «board.getRouter()»);\napp.listen(3000);\n`,
    }),
  ],
});
