import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-any-origin',
  ensures: 'Answers that are for people who are logged in are not for the scripts of all sites.',
  severity: 'low',
  control: 'headers/cors',
  roles: ['service', 'function'],
  cwe: 942,
  owasp: 'A02',
  why: `Every page on the web may call this service from a visitor's browser and read what it says to strangers: from inside a
company network, and with whatever else lets the request in. The next change that allows credentials opens the accounts as well.`,
  fix: 'Name the origins of your own pages, `cors({ origin: ["https://app.example"] })`, or register it for the public routes alone.',
  references: [
    'https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS',
    'https://cwe.mitre.org/data/definitions/942.html',
  ],
  needs: ['cors'],
  about: { what: 'answer to other origins', isIn: ({ cors }) => cors.length > 0 },
  *check({ cors }) {
    for (const { at, app, origins, credentials, callers } of cors) {
      const isOpen = origins.kind === 'star' || (origins.kind === 'any' && !credentials);
      if (!isOpen) continue;
      // nobody asks for credentials who has none
      if (origins.kind === 'star' && credentials && callers !== 'token')
        yield {
          at,
          message: 'Every origin is allowed, and credentials are asked for, which browsers refuse together.',
        };
      else if (callers === 'cookie')
        yield { at, message: 'Scripts of every origin may read answers of routes that know their users by a cookie.' };
      else if (callers === 'unknown' && app?.serving === 'unknown')
        yield {
          at,
          message: 'Scripts of every origin may read the answers.',
          unsure: 'Whom the routes it is for answer cannot be seen; where it is everybody, nothing is wrong.',
        };
    }
  },
  examples: [
    bad('All of an application with sessions', {
      'app.js': `const express = require('express');\nconst cors = require('cors');\nconst session = require('express-session');\nconst app = express();\napp.use(«cors()»);\napp.use(session({ secret: process.env.SECRET, resave: false, saveUninitialized: false }));\napp.get('/me', (req, res) => res.json(req.session.user));\napp.listen(3000);\n`,
    }),
    bad('By hand, beside a guard that reads a cookie', {
      'app.ts': `import { Hono } from 'hono';\nimport { getCookie } from 'hono/cookie';\nimport { find } from './users.ts';\nconst app = new Hono();\napp.use(async (c, next) => {\n  c.header('Access-Control-Allow-Origin', «'*'»);\n  await next();\n});\napp.use(async (c, next) => {\n  const user = await find(getCookie(c, 'session'));\n  if (!user) return c.text('no', 401);\n  await next();\n});\napp.get('/me', (c) => c.json({}));\nexport default app;\n`,
      'users.ts': `export const find = async (id?: string) => (id === undefined ? undefined : { id });\n`,
    }),
    bad('With credentials, for whoever asks', {
      'app.js': `const app = require('express')();\nconst cors = require('cors');\napp.use(cors({ origin: «'*'», credentials: true }));\napp.get('/me', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    good('Public, or for those with a token', {
      'app.js': `const express = require('express');\nconst cors = require('cors');\nconst jwt = require('jsonwebtoken');\nconst app = express();\napp.use(cors());\nconst auth = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization.slice(7), process.env.KEY, { algorithms: ['HS256'] });\n  } catch {\n    return res.sendStatus(401);\n  }\n  next();\n};\napp.get('/fonts', (req, res) => res.json([]));\napp.get('/me', auth, (req, res) => res.json(req.user));\napp.listen(3000);\n`,
    }),
    good('The public routes of an application with sessions', {
      'app.js': `import Fastify from 'fastify';\nimport cors from '@fastify/cors';\nimport cookie from '@fastify/cookie';\nimport session from '@fastify/session';\nconst app = Fastify();\nawait app.register(async (open) => {\n  await open.register(cors);\n  open.get('/status', async () => ({}));\n});\nawait app.register(async (own) => {\n  await own.register(cookie);\n  await own.register(session, { secret: process.env.SECRET });\n  own.get('/me', async (request) => request.session.user);\n});\nawait app.listen({ port: 3000 });\n`,
    }),
  ],
});
