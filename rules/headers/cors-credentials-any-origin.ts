import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-credentials-any-origin',
  ensures: 'Only sites that are named may use the cookies of a user.',
  severity: 'high',
  control: 'headers/cors',
  roles: ['service', 'function'],
  cwe: 942,
  owasp: 'A02',
  why: `Whatever site a user visits may then call this API with the user's cookies and read the answers: their data, and the token
that protects forms.`,
  fix: `List the origins: \`cors({ origin: ['https://app.example'], credentials: true })\`. Leave \`credentials\` out where no
cookies are used.`,
  references: ['https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS', 'https://portswigger.net/web-security/cors'],
  needs: ['cors', 'running'],
  about: { what: 'answer to other origins', isIn: ({ cors }) => cors.length > 0 },
  *check({ cors, running }) {
    for (const { at, app, origins, credentials } of cors) {
      if (origins.kind !== 'any' || !credentials) continue;
      const site = app && running.of(app)?.site;
      const asked = site?.responses.filter(({ step }) => step === 'foreign-origin' || step === 'preflight') ?? [];
      const isRefused =
        asked.length === 2 && asked.every((answer) => answer.headers('access-control-allow-origin').length === 0);
      yield {
        at,
        message: 'Every origin is reflected, and with credentials: any site may act for a user who is logged in.',
        ...(isRefused && {
          mitigated: `${site?.host ?? ''} reflected a foreign origin neither to GET nor to a preflight.`,
        }),
      };
    }
  },
  examples: [
    bad('A function that says yes to all', {
      'app.js': `const cors = require('cors');\nconst app = require('express')();\napp.use(cors({ credentials: true, origin: «(origin, callback) => callback(null, true)» }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('The origin of the request, written back by hand', {
      'app.js': `import express from 'express';\nconst app = express();\napp.use((req, res, next) => {\n  res.header('Access-Control-Allow-Origin', «req.headers.origin»);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    good('Written back for those on a list', {
      'app.js': `import express from 'express';\nimport cors from 'cors';\nconst app = express();\nconst LIST = ['https://app.example'];\napp.use((req, res, next) => {\n  if (LIST.includes(req.headers.origin)) res.header('Access-Control-Allow-Origin', req.headers.origin);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});\napp.use(cors({ credentials: true, origin: (origin, callback) => callback(null, LIST.includes(origin)) }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Every origin, with cookies', {
      'app.js': `
const cors = require('cors');
const express = require('express');
const app = express();
app.use(cors({ origin: «true», credentials: true }));
app.get('/', (req, res) => res.json({}));
app.listen(3000);
`,
    }),
    bad('Fastify, options of another file', {
      'app.js': `
import Fastify from 'fastify';
import cors from '@fastify/cors';
import { corsOptions } from './options.js';
const app = Fastify();
await app.register(cors, corsOptions);
app.get('/', async () => ({}));
app.listen({ port: 3000 });
`,
      'options.js': `
export const corsOptions = { credentials: true, origin: «true» };
`,
    }),
    good('Named origins, or no cookies', {
      'app.js': `
import cors from 'cors';
import express from 'express';
const app = express();
app.use('/api', cors({ origin: ['https://app.example'], credentials: true }));
app.use('/public', cors({ origin: true }));
app.use('/other', cors());
app.get('/', (req, res) => res.json({}));
app.listen(3000);
`,
    }),
    bad('Koa and hapi, which reflect where nothing else is said; a list of Nest', {
      'app.js': `import Koa from 'koa';\nimport cors from '@koa/cors';\nconst app = new Koa();\napp.use(cors(«{ credentials: true }»));\napp.use((ctx) => { ctx.body = {}; });\napp.listen(3000);\n`,
      'api.js': `const Hapi = require('@hapi/hapi');\nconst server = Hapi.server({ port: 3001, routes: { cors: { origin: «['*']», credentials: true } } });\nserver.route({ method: 'GET', path: '/', handler: () => ({}) });\nserver.start();\n`,
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule, { cors: { origin: «true», credentials: true } });\nawait app.listen(3002);\n`,
      'app.module.ts': `import { Controller, Get, Module } from '@nestjs/common';\n@Controller()\nexport class Me {\n  @Get('me') me() { return {}; }\n}\n@Module({ controllers: [Me] })\nexport class AppModule {}\n`,
    }),
    good('While developing', {
      'app.js': `
import cors from 'cors';
import express from 'express';
const app = express();
if (process.env.NODE_ENV === 'development') app.use(cors({ origin: true, credentials: true }));
app.get('/', (req, res) => res.json({}));
app.listen(3000);
`,
    }),
  ],
});
