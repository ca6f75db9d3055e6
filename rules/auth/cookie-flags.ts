import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Names of cookies that are a login. */
const LOGIN =
  /^(__(host|secure)-)?((app|user|admin|api|login|my)[-_.]?)?(sid|sess(ion)?[-_]?(id|token)?|connect\.sid|auth|jwt|(id|access|refresh|auth|remember)?[-_]?token|remember([-_]?me)?|bearer)$/i;
/** What stands for a cookie that is taken away. */
const EMPTY = /^(|deleted?|logged[-_ ]?out|none|null)$/i;
const JWT = /^(jsonwebtoken\.sign|jose\.SignJWT\(\).*\.sign)\(\)$/;
const FLAGS: readonly string[] = ['httpOnly', 'secure'];
const HAPI_FLAGS: readonly string[] = ['isHttpOnly', 'isSecure'];

/** Functions and methods of packages: where the name stands among the arguments, and the options. Nothing is on of itself. */
const PACKAGES = [
  { api: /^(hono\/cookie|h3)\.setCookie$/, name: 1, options: 3 },
  { api: /^hono\/cookie\.setSignedCookie$/, name: 1, options: 4 },
  {
    api: /^next\/headers\.cookies\(\)\.set$|^next\/server\.NextResponse(\.\w+)?\(\)\.cookies\.set$/,
    name: 0,
    options: 2,
  },
  { api: /^cookie\.serialize$/, name: 0, options: 2 },
] as const;

export default defineRule({
  id: 'auth/cookie-flags',
  ensures: 'Cookies that log somebody in travel over HTTPS only and are out of the reach of scripts.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['service', 'function'],
  cwe: 1004,
  owasp: 'A02',
  why: `The cookie is the login. Without \`httpOnly\` any script that gets into a page can send it elsewhere; without \`secure\` it
goes over the wire in the clear on the first plain request. Browsers refuse \`sameSite: 'none'\` without \`secure\`.`,
  fix: `Set \`{ httpOnly: true, secure: true, sameSite: 'lax' }\` where the cookie is written.`,
  references: [
    'https://developer.mozilla.org/docs/Web/HTTP/Guides/Cookies',
    'https://expressjs.com/en/api.html#res.cookie',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const { call, name, options: place, isSafe, flags } of written()) {
      const first = program.argument(call, name);
      if (first === undefined || code.argument(call, place).state === 'unknown') continue;
      // `set({ name, value, … })`
      const named = code.property(first, 'name');
      const isObject = named.state === 'given' && program.argument(call, name + 1) === undefined;
      const [text] = program.constants(isObject ? named.value : first) ?? [];
      const content = isObject ? code.property(first, 'value') : code.argument(call, name + 1);
      if (typeof text !== 'string' || content.state !== 'given' || isEmpty(content.value)) continue;
      if (!LOGIN.test(text) && !program.apis(content.value).some((api) => JWT.test(api))) continue;
      const options = code.argument(call, isObject ? name : place);
      const known = (option: string): readonly unknown[] | undefined => {
        const found = options.state === 'given' ? code.property(options.value, option) : options;
        if (found.state === 'absent') return isSafe ? [true] : fromPlugin(option);
        return found.state === 'given' ? program.constants(found.value) : undefined;
      };
      const missing = flags.filter((flag) => known(flag)?.every((each) => !each) === true);
      if (missing.length === 0 || known('maxAge')?.[0] === 0 || code.isEnvironmentGuarded(call)) continue;
      const isPlain = missing.includes('secure') || missing.includes('isSecure');
      const isRefused = isPlain && /^none$/i.test(String((known('sameSite') ?? [])[0]));
      yield {
        at: program.locationOf(options.state === 'given' ? options.value : call),
        message: `The cookie ${text} is set ${isRefused ? 'for other sites as well, ' : ''}without ${missing.join(' and ')}.`,
        ...(missing.length === 1 && isPlain && !isRefused && { severity: 'low' as const }),
      };
    }

    /** `register(cookie, { parseOptions: { … } })` of Fastify says it for all. */
    function fromPlugin(option: string): readonly unknown[] | undefined {
      for (const call of program.callsNamed('register')) {
        const plugin = program.argument(call, 0);
        if (plugin === undefined || !program.apis(plugin).some((api) => /^(@fastify\/|fastify-)cookie/.test(api)))
          continue;
        const all = code.option(call, 1, 'parseOptions');
        if (all.state !== 'given') continue;
        const found = code.property(all.value, option);
        if (found.state === 'given') return program.constants(found.value);
      }
      return [false];
    }

    function isEmpty(node: number): boolean {
      const given = program.constants(node)?.[0];
      return given === null || (typeof given === 'string' && EMPTY.test(given));
    }

    /** Every call that sets a cookie: where its name stands among the arguments, its options, and what they are if not given. */
    function written() {
      const found = [
        ...PACKAGES.flatMap(({ api, name, options }) =>
          program.callsTo(api).map((call) => ({ call, name, options, isSafe: false, flags: FLAGS })),
        ),
        ...program
          .callsNamed('cookie', 'setCookie')
          .filter(isOfResponse)
          .map((call) => ({ call, name: 0, options: 2, isSafe: false, flags: FLAGS })),
        ...program
          .callsNamed('set')
          .filter(isOfContext)
          .map((call) => ({ call, name: 0, options: 2, isSafe: true, flags: FLAGS })),
        // `server.state(name, options)`, `h.state(name, value, options)`
        ...program.callsNamed('state').map((call) => ({
          call,
          name: 0,
          options: program.argument(call, 2) === undefined ? 1 : 2,
          isSafe: true,
          flags: HAPI_FLAGS,
        })),
      ];
      return new Map(found.toReversed().map((each) => [each.call, each])).values();
    }

    function receiver(call: number): number | undefined {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' && !value.new ? program.child(call, value.callee) : call;
      const member = program.valueOf(callee);
      return member.kind === 'member' ? program.child(callee, member.object) : undefined;
    }

    /** A response is a parameter; jars of HTTP clients and test agents are not. */
    function isOfResponse(call: number): boolean {
      const object = receiver(call);
      const kind = object === undefined ? undefined : program.valueOf(object).kind;
      return kind === 'param' || (kind === 'call' && /\b(res|reply|response)\b/.test(program.describe(call)));
    }

    /** `ctx.cookies.set` of Koa, `event.cookies.set` of SvelteKit: safe unless told otherwise. */
    function isOfContext(call: number): boolean {
      const jar = receiver(call);
      const member = jar === undefined ? undefined : program.valueOf(jar);
      if (jar === undefined || member?.kind !== 'member' || member.property !== 'cookies') return false;
      return program.valueOf(program.child(jar, member.object)).kind === 'param';
    }
  },
  examples: [
    bad('No options at all', {
      'app.js': `
const express = require('express');
const app = express();
app.post('/login', (req, res) => {
  «res.cookie('token', sign(req.body))»;
  res.json({});
});
app.listen(3000);
`,
    }),
    bad('Options without httpOnly, a constant away', {
      'login.ts': `
import type { Request, Response } from 'express';
const NAME = 'session';
const options = «{ secure: true, maxAge: 3600 }»;
export function login(req: Request, res: Response) {
  res.status(200).cookie('theme', 'dark');
  res.cookie(NAME, create(req), options);
}
`,
    }),
    good('All of them, or decided where it runs', {
      'app.js': `
const express = require('express');
const config = require('./config');
const app = express();
app.post('/login', (req, res) => {
  res.cookie('token', sign(req.body), { httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'lax' });
  res.cookie('refresh_token', sign(req.body), config.cookie);
  res.json({});
});
app.post('/logout', (req, res) => res.cookie('token', '', { maxAge: 0 }).end());
app.listen(3000);
`,
      'config.js': `module.exports = { cookie: { httpOnly: true, secure: process.env.SECURE !== 'no' } };`,
    }),
    good('Cookies that are no login, and jars', {
      'app.js': `
const { CookieJar } = require('tough-cookie');
const app = require('express')();
const jar = new CookieJar();
jar.setCookie('token', 'x');
app.get('/', (req, res) => {
  res.cookie('theme', 'dark');
  res.cookie('XSRF-TOKEN', req.csrfToken());
  res.end();
});
app.listen(3000);
`,
    }),
    bad('Hono and Next, whose cookies carry no flags of themselves', {
      'app.ts': `
import { Hono } from 'hono';
import { setCookie, setSignedCookie } from 'hono/cookie';
const app = new Hono();
app.post('/login', async (c) => {
  «setCookie(c, 'session_id', await open(c))»;
  await setSignedCookie(c, 'auth-token', 'x1', process.env.KEY ?? '', «{ httpOnly: true, path: '/' }»);
  return c.text('ok');
});
export default app;
`,
      'app/login/route.ts': `
import { cookies } from 'next/headers';
import { NextResponse } from 'next/server';
export async function POST(request: Request) {
  const store = await cookies();
  store.set('token', await issue(request), «{ path: '/' }»);
  «cookies().set('session', await issue(request))»;
  store.set(«{ name: 'sid', value: await issue(request), sameSite: 'none', httpOnly: true }»);
  const response = NextResponse.json({ ok: true });
  response.cookies.set('access_token', await issue(request), «{ maxAge: 3600 }»);
  response.cookies.set('refresh_token', '', { maxAge: 0 });
  response.cookies.set('locale', 'en');
  return response;
}
`,
    }),
    bad('Koa, hapi and Fastify, told to leave one out', {
      'app.ts': `
import Koa from 'koa';
import Hapi from '@hapi/hapi';
import Fastify from 'fastify';
import jwt from 'jsonwebtoken';
const app = new Koa();
app.use(async (ctx) => {
  ctx.cookies.set('sid', await open(ctx), «{ httpOnly: false }»);
});
app.listen(3000);
const server = Hapi.server({ port: 3001 });
server.state('session', «{ isSecure: false, encoding: 'iron' }»);
const api = Fastify();
api.post('/login', async (request, reply) => {
  const token = jwt.sign({ id: 1 }, process.env.KEY ?? '');
  reply.setCookie('account', token, «{ path: '/' }»);
  return reply.send({});
});
api.listen({ port: 3002 });
`,
    }),
    bad('Written out by the cookie package', {
      'app.js': `
const http = require('node:http');
const cookie = require('cookie');
http.createServer((req, res) => {
  res.setHeader('Set-Cookie', «cookie.serialize('sid', open(req))»);
  res.end();
}).listen(3000);
`,
    }),
    good('Said once, where the plugin of Fastify is registered', {
      'app.ts': `
import Fastify from 'fastify';
import cookie from '@fastify/cookie';
const app = Fastify();
await app.register(cookie, { secret: process.env.KEY, parseOptions: { httpOnly: true, secure: true, sameSite: 'lax' } });
app.post('/login', async (request, reply) => reply.setCookie('token', await issue(request)).send({}));
await app.listen({ port: 3000 });
`,
    }),
    good('Libraries that are safe of themselves, and what is decided where it runs', {
      'app.ts': `
import Koa from 'koa';
import Hapi from '@hapi/hapi';
const app = new Koa();
app.use(async (ctx) => {
  ctx.cookies.set('sid', await open(ctx));
  ctx.cookies.set('token', null);
  ctx.cookies.set('theme', 'dark', { httpOnly: false, secure: false });
  ctx.cookies.set('csrf_token', await open(ctx), { httpOnly: false });
});
app.listen(3000);
const server = Hapi.server({ port: 3001 });
server.state('session', { isSecure: process.env.NODE_ENV === 'production', ttl: null });
server.state('sid', { encoding: 'iron' });
`,
      'app/login/route.ts': `
import { cookies } from 'next/headers';
const isProduction = process.env.NODE_ENV === 'production';
export async function POST(request: Request) {
  const seen = new Map<string, string>();
  seen.set('token', 'x');
  (await cookies()).set('token', await issue(request), { httpOnly: true, secure: isProduction, sameSite: 'lax' });
  if (!isProduction) (await cookies()).set('token', await issue(request), { secure: false });
  return Response.json({});
}
`,
    }),
  ],
});
