import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Below 0.6: https://github.com/jaredhanson/passport/blob/master/CHANGELOG.md */
const BEFORE = /^[\^~=v]{0,2}0\.[0-5](\.|$)/;

export default defineRule({
  id: 'auth/passport-keeps-session',
  control: 'auth/session-fixation',
  ensures: 'Passport gives whoever logs in a new session.',
  severity: 'medium',
  roles: ['service'],
  cwe: 384,
  owasp: 'A07',
  why: `Before version 0.6, Passport writes the user into the session there was before the login. Whoever planted the id of that
session in the browser of a victim is logged in together with them.`,
  fix: 'Update passport to 0.7, or call `req.session.regenerate(…)` before `req.login(…)`.',
  references: [
    'https://github.com/advisories/GHSA-v923-w3x8-wh69',
    'https://owasp.org/www-community/attacks/Session_fixation',
  ],
  needs: ['manifests', 'apps', 'program'],
  about: {
    what: 'session of Passport',
    isIn: ({ program }) => program.callsTo('passport.session', 'passport.Passport().session').length > 0,
  },
  *check({ manifests, apps, program }) {
    const [kept] = program.callsTo('passport.session', 'passport.Passport().session');
    if (kept === undefined || program.callsTo(/\.session\.regenerate$/).length > 0) return;
    const renews = program.calls.some((call) => program.describe(call).includes('session.regenerate'));
    const at = manifests.above(program.moduleOf(kept).path);
    const dependency = at?.dependencies.find(({ name }) => name === 'passport');
    if (renews || !dependency || !BEFORE.test(dependency.range)) return;
    const login = apps.routes.find(
      ({ purpose, chain }) => purpose === 'credentials' && chain.some(({ name }) => /authenticate/.test(name)),
    );
    yield {
      at: program.locationOf(kept),
      message: `passport ${dependency.range} keeps the session there was before the login.`,
      trail: [
        ...(login ? [{ at: login.pathAt, note: `${login.method} ${login.path ?? 'This route'} logs in.` }] : []),
        { at: dependency.at, note: 'The version is asked for here.' },
      ],
    };
  },
  examples: [
    bad('An old version', {
      'package.json': '{ "name": "a", "dependencies": { "passport": "^0.4.0", "express-session": "^1.17.0" } }\n',
      'app.js': `const app = require('express')();\nconst passport = require('passport');\napp.use(require('express-session')({ secret: process.env.KEY }));\napp.use(passport.initialize());\napp.use(«passport.session()»);\napp.post('/login', passport.authenticate('local'), (req, res) => res.redirect('/'));\napp.listen(3000);\n`,
    }),
    bad('An old version, handed to the module that sets it up', {
      'package.json': '{ "name": "a", "dependencies": { "passport": "~0.5.3" } }\n',
      'server.ts': `import express from 'express';\nimport passport from 'passport';\nimport { setUp } from './set-up.ts';\nconst app = express();\nsetUp(app, passport);\napp.listen(3000);\n`,
      'set-up.ts': `import type { Express } from 'express';\nimport type { PassportStatic } from 'passport';\nexport function setUp(app: Express, passport: PassportStatic) {\n  app.use(passport.initialize());\n  app.use(«passport.session()»);\n}\n`,
    }),
    good('A version that makes a new one', {
      'package.json': '{ "name": "a", "dependencies": { "passport": "^0.7.0" } }\n',
      'app.js': `const app = require('express')();\nconst passport = require('passport');\napp.use(passport.initialize());\napp.use(passport.session());\napp.listen(3000);\n`,
    }),
    good('An old version without sessions', {
      'package.json': '{ "name": "a", "dependencies": { "passport": "^0.4.1" } }\n',
      'app.js': `const app = require('express')();\nconst passport = require('passport');\napp.get('/me', passport.authenticate('jwt', { session: false }), (req, res) => res.json(req.user));\napp.listen(3000);\n`,
    }),
    good('An old version, and a new session of their own', {
      'package.json': '{ "name": "a", "dependencies": { "passport": "0.5.0" } }\n',
      'app.js': `const app = require('express')();\nconst passport = require('passport');\napp.use(passport.session());\napp.post('/login', (req, res, next) => req.session.regenerate(next), passport.authenticate('local'), (req, res) => res.redirect('/'));\napp.listen(3000);\n`,
    }),
  ],
});
