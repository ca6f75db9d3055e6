import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MAKES =
  /^(express-rate-limit|express-slow-down)(\.(rateLimit|slowDown|RateLimit))?$|^rate-limiter-flexible\.RateLimiter\w+$|^koa-ratelimit$|^hono-rate-limiter\.rateLimiter$/;
/** More requests in one window than any client makes by itself. */
const ENDLESS = 1_000_000;
const IMPORTED = /rate-?limit|throttl|slow-down|brute/i;

export default defineRule({
  id: 'limits/rate-limit-ineffective',
  ensures: 'A limiter is made once, skips nobody by rule, and has a limit that can be reached.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 799,
  owasp: 'A06',
  why: 'A limiter that is made anew for every request starts to count at zero each time; one that skips everybody or allows millions counts for nothing.',
  fix: 'Make the limiter when the module is loaded, and give it the limit you mean.',
  references: [
    'https://express-rate-limit.mintlify.app/reference/error-codes',
    'https://express-rate-limit.mintlify.app/reference/configuration',
  ],
  needs: ['program', 'code', 'handlers'],
  about: {
    what: 'limiter',
    isIn: ({ program }) =>
      [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => IMPORTED.test(module ?? '')),
      ),
  },
  *check({ program, code, handlers }) {
    for (const call of program.calls) {
      const apis = code.apiOf(call);
      const first = program.argument(call, 0);
      const isPlugin =
        first !== undefined &&
        program.argument(call, 1) !== undefined &&
        program.apis(first).includes('@fastify/rate-limit');
      if (!isPlugin && !apis.some((api) => MAKES.test(api))) continue;
      const reach = isPlugin ? undefined : handlers.reach(call);
      const isMemory = apis.some((api) => !/^rate-limiter-flexible\.RateLimiter(?!Memory)/.test(api));
      const store = code.option(call, 0, 'store').state;
      if (
        reach?.handler.trigger === 'request' &&
        !reach.handler.byShape &&
        !code.isOnceOnly(call) &&
        isMemory &&
        store === 'absent' &&
        !isKept(call)
      )
        yield {
          at: program.locationOf(call),
          message: `A new limiter is made for every request, ${handlers.describe(reach)}: it never counts past one.`,
        };
      const index = isPlugin ? 1 : 0;
      const skip = code.option(call, index, 'skip');
      if (skip.state === 'given') {
        const returns = code
          .functionsIn(skip.value)
          .flatMap(({ fact, module }) => fact.returns.map(({ value }) => program.constants(module.first + value)));
        if (
          returns.length > 0 &&
          returns.every((known) => known?.length === 1 && known[0] === true) &&
          !code.isEnvironmentGuarded(call)
        )
          yield { at: skip.at, message: 'skip says yes to every request: nobody is ever limited.' };
      }
      for (const name of ['max', 'limit', 'points']) {
        const option = code.option(call, index, name);
        if (option.state !== 'given') continue;
        const known = program.constants(option.value) ?? [];
        const endless = /^(Infinity|Number\.(POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE))$/.test(
          program.describe(option.value),
        );
        if (endless || (known.length === 1 && typeof known[0] === 'number' && known[0] >= ENDLESS))
          yield { at: option.at, message: `The limit is ${endless ? 'endless' : known[0]}: nobody ever reaches it.` };
      }
    }

    /** It is put away for later requests. */
    function isKept(call: number): boolean {
      return code
        .handedOut(call)
        .some(({ call: taker }) => /\.(set|push|add)$/.test(program.describe(taker).replace(/\(.*$/s, '')));
    }
  },
  examples: [
    bad('Made in a handler', {
      'app.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\napp.use((req, res, next) => «rateLimit({ windowMs: 60000, limit: 5 })»(req, res, next));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Skips everybody, allows everything', {
      'app.ts': `import Fastify from 'fastify';\nimport rateLimit from '@fastify/rate-limit';\nconst app = Fastify();\nawait app.register(rateLimit, { «max: 10_000_000», timeWindow: '1 minute' });\nawait app.listen({ port: 3000 });\n`,
      'other.ts': `import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, «limit: Infinity», «skip: () => true» }));\napp.listen(3001);\n`,
    }),
    good('Made once, one for each plan, skips what is asked for', {
      'app.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\nconst of = (limit) => rateLimit({ windowMs: 60000, limit, skip: (req) => req.path === '/health' });\nconst free = of(10);\nconst paid = of(1000);\napp.use((req, res, next) => (req.user.paid ? paid : free)(req, res, next));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    good('Made by the first request that needs it, and counted in Redis', {
      'app.js': `import express from 'express';\nimport { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';\nconst app = express();\nconst limiters = new Map();\napp.use(async (req, res, next) => {\n  if (!limiters.has(req.path)) limiters.set(req.path, new RateLimiterMemory({ points: 5, duration: 1 }));\n  await limiters.get(req.path).consume(req.ip);\n  next();\n});\napp.post('/a', async (req, res) => {\n  await new RateLimiterRedis({ points: 5, duration: 1 }).consume(req.ip);\n  res.json({});\n});\napp.listen(3000);\n`,
    }),
  ],
});
