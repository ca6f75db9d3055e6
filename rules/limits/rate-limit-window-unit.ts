import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** In seconds. */
const A_DAY = 86_400;
/** setTimeout takes no more. */
const LONGEST = 2 ** 31 - 1;

/** A product whose asterisks were lost: `15601000` is 15 · 60 · 1000 without them. */
function lostProduct(window: number): string | undefined {
  const digits = String(window);
  const found = /^(\d{1,2})(60)?(60)(1000)$/.exec(digits) ?? /^(1000)(60)(60)?(\d{1,2})$/.exec(digits);
  if (!found) return undefined;
  return found.slice(1).filter(Boolean).join(' * ');
}

const words = (window: number): string => {
  if (window < SECOND) return `${window} milliseconds`;
  if (window < 60 * MINUTE) return `${Math.round(window / SECOND)} seconds`;
  return `${(window / (60 * MINUTE)).toFixed(1)} hours`;
};

export default defineRule({
  id: 'limits/rate-limit-window-unit',
  ensures: 'The window of a limiter is the time that was meant.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 682,
  owasp: 'A06',
  why: `A window in the wrong unit limits nothing, or locks users out for hours. \`15601000\` is what is left of \`15 * 60 * 1000\`
once a text editor has eaten the asterisks: four hours and twenty minutes.`,
  fix: `Write the product: \`windowMs: 15 * 60 * 1000\`.`,
  references: ['https://express-rate-limit.mintlify.app/reference/configuration'],
  needs: ['apps', 'code', 'program'],
  about: {
    what: 'limiter',
    isIn: ({ apps }) =>
      [...apps.apps.flatMap(({ links }) => links), ...apps.routes.flatMap(({ handlers }) => handlers)].some(
        ({ effects }) => effects.some(({ kind }) => kind === 'limiter'),
      ),
  },
  *check({ apps, code, program }) {
    const seen = new Set<number>();
    for (const app of apps.apps) {
      for (const { effects } of [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)]) {
        for (const { kind, options, package: name = '' } of effects) {
          if (kind !== 'limiter' || options === undefined || seen.has(options)) continue;
          seen.add(options);
          const option = /fastify/.test(name) ? 'timeWindow' : /koa-ratelimit/.test(name) ? 'duration' : 'windowMs';
          for (const node of program.property(options, option)) {
            const [window] = program.constants(node) ?? [];
            if (typeof window !== 'number') continue;
            const product = lostProduct(window);
            const value = program.valueOf(node);
            const literal = value.kind === 'literal';
            // nobody means a minute and a fraction
            const odd = literal && window > MINUTE && window % SECOND !== 0;
            if (!(product && literal) && !odd && window >= SECOND && window <= LONGEST) continue;
            const at = program.locationOf(node);
            yield {
              at,
              message: product
                ? `${window} is ${words(window)}: ${product} lost its asterisks.`
                : `The window is ${words(window)}.`,
              ...(product && { edits: [{ ...at, text: product }] }),
            };
          }
        }
      }
    }
    // these count in seconds
    for (const call of program.calls) {
      if (!code.apiOf(call).some((api) => /^rate-limiter-flexible\.(RateLimiter\w+|BurstyRateLimiter)$/.test(api)))
        continue;
      for (const name of ['duration', 'blockDuration']) {
        const option = code.option(call, 0, name);
        const [seconds] = option.state === 'given' ? (program.constants(option.value) ?? []) : [];
        if (option.state !== 'given' || typeof seconds !== 'number' || seconds < MINUTE) continue;
        if (seconds % SECOND !== 0 || seconds % A_DAY === 0) continue;
        yield {
          at: option.at,
          message: `${name} counts seconds, and ${seconds} of them are ${Math.round(seconds / 3600)} hours.`,
        };
      }
    }
  },
  examples: [
    bad(
      'Asterisks lost',
      {
        'app.js': `
const express = require('express');
const rateLimit = require('express-rate-limit');
const app = express();
const limiter = rateLimit({ windowMs: «15601000», max: 100 });
app.use('/api/', limiter);
app.get('/api/items', (req, res) => res.json([]));
app.listen(3000);
`,
      },
      {
        'app.js': `
const express = require('express');
const rateLimit = require('express-rate-limit');
const app = express();
const limiter = rateLimit({ windowMs: 15 * 60 * 1000, max: 100 });
app.use('/api/', limiter);
app.get('/api/items', (req, res) => res.json([]));
app.listen(3000);
`,
      },
    ),
    bad('Minutes where milliseconds are meant', {
      'app.js': `
import Fastify from 'fastify';
import rateLimit from '@fastify/rate-limit';
const app = Fastify();
await app.register(rateLimit, { max: 100, timeWindow: «15» });
app.get('/items', async () => []);
app.listen({ port: 3000 });
`,
    }),
    bad('A minute and a fraction', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: «900001», limit: 100 }));\napp.get('/x', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Milliseconds where seconds are meant', {
      'limits.js': `const { RateLimiterRedis } = require('rate-limiter-flexible');\nexports.logins = new RateLimiterRedis({ points: 5, «duration: 15 * 60 * 1000» });\nexports.all = new RateLimiterRedis({ points: 5, duration: 60 * 60 * 24, blockDuration: 900 });\n`,
      'app.js': `const app = require('express')();\nconst { logins } = require('./limits');\napp.post('/login', async (req, res) => res.json(await logins.consume(req.ip)));\napp.listen(3000);\n`,
    }),
    good('A product, a minute, a text', {
      'app.js': `
import express from 'express';
import { rateLimit } from 'express-rate-limit';
const app = express();
app.use('/a', rateLimit({ windowMs: 15 * 60 * 1000, limit: 100 }));
app.use('/b', rateLimit({ windowMs: 60000, limit: 100 }));
app.use('/c', rateLimit({ windowMs: Number(process.env.WINDOW), limit: 100 }));
app.get('/a', (req, res) => res.json([]));
app.listen(3000);
`,
    }),
    good('Fastify takes words', {
      'app.js': `
import Fastify from 'fastify';
import rateLimit from '@fastify/rate-limit';
const app = Fastify();
await app.register(rateLimit, { max: 100, timeWindow: '1 minute' });
app.get('/items', async () => []);
app.listen({ port: 3000 });
`,
    }),
  ],
});
