import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PASSWORD =
  /^(password|passwd|pwd|passphrase|(new|old|current|user)_?password|ssn|social_?security(_?number)?|card_?number|credit_?card|cvv|cvc)$/i;
const IN_URL =
  /[?&](password|passwd|pwd|passphrase|(new|old|current|user)_?password|ssn|card_?number|credit_?card|cvv|cvc)=$/i;

const TOKEN_IN_URL = /[?&#](access_?|auth_?|jwt_?)?(token|jwt)=$/i;

export default defineRule({
  id: 'exposure/sensitive-in-url-or-cookie',
  ensures: 'Passwords and numbers of cards never stand in a URL or a cookie.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 598,
  owasp: 'A04',
  why: `URLs are kept in histories, in the logs of every proxy and in the Referer of the next site; cookies lie on the disk and go
along with every request. Whoever reads one of them has the password.`,
  fix: 'Take it in the body of a POST over HTTPS, and keep nothing but the id of a session in the cookie.',
  references: ['https://owasp.org/www-community/vulnerabilities/Information_exposure_through_query_strings_in_url'],
  needs: ['flows', 'program', 'code'],
  *check({ flows, program, code }) {
    const seen = new Set<string>();
    for (const node of readings()) {
      const at = program.locationOf(node);
      const key = `${at.path} ${code.ownerOf(node)?.node ?? ''}`;
      if (seen.has(key) || code.isEnvironmentGuarded(node)) continue;
      seen.add(key);
      yield { at, severity: 'low', message: `${program.describe(node)} is read from the URL.` };
    }
    for (const content of cookies()) {
      const found = secretIn(content, 0);
      if (found !== undefined) yield { at: program.locationOf(content), message: `${found} is kept in a cookie.` };
    }
    for (const call of program.callsNamed('redirect')) {
      const value = program.valueOf(call);
      const target = value.kind === 'call' ? program.argument(call, value.args.length - 1) : undefined;
      const found = target === undefined ? undefined : secretInUrl(target);
      if (target !== undefined && found !== undefined)
        yield {
          at: program.locationOf(target),
          severity: 'low',
          message: `${found} is put into the URL of a redirect.`,
        };
    }

    /** `req.query.password`, `c.req.query('password')`, `searchParams.get('password')`. */
    function* readings() {
      for (const node of program.nodesOf('member')) {
        const value = program.valueOf(node);
        if (value.kind !== 'member' || !PASSWORD.test(value.property ?? '')) continue;
        const sent = flows.received(node);
        if (sent?.path.at(-2) === 'query' && sent.path.at(-1) === value.property) yield node;
      }
      for (const call of program.callsNamed('query', 'get')) {
        const [name] = program.constants(program.argument(call, 0) ?? call) ?? [];
        if (typeof name !== 'string' || !PASSWORD.test(name)) continue;
        if (/\b(req|request)\.query\(|\.searchParams\.get\(/.test(program.describe(call)) && flows.received(call))
          yield call;
      }
    }

    /** What is put into cookies. */
    function* cookies() {
      for (const call of program.callsNamed('cookie', 'setCookie', 'set')) {
        const value = program.valueOf(call);
        const callee = value.kind === 'call' ? program.describe(program.child(call, value.callee)) : '';
        const content = program.argument(call, 1);
        if (
          /^(res|reply|response)\b.*\.(cookie|setCookie)$|\bcookies(\(…?\))?\.set$/.test(callee) &&
          content !== undefined
        )
          yield content;
      }
      for (const call of program.callsTo('hono/cookie.setCookie')) {
        const content = program.argument(call, 2);
        if (content !== undefined) yield content;
      }
    }

    /** A password as it is, or in an object that is written out. */
    function secretIn(node: number, depth: number): string | undefined {
      for (const origin of depth > 3 ? [] : program.origins(node)) {
        const value = program.valueOf(origin);
        if (value.kind === 'member' && PASSWORD.test(value.property ?? '')) return program.describe(origin);
        const inner =
          value.kind === 'object'
            ? value.properties.filter(({ kind }) => kind === 'value').map((each) => each.value)
            : [];
        if (value.kind === 'call' && code.apiOf(origin).includes('JSON.stringify'))
          inner.push(value.args[0]?.value ?? 0);
        for (const each of inner) {
          const found = secretIn(program.child(origin, each), depth + 1);
          if (found !== undefined) return found;
        }
      }
      return undefined;
    }

    /** A password, or a token that logs in, behind the name of a parameter. */
    function secretInUrl(target: number): string | undefined {
      for (const origin of program.origins(target)) {
        const value = program.valueOf(origin);
        const parts = value.kind === 'join' ? value.parts.map((part) => program.child(origin, part.value)) : [];
        for (const [index, part] of parts.entries()) {
          const before = parts[index - 1];
          const [text] = before === undefined ? [] : (program.constants(before) ?? []);
          if (typeof text !== 'string' || program.constants(part) !== undefined) continue;
          if (IN_URL.test(text)) return program.describe(part);
          if (TOKEN_IN_URL.test(text) && program.apis(part).includes('jsonwebtoken.sign()')) return 'A signed token';
          const name = program.describe(part);
          if (TOKEN_IN_URL.test(text) && /(^|\.)(access_?token|refresh_?token|jwt)$/i.test(name)) return name;
        }
      }
      return undefined;
    }
  },
  examples: [
    bad('A token of whoever logged in with another provider', {
      'app.ts': `import express from 'express';\nimport { issue } from './tokens.ts';\nconst app = express();\napp.get('/done', (req, res) => {\n  const tokens = issue(req.user);\n  res.redirect(«\`\${process.env.FRONT}/done?token=\${tokens.accessToken}\`»);\n});\napp.listen(3000);\n`,
      'tokens.ts': `export declare const issue: (user: unknown) => { accessToken: string };\n`,
    }),
    bad('A login with GET', {
      'app.js': `
const express = require('express');
const app = express();
app.get('/login', async (req, res) => {
  if (await check(req.query.user, «req.query.password»)) res.json({});
  else res.sendStatus(401);
});
app.get('/sign-in', async (req, res) => {
  const { name, «password» } = req.query;
  res.json(await check(name, password));
});
app.listen(3000);
`,
    }),
    bad('In cookies and redirects', {
      'app.js': `
const express = require('express');
const jwt = require('jsonwebtoken');
const app = express();
app.post('/login', (req, res) => {
  res.cookie('remember', «JSON.stringify({ name: req.body.name, password: req.body.password })»);
  res.cookie('pw', «req.body.password», { httpOnly: true, secure: true });
  res.redirect(«'/again?name=' + req.body.name + '&password=' + req.body.password»);
});
app.get('/callback', (req, res) => {
  const token = jwt.sign({ sub: req.user.id }, process.env.KEY, { expiresIn: '1h' });
  res.redirect(«\`\${process.env.FRONT}/done?token=\${token}\`»);
});
app.listen(3000);
`,
    }),
    bad('In Hono and Koa', {
      'app.ts': `
import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
const app = new Hono();
app.post('/login', async (c) => {
  const body = await c.req.json();
  setCookie(c, 'user', «JSON.stringify({ password: body.password })», { httpOnly: true, secure: true });
  return c.text('ok');
});
export default app;
`,
      'koa.ts': `
import Koa from 'koa';
const app = new Koa();
app.use(async (ctx) => {
  ctx.cookies.set('p', «ctx.request.body.password»);
});
app.listen(3000);
`,
    }),
    good('In the body; ids, codes and states', {
      'app.js': `
const express = require('express');
const app = express();
app.post('/login', async (req, res) => {
  const { name, password } = req.body;
  res.cookie('sid', await open(name, password), { httpOnly: true, secure: true, sameSite: 'lax' });
  res.redirect('/home?name=' + encodeURIComponent(name));
});
app.get('/callback', (req, res) => res.redirect('/next?code=' + req.query.code + '&state=' + req.query.state));
app.get('/verify', (req, res) => res.json(find(req.query.token)));
app.get('/form', (req, res) => res.redirect('/login?password=changed'));
app.listen(3000);
`,
    }),
    good('Settings, filters and what is encrypted', {
      'app.ts': `
import Fastify from 'fastify';
import { seal } from './seal.ts';
const app = Fastify();
const database = { query: { password: process.env.PASSWORD } };
app.get('/', async (request, reply) => {
  const seen = new Map<string, string>();
  seen.set('password', database.query.password ?? '');
  reply.setCookie('s', await seal(request), { httpOnly: true, secure: true });
  return { hasPassword: database.query.password !== undefined };
});
await app.listen({ port: 3000 });
`,
      'seal.ts': `import Iron from '@hapi/iron';\nexport const seal = (request: { body: { password: string } }) => Iron.seal({ password: request.body.password }, String(process.env.KEY), Iron.defaults);\n`,
    }),
  ],
});
