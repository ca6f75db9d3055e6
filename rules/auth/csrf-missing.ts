import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const PRINCIPAL =
  /^(user|user_?id|uid|account|account_?id|logged_?in|is_?logged_?in|is_?auth\w*|authenticated|username|email|admin|login|role|member)$/i;
const CHANGES = /^(POST|PUT|PATCH|DELETE|ALL)$/;
const KEEPS_HOME = ['lax', 'strict', true, 'Lax', 'Strict'];
/** Headers other sites cannot set, or cannot make up. */
const ASKED = /^(origin|referer|sec-fetch-site|x-requested-with|x-csrf-token|x-xsrf-token|csrf-token)$/i;

export default defineRule({
  id: 'auth/csrf-missing',
  ensures: 'Another site cannot act with the cookies of a visitor.',
  severity: 'medium',
  roles: ['service'],
  cwe: 352,
  owasp: 'A01',
  why: `The browser adds the session cookie to every request to this site, whoever made it. A form on any other page a visitor
opens can change their data here, and nothing tells it from theirs.`,
  fix: "Set `sameSite: 'lax'` on the session cookie, and add a token to forms (`csrf-sync`, `csrf-csrf`, `@fastify/csrf-protection`), or compare `Origin`.",
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html'],
  needs: ['apps', 'program', 'code'],
  about: {
    what: 'session in a cookie',
    isIn: ({ apps }) =>
      apps.apps.some(({ links }) => links.some(({ effects }) => effects.some(({ kind }) => kind === 'session'))),
  },
  *check({ apps, program, code }) {
    const isPrincipal = [...program.modules.values()].some(({ facts, first }) =>
      facts.writes.some(
        ({ property, object }) =>
          property !== undefined && PRINCIPAL.test(property) && /\bsession$/.test(program.describe(first + object)),
      ),
    );
    const asked = [...program.modules.values()].some(({ facts }) =>
      facts.values.some(
        (value) =>
          (value.kind === 'literal' &&
            typeof value.value === 'string' &&
            /^(sec-fetch-site|x-requested-with|x-csrf-token|x-xsrf-token)$/i.test(value.value)) ||
          (value.kind === 'member' &&
            value.property !== undefined &&
            ASKED.test(value.property) &&
            isHeaders(facts.values[value.object])),
      ),
    );
    for (const app of apps.apps) {
      if (app.serving === 'no') continue;
      const session = app.links
        .flatMap((link) => link.effects.map((effect) => ({ link, effect })))
        .find(
          ({ effect, link }) =>
            effect.kind === 'session' && effect.by === 'package' && link.condition !== 'development',
        );
      if (!session) continue;
      const identified =
        isPrincipal ||
        app.links.some(({ effects, name }) => effects.some(({ kind }) => kind === 'identity') && /session/.test(name));
      if (!identified || keepsHome(session.effect.options)) continue;
      const open = app.routes.filter(
        (route) =>
          CHANGES.test(route.method) &&
          route.purpose === 'other' &&
          route.condition !== 'development' &&
          route.chain.some(({ node }) => node === session.link.node) &&
          !route.chain.some((link) => isByHeader(link)),
      );
      const judged = open.map((route) => ({ route, protection: apps.protectionOf(route, 'csrf') }));
      const bare = judged.filter(({ protection }) => protection.state !== 'present');
      const [first] = bare;
      // a guard that comes late or covers a part is another matter
      if (!first) continue;
      const absent = bare.filter(({ protection }) => protection.state === 'absent');
      const unclear = first.protection.state === 'unknown' ? first.protection.because : undefined;
      const forms = app.links
        .concat(app.routes.flatMap(({ handlers }) => handlers))
        .some(({ effects, level }) =>
          effects.some(
            ({ kind, format }) => (kind === 'upload' && level === 'route') || (kind === 'body' && format !== 'json'),
          ),
        );
      const elsewhere = [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => /csrf|csurf|lusca/i.test(module ?? '')),
      );
      const reason =
        absent.length === 0
          ? `${unclear ?? 'something on the way'}, and may do it.`
          : asked
            ? 'the code asks for a header that other sites cannot set; whether for these routes cannot be seen.'
            : elsewhere
              ? 'a package against it is imported, and where it is used cannot be followed.'
              : forms || app.framework === 'koa'
                ? undefined
                : 'only JSON is read, which a form of another site cannot send; requests without a body still pass.';
      const one = (absent[0] ?? first).route;
      const more = bare.length > 1 ? ` and ${bare.length - 1} more` : '';
      yield {
        at: session.link.at,
        message: `The session cookie alone says who sends ${one.method} ${one.path ?? '?'}${more}: another site can send it as well.`,
        ...(reason !== undefined && { unsure: reason }),
        trail: bare
          .slice(0, 5)
          .map(({ route }) => ({ at: route.pathAt, note: `${route.method} ${route.path ?? '?'} asks for no token.` })),
      };
    }

    /** A guard that asks for a header: no other site sets that one. */
    function isByHeader({ node, name, effects }: (typeof apps.routes)[number]['chain'][number]): boolean {
      const guard = effects.find(({ kind }) => kind === 'auth' || kind === 'role');
      if (!guard) return false;
      if (guard.by === 'package')
        return (
          /jwt|bearer|api-?key|oauth2/i.test(`${guard.package ?? ''} ${name}`) ||
          (guard.call !== undefined &&
            /jwt|bearer|api-?key/i.test(String(program.constants(program.argument(guard.call, 0) ?? guard.call)?.[0])))
        );
      const fn = program.functionAt(node);
      const names = (fn ? code.runs(fn) : []).flatMap(({ module, fact }) =>
        module.facts.values.flatMap((value) => {
          if (value.at[0] < fact.at[0] || value.at[1] > fact.at[1]) return [];
          return value.kind === 'member'
            ? [value.property ?? '']
            : value.kind === 'literal'
              ? [String(value.value)]
              : [];
        }),
      );
      return (
        names.some((each) => /^(authorization|x-api-key|x-access-token|x-auth-token)$/i.test(each)) &&
        !names.some((each) => /^(session|cookies|signedCookies|isAuthenticated)$/.test(each))
      );
    }

    function isHeaders(value: { readonly kind: string; readonly property?: string } | undefined): boolean {
      return value?.kind === 'member' && value.property === 'headers';
    }

    function keepsHome(options: number | undefined): boolean {
      if (options === undefined) return false;
      const cookie = code.property(options, 'cookie');
      return [options, ...(cookie.state === 'given' ? [cookie.value] : [])].some((place) => {
        const option = code.property(place, 'sameSite');
        if (option.state === 'unknown') return true;
        const known = option.state === 'given' ? program.constants(option.value) : [false];
        return known === undefined || known.some((each) => KEEPS_HOME.some((word) => word === each));
      });
    }
  },
  examples: [
    bad('Sessions and a form', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\napp.use(express.urlencoded({ extended: false }));\n«app.use(session({ secret: process.env.SECRET, cookie: { secure: true } }))»;\napp.post('/login', (req, res) => {\n  req.session.userId = 1;\n  res.redirect('/');\n});\napp.post('/transfer', (req, res) => res.send('ok'));\napp.listen(3000);\n`,
    }),
    bad('Passport, a router of another file', {
      'app.ts': `import express from 'express';\nimport session from 'express-session';\nimport passport from 'passport';\nimport { account } from './account.ts';\nconst app = express();\n«app.use(session({ secret: process.env.SECRET ?? '', cookie: { sameSite: 'none', secure: true } }))»;\napp.use(passport.initialize());\napp.use(passport.session());\napp.use(express.urlencoded());\napp.use('/account', account);\napp.listen(3000);\n`,
      'account.ts': `import { Router } from 'express';\nexport const account = Router();\naccount.post('/email', (req, res) => res.send('ok'));\n`,
    }),
    good('A token, SameSite, bearer', {
      'a.js': `const express = require('express');\nconst session = require('express-session');\nconst { csrfSync } = require('csrf-sync');\nconst app = express();\napp.use(express.urlencoded());\napp.use(session({ secret: process.env.SECRET }));\napp.use(csrfSync().csrfSynchronisedProtection);\napp.post('/transfer', (req, res) => res.send((req.session.user = 'a')));\napp.listen(3000);\n`,
      'b.js': `import express from 'express';\nimport session from 'express-session';\nconst app = express();\napp.use(express.urlencoded());\napp.use(session({ secret: process.env.SECRET, cookie: { sameSite: 'lax' } }));\napp.post('/transfer', (req, res) => res.send((req.session.user = 'a')));\napp.listen(3001);\n`,
      'c.js': `import express from 'express';\nconst app = express();\napp.use(express.urlencoded());\napp.post('/transfer', (req, res) => res.send(req.headers.authorization));\napp.listen(3002);\n`,
    }),
    good('A token of the project itself; a basket nobody is logged in for', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\nconst checkCsrf = (req, res, next) => {\n  if (req.body.csrf !== req.session.csrf) return res.sendStatus(403);\n  next();\n};\napp.use(express.urlencoded());\napp.use(session({ secret: process.env.SECRET }));\napp.use(checkCsrf);\napp.post('/transfer', (req, res) => res.send((req.session.user = 'a')));\napp.listen(3000);\n`,
    }),
    good('The guard asks for a header', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst jwt = require('jsonwebtoken');\nconst app = express();\nconst requireUser = (req, res, next) => {\n  if (!jwt.verify(req.headers.authorization, process.env.KEY)) return res.sendStatus(401);\n  next();\n};\napp.use(express.urlencoded());\napp.use(session({ secret: process.env.SECRET }));\napp.post('/login', (req, res) => res.send((req.session.user = 'a')));\napp.post('/transfer', requireUser, (req, res) => res.send('ok'));\napp.listen(3000);\n`,
    }),
    good('Nobody logs in', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\napp.use(express.urlencoded());\napp.use(session({ secret: process.env.SECRET }));\napp.post('/cart', (req, res) => res.send((req.session.cart = [])));\napp.listen(3000);\n`,
    }),
    unsure('Nothing but JSON', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst app = express();\napp.use(express.json());\n«app.use(session({ secret: process.env.SECRET }))»;\napp.post('/login', (req, res) => res.json((req.session.user = 1)));\napp.post('/transfer', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
  ],
});
