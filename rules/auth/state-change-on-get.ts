import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const DELETES =
  /^(deleteOne|deleteMany|deleteById|findByIdAndDelete|findByIdAndRemove|findOneAndDelete|findOneAndRemove)$/;
const WRITES =
  /^(updateOne|updateMany|replaceOne|insertOne|insertMany|findByIdAndUpdate|findOneAndUpdate|findOneAndReplace|bulkCreate|sendMail)$/;
/** Of Prisma and Sequelize: what they are asked by tells them from those of a map or a cache. */
const BY_OBJECT = new Map([
  ['delete', 'where'],
  ['destroy', 'where'],
  ['update', 'where'],
  ['upsert', 'where'],
  ['create', 'data'],
]);
const PAYS = /^stripe\b.*\.((charges|refunds|transfers|payouts)\.create|subscriptions\.(cancel|del))$/;
const ASKS = /^(query|execute|run|raw|\$executeRaw|\$executeRawUnsafe|exec)$/;
const ERASES = /^\s*delete\s+from\b/i;
const ALTERS = /^\s*(update\s+\S+\s+set|insert\s+into|replace\s+into)\b/i;
/** A path that names what it does. */
const ACTION =
  /(^|[/_-])(delete|remove|destroy|cancel|add|create|update|save|approve|reject|ban|unban|promote|demote|transfer|pay|buy|refund|enable|disable|toggle|like|follow|unfollow|vote|publish|unpublish)([/_-]|$)/i;
/** What a GET does on purpose: links of a mail, ends of a login, counters, and jobs that are not for browsers. */
const MEANT =
  /(log-?out|sign-?out|call-?back|oauth|sso|saml|confirm|verif|activat|unsubscribe|opt-?out|token|invit|accept|reset|track|count|visit|click|pixel|cron|jobs?\b|webhook|:hash|:code|:key|health)/i;
const VISITOR = /^(session|user|isAuthenticated|currentUser|userId|cookies|signedCookies)$/;

export default defineRule({
  id: 'auth/state-change-on-get',
  ensures: 'To look at an address changes nothing.',
  severity: 'medium',
  roles: ['service'],
  cwe: 650,
  owasp: 'A01',
  why: `An image or a link on any other page makes the browser ask for the address, with the cookies of the visitor; \`SameSite=Lax\`
and tokens for forms do not look at GET. Previews and prefetching do it by accident.`,
  fix: "Register it with `post` or `delete`, and let a form or `fetch` send it with a token: `app.post('/items/:id/delete', csrf, …)`.",
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1',
    'https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html',
  ],
  needs: ['apps', 'program', 'code', 'flows'],
  about: {
    what: 'address to GET behind a session',
    isIn: ({ apps }) =>
      apps.routes.some(
        ({ method, chain }) =>
          method === 'GET' && chain.some(({ effects }) => effects.some(({ kind }) => kind === 'session')),
      ),
  },
  *check({ apps, program, code, flows }) {
    type Route = (typeof apps.routes)[number];
    type Fn = NonNullable<ReturnType<typeof program.functionAt>>;
    for (const route of apps.routes) {
      const own = route.handlers.at(-1);
      if (!own || route.method !== 'GET' || route.path === undefined || MEANT.test(route.path)) continue;
      if (route.app.serving === 'no' || route.condition === 'development') continue;
      const session = route.chain.find(({ effects }) =>
        effects.some(({ kind, by }) => kind === 'session' && by === 'package'),
      );
      const fn = program.functionAt(own.node);
      if (!session || !fn || staysHome(session.effects.find(({ kind }) => kind === 'session')?.options)) continue;
      const functions = code.runs(fn);
      const isAction = ACTION.test(route.path);
      const change = functions
        .flatMap((each) => code.callsIn(each))
        .map((call) => ({ call, does: effectOf(call) }))
        .find(({ call, does }) => does !== undefined && (isAction || (does === 'deletes' && isChosen(call))));
      if (!change) continue;
      const names = namesIn(functions);
      // it looks at the method itself, or at a token
      if (names.some((name) => name === 'method' || /csrf|xsrf|nonce/i.test(name))) continue;
      const asked = askedFor(route, names);
      if (asked === undefined) continue;
      yield {
        at: route.pathAt,
        message: `GET ${route.path} ${change.does}: an image on any site does it for whoever is logged in.`,
        trail: [{ at: program.locationOf(change.call), note: `It ${change.does} here.` }],
        ...(asked !== '' && { unsure: asked }),
      };
    }

    /** Undefined where the cookie lets nobody in; a text where that cannot be seen. */
    function askedFor(route: Route, names: readonly string[]): string | undefined {
      const guards = route.chain.filter(({ effects }) =>
        effects.some(({ kind }) => kind === 'auth' || kind === 'role'),
      );
      if (guards.length > 0) return guards.some((guard) => !isByHeader(guard)) ? '' : undefined;
      if (names.some((name) => VISITOR.test(name))) return '';
      const unseen = route.chain.find(({ effects }) => effects.some(({ kind }) => kind === 'unknown'));
      return unseen && `${unseen.name} cannot be seen, and may ask for more than the cookie.`;
    }

    function isByHeader({ node, name, effects }: Route['chain'][number]): boolean {
      if (
        effects.some(
          ({ by, package: from, call }) =>
            by === 'package' &&
            (/jwt|bearer|api-?key|oauth2|basic/i.test(`${from ?? ''} ${name}`) ||
              (call !== undefined &&
                /jwt|bearer|api-?key|basic/i.test(String(program.constants(program.argument(call, 0) ?? call)?.[0])))),
        )
      )
        return true;
      const fn = program.functionAt(node);
      const names = fn ? namesIn(code.runs(fn)) : [];
      return (
        names.some((each) => /^(authorization|x-api-key|x-access-token|x-auth-token)$/i.test(each)) &&
        !names.some((each) => VISITOR.test(each) && !each.startsWith('user'))
      );
    }

    function namesIn(functions: readonly Fn[]): readonly string[] {
      return functions.flatMap(({ module, fact }) =>
        module.facts.values.flatMap((value) => {
          if (value.at[0] < fact.at[0] || value.at[1] > fact.at[1]) return [];
          return value.kind === 'member'
            ? [value.property ?? '']
            : value.kind === 'literal'
              ? [String(value.value)]
              : [];
        }),
      );
    }

    function effectOf(call: number): string | undefined {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      const name = callee?.kind === 'member' ? callee.property : undefined;
      if (name === undefined || /session|cache/i.test(program.describe(call))) return undefined;
      if (code.apiOf(call).some((api) => PAYS.test(api))) return 'moves money';
      if (DELETES.test(name)) return 'deletes';
      if (WRITES.test(name)) return name === 'sendMail' ? 'sends mail' : 'writes';
      const key = BY_OBJECT.get(name);
      if (key !== undefined && [0, 1].some((index) => code.option(call, index, key).state === 'given'))
        return name.startsWith('de') ? 'deletes' : 'writes';
      const text = ASKS.test(name) ? beginning(program.argument(call, 0)) : undefined;
      return text === undefined ? undefined : ERASES.test(text) ? 'deletes' : ALTERS.test(text) ? 'writes' : undefined;
    }

    function beginning(node: number | undefined): string | undefined {
      if (node === undefined) return undefined;
      const [known] = program.constants(node) ?? [];
      if (typeof known === 'string') return known;
      const [origin] = program.origins(node);
      const value = origin === undefined ? undefined : program.valueOf(origin);
      const first = value?.kind === 'join' ? value.parts[0] : undefined;
      const [text] =
        origin === undefined || !first ? [] : (program.constants(program.child(origin, first.value)) ?? []);
      return typeof text === 'string' ? text : undefined;
    }

    /** What the client sends says which record. */
    function isChosen(call: number): boolean {
      const value = program.valueOf(call);
      return value.kind === 'call' && value.args.some(({ value: id }) => holdsReceived(program.child(call, id), 0));
    }

    function holdsReceived(node: number, depth: number): boolean {
      if (flows.received(node)?.path.some((part) => /^(params|param|query)$/.test(part)) === true) return true;
      if (depth > 3) return false;
      return program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        const inner =
          value.kind === 'object'
            ? value.properties
            : value.kind === 'join'
              ? value.parts
              : value.kind === 'array'
                ? value.items
                : [];
        return inner.some((each) => holdsReceived(program.child(origin, each.value), depth + 1));
      });
    }

    function staysHome(options: number | undefined): boolean {
      if (options === undefined) return false;
      const cookie = code.property(options, 'cookie');
      return [options, ...(cookie.state === 'given' ? [cookie.value] : [])].some((place) => {
        const option = code.property(place, 'sameSite');
        return (
          option.state === 'given' &&
          program.constants(option.value)?.some((each) => each === true || /^strict$/i.test(String(each))) !== false
        );
      });
    }
  },
  examples: [
    bad('Deleted by a link', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst mongoose = require('mongoose');\nconst Todo = mongoose.model('Todo', new mongoose.Schema({ text: String }));\nconst app = express();\napp.use(session({ secret: process.env.SECRET, cookie: { sameSite: 'lax' } }));\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.redirect('/login'));\napp.get(«'/todos/:id/delete'», requireUser, async (req, res) => {\n  await Todo.findByIdAndDelete(req.params.id);\n  res.redirect('/');\n});\napp.listen(3000);\n`,
    }),
    bad('SQL, in a function of another file', {
      'app.ts': `import express from 'express';\nimport session from 'express-session';\nimport { drop, pay } from './items.ts';\nconst app = express();\napp.use(session({ secret: process.env.SECRET ?? '' }));\napp.get(«'/items/:id/off'», async (req, res) => {\n  if (!req.session.user) return res.sendStatus(401);\n  await drop(req.params.id);\n  res.redirect('/');\n});\napp.get(«'/transfer'», async (req, res) => {\n  await pay(req.session.user, req.query.to);\n  res.redirect('/');\n});\napp.listen(3000);\n`,
      'items.ts': `import { Pool } from 'pg';\nconst pool = new Pool();\nexport const drop = (id: string) => pool.query('DELETE FROM items WHERE id = $1', [id]);\nexport const pay = (from: string, to: unknown) => pool.query('INSERT INTO payments VALUES ($1, $2)', [from, to]);\n`,
    }),
    good('Sent by a form; counters, mail links, the end of a session', {
      'app.js': `const express = require('express');\nconst session = require('express-session');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.redirect('/login'));\napp.post('/todos/:id/delete', requireUser, async (req, res) => res.json(await prisma.todo.delete({ where: { id: req.params.id } })));\napp.get('/posts/:id', requireUser, async (req, res) => res.json(await prisma.post.update({ where: { id: req.params.id }, data: { views: { increment: 1 } } })));\napp.get('/confirm/:token', requireUser, async (req, res) => res.json(await prisma.user.update({ where: { token: req.params.token }, data: { confirmed: true } })));\napp.get('/logout', requireUser, async (req, res) => {\n  await prisma.login.deleteMany({ where: { user: req.session.user } });\n  req.session.destroy(() => res.redirect('/'));\n});\napp.get('/todos', requireUser, async (req, res) => {\n  await prisma.todo.deleteMany({ where: { expires: { lt: new Date() } } });\n  res.json(await prisma.todo.findMany());\n});\napp.listen(3000);\n`,
    }),
    good('A cookie that stays home, a header, nobody is asked, a token', {
      'strict.js': `const express = require('express');\nconst session = require('express-session');\nconst { Todo } = require('./todo');\nconst app = express();\napp.use(session({ secret: process.env.SECRET, cookie: { sameSite: 'strict' } }));\napp.get('/delete/:id', (req, res) => (req.session.user ? Todo.deleteOne({ _id: req.params.id }) : res.sendStatus(401)));\napp.listen(3000);\n`,
      'bearer.js': `import Fastify from 'fastify';\nimport { Todo } from './todo.js';\nconst app = Fastify();\napp.addHook('onRequest', async (request, reply) => {\n  if (!request.headers.authorization) return reply.code(401).send();\n});\napp.get('/delete/:id', async (request) => Todo.deleteOne({ _id: request.params.id }));\napp.listen({ port: 3001 });\n`,
      'token.js': `const express = require('express');\nconst session = require('express-session');\nconst { Todo } = require('./todo');\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\napp.get('/delete/:id', (req, res) => {\n  if (req.query.csrf !== req.session.csrf) return res.sendStatus(403);\n  Todo.deleteOne({ _id: req.params.id }).then(() => res.redirect('/'));\n});\napp.listen(3002);\n`,
      'todo.js': `const mongoose = require('mongoose');\nexports.Todo = mongoose.model('Todo', new mongoose.Schema({ text: String }));\n`,
    }),
    unsure('A guard nobody can see', {
      'app.js': `import express from 'express';\nimport session from 'express-session';\nimport gate from 'house-gate';\nimport { MongoClient } from 'mongodb';\nconst todos = new MongoClient(process.env.MONGO ?? '').db().collection('todos');\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\napp.get(«'/remove'», gate(), async (req, res) => res.json(await todos.deleteOne({ name: req.query.name })));\napp.listen(3000);\n`,
    }),
  ],
});
