import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MEGABYTE = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: MEGABYTE, gb: 1024 * MEGABYTE };

/** `'50mb'` and `52428800`, as the bytes package reads them. */
function bytesOf(limit: unknown): number | undefined {
  if (typeof limit === 'number') return limit;
  if (typeof limit !== 'string') return undefined;
  const found = /^\s*([\d.]{1,12})\s*(b|kb|mb|gb)?\s*$/i.exec(limit);
  const unit = UNITS[(found?.[2] ?? 'b').toLowerCase()];
  return found && unit !== undefined ? Number(found[1]) * unit : undefined;
}

/** Options of body readers: of Express, of Koa, of Fastify, of Hono, of hapi. */
const LIMITS = ['limit', 'jsonLimit', 'formLimit', 'textLimit', 'xmlLimit', 'bodyLimit', 'maxSize', 'maxBytes'];

/** Of forms: the most that still is no harm. The defaults are 1,000 fields and 32 levels. */
const FIELDS: readonly (readonly [option: string, most: number])[] = [
  ['parameterLimit', 10_000],
  ['depth', 32],
];

/** Where a reader is mounted, if it is at a few routes only. */
const scopeOf = ({
  level,
  scope,
}: {
  readonly level: string;
  readonly scope: string | undefined;
}): string | undefined =>
  level === 'route' || (scope !== '/' && (scope?.split('/').length ?? 0) > 2) ? (scope ?? 'a route') : undefined;

export default defineRule({
  id: 'limits/body-limit-excessive',
  ensures: 'Bodies are limited to what routes need.',
  severity: 'medium',
  control: 'limits/body',
  roles: ['service'],
  cwe: 770,
  owasp: 'A06',
  why: `A body is held in memory and parsed on the event loop as a whole. A few clients that send the largest one allowed, at the
same time, stop the process; no account is needed for that.`,
  fix: `Leave the default (100 kB in Express, 1 MB in Fastify and Koa), and raise it only on the route that needs it:
\`router.put('/avatar', express.json({ limit: '2mb' }), …)\`.`,
  references: ['https://expressjs.com/en/api.html#express.json', 'https://cwe.mitre.org/data/definitions/770.html'],
  needs: ['apps', 'program', 'running'],
  *check({ apps, program, running }) {
    const seen = new Set<string>();
    const refusing = running.all.find(
      ({ identity, site }) =>
        identity === 'sure' && site.responses.some(({ step, status }) => step === 'body-limit' && status === 413),
    );
    const found = apps.apps.flatMap((app) => {
      if (app.serving === 'no') return [];
      const own = app.routes.flatMap(({ handlers }) => handlers);
      const options = [...app.links, ...own].flatMap((link) =>
        link.condition === 'development'
          ? []
          : link.effects.flatMap((effect) =>
              effect.kind === 'body' && effect.options !== undefined
                ? [{ options: effect.options, name: link.name, scope: scopeOf(link), format: effect.format }]
                : [],
            ),
      );
      const index = app.framework === 'fastify' ? 0 : undefined;
      const server = index === undefined ? undefined : program.argument(app.node, index);
      return server === undefined
        ? options
        : [...options, { options: server, name: 'The server', scope: undefined, format: undefined }];
    });
    for (const { options, name, scope, format } of found) {
      const isPlain = program.property(options, 'extended').some((node) => program.constants(node)?.[0] === false);
      for (const [option, most] of format === 'urlencoded' ? FIELDS : []) {
        const [node] = option === 'depth' && isPlain ? [] : program.property(options, option);
        const size =
          node === undefined
            ? undefined
            : program.describe(node) === 'Infinity'
              ? Infinity
              : program.constants(node)?.[0];
        if (node === undefined || typeof size !== 'number' || size <= most) continue;
        const at = program.locationOf(node);
        if (seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        const what = option === 'depth' ? 'levels of nested fields' : 'fields in one body';
        yield {
          at,
          severity: scope === undefined ? 'medium' : 'low',
          message: `${name} takes ${size === Infinity ? 'any number of' : size} ${what}.`,
        };
      }
      for (const limit of LIMITS.flatMap((option) => program.property(options, option))) {
        const sizes = (program.constants(limit) ?? []).map(bytesOf).filter((size) => size !== undefined);
        const size = Math.max(0, ...sizes);
        const at = program.locationOf(limit);
        const key = `${at.path}:${at.start}`;
        if (size <= MEGABYTE || seen.has(key)) continue;
        seen.add(key);
        yield {
          at,
          message: `${name} takes bodies of ${size === Infinity ? 'any size' : `${Math.round(size / MEGABYTE)} MB`}${scope === undefined ? ' on every route' : ` at ${scope}`}.`,
          severity: scope !== undefined ? 'low' : size > 10 * MEGABYTE ? 'high' : 'medium',
          ...(refusing && {
            mitigated: `${refusing.site.host} refused a larger body than it took: something in front limits.`,
          }),
        };
      }
    }
  },
  examples: [
    bad('Fastify, hapi, Koa and Hono', {
      'fastify.js': `
const app = require('fastify')({ bodyLimit: «50 * 1024 * 1024» });
app.post('/notes', async () => 'ok');
app.listen({ port: 3000 });
`,
      'hapi.js': `
const server = require('@hapi/hapi').server({ port: 3000 });
server.route({
  method: 'POST',
  path: '/photos',
  options: { payload: { maxBytes: «104857600» } },
  handler: () => 'ok',
});
server.start();
`,
      'koa.js': `
const Koa = require('koa');
const app = new Koa();
app.use(require('koa-bodyparser')({ jsonLimit: «'20mb'» }));
app.use((ctx) => { ctx.body = 'ok'; });
app.listen(3000);
`,
      'hono.js': `
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { serve } from '@hono/node-server';
const app = new Hono();
app.use(bodyLimit({ maxSize: «64 * 1024 * 1024» }));
app.post('/notes', (c) => c.text('ok'));
serve({ fetch: app.fetch });
`,
    }),
    good('Their defaults, and less', {
      'fastify.js': `
const app = require('fastify')({ bodyLimit: 256 * 1024 });
app.post('/notes', async () => 'ok');
app.listen({ port: 3000 });
`,
      'hapi.js': `
const server = require('@hapi/hapi').server({ port: 3000, routes: { payload: { maxBytes: 65536 } } });
server.route({ method: 'POST', path: '/notes', handler: () => 'ok' });
server.start();
`,
    }),
    bad('For the whole application', {
      'app.js': `
const bodyParser = require('body-parser');
const express = require('express');
const app = express();
app.use(bodyParser.json({ limit: «'50mb'» }));
app.post('/items', (req, res) => res.end());
app.listen(3000);
`,
    }),
    bad('From a constant, in a helper', {
      'app.js': `
import express from 'express';
import { parsers } from './parsers.js';
const app = express();
for (const parser of parsers) app.use(parser);
app.post('/items', (req, res) => res.end());
app.listen(3000);
`,
      'parsers.js': `
import express from 'express';
const MEGABYTE = 1024 * 1024;
const options = { limit: «5 * MEGABYTE» };
export const parsers = [express.json(options), express.text()];
`,
    }),
    good('The default, and more on one route', {
      'app.js': `
import express from 'express';
const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true, limit: '256kb' }));
app.put('/avatar', express.raw({ limit: '1mb' }), (req, res) => res.end());
app.listen(3000);
`,
    }),
    bad('Forms of many fields', {
      'app.js': `
import express from 'express';
const app = express();
app.use(express.urlencoded({ extended: true, parameterLimit: «1000000», depth: «500» }));
app.post('/items', (req, res) => res.end());
app.listen(3000);
`,
    }),
    good('Some more fields, and a depth nobody asks for', {
      'app.js': `
import express from 'express';
const app = express();
app.use(express.urlencoded({ extended: false, parameterLimit: 5000, depth: 500 }));
app.post('/items', (req, res) => res.end());
app.listen(3000);
`,
    }),
    good('A limit of something else', {
      'app.js': `
import express from 'express';
import { rateLimit } from 'express-rate-limit';
const app = express();
app.use(rateLimit({ windowMs: 60_000, limit: 5_000_000 }));
app.get('/items', (req, res) => res.json(list({ limit: '50mb' })));
app.listen(3000);
`,
    }),
  ],
});
