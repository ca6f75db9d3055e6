import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FORWARDED = /^(x-forwarded-for|x-real-ip|x-client-ip|true-client-ip)$/i;
const KEYS = ['keyGenerator', 'id', 'lookup', 'getTracker', 'key'];
const LIMITERS =
  /^(express-rate-limit(\.\w+)?|express-slow-down(\.\w+)?|koa-ratelimit|hono-rate-limiter\.rateLimiter|express-brute|@nestjs\/throttler\.ThrottlerModule\.forRoot)$/;
const PLUGIN = /^(@fastify\/rate-limit|fastify-rate-limit)$/;
const CONSUMES = /^(rate-limiter-flexible\.\w+\(\)\.(consume|get|penalty)|@upstash\/ratelimit\.Ratelimit\(\)\.limit)$/;
const MAX_DEPTH = 10;
const IMPORTED = /rate-?limit|throttl|slow-down|brute/i;

export default defineRule({
  id: 'limits/rate-limit-key-spoofable',
  ensures: 'A limiter counts by something the caller cannot make up.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 348,
  owasp: 'A06',
  why: 'Everybody may send `X-Forwarded-For`. With another made-up address in every request each one is the first of its kind, and the limit is never reached.',
  fix: "Count by `req.ip`, and say how many proxies stand in front: `app.set('trust proxy', 1)`. Behind a login count by the user.",
  references: [
    'https://express-rate-limit.mintlify.app/guides/troubleshooting-proxy-issues',
    'https://expressjs.com/en/guide/behind-proxies.html',
  ],
  needs: ['program', 'code'],
  about: {
    what: 'limiter',
    isIn: ({ program }) =>
      [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => IMPORTED.test(module ?? '')),
      ),
  },
  *check({ program, code }) {
    const header = (node: number, depth = 0): { at: number; name: string } | undefined => {
      if (depth > MAX_DEPTH) return undefined;
      for (const origin of program.origins(node)) {
        const value = program.valueOf(origin);
        const inner = (id: number): ReturnType<typeof header> => header(program.child(origin, id), depth + 1);
        const named = (id: number | undefined): string | undefined => {
          const [text] = id === undefined ? [] : (program.constants(program.child(origin, id)) ?? []);
          return typeof text === 'string' && FORWARDED.test(text) ? text : undefined;
        };
        if (value.kind === 'member') {
          const name =
            value.property !== undefined && FORWARDED.test(value.property) ? value.property : named(value.key);
          const found = name === undefined ? inner(value.object) : { at: origin, name };
          if (found) return found;
        } else if (value.kind === 'call') {
          const name = named(value.args[0]?.value);
          if (name !== undefined && /\.(get|header)$/.test(program.describe(program.child(origin, value.callee))))
            return { at: origin, name };
          const callee = program.valueOf(program.child(origin, value.callee));
          const found =
            (callee.kind === 'member'
              ? header(program.child(program.child(origin, value.callee), callee.object), depth + 1)
              : undefined) ?? value.args.map((argument) => inner(argument.value)).find(Boolean);
          if (found) return found;
        } else {
          const parts =
            value.kind === 'join'
              ? value.parts.map((part) => part.value)
              : value.kind === 'either'
                ? value.options
                : value.kind === 'typed'
                  ? [value.value]
                  : [];
          const found = parts.map(inner).find(Boolean);
          if (found) return found;
        }
      }
      return undefined;
    };
    const seen = new Set<number>();
    const report = function* (found: ReturnType<typeof header>) {
      if (!found || seen.has(found.at)) return;
      seen.add(found.at);
      const confidence = /^x-forwarded-for$/i.test(found.name) ? ('certain' as const) : ('likely' as const);
      yield {
        at: program.locationOf(found.at),
        confidence,
        message: `The limiter counts by ${program.describe(found.at)}, which the caller writes.`,
      };
    };
    const returned = (node: number): ReturnType<typeof header> =>
      code
        .functionsIn(node)
        .flatMap(({ fact, module }) => fact.returns.map(({ value }) => header(module.first + value)))
        .find(Boolean);
    for (const call of program.calls) {
      const apis = code.apiOf(call);
      const first = program.argument(call, 0);
      if (first === undefined) continue;
      if (apis.some((api) => CONSUMES.test(api))) yield* report(header(first));
      const isPlugin = program.argument(call, 1) !== undefined && program.apis(first).some((api) => PLUGIN.test(api));
      if (!isPlugin && !apis.some((api) => LIMITERS.test(api))) continue;
      for (const name of KEYS) {
        const option = code.option(call, isPlugin ? 1 : 0, name);
        if (option.state === 'given') yield* report(returned(option.value));
      }
    }
    for (const { facts, first } of program.modules.values()) {
      for (const { super: parent, members } of facts.classes) {
        if (parent === undefined || !program.apis(first + parent).includes('@nestjs/throttler.ThrottlerGuard'))
          continue;
        for (const { name, value } of members)
          if (name === 'getTracker' && value !== undefined) yield* report(returned(first + value));
      }
    }
  },
  examples: [
    bad('The key is a header', {
      'app.js': `const rateLimit = require('express-rate-limit');\nconst app = require('express')();\napp.use(rateLimit({ windowMs: 60000, max: 100, keyGenerator: (req) => «req.headers['x-forwarded-for']» || req.ip }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Through a function of another file, and inside a handler', {
      'app.ts': `import Fastify from 'fastify';\nimport rateLimit from '@fastify/rate-limit';\nimport { RateLimiterRedis } from 'rate-limiter-flexible';\nimport { clientOf } from './client.ts';\nconst app = Fastify();\nconst limiter = new RateLimiterRedis({ points: 5, duration: 60 });\nawait app.register(rateLimit, { max: 100, keyGenerator: clientOf });\napp.post('/login', async (request) => {\n  await limiter.consume(String(«request.headers['x-real-ip']»));\n  return {};\n});\n`,
      'client.ts': `import type { FastifyRequest } from 'fastify';\nexport function clientOf(request: FastifyRequest) {\n  const forwarded = «request.headers['x-forwarded-for']» as string;\n  return forwarded.split(',')[0];\n}\n`,
    }),
    bad('A guard of NestJS', {
      'guard.ts': `import { Injectable } from '@nestjs/common';\nimport { ThrottlerGuard } from '@nestjs/throttler';\n@Injectable()\nexport class ByClient extends ThrottlerGuard {\n  protected async getTracker(req: Record<string, any>): Promise<string> {\n    return «req.headers['x-forwarded-for']»;\n  }\n}\n`,
    }),
    good('The address, the user, a header for the log', {
      'app.js': `const rateLimit = require('express-rate-limit');\nconst app = require('express')();\napp.set('trust proxy', 1);\napp.use(rateLimit({ windowMs: 60000, max: 100, keyGenerator: (req) => req.ip }));\napp.use(rateLimit({ windowMs: 60000, max: 100, keyGenerator: (req) => req.user.id }));\napp.get('/', (req, res) => {\n  console.log(req.headers['x-forwarded-for']);\n  res.json({});\n});\napp.listen(3000);\n`,
    }),
    good('Behind a proxy that is trusted, in NestJS', {
      'guard.ts': `import { Injectable } from '@nestjs/common';\nimport { ThrottlerGuard } from '@nestjs/throttler';\n@Injectable()\nexport class ByClient extends ThrottlerGuard {\n  protected async getTracker(req: Record<string, any>): Promise<string> {\n    return req.ips.length ? req.ips[0] : req.ip;\n  }\n}\n`,
    }),
  ],
});
