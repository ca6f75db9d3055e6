import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** setTimeout takes no more. */
const LONGEST = 2 ** 31 - 1;

/** A product whose asterisks were lost: `15601000` is 15 · 60 · 1000 without them. */
function lostProduct(window: number): string | undefined {
  const digits = String(window);
  const found = /^(\d{1,2})(60)?(60)(1000)$/.exec(digits);
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
  needs: ['apps', 'program'],
  about: {
    what: 'limiter',
    isIn: ({ apps }) =>
      [...apps.apps.flatMap(({ links }) => links), ...apps.routes.flatMap(({ handlers }) => handlers)].some(
        ({ effects }) => effects.some(({ kind }) => kind === 'limiter'),
      ),
  },
  *check({ apps, program }) {
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
            if (!(product && literal) && window >= SECOND && window <= LONGEST) continue;
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
