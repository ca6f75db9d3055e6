import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ASKED = /\/(_?_?health(z|check|-check|_check)?|livez?|liveness|readyz?|readiness|s?ping|heartbeat)$/i;
const PATH = /^(path|url|originalUrl|pathname|routerPath|routeOptions|baseUrl|config|route)$/;
const MAX_DEPTH = 2;

export default defineRule({
  id: 'lifecycle/health-guarded',
  ensures: 'Who asks whether the service lives need not say who they are.',
  severity: 'low',
  roles: ['service'],
  why: 'A probe has no account: its answer is 401, and a service in good health is restarted, or never gets a request.',
  fix: 'Register the health route before the guard, or leave its path out in the guard.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/'],
  needs: ['apps', 'program', 'code', 'edge'],
  about: {
    what: 'health route',
    isIn: ({ apps }) => apps.routes.some(({ purpose }) => purpose === 'health'),
  },
  *check({ apps, program, code, edge }) {
    /** A guard that reads where a request goes may let this one pass. */
    const asksWhere = (node: number, depth = 0): boolean => {
      const fn = program.functionAt(node);
      if (!fn) return false;
      const [start, end] = fn.fact.at;
      const asks = program.nodesOf('member').some((each) => {
        const value = program.valueOf(each);
        const isInside =
          program.moduleOf(each) === fn.module && 'at' in value && value.at[0] >= start && value.at[1] <= end;
        return isInside && value.kind === 'member' && PATH.test(value.property ?? '');
      });
      const inner = depth < MAX_DEPTH ? code.callsIn(fn).flatMap((call) => program.callees(call)) : [];
      return asks || inner.some((callee) => asksWhere(callee.node, depth + 1));
    };
    const [probe] = edge.probes;
    for (const route of apps.routes) {
      const { app, path = '', method, condition, purpose } = route;
      if (purpose !== 'health' || !ASKED.test(path) || !/^(GET|HEAD|ALL)$/.test(method)) continue;
      if (app.serving === 'no' || app.framework === 'nest' || condition === 'development') continue;
      const guard = apps.protectionOf(route, 'auth');
      if (guard.state !== 'present' || guard.effect.by === 'name' || guard.link.level === 'route') continue;
      if (asksWhere(guard.link.node)) continue;
      yield {
        at: route.pathAt,
        confidence: 'likely',
        message: `${guard.link.name} stands before ${path}: a probe is told 401.`,
        trail: [{ at: guard.link.at, note: 'This asks who is calling.' }],
        ...(probe && { severity: 'medium' as const }),
      };
    }
  },
  examples: [
    bad('Below the guard of all routes', {
      'app.js': `const app = require('express')();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.use(requireUser);\napp.get(«'/healthz'», (req, res) => res.send('ok'));\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    bad('A hook of Fastify, wherever it stands', {
      'app.js': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get(«'/health'», async () => 'ok');\napp.addHook('onRequest', async (request) => { await request.jwtVerify(); });\napp.listen({ port: 3000 });\n`,
    }),
    good('Before the guard, or left out by it', {
      'a.js': `const app = require('express')();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/healthz', (req, res) => res.send('ok'));\napp.use(requireUser);\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
      'b.js': `import express from 'express';\nimport { isOpen } from './open.js';\nconst app = express();\napp.use((req, res, next) => (isOpen(req) || req.session.user ? next() : res.sendStatus(401)));\napp.get('/healthz', (req, res) => res.send('ok'));\napp.listen(3001);\n`,
      'open.js': `export const isOpen = (req) => ['/healthz'].includes(req.path);\n`,
    }),
    good('In a plugin of its own', {
      'app.js': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/health', async () => 'ok');\napp.register(async (inner) => {\n  inner.addHook('onRequest', async (request) => { await request.jwtVerify(); });\n  inner.get('/items', async () => []);\n});\napp.listen({ port: 3000 });\n`,
    }),
  ],
});
