import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** What says in responses which framework made them, unless told otherwise. */
const NAMES: Readonly<Partial<Record<string, string>>> = { express: 'Express', nest: 'Express', next: 'Next.js' };

export default defineRule({
  id: 'headers/powered-by',
  ensures: 'Responses do not name the framework that made them.',
  severity: 'low',
  control: 'headers/powered-by',
  roles: ['service', 'function'],
  cwe: 200,
  owasp: 'A02',
  why: `Express and Next.js name themselves in every response. Scanners sort hosts by what they run and come back when the next hole in it is
published.`,
  fix: `Call \`app.disable('x-powered-by')\`, or \`app.use(helmet())\` before the routes; set \`poweredByHeader: false\` in \`next.config\`.`,
  references: ['https://expressjs.com/en/advanced/best-practice-security.html'],
  needs: ['apps', 'program', 'running'],
  *check({ apps, program, running }) {
    for (const app of apps.apps) {
      const isFastify = [0, 1].some((index) => {
        const argument = program.argument(app.node, index);
        return argument !== undefined && program.apis(argument).some((api) => api.includes('FastifyAdapter'));
      });
      const named = NAMES[app.framework];
      if (named === undefined || isFastify) continue;
      if (app.serving === 'no' || app.routes.length === 0) continue;
      const disabled = app.settings.some(
        ({ name, enabled, value, condition }) =>
          name === 'x-powered-by' &&
          condition !== 'development' &&
          (enabled === false || (value !== undefined && program.constants(value)?.[0] !== true)),
      );
      const links = app.links.filter(({ condition }) => condition !== 'development');
      const keeps = (options: number | undefined): boolean =>
        ['hidePoweredBy', 'xPoweredBy'].some((name) =>
          (options === undefined ? [] : program.property(options, name)).some(
            (node) => program.constants(node)?.[0] === false,
          ),
        );
      const hides = links.some(({ effects }) =>
        effects.some(
          ({ kind, headers = [], options }) =>
            kind === 'headers' && headers.includes('x-powered-by') && !keeps(options),
        ),
      );
      if (disabled || hides) continue;
      const unseen = links.find(({ effects }) => effects.some(({ kind }) => kind === 'unknown'));
      const [escape] = app.escapes;
      const who = unseen?.name ?? escape?.to;
      const deployed = running.of(app);
      const isTakenAway = deployed?.site.responses.every((answer) => answer.headers('x-powered-by').length === 0);
      yield {
        at: app.at,
        message: `${named} names itself in the X-Powered-By header of every response.`,
        ...(isTakenAway && {
          mitigated: `No answer of ${deployed?.site.host ?? ''} carries it: something takes it away.`,
        }),
        ...(who !== undefined && { unsure: `${who} cannot be looked into, and may turn it off.` }),
      };
    }
  },
  examples: [
    bad('As Express comes', {
      'app.js': `
const express = require('express');
const app = «express()»;
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    bad('Helmet told to leave it', {
      'app.js': `
import express from 'express';
import helmet from 'helmet';
const app = «express()»;
app.use(helmet({ xPoweredBy: false }));
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    bad('NestJS runs on Express', {
      'main.ts': `
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
@Controller('cats')
class Cats {
  @Get()
  all() {
    return [];
  }
}
@Module({ controllers: [Cats] })
class AppModule {}
async function bootstrap() {
  const app = await «NestFactory.create(AppModule)»;
  await app.listen(3000);
}
void bootstrap();
`,
    }),
    bad('Next.js with a configuration that does not say', {
      'next.config.js': `
module.exports = «{ reactStrictMode: true }»;
`,
      'package.json': `
{ "name": "shop", "private": true, "scripts": { "start": "next start" }, "dependencies": { "next": "16.0.0" } }
`,
      'app/api/items/route.js': `
export async function GET() {
  return Response.json([]);
}
`,
    }),
    good('Next.js that was told to keep it to itself', {
      'next.config.js': `
module.exports = { poweredByHeader: false };
`,
      'package.json': `
{ "name": "shop", "private": true, "scripts": { "start": "next start" }, "dependencies": { "next": "16.0.0" } }
`,
      'app/api/items/route.js': `
export async function GET() {
  return Response.json([]);
}
`,
    }),
    unsure('A middleware that cannot be looked into', {
      'app.js': `
const express = require('express');
const app = «express()»;
app.use(require('@acme/hardening')());
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Disabled in a helper', {
      'app.js': `
import express from 'express';
import { configure } from './configure.js';
const app = express();
configure(app);
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
      'configure.js': `
export function configure(app) {
  app.set('x-powered-by', false);
}
`,
    }),
    good('Taken away by a middleware', {
      'app.js': `
const express = require('express');
const app = express();
app.use((req, res, next) => {
  res.removeHeader('X-Powered-By');
  next();
});
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Hidden by helmet', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.use(helmet());
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
  ],
});
