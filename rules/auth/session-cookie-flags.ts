import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Where a package keeps the options of its cookie, and what is off where nothing is said. */
interface Session {
  readonly api: RegExp;
  /** The option that holds them; absent where they stand among all others. */
  readonly inside?: readonly string[];
  readonly isPlain?: true;
  /** What the session holds is in the cookie itself, unless it is given a store. */
  readonly isWhole?: true;
}

const SESSIONS: readonly Session[] = [
  { api: /^express-session$/, inside: ['cookie'], isPlain: true },
  // by the connection unless told: https://github.com/pillarjs/cookies
  { api: /^(cookie-session|koa-session)$/, isWhole: true },
  { api: /^koa-generic-session$/, inside: ['cookie'] },
  { api: /^(@fastify\/|fastify-)session$/, inside: ['cookie'] },
  { api: /^(@fastify\/|fastify-)secure-session$/, inside: ['cookie', 'cookieOptions'], isPlain: true },
  { api: /^(@hapi\/)?yar$/, inside: ['cookieOptions'] },
  { api: /^iron-session/, inside: ['cookieOptions'] },
];
/** Calls that open a session by themselves, and which argument says how. */
const CALLS: readonly (readonly [api: RegExp, index: number])[] = [
  [/^iron-session(\/\w+)?\.(getIronSession|unsealData|withIronSession\w*|getServerActionIronSession)$/, 1],
  [/^iron-session(\/\w+)?\.getIronSession$/, 2],
];
/** Of sessions that are in the cookie. */
const UNSIGNED = 'is not signed, so that clients write what they like into it';
const NAMES = {
  secure: ['secure', 'isSecure'],
  httpOnly: ['httpOnly', 'isHttpOnly'],
  sameSite: ['sameSite', 'isSameSite'],
};

export default defineRule({
  id: 'auth/session-cookie-flags',
  ensures: 'Session cookies travel over HTTPS only and are out of the reach of scripts.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['service'],
  cwe: 614,
  owasp: 'A02',
  why: `A session cookie is the login. Without \`Secure\` it goes over the wire in the clear on the first plain request; with
\`httpOnly: false\` any script that gets into a page can send it elsewhere.`,
  fix: `Set \`cookie: { secure: true, httpOnly: true, sameSite: 'lax' }\`, and \`app.set('trust proxy', 1)\` behind a proxy that ends
TLS.`,
  references: [
    'https://github.com/expressjs/session#cookiesecure',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  needs: ['apps', 'program', 'code', 'running'],
  *check({ apps, program, code, running }) {
    type App = (typeof apps.apps)[number];
    type Given = ReturnType<typeof code.argument>;
    const seen = new Set<string>();
    for (const { session, options, at, app } of [...registered(), ...called(), ...strategies()]) {
      const key = `${at.path}:${at.start}`;
      if (seen.has(key) || options.state === 'unknown') continue;
      seen.add(key);
      const cookie = cookieIn(session, options);
      if (cookie.state === 'unknown') continue;
      const problems = problemsOf(session, options, cookie);
      if (problems.length === 0) continue;
      const rewritten = app && rewrittenBy(app);
      yield {
        at: cookie.state === 'given' ? program.locationOf(cookie.value) : at,
        message: `The session cookie ${problems.join(' and ')}.`,
        ...(problems.includes(UNSIGNED) && { severity: 'high' as const }),
        ...(rewritten !== undefined && !problems.includes(UNSIGNED) && { mitigated: rewritten }),
      };
    }

    function problemsOf(session: Session, options: Given, cookie: Given): readonly string[] {
      const secure = flag(cookie, NAMES.secure);
      const isPlain = secure === false || (secure === 'unset' && session.isPlain === true);
      const store = ['store', 'externalKey', 'ContextStore'].some((name) => within(options, name).state !== 'absent');
      return [
        ...(isPlain ? ['is also sent over plain HTTP'] : []),
        ...(isPlain && /^none$/i.test(String(flag(cookie, NAMES.sameSite))) ? ['is refused by browsers for it'] : []),
        ...(flag(cookie, NAMES.httpOnly) === false ? ['can be read by scripts'] : []),
        ...(session.isWhole && flag(cookie, ['signed']) === false && !store ? [UNSIGNED] : []),
      ];
    }

    /** What serving applications register, unless only while developing. */
    function* registered() {
      for (const app of apps.apps) {
        if (app.serving === 'no') continue;
        for (const link of [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)]) {
          for (const { kind, package: name = '', call, options } of link.effects) {
            const session = SESSIONS.find(({ api }) => api.test(name));
            if (kind !== 'session' || link.condition === 'development' || !session) continue;
            const at = call === undefined ? link.at : program.locationOf(call);
            const first = call === undefined ? undefined : code.argument(call, 0);
            const given: Given =
              session.isPlain && session.inside?.length === 1 && first
                ? first
                : options === undefined
                  ? { state: 'absent' }
                  : { state: 'given', value: options, at: program.locationOf(options) };
            yield { session, options: given, at, app };
          }
        }
      }
    }

    function* called(): Iterable<{ session: Session; options: Given; at: (typeof apps.apps)[0]['at']; app?: App }> {
      const session = SESSIONS.at(-1);
      for (const [api, index] of session ? CALLS : [])
        for (const call of program.callsTo(api)) {
          const options = code.argument(call, index);
          if (session && options.state === 'given' && code.property(options.value, 'cookieName').state === 'given')
            yield { session, options, at: program.locationOf(call) };
        }
    }

    /** `server.auth.strategy('session', 'cookie', { cookie: { … } })` of hapi. */
    function* strategies(): Iterable<{ session: Session; options: Given; at: (typeof apps.apps)[0]['at']; app?: App }> {
      for (const call of program.callsNamed('strategy')) {
        const [scheme, options] = [1, 2].map((index) => code.argument(call, index));
        if (scheme?.state !== 'given' || options?.state !== 'given') continue;
        if (program.constants(scheme.value)?.[0] === 'cookie')
          yield { session: { api: /^$/, inside: ['cookie'] }, options, at: program.locationOf(call) };
      }
    }

    function cookieIn({ inside }: Session, options: Given): Given {
      if (!inside) return options;
      const all = inside.map((name) => within(options, name));
      return (
        all.find(({ state }) => state === 'given') ??
        all.find(({ state }) => state === 'unknown') ?? { state: 'absent' }
      );
    }

    function within(options: Given, name: string): Given {
      return options.state === 'given' ? code.property(options.value, name) : options;
    }

    function flag(cookie: Given, names: readonly string[]): unknown {
      const options = names.map((name) => within(cookie, name));
      const option = options.find(({ state }) => state !== 'absent');
      if (!option) return 'unset';
      return option.state === 'given' ? program.constants(option.value)?.[0] : undefined;
    }

    function rewrittenBy(app: App): string | undefined {
      const live = running.of(app)?.site.responses.flatMap(({ cookies }) => cookies) ?? [];
      const sessions = live.filter(({ use }) => use === 'session');
      const isSafe = sessions.every(
        ({ attribute }) => attribute('secure') !== undefined && attribute('httponly') !== undefined,
      );
      return sessions[0] && isSafe
        ? `The deployment sets ${sessions[0].name} with Secure and HttpOnly: something in front adds them.`
        : undefined;
    }
  },
  examples: [
    bad('As the package comes', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
app.use(«session({ secret: process.env.SECRET, resave: false, saveUninitialized: false })»);
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    bad('Open to scripts, set up in a helper', {
      'app.ts': `
import express from 'express';
import { sessions } from './sessions.ts';
const app = express();
app.use(sessions());
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
      'sessions.ts': `
import session from 'express-session';
const cookie = «{ secure: true, httpOnly: false }»;
export const sessions = () => session({ secret: process.env.SECRET ?? '', cookie });
`,
    }),
    bad('cookie-session, told to leave things out', {
      'app.js': `const express = require('express');\nconst session = require('cookie-session');\nconst app = express();\napp.use(session(«{ name: 's', keys: [process.env.KEY], secure: false, httpOnly: false }»));\napp.use('/admin', session(«{ name: 'a', signed: false }»));\napp.get('/', (req, res) => res.json(req.session));\napp.listen(3000);\n`,
    }),
    bad('Fastify and hapi', {
      'app.js': `import Fastify from 'fastify';\nimport session from '@fastify/session';\nimport secure from '@fastify/secure-session';\nconst app = Fastify();\nawait app.register(session, { secret: process.env.SECRET, cookie: «{ secure: false }» });\nawait app.register(secure, { key: Buffer.from(process.env.KEY, 'hex'), cookie: «{ path: '/' }» });\napp.get('/', async (request) => request.session.user);\nawait app.listen({ port: 3000 });\n`,
      'api.js': `const Hapi = require('@hapi/hapi');\nconst server = Hapi.server({ port: 3001 });\nasync function start() {\n  await server.register({ plugin: require('@hapi/yar'), options: { cookieOptions: «{ password: process.env.PASSWORD, isHttpOnly: false }» } });\n  await server.register(require('@hapi/cookie'));\n  server.auth.strategy('session', 'cookie', { cookie: «{ name: 'sid', password: process.env.PASSWORD, isSecure: false }» });\n  server.route({ method: 'GET', path: '/', handler: () => 'x' });\n  await server.start();\n}\nstart();\n`,
    }),
    bad('Koa, and iron-session in Next', {
      'app.js': `import Koa from 'koa';\nimport session from 'koa-session';\nconst app = new Koa();\napp.keys = [process.env.KEY];\napp.use(session(«{ httpOnly: false }», app));\napp.use((ctx) => { ctx.body = ctx.session.n; });\napp.listen(3000);\n`,
      'app/api/me/route.ts': `import { cookies } from 'next/headers';\nimport { getIronSession } from 'iron-session';\nexport async function GET() {\n  const session = await getIronSession(await cookies(), { password: process.env.PASSWORD!, cookieName: 'auth', cookieOptions: «{ secure: false }» });\n  return Response.json(session);\n}\n`,
    }),
    good('Packages that are safe of themselves', {
      'app.js': `import Fastify from 'fastify';\nimport session from '@fastify/session';\nimport secure from '@fastify/secure-session';\nconst app = Fastify();\nawait app.register(session, { secret: process.env.SECRET });\nawait app.register(secure, { key: process.env.KEY, cookie: { secure: process.env.NODE_ENV === 'production' } });\napp.get('/', async (request) => request.session.user);\nawait app.listen({ port: 3000 });\n`,
      'koa.js': `import Koa from 'koa';\nimport session from 'koa-session';\nimport cookies from 'cookie-session';\nimport express from 'express';\nconst app = new Koa();\napp.keys = [process.env.KEY];\napp.use(session(app));\napp.use((ctx) => { ctx.body = ctx.session.n; });\napp.listen(3001);\nconst other = express();\nother.use(cookies({ name: 's', keys: [process.env.KEY] }));\nother.get('/', (req, res) => res.json(req.session));\nother.listen(3002);\n`,
    }),
    good('Secure, or secure where it matters', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
const production = process.env.NODE_ENV === 'production';
const options = { secret: process.env.SECRET, cookie: { sameSite: 'lax' } };
options.cookie.secure = production;
app.use(session(options));
app.use('/admin', session({ secret: process.env.SECRET, cookie: { secure: 'auto' } }));
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Options that come from elsewhere', {
      'app.js': `
import express from 'express';
import session from 'express-session';
import config from '@acme/config';
const app = express();
app.use(session(config.session));
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
  ],
});
