import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const POLICY = 'content-security-policy';

export default defineRule({
  id: 'headers/csp-missing',
  ensures: 'A service that answers with pages sends a content security policy.',
  severity: 'medium',
  control: 'headers/csp',
  roles: ['service', 'function'],
  cwe: 1021,
  owasp: 'A02',
  why: `One place that forgets to escape is enough for an attacker's script to run with the visitor's session. The other headers do
not stop it; a policy does.`,
  fix: 'Let helmet write its policy too, or set one by hand; begin with `reportOnly`, read the reports, then enforce.',
  references: [
    'https://www.w3.org/TR/CSP3/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Content_Security_Policy_Cheat_Sheet.html',
  ],
  needs: ['policies', 'apps', 'edge'],
  about: { what: 'page', isIn: ({ policies }) => policies.answers === 'pages' },
  *check({ policies, apps, edge }) {
    // switched off, reported only or weak is another rule's
    if (policies.answers !== 'pages' || policies.headers.some(({ name }) => name.startsWith(POLICY))) return;
    const [written] = edge.headers;
    for (const app of apps.apps) {
      if (app.serving === 'no' || app.framework === 'lambda' || app.escapes.length > 0) continue;
      const routes = app.routes.filter(({ purpose, condition }) => purpose !== 'health' && condition !== 'development');
      const headers = routes.map((route) => apps.protectionOf(route, 'headers'));
      // none at all is another rule's, too
      const some = headers.find(({ state }) => state === 'present');
      const policy = routes.map((route) =>
        apps.protectionOf(route, 'headers', (effect) => effect.headers?.includes(POLICY) ?? true),
      );
      if (some?.state !== 'present' || policy.some(({ state }) => state !== 'absent')) continue;
      yield {
        at: some.link.at,
        message: `${some.link.name} sets headers for the pages of this service, and nothing sets a content security policy.`,
        ...(written && { unsure: `${written.note} adds headers in front of it.` }),
      };
    }
  },
  examples: [
    bad('Parts of helmet, without this one', {
      'app.js': `const express = require('express');\nconst helmet = require('helmet');\nconst app = express();\napp.set('view engine', 'pug');\n«app.use(helmet.noSniff())»;\napp.use(helmet.frameguard());\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
    }),
    bad('Hono, whose headers come without', {
      'app.ts': `import { Hono } from 'hono';\nimport { secureHeaders } from 'hono/secure-headers';\nconst app = new Hono();\n«app.use(secureHeaders())»;\napp.get('/', (c) => c.html('<p>hello</p>'));\nexport default app;\n`,
    }),
    unsure('A proxy that adds headers', {
      'app.js': `const express = require('express');\nconst app = express();\n«app.use((req, res, next) => {\n  res.set('X-Content-Type-Options', 'nosniff');\n  next();\n})»;\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
      'nginx.conf': `http {\n  server {\n    listen 80;\n    add_header X-Frame-Options DENY;\n    location / {\n      proxy_pass http://app:3000;\n    }\n  }\n}\n`,
    }),
    good('Data alone, with the headers for it', {
      'app.ts': `import { Hono } from 'hono';\nimport { secureHeaders } from 'hono/secure-headers';\nconst app = new Hono();\napp.use(secureHeaders());\napp.get('/', (c) => c.json({}));\nexport default app;\n`,
    }),
    good('As helmet comes; by hand', {
      'app.js': `const express = require('express');\nconst helmet = require('helmet');\nconst app = express();\napp.use(helmet());\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
      'koa.js': `const Koa = require('koa');\nconst app = new Koa();\napp.use(async (ctx, next) => {\n  ctx.set('X-Content-Type-Options', 'nosniff');\n  ctx.set('Content-Security-Policy', "default-src 'self'");\n  await next();\n});\napp.use((ctx) => ctx.render('home'));\napp.listen(3001);\n`,
    }),
  ],
});
