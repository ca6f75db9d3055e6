import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Headers any of which shows that somebody thought of browsers. */
const EXPECTED = ['x-content-type-options', 'x-frame-options', 'content-security-policy', 'strict-transport-security'];

export default defineRule({
  id: 'headers/helmet-missing',
  ensures: 'Responses carry the headers that make browsers protect their users.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 693,
  owasp: 'A02',
  why: `Without them a browser guesses types, lets any site frame the pages, runs whatever script gets into them and talks plain
HTTP when asked to. One line turns all of that off.`,
  fix: `Call \`app.use(helmet())\` right after the application is created, before any route (\`@fastify/helmet\`, \`koa-helmet\` and
\`secureHeaders()\` of Hono do the same), or write the headers in a middleware of your own.`,
  references: ['https://helmetjs.github.io/', 'https://expressjs.com/en/advanced/best-practice-security.html'],
  needs: ['apps', 'edge', 'running'],
  *check({ apps, edge, running }) {
    const [written] = edge.headers;
    for (const app of apps.apps) {
      const routes = app.routes.filter(
        ({ purpose, condition, method }) => purpose !== 'health' && condition !== 'development' && method !== 'OPTIONS',
      );
      // the gateway in front of a function limits and adds headers
      if (app.serving === 'no' || app.framework === 'lambda') continue;
      if (routes.length === 0) {
        // of Nest, guards, pipes and filters set none
        const isSeen = app.links.every(
          ({ effects, phase = 0 }) => phase > 0 || effects.every(({ kind }) => !/^(unknown|headers)$/.test(kind)),
        );
        // what it is made of is elsewhere; headers are for where it is started
        if (
          isSeen &&
          (app.framework === 'nest' || (app.framework === 'express' && app.links.length === 0)) &&
          app.serving === 'yes' &&
          app.routes.length === 0 &&
          app.escapes.length === 0 &&
          !written
        )
          yield { at: app.at, message: 'Nothing sets security headers on this application.', severity: 'low' };
        continue;
      }
      const found = routes.map((route) => ({
        route,
        protection: apps.protectionOf(route, 'headers', ({ headers = [] }) =>
          headers.some((name) => EXPECTED.includes(name)),
        ),
      }));
      // where some are protected, the order or the place is wrong: that is another rule's
      if (found.some(({ protection }) => protection.state === 'present')) continue;
      const late = app.links.some(
        ({ effects, condition }) => condition !== 'development' && effects.some(({ kind }) => kind === 'headers'),
      );
      if (late && !found.every(({ protection }) => protection.state === 'conditional')) continue;
      const count = routes.length === 1 ? 'its only route' : `any of its ${routes.length} routes`;
      const message = `Nothing sets security headers on ${count}.`;
      const unclear = found.map(({ protection }) => protection).find(({ state }) => state !== 'absent');
      const html =
        app.settings.some(({ name }) => name === 'view engine') ||
        app.links.some(({ effects }) => effects.some(({ kind }) => kind === 'static'));
      const deployed = running.of(app);
      const isAtEdge =
        deployed !== undefined &&
        deployed.answers.length > 0 &&
        deployed.answers.every(
          (answer) =>
            answer.headers('x-content-type-options').length > 0 &&
            (answer.class !== 'page' || answer.headers('x-frame-options').length > 0 || answer.csp.enforced.length > 0),
        );
      yield {
        at: app.at,
        message,
        ...(isAtEdge && {
          mitigated: `${deployed.site.host} sends them: something in front sets them, and whoever reaches the service past it gets none.`,
        }),
        ...(!html && { severity: 'low' as const }),
        ...(written && { unsure: `${written.note} adds some in front of it.` }),
        ...(unclear?.state === 'unknown' && { unsure: `${unclear.because}, and may do it.` }),
        ...(unclear?.state === 'conditional' && { unsure: `${unclear.link.name} does, under a condition.` }),
        trail: routes.slice(0, 5).map((route) => ({ at: route.pathAt, note: `${route.method} ${route.path ?? '?'}` })),
      };
    }
  },
  examples: [
    bad('Started, with routes that are elsewhere', {
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await «NestFactory.create(AppModule)»;\n  await app.listen(3000);\n}\nbootstrap();\n`,
    }),
    good('The same, with them', {
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport helmet from 'helmet';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.use(helmet());\n  await app.listen(3000);\n}\nbootstrap();\n`,
    }),
    bad('An application without any', {
      'app.js': `
const express = require('express');
const app = «express()»;
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
    }),
    bad('Installed, imported, never used', {
      'package.json': `{ "scripts": { "start": "node src/server.js" }, "dependencies": { "express": "^5.1.0", "helmet": "^8.0.0" } }`,
      'src/app.js': `
import express from 'express';
import helmet from 'helmet';
import { users } from './users.js';
export const app = «express()»;
app.use('/users', users);
`,
      'src/users.js': `
import { Router } from 'express';
export const users = Router();
users.get('/:id', (req, res) => res.json({ id: req.params.id }));
`,
      'src/server.js': `
import { createServer } from 'node:http';
import { app } from './app.js';
createServer(app).listen(3000);
`,
    }),
    bad('Only outside production', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = «express()»;
if (process.env.NODE_ENV !== 'production') app.set('view engine', 'pug');
app.get('/', (req, res) => res.render('home'));
app.listen(3000);
`,
    }),
    bad('Switched off where it counts', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = «express()»;
if (process.env.NODE_ENV !== 'production') app.use(helmet());
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
    }),
    unsure('Under a switch', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const { strict } = require('./config.json');
const app = «express()»;
if (strict) app.use(helmet());
app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
app.listen(3000);
`,
      'config.json': `{ "strict": false }`,
    }),
    good('In a helper two files away', {
      'server.js': `
const { createApp } = require('./create-app');
createApp().listen(process.env.PORT);
`,
      'create-app.js': `
const express = require('express');
const { harden } = require('./lib/harden');
exports.createApp = () => {
  const app = express();
  harden({ app });
  app.get('/', (req, res) => res.send('<h1>Hi</h1>'));
  return app;
};
`,
      'lib/harden.js': `
const helmet = require('helmet');
exports.harden = ({ app }) => {
  if (process.env.NODE_ENV === 'production') app.use(helmet());
};
`,
    }),
    good('A class that keeps its application, headers written by hand', {
      'server.ts': `
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
function headers(req: Request, res: Response, next: NextFunction) {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('X-Frame-Options', 'DENY');
  next();
}
class Server {
  private app: Express;
  constructor() {
    this.app = express();
    this.middleware();
    this.routes();
  }
  middleware() {
    [headers, express.json()].forEach((each) => this.app.use(each));
  }
  routes() {
    this.app.get('/', (req, res) => res.send('ok'));
  }
  start() {
    this.app.listen(3000);
  }
}
new Server().start();
`,
    }),
    good('An application of a script that never listens', {
      'package.json': `{ "scripts": { "start": "node server.js" }, "dependencies": { "express": "^5.1.0", "helmet": "^8.0.0" } }`,
      'server.js': `
import express from 'express';
import helmet from 'helmet';
const app = express();
app.use(helmet());
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
      'scripts/seed.js': `
import express from 'express';
const app = express();
app.get('/seed', (req, res) => res.send('ok'));
app.listen(4000);
`,
    }),
    unsure('A proxy adds some', {
      'app.js': `const app = «require('express')()»;\napp.get('/', (req, res) => res.send('ok'));\napp.listen(3000);\n`,
      'nginx.conf': `http {\n  server {\n    add_header X-Content-Type-Options nosniff always;\n    location / { proxy_pass http://app:3000; }\n  }\n}\n`,
    }),
    unsure('The application goes to a package that may do anything', {
      'app.js': `
const express = require('express');
const setup = require('@acme/express-defaults');
const app = «express()»;
setup(app);
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
  ],
});
