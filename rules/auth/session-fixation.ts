import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PRINCIPAL =
  /^(user|user_?id|uid|account|account_?id|logged_?in|is_?logged_?in|is_?auth\w*|authenticated|username|email|admin|login|role|member|user_?name)$/i;
const STORED = /^(express-session|koa-generic-session|koa-session|@fastify\/session)$/;

const RENEWS = /^(regenerate\w*|logIn|login|reset|destroy|rotate)$/;
const RENEWS_BOUND = /\.regenerate\w*\.(bind|call|apply)\b/;

export default defineRule({
  id: 'auth/session-fixation',
  ensures: 'Whoever logs in gets a new session.',
  severity: 'medium',
  roles: ['service'],
  cwe: 384,
  owasp: 'A07',
  why: `The session keeps the id it had before the login. Whoever planted that id in the browser of a victim, by a link, a shared
computer or a sister site, is logged in together with them.`,
  fix: 'Call `req.session.regenerate(…)` after the password was checked, and write the user in its callback.',
  references: [
    'https://github.com/expressjs/session#user-login',
    'https://owasp.org/www-community/attacks/Session_fixation',
  ],
  needs: ['apps', 'program', 'code'],
  about: {
    what: 'session that is kept on the server',
    isIn: ({ program }) =>
      [...program.modules.values()].some(({ facts }) => facts.imports.some(({ module }) => STORED.test(module ?? ''))),
  },
  *check({ apps, program, code }) {
    // others keep no id on the server: the cookie is the session
    const isServerSide = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(({ module }) => STORED.test(module ?? '')),
    );
    if (!isServerSide) return;
    const seen = new Set<string>();
    for (const route of apps.routes) {
      if (route.purpose !== 'credentials' || route.app.serving === 'no') continue;
      // who changes a password is logged in already
      if (/^(PUT|PATCH)$/.test(route.method) && apps.protectionOf(route, 'auth').state === 'present') continue;
      const functions = route.handlers.flatMap(({ node }) => {
        const fn = program.functionAt(node);
        return fn ? [...code.runs(fn)] : [];
      });
      const calls = functions.flatMap((fn) => code.callsIn(fn));
      const renews = calls.some((call) => {
        const value = program.valueOf(call);
        const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
        return (
          callee?.kind === 'member' &&
          (RENEWS.test(callee.property ?? '') ||
            // `promisify(req.session.regenerate.bind(req.session))`
            (/^(bind|call|apply)$/.test(callee.property ?? '') && RENEWS_BOUND.test(program.describe(call))))
        );
      });
      if (renews) continue;
      for (const { module, fact } of functions) {
        const id = module.facts.functions.indexOf(fact);
        for (const { property, object, value, block, at } of module.facts.writes) {
          if (property === undefined || !PRINCIPAL.test(property) || module.facts.blocks[block]?.function !== id)
            continue;
          if (!/^(req|request|ctx|context)\.session$/.test(program.describe(module.first + object))) continue;
          const known = program.constants(module.first + value)?.[0];
          const place = program.locationIn(module, at);
          const key = `${place.path}:${place.start}`;
          if (known === false || known === null || known === '' || seen.has(key)) continue;
          if (program.valueOf(module.first + value).kind === 'undefined') continue;
          seen.add(key);
          yield {
            at: place,
            message: `${route.method} ${route.path ?? 'this login'} writes session.${property} into the session there was before.`,
            trail: [{ at: route.pathAt, note: 'The login is registered here.' }],
          };
        }
      }
    }
  },
  examples: [
    bad('A login', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\napp.post('/login', async (req, res) => {\n  const user = await find(req.body);\n  «req.session.userId» = user.id;\n  res.redirect('/');\n});\napp.listen(3000);\n`,
    }),
    bad('In a controller of another file', {
      'app.ts': `import express, { Router } from 'express';\nimport session from 'express-session';\nimport { signIn } from './sign-in.ts';\nconst app = express();\nconst router = Router();\napp.use(session({ secret: process.env.SECRET ?? '' }));\nrouter.post('/sign-in', signIn);\napp.use('/auth', router);\napp.listen(3000);\n`,
      'sign-in.ts': `import type { Request, Response } from 'express';\nimport { check } from './users.ts';\nexport async function signIn(req: Request, res: Response) {\n  const user = await check(req.body.email, req.body.password);\n  if (!user) return res.sendStatus(401);\n  «req.session.user» = user;\n  res.json({});\n}\n`,
      'users.ts': `export const check = async (email: string, password: string) => ({ email, password });\n`,
    }),
    good('Who changes a password is logged in already', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\nconst isAuthenticated = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.put('/password', isAuthenticated, async (req, res) => {\n  const user = await change(req.session.user, req.body.next);\n  req.session.user = user;\n  res.json({});\n});\napp.listen(3000);\n`,
    }),
    good('A new one', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\napp.post('/login', async (req, res, next) => {\n  const user = await find(req.body);\n  req.session.regenerate((error) => {\n    if (error) return next(error);\n    req.session.userId = user.id;\n    res.redirect('/');\n  });\n});\napp.listen(3000);\n`,
    }),
    good('A new one, by a promise', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst { promisify } = require('node:util');\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\nconst renew = (req) => promisify(req.session.regenerate.bind(req.session))();\napp.post('/login', async (req, res) => {\n  await renew(req);\n  req.session.userId = 1;\n  res.redirect('/');\n});\napp.listen(3000);\n`,
    }),
    good('Passport does it; a cookie is the session; somebody logs out', {
      'app.js': `import express from 'express';\nimport session from 'express-session';\nimport passport from 'passport';\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\napp.post('/login', passport.authenticate('local'), (req, res) => res.redirect('/'));\napp.post('/profile', (req, res) => {\n  req.session.user = { ...req.session.user, name: req.body.name };\n  res.end();\n});\napp.post('/auth', (req, res) => {\n  req.session.user = null;\n  res.end();\n});\napp.listen(3000);\n`,
    }),
  ],
});
