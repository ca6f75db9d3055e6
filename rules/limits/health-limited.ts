import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Requests in a minute a probe of an orchestrator and a balancer make together. */
const PROBED = 30;
const MINUTE = 60_000;

export default defineRule({
  id: 'limits/health-limited',
  ensures: 'Who asks whether the service lives is not limited.',
  severity: 'low',
  roles: ['service'],
  cwe: 799,
  why: 'Probes and balancers ask every few seconds, often all from one address. Once the limit is reached the answer is 429, and a service in good health is restarted or taken out.',
  fix: 'Register the health route before the limiter, or leave it out with `skip`.',
  references: ['https://express-rate-limit.mintlify.app/reference/configuration#skip'],
  needs: ['apps', 'program', 'edge'],
  about: {
    what: 'health route',
    isIn: ({ apps }) => apps.routes.some(({ purpose }) => purpose === 'health'),
  },
  *check({ apps, program, edge }) {
    const number = (options: number, ...names: readonly string[]): number | undefined => {
      const [node] = names.flatMap((name) => program.property(options, name));
      const known = node === undefined ? undefined : program.constants(node);
      return known?.length === 1 && typeof known[0] === 'number' ? known[0] : undefined;
    };
    const [probe] = edge.probes;
    for (const route of apps.routes) {
      if (route.purpose !== 'health' || route.app.serving === 'no' || route.condition === 'development') continue;
      for (const link of route.chain) {
        if (link.level === 'route' || link.partly || link.condition === 'development') continue;
        const effect = link.effects.find(
          ({ kind, package: name }) => kind === 'limiter' && name === 'express-rate-limit',
        );
        const options = effect?.options;
        if (
          options === undefined ||
          ['skip', 'keyGenerator'].some((name) => program.property(options, name).length > 0)
        )
          continue;
        const most = number(options, 'limit', 'max');
        const window = number(options, 'windowMs');
        if (most === undefined || window === undefined || (most / window) * MINUTE >= PROBED) continue;
        yield {
          at: route.pathAt,
          message: `${link.name} stands before ${route.path ?? 'the health route'}: whoever asks more than ${most} times in ${Math.round(window / 1000)} s is told 429.`,
          trail: [{ at: link.at, note: 'This limits it.' }],
          ...(probe && { severity: 'medium' as const }),
        };
        break;
      }
    }
  },
  examples: [
    bad('Below the limiter', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: 15 * 60 * 1000, limit: 100 }));\napp.get(«'/healthz'», (req, res) => res.send('ok'));\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    bad('In a router of another file', {
      'app.js': `import express from 'express';\nimport rateLimit from 'express-rate-limit';\nimport { routes } from './routes.js';\nconst app = express();\nconst limiter = rateLimit({ windowMs: 60 * 1000, max: 10 });\napp.use(limiter);\napp.use('/', routes);\napp.listen(3000);\n`,
      'routes.js': `import { Router } from 'express';\nexport const routes = Router();\nroutes.get(«'/health'», (req, res) => res.json({ status: 'ok' }));\n`,
    }),
    good('Before it, or left out', {
      'a.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.get('/healthz', (req, res) => res.send('ok'));\napp.use(rateLimit({ windowMs: 900000, limit: 100 }));\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n`,
      'b.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: 900000, limit: 100, skip: (req) => req.path === '/healthz' }));\napp.get('/healthz', (req, res) => res.send('ok'));\napp.listen(3001);\n`,
    }),
    good('At other paths, and a limit no probe reaches', {
      'a.js': `import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nconst app = express();\napp.use('/api', rateLimit({ windowMs: 900000, limit: 100 }));\napp.use(rateLimit({ windowMs: 60000, limit: 600 }));\napp.get('/healthz', (req, res) => res.send('ok'));\napp.listen(3000);\n`,
    }),
  ],
});
