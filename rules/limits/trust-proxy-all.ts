import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/trust-proxy-all',
  ensures: 'Only proxies that are there may say where a request comes from.',
  severity: 'medium',
  roles: ['service'],
  cwe: 348,
  owasp: 'A06',
  why: `With \`true\` the first address in \`X-Forwarded-For\` counts, and that one the caller writes. Limits, blocks and logs by
address then are about whoever the caller says.`,
  fix: "Say how many proxies stand in front, or their networks: `app.set('trust proxy', 1)`, `trustProxy: '10.0.0.0/8'`, `maxIpsCount: 1`.",
  references: [
    'https://expressjs.com/en/guide/behind-proxies.html',
    'https://fastify.dev/docs/latest/Reference/Server/#trustproxy',
  ],
  needs: ['apps', 'program', 'code', 'running'],
  *check({ apps, program, code, running }) {
    const isTrue = (node: number): boolean => {
      const known = program.constants(node);
      return known?.length === 1 && known[0] === true;
    };
    const read = [...program.modules.values()].flatMap(({ facts, first }) =>
      facts.values.flatMap((value, id) =>
        value.kind === 'member' &&
        (value.property === 'ip' || value.property === 'ips') &&
        /^(req|request|ctx|c|context)(\.req|\.request)?\.ips?$/.test(program.describe(first + id))
          ? [first + id]
          : [],
      ),
    )[0];
    for (const app of apps.apps) {
      if (app.serving === 'no') continue;
      const found = app.settings
        .filter(({ name, condition }) => name === 'trust proxy' && condition !== 'development')
        .filter(({ enabled, value }) => enabled === true || (value !== undefined && isTrue(value)))
        .map(({ at, value }) => (value === undefined ? at : program.locationOf(value)));
      if (app.framework === 'fastify') {
        const option = code.option(app.node, 0, 'trustProxy');
        if (option.state === 'given' && isTrue(option.value)) found.push(program.locationOf(option.value));
      }
      if (app.framework === 'koa') {
        const option = code.property(app.node, 'proxy');
        const own = option.state === 'given' ? option : code.option(app.node, 0, 'proxy');
        const counted =
          code.property(app.node, 'maxIpsCount').state === 'given' ||
          code.option(app.node, 0, 'maxIpsCount').state === 'given';
        if (own.state === 'given' && isTrue(own.value) && !counted) found.push(program.locationOf(own.value));
      }
      const [at] = found;
      if (!at) continue;
      const site = running.of(app)?.site;
      const remaining = (step: string): number | undefined =>
        site?.responses.find((answer) => answer.step === step)?.rateLimit?.remaining;
      const [before, after] = [remaining('rate-before'), remaining('forwarded-for')];
      const kept = site && before !== undefined && after !== undefined && after < before;
      const mitigated = kept
        ? { mitigated: `${site.host} went on counting when X-Forwarded-For changed: something in front overwrites it.` }
        : {};
      const limiter = [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)].find(({ effects }) =>
        effects.some(
          ({ kind, by, options }) =>
            kind === 'limiter' &&
            by === 'package' &&
            (options === undefined ||
              ['keyGenerator', 'id'].every((name) => code.property(options, name).state === 'absent')),
        ),
      );
      if (limiter)
        yield {
          at,
          severity: 'high',
          message: `Every proxy is trusted, so ${limiter.name} counts by an address the caller makes up.`,
          trail: [{ at: limiter.at, note: 'The limiter counts by address.' }],
          ...mitigated,
        };
      else if (read !== undefined)
        yield {
          at,
          message: `Every proxy is trusted, so ${program.describe(read)} is what the caller says.`,
          trail: [{ at: program.locationOf(read), note: 'The address is used here.' }],
          ...mitigated,
        };
    }
  },
  examples: [
    bad('Express, with a limiter', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.set('trust proxy', «true»);\napp.use(rateLimit({ windowMs: 60000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Express, switched on, and an address in use', {
      'app.js': `import express from 'express';\nimport { allowed } from './allowed.js';\nconst app = express();\n«app.enable('trust proxy')»;\napp.use(allowed);\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'allowed.js': `export const allowed = (req, res, next) => (req.ip === '10.0.0.1' ? next() : res.sendStatus(403));\n`,
    }),
    bad('Fastify', {
      'app.js': `import Fastify from 'fastify';\nimport rateLimit from '@fastify/rate-limit';\nconst app = Fastify({ trustProxy: «true» });\nawait app.register(rateLimit, { max: 100 });\napp.get('/', async () => ({}));\napp.listen({ port: 3000 });\n`,
    }),
    good('A number, a network, a setting', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.set('trust proxy', 1);\napp.set('trust proxy', 'loopback');\napp.use(rateLimit({ windowMs: 60000, limit: 100 }));\napp.get('/', (req, res) => res.json({ ip: req.ip }));\napp.listen(3000);\n`,
      'other.js': `import Fastify from 'fastify';\nconst app = Fastify({ trustProxy: process.env.PROXIES });\napp.get('/', async (request) => ({ ip: request.ip }));\napp.listen({ port: 3001 });\n`,
    }),
    good('Nothing asks for the address; one proxy of Koa', {
      'app.js': `const express = require('express');\nconst app = express();\napp.set('trust proxy', true);\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'koa.js': `const Koa = require('koa');\nconst app = new Koa({ proxy: true, maxIpsCount: 1 });\napp.use((ctx) => (ctx.body = { ok: true }));\napp.listen(3001);\n`,
    }),
  ],
});
