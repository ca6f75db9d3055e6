import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Limiters that count in their own process unless told otherwise: where their options stand, and which say otherwise. */
const LIMITERS: readonly { readonly api: RegExp; readonly index: number; readonly elsewhere: readonly string[] }[] = [
  {
    api: /^(express-rate-limit|express-slow-down)(\.(rateLimit|slowDown|RateLimit))?$/,
    index: 0,
    elsewhere: ['store'],
  },
  { api: /^hono-rate-limiter\.rateLimiter$/, index: 0, elsewhere: ['store'] },
  { api: /^rate-limiter-flexible\.RateLimiterMemory$/, index: 0, elsewhere: [] },
  { api: /^@nestjs\/throttler\.ThrottlerModule\.forRoot$/, index: 0, elsewhere: ['storage'] },
];
const FASTIFY = /^(@fastify\/rate-limit|fastify-rate-limit)$/;

export default defineRule({
  id: 'limits/rate-limit-store-per-instance',
  ensures: 'A limiter counts the requests to all instances together.',
  severity: 'medium',
  control: 'limits/rate-store',
  roles: ['service'],
  cwe: 799,
  owasp: 'A06',
  why: `Every process counts for itself: with four of them a client has four times as many tries, and a restart gives all of them
back.`,
  fix: 'Give the limiter a store all instances share: `store: new RedisStore({ … })`, `RateLimiterRedis`, `redis` of `@fastify/rate-limit`.',
  references: [
    'https://express-rate-limit.mintlify.app/reference/stores',
    'https://github.com/animir/node-rate-limiter-flexible/wiki/Overall-example',
  ],
  needs: ['program', 'code', 'edge', 'running', 'roles'],
  about: {
    what: 'service that runs in several instances',
    isIn: ({ edge }) => edge.instances.length > 0,
  },
  *check({ program, code, edge, running, roles }) {
    const [several] = edge.instances;
    if (!several) return;
    /** Files that are no project have nothing to do with each other. */
    const isOfAnother = (path: string): boolean =>
      several.byCode === true &&
      roles.entries.some(({ kind }) => kind === 'excerpt' || kind === 'assumed') &&
      !roles.entries.some(({ reach }) => reach.has(path) && reach.has(several.at.path));
    const seen = running.all.find(({ identity, site }) => identity === 'sure' && site.repeatedCount)?.site
      .repeatedCount;
    const insured = new Set(
      [...program.modules.values()].flatMap(({ facts, first }) =>
        facts.values.flatMap((value) =>
          (value.kind === 'object' ? value.properties : [])
            .filter(({ name }) => name === 'insuranceLimiter' || name === 'rateLimiter')
            .flatMap((property) => program.origins(first + property.value)),
        ),
      ),
    );
    for (const call of program.calls) {
      const value = program.valueOf(call);
      if (value.kind !== 'call') continue;
      const apis = code.apiOf(call);
      const plugin = program.argument(call, 0);
      const isPlugin =
        (apis[0] ?? program.describe(program.child(call, value.callee))).endsWith('.register') &&
        plugin !== undefined &&
        program.apis(plugin).some((api) => FASTIFY.test(api));
      const row = isPlugin
        ? { index: 1, elsewhere: ['redis', 'store'] }
        : LIMITERS.find(({ api }) => apis.some((each) => api.test(each)));
      if (isOfAnother(program.moduleOf(call).path)) continue;
      if (!row || insured.has(call) || code.isEnvironmentGuarded(call)) continue;
      const options = code.argument(call, row.index);
      if (options.state === 'unknown') continue;
      const isList = options.state === 'given' && program.valueOf(options.value).kind === 'array';
      if (
        options.state === 'given' &&
        !isList &&
        row.elsewhere.some((name) => code.property(options.value, name).state !== 'absent')
      )
        continue;
      yield {
        at: program.locationOf(call),
        message: `This limiter counts in the memory of its process, and ${several.note} are several.`,
        confidence: seen ? 'certain' : 'likely',
        trail: [
          { at: several.at, note: `Several processes: ${several.note}.` },
          ...(seen ? [{ at: seen.at.line, note: `The same count was handed out twice: ${seen.remaining} left.` }] : []),
        ],
      };
    }
  },
  examples: [
    bad('Instances of PM2', {
      'app.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\napp.use(«rateLimit({ windowMs: 60000, limit: 100 })»);\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'ecosystem.config.js': `module.exports = { apps: [{ name: 'api', script: 'app.js', instances: 'max', exec_mode: 'cluster' }] };\n`,
    }),
    bad('Replicas, and Fastify', {
      'app.ts': `import Fastify from 'fastify';\nimport rateLimit from '@fastify/rate-limit';\nimport { RateLimiterMemory } from 'rate-limiter-flexible';\nconst app = Fastify();\nawait «app.register(rateLimit, { max: 100 })»;\nexport const logins = «new RateLimiterMemory({ points: 5, duration: 60 })»;\nawait app.listen({ port: 3000 });\n`,
      'compose.prod.yaml': `services:\n  api:\n    build: .\n    deploy: { replicas: 3 }\n`,
    }),
    good('A store of all; memory only while Redis is away', {
      'app.js': `import cluster from 'node:cluster';\nimport express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nimport { RedisStore } from 'rate-limit-redis';\nimport { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';\nif (cluster.isPrimary) cluster.fork();\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, store: new RedisStore({}) }));\nconst insuranceLimiter = new RateLimiterMemory({ points: 5, duration: 60 });\nexport const logins = new RateLimiterRedis({ points: 5, duration: 60, insuranceLimiter });\napp.listen(3000);\n`,
    }),
    good('One process', {
      'app.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\napp.use(rateLimit({ windowMs: 60000, limit: 100 }));\napp.listen(3000);\n`,
      'k8s/api.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  replicas: 1\n  template: { spec: { containers: [{ name: api, image: 'acme/api:1' }] } }\n`,
    }),
  ],
});
