import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Strategies of OAuth 2 that send no state unless told to. Source: https://github.com/jaredhanson/passport-oauth2 */
const STRATEGIES =
  /^passport-(oauth2|google-oauth2\d?|google-oauth20|google-oauth2|github2?|gitlab2|facebook|linkedin-oauth2|discord|spotify|twitch(-new)?|microsoft|bitbucket-oauth2|dropbox-oauth2|amazon|slack(-oauth2)?|okta-oauth20|strava|yandex|vkontakte|instagram|reddit|line|kakao|naver)(\.(\w*Strategy|default))?$/;
const AUTHORIZES =
  /\/authori[sz]e\b|\/o?auth2?\/(v[\d.]+\/)?auth\b|\/dialog\/oauth|\/oauth\/v2\/authorization|\/connect\/qrconnect/i;
/** What ties the answer to the browser that asked. */
const TIE = /^(state|nonce|code_?challenge\w*|code_?verifier|pkce|checks|generateState|csrf\w*)$/i;
const OPTIONS = ['state', 'pkce', 'store', 'nonce'];

export default defineRule({
  id: 'auth/oauth-state-missing',
  ensures: 'A login with another provider ends in the browser it began in.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 352,
  owasp: 'A01',
  why: `Without \`state\` or PKCE anybody can begin the login and have somebody else's browser end it: the victim is logged in to the
attacker's account, or the attacker's account is linked to the victim's.`,
  fix: 'Set `state: true` (and `pkce: true` where the provider has it) on the strategy; by hand, keep a random `state` in the session and compare it in the callback.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9700#section-2.1',
    'https://www.passportjs.org/packages/passport-oauth2/',
  ],
  needs: ['program', 'code', 'handlers'],
  about: {
    what: 'login with another provider',
    isIn: ({ program }) =>
      program.callsTo(STRATEGIES, '@nestjs/passport.PassportStrategy').length > 0 ||
      [...program.modules.values()].some(({ facts }) =>
        facts.values.some((value) =>
          value.kind === 'literal'
            ? typeof value.value === 'string' && value.value.includes('client_id')
            : value.kind === 'object' && value.properties.some(({ name }) => name === 'client_id'),
        ),
      ),
  },
  *check({ program, code, handlers }) {
    for (const { call, options } of strategies()) {
      if (OPTIONS.some((name) => code.property(options, name).state !== 'absent')) continue;
      // Nest and passport take it for a single request as well
      if (isAskedFor()) continue;
      yield {
        at: program.locationOf(options),
        message: `${program.describe(call).replace(/^a value.*/, 'The strategy')} sends neither state nor PKCE with the request to log in.`,
      };
    }
    for (const node of requests()) {
      const owner = code.ownerOf(node);
      if (!owner || !handlers.reach(node) || [owner, ...code.runs(owner)].some((fn) => names(fn.module, fn.fact.at)))
        continue;
      yield {
        at: program.locationOf(node),
        message: 'The request to log in carries neither state nor a PKCE challenge.',
      };
    }

    function* strategies(): Iterable<{ call: number; options: number }> {
      for (const call of program.callsTo(STRATEGIES)) {
        const options = program.argument(call, 0);
        if (options !== undefined && isTold(options)) yield { call, options };
      }
      for (const call of program.callsTo('@nestjs/passport.PassportStrategy()()')) {
        const options = program.argument(call, 0);
        const value = program.valueOf(call);
        if (options === undefined || value.kind !== 'call' || !isTold(options)) continue;
        if (mixins(program.moduleOf(call)).some((api) => STRATEGIES.test(api))) yield { call, options };
      }
    }

    /** What `PassportStrategy(Strategy)` is given in a module. */
    function mixins(module: ReturnType<typeof program.moduleOf>): readonly string[] {
      return program
        .callsTo('@nestjs/passport.PassportStrategy')
        .filter((call) => program.moduleOf(call) === module)
        .flatMap((call) => program.apis(program.argument(call, 0) ?? call));
    }

    function isTold(options: number): boolean {
      return (
        code.property(options, 'clientID').state === 'given' || code.property(options, 'callbackURL').state === 'given'
      );
    }

    function isAskedFor(): boolean {
      const byCall = program
        .callsTo(/^(koa-)?passport(\.default)?\.authenticate$/, /^@fastify\/passport\b.*\.authenticate$/)
        .some((call) => code.option(call, 1, 'state').state === 'given');
      return (
        byCall ||
        [...program.modules.values()].some(({ facts }) =>
          facts.functions.some(({ name }) => name === 'getAuthenticateOptions'),
        )
      );
    }

    /** Texts and parameters of requests for a code. */
    function* requests(): Iterable<number> {
      for (const node of program.nodesOf('join')) {
        const value = program.valueOf(node);
        const parts = value.kind === 'join' ? value.parts : [];
        if (isRequest(parts.map((part) => program.constants(program.child(node, part.value))?.[0] ?? '').join('…')))
          yield node;
      }
      for (const call of program.callsTo('URLSearchParams', /^(querystring|qs)\.stringify$/)) {
        const options = program.argument(call, 0);
        const [object] = options === undefined ? [] : program.origins(options);
        const value = object === undefined ? undefined : program.valueOf(object);
        if (value?.kind !== 'object' || value.properties.some(({ name }) => name === undefined)) continue;
        const keys = new Set(value.properties.map(({ name }) => name));
        const asks =
          keys.has('client_id') && (keys.has('response_type') || (keys.has('redirect_uri') && keys.has('scope')));
        if (asks && !['code', 'client_secret', 'grant_type', 'refresh_token'].some((key) => keys.has(key))) yield call;
      }
      for (const call of program.callsNamed('set', 'append')) {
        if (program.constants(program.argument(call, 0) ?? call)?.[0] !== 'client_id') continue;
        const url = code.receiversOf(call)[0];
        const [address] = url === undefined ? [] : program.origins(url);
        if (AUTHORIZES.test(address === undefined ? '' : texts(address))) yield call;
      }
      for (const call of program.callsNamed('generateAuthUrl', 'authorizeURL'))
        if (code.argument(call, 0).state === 'given') yield call;
    }

    /** What is written in `new URL('…').searchParams`. */
    function texts(node: number): string {
      const value = program.valueOf(node);
      const inner = value.kind === 'member' ? program.origins(program.child(node, value.object))[0] : undefined;
      const made = inner === undefined ? undefined : program.argument(inner, 0);
      return String((made === undefined ? undefined : program.constants(made)?.[0]) ?? '');
    }

    function isRequest(text: string): boolean {
      return (
        AUTHORIZES.test(text) && text.includes('client_id=') && !/[?&](state|code_challenge|client_secret)=/.test(text)
      );
    }

    function names(
      { facts, first }: ReturnType<typeof program.moduleOf>,
      [start, end]: readonly [number, number],
    ): boolean {
      return (
        facts.values.some((value, id) => {
          if (value.at[0] < start || value.at[1] > end) return false;
          if (value.kind === 'literal')
            return typeof value.value === 'string' && (TIE.test(value.value) || /[?&]state=/.test(value.value));
          if (value.kind === 'object')
            return value.properties.some(
              ({ name, kind }) => kind === 'spread' || (name !== undefined && TIE.test(name)),
            );
          if (value.kind === 'call') return TIE.test(program.describe(first + value.callee));
          return (
            value.kind === 'member' && TIE.test(value.property ?? '') && program.describe(first + id) !== 'ctx.state'
          );
        }) ||
        facts.writes.some(
          ({ property, at }) => property !== undefined && TIE.test(property) && at[0] >= start && at[1] <= end,
        )
      );
    }
  },
  examples: [
    bad('Parameters set one by one', {
      'app.ts': `import express from 'express';\nconst app = express();\napp.get('/login', (req, res) => {\n  const url = new URL('https://github.com/login/oauth/authorize');\n  «url.searchParams.set('client_id', process.env.ID!)»;\n  url.searchParams.set('scope', 'read:user');\n  res.redirect(url.toString());\n});\napp.get('/in', (req, res) => {\n  const url = new URL('https://github.com/login/oauth/authorize');\n  url.searchParams.set('client_id', process.env.ID!);\n  url.searchParams.set('state', req.session.state);\n  res.redirect(url.toString());\n});\napp.listen(3000);\n`,
    }),
    bad('A strategy of passport, as it comes', {
      'app.js': `const passport = require('passport');\nconst { Strategy } = require('passport-google-oauth20');\nconst app = require('express')();\npassport.use(new Strategy(«{ clientID: process.env.ID, clientSecret: process.env.SECRET, callbackURL: '/callback' }», (access, refresh, profile, done) => done(null, profile)));\napp.get('/login', passport.authenticate('google', { scope: ['email'] }));\napp.get('/callback', passport.authenticate('google'), (req, res) => res.redirect('/'));\napp.listen(3000);\n`,
    }),
    bad('In Nest', {
      'google.strategy.ts': `import { Injectable } from '@nestjs/common';\nimport { PassportStrategy } from '@nestjs/passport';\nimport { Strategy } from 'passport-github2';\n@Injectable()\nexport class GithubStrategy extends PassportStrategy(Strategy, 'github') {\n  constructor() {\n    super(«{ clientID: process.env.ID, clientSecret: process.env.SECRET, callbackURL: process.env.CALLBACK, scope: ['user:email'] }»);\n  }\n  validate(access: string, refresh: string, profile: unknown) {\n    return profile;\n  }\n}\n`,
    }),
    bad('By hand', {
      'app.js': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/login', async (request, reply) => reply.redirect(«\`https://github.com/login/oauth/authorize?client_id=\${process.env.ID}&scope=user\`»));\napp.get('/login/google', async (request, reply) => {\n  const query = «new URLSearchParams({ client_id: process.env.ID, response_type: 'code', redirect_uri: process.env.CALLBACK })»;\n  return reply.redirect('https://accounts.google.com/o/oauth2/v2/auth?' + query);\n});\nawait app.listen({ port: 3000 });\n`,
    }),
    good('With state, or a challenge', {
      'app.js': `const crypto = require('crypto');\nconst passport = require('passport');\nconst { Strategy } = require('passport-google-oauth20');\nconst app = require('express')();\npassport.use(new Strategy({ clientID: process.env.ID, clientSecret: process.env.SECRET, callbackURL: '/callback', state: true }, (access, refresh, profile, done) => done(null, profile)));\napp.get('/login', passport.authenticate('google', { scope: ['email'] }));\napp.get('/login/github', (req, res) => {\n  const state = crypto.randomUUID();\n  req.session.state = state;\n  res.redirect(\`https://github.com/login/oauth/authorize?client_id=\${process.env.ID}&state=\${state}\`);\n});\napp.get('/login/other', (req, res) => {\n  const url = new URL('https://id.example/authorize');\n  url.search = new URLSearchParams({ client_id: process.env.ID, response_type: 'code', code_challenge: challengeOf(req), code_challenge_method: 'S256' });\n  res.redirect(url.href);\n});\napp.listen(3000);\n`,
    }),
    good('State for each request, the exchange of a code, and a strategy that is no OAuth 2', {
      'app.js': `const passport = require('passport');\nconst { Strategy } = require('passport-facebook');\nconst Local = require('passport-local').Strategy;\nconst app = require('express')();\npassport.use(new Local((name, password, done) => done(null, false)));\npassport.use(new Strategy({ clientID: process.env.ID, clientSecret: process.env.SECRET, callbackURL: '/callback' }, (access, refresh, profile, done) => done(null, profile)));\napp.get('/login', (req, res, next) => passport.authenticate('facebook', { state: stateOf(req) })(req, res, next));\napp.get('/token', async (req, res) => {\n  const body = new URLSearchParams({ client_id: process.env.ID, client_secret: process.env.SECRET, code: req.query.code, redirect_uri: process.env.CALLBACK, scope: 'user' });\n  res.json(await (await fetch('https://id.example/oauth/token', { method: 'POST', body })).json());\n});\napp.listen(3000);\n`,
    }),
  ],
});
