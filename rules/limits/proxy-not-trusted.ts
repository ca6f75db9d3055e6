import { bad, defineRule, good } from '../../src/rule/rule.ts';

const BY_ADDRESS = /^(express-rate-limit|express-slow-down|@nestjs\/throttler|@fastify\/rate-limit|koa-ratelimit)/;

export default defineRule({
  id: 'limits/proxy-not-trusted',
  ensures: 'Behind a proxy, a limiter counts clients and not the proxy.',
  severity: 'high',
  roles: ['service'],
  cwe: 799,
  owasp: 'A06',
  why: `To the service all requests come from the address of the proxy. One busy client uses up the limit of everybody, or the
limit is set so high that it limits nobody.`,
  fix: "Say how many proxies stand in front: `app.set('trust proxy', 1)`; in Fastify give `trustProxy` their networks.",
  references: [
    'https://express-rate-limit.mintlify.app/guides/troubleshooting-proxy-issues',
    'https://expressjs.com/en/guide/behind-proxies.html',
  ],
  needs: ['apps', 'code', 'program', 'edge'],
  about: {
    what: 'limiter behind a proxy',
    isIn: ({ apps, edge }) =>
      edge.proxies.length > 0 &&
      [...apps.apps.flatMap(({ links }) => links), ...apps.routes.flatMap(({ handlers }) => handlers)].some(
        ({ effects }) => effects.some(({ kind }) => kind === 'limiter'),
      ),
  },
  *check({ apps, code, program, edge }) {
    const [proxy] = edge.proxies;
    if (!proxy) return;
    for (const app of apps.apps) {
      if (app.serving === 'no' || app.escapes.length > 0) continue;
      if (!/^(express|fastify|koa)$/.test(app.framework)) continue;
      if (app.settings.some(({ name }) => name.startsWith('trust proxy'))) continue;
      const names = app.framework === 'fastify' ? ['trustProxy', 'serverFactory'] : ['proxy'];
      if (
        app.framework !== 'express' &&
        names.some(
          (name) =>
            code.option(app.node, 0, name).state !== 'absent' || code.property(app.node, name).state === 'given',
        )
      )
        continue;
      const link = [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)].find(
        ({ effects, condition }) =>
          condition !== 'development' &&
          effects.some(
            ({ kind, by, package: name = '', options }) =>
              kind === 'limiter' &&
              by === 'package' &&
              BY_ADDRESS.test(name) &&
              (options === undefined ||
                ['keyGenerator', 'id'].every((key) => code.property(options, key).state === 'absent')),
          ),
      );
      if (!link) continue;
      yield {
        at: link.at,
        message: `${link.name} counts by address, and behind ${proxy.note} all requests come from one: ${program.describe(app.node)} trusts no proxy.`,
        confidence: 'likely',
        trail: [{ at: proxy.at, note: `Requests pass ${proxy.note}.` }],
      };
    }
  },
  examples: [
    bad('Behind nginx', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\n«app.use(rateLimit({ windowMs: 60000, limit: 100 }))»;\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'nginx.conf': `http {\n  server { location / { proxy_pass http://app:3000; } }\n}\n`,
    }),
    bad('Behind an ingress, in Fastify', {
      'app.js': `import Fastify from 'fastify';\nimport rateLimit from '@fastify/rate-limit';\nconst app = Fastify({ logger: true });\nawait «app.register(rateLimit, { max: 100 })»;\napp.get('/', async () => ({}));\napp.listen({ port: 3000 });\n`,
      'k8s/ingress.yaml': `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: api }\nspec: { rules: [] }\n`,
    }),
    bad('A proxy of compose', {
      'app.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\n«app.use(rateLimit({ windowMs: 60_000, limit: 100 }))»;\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n  traefik:\n    image: traefik:v3.4\n    ports: ["443:443"]\n',
    }),
    good('A proxy of compose for something else', {
      'app.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\napp.use(rateLimit({ windowMs: 60_000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    ports: ["3000:3000"]\n  traefik:\n    image: traefik:v3.4\n    ports: ["443:443"]\n',
    }),
    good('Told of it, or counting by user', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.set('trust proxy', 1);\napp.use(rateLimit({ windowMs: 60000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'other.js': `import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, limit: 100, keyGenerator: (req) => req.user.id }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3001);\n`,
      Procfile: `web: node app.js\n`,
    }),
    good('Nothing says there is a proxy', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
  ],
});
