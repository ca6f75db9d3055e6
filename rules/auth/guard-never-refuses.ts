import { bad, defineRule, good } from '../../src/rule/rule.ts';

const GUARD =
  /^(require|ensure|must|enforce|protect|guard|only|check|verify|is|restrict)_?(be_?)?\w*(auth|login|logged|user|admin|session|token|role|permission|jwt|signed)\w*$|^(protect|guard|auth(enticate|orize)?|requireAuth)$/i;
const OPTIONAL = /optional|maybe|soft|attach|load|extract|parse|decode|current|fake|mock|dev|csrf|xsrf/i;

export default defineRule({
  id: 'auth/guard-never-refuses',
  ensures: 'What is called a guard refuses somebody.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 863,
  owasp: 'A01',
  why: 'The routes look guarded, and everybody who reads them believes it. The guard lets every request through.',
  fix: 'Answer 401 where the caller is not known, and call `next()` only where they are.',
  references: ['https://cwe.mitre.org/data/definitions/863.html'],
  needs: ['apps', 'program', 'code'],
  *check({ apps, program, code }) {
    const seen = new Set<number>();
    for (const route of apps.routes) {
      if (route.app.serving === 'no' || route.condition === 'development') continue;
      const own = route.handlers.at(-1);
      for (const link of route.chain) {
        const fn = link === own || link.forErrors ? undefined : program.functionAt(link.node);
        const name = link.name.slice(link.name.lastIndexOf('.') + 1);
        if (!fn || seen.has(link.node) || !GUARD.test(name) || OPTIONAL.test(name)) continue;
        seen.add(link.node);
        // nothing it does can end a request
        if (!link.effects.every(({ kind }) => kind === 'none')) continue;
        const all = code.runs(fn);
        const ends =
          all.some((each) => code.throwsIn(each).length > 0) ||
          all
            .flatMap((each) => code.callsIn(each))
            .some((call) => {
              const value = program.valueOf(call);
              const isPassing = /^(next|done)$/.test(
                program.describe(value.kind === 'call' ? program.child(call, value.callee) : call),
              );
              return (
                value.kind === 'call' &&
                !(isPassing && value.args.length === 0) &&
                program.callees(call).length === 0 &&
                !/^(console|log|logger|JSON|Object|Date|String|Number)\b/.test(program.describe(call))
              );
            });
        const passes = all
          .flatMap((each) => code.callsIn(each))
          .some((call) => /^(next|done)\(\)$/.test(program.describe(call)));
        if (ends || !passes) continue;
        yield {
          at: program.locationOf(link.node),
          message: `${link.name} lets every request through: nothing in it refuses one.`,
          trail: [{ at: link.at, note: `${route.method} ${route.path ?? '?'} relies on it.` }],
        };
      }
    }
  },
  examples: [
    bad('To be written later', {
      'app.js': `const express = require('express');\nconst { requireAuth } = require('./auth');\nconst app = express();\napp.get('/orders', requireAuth, (req, res) => res.json([]));\napp.listen(3000);\n`,
      'auth.js': `exports.requireAuth = «(req, res, next) => {\n  console.log('auth', req.path);\n  next();\n}»;\n`,
    }),
    bad('Both ways lead on', {
      'app.ts': `import { Router } from 'express';\nimport express from 'express';\nconst app = express();\nconst api = Router();\nconst isAdmin = «(req: any, res: any, next: () => void) => {\n  if (req.user && req.user.admin) return next();\n  next();\n}»;\napi.delete('/users/:id', isAdmin, (req, res) => res.json({}));\napp.use(api);\napp.listen(3000);\n`,
    }),
    good('Refuses, throws, or asks somebody else', {
      'app.js': `const express = require('express');\nconst lib = require('@acme/auth');\nconst app = express();\nconst requireUser = (req, res, next) => (req.user ? next() : res.sendStatus(401));\nconst requireAdmin = (req, res, next) => {\n  if (!req.user.admin) throw new Error('No.');\n  next();\n};\nconst checkSession = (req, res, next) => {\n  lib.check(req);\n  next();\n};\napp.get('/a', requireUser, requireAdmin, checkSession, (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    good('Finds out who calls, and says so by its name', {
      'app.js': `import express from 'express';\nconst app = express();\nconst loadUser = (req, res, next) => {\n  req.user = req.session.user;\n  next();\n};\nconst optionalAuth = (req, res, next) => next();\napp.get('/a', loadUser, optionalAuth, (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
  ],
});
