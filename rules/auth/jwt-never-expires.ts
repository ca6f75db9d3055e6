import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Functions that sign: where the claims stand, and the options. */
const SIGNERS: readonly { readonly api: RegExp; readonly options?: number; readonly config?: 'nest' | 'fastify' }[] = [
  { api: /^jsonwebtoken\.sign$/, options: 2 },
  { api: /^hono\/(utils\/)?jwt(\/jwt)?\.(Jwt\.)?sign$/ },
  { api: /^jwt-simple\.encode$/ },
  { api: /^@nestjs\/jwt\.JwtService\(\)\.sign(Async)?$/, options: 1, config: 'nest' },
  { api: /^fastify\(\)\.jwt\.sign$|\.jwtSign$/, options: 1, config: 'fastify' },
  { api: /^fast-jwt\.createSigner\(\)$/ },
];
/** jose builds a token step by step. */
const BUILT = /^jose\.SignJWT\(\)(\..*)?\.sign$/;

export default defineRule({
  id: 'auth/jwt-never-expires',
  ensures: 'Every token that is issued expires.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 613,
  owasp: 'A07',
  why: 'A token without an end is a password that cannot be changed: whoever finds one in a log or a backup is that user for good.',
  fix: "Give it a short life: `jwt.sign(claims, key, { expiresIn: '15m' })`.",
  references: ['https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4'],
  needs: ['program', 'code'],
  about: {
    what: 'token that is signed',
    isIn: ({ program }) =>
      program.callsTo(BUILT, ...SIGNERS.map(({ api }) => api)).length > 0 || program.callsNamed('jwtSign').length > 0,
  },
  *check({ program, code }) {
    for (const { api, options, config } of SIGNERS) {
      for (const call of new Set([
        ...program.callsTo(api),
        ...(config === 'fastify' ? program.callsNamed('jwtSign') : []),
      ])) {
        // without a key it may be a function of another kind
        if (code.argument(call, config || madeWith(call).length > 0 ? 0 : 1).state !== 'given') continue;
        const lives = [
          code.option(call, 0, 'exp'),
          ...(options === undefined
            ? []
            : [code.option(call, options, 'expiresIn'), code.option(call, options, 'sign')]),
          ...madeWith(call),
        ];
        if (lives.some(({ state }) => state !== 'absent') || (config && !hasNoLife(config))) continue;
        yield { at: program.locationOf(call), message: `${program.describe(call)} issues a token that never expires.` };
      }
    }
    for (const call of program.callsTo(BUILT)) {
      const chain = chainOf(call);
      const made = chain.at(-1);
      if (made === undefined || code.argument(made, 0).state !== 'given') continue;
      const isSet = chain.some(
        (each) =>
          code.apiOf(each).some((api) => api.endsWith('.setExpirationTime')) ||
          code.callsOn(each, 'setExpirationTime').length > 0,
      );
      if (isSet || code.option(made, 0, 'exp').state !== 'absent') continue;
      yield {
        at: program.locationOf(call),
        message: 'SignJWT issues a token without setExpirationTime: it never expires.',
      };
    }

    /** The options a signer of fast-jwt was made with. */
    function madeWith(call: number): readonly ReturnType<typeof code.option>[] {
      const value = program.valueOf(call);
      if (value.kind !== 'call') return [];
      return program
        .origins(program.child(call, value.callee))
        .filter((origin) => code.apiOf(origin).includes('fast-jwt.createSigner'))
        .map((origin) => code.option(origin, 0, 'expiresIn'));
    }

    /** The calls of a chain, back to the `new SignJWT(…)` it begins with. */
    function chainOf(call: number): readonly number[] {
      const chain: number[] = [];
      for (let at: number | undefined = call; at !== undefined && chain.length < 12;) {
        chain.push(at);
        const value: ReturnType<typeof program.valueOf> = program.valueOf(at);
        if (value.kind !== 'call' || value.new) break;
        const callee = program.child(at, value.callee);
        const member = program.valueOf(callee);
        at = member.kind === 'member' ? program.origins(program.child(callee, member.object))[0] : undefined;
      }
      return chain;
    }

    /** Where the module or plugin is set up, and can be seen, nothing gives tokens a life. */
    function hasNoLife(config: 'nest' | 'fastify'): boolean {
      const given = config === 'nest' ? nestOptions() : pluginOptions();
      return (
        given.length > 0 &&
        given.every((options) => {
          if (options === undefined) return false;
          const life = code.property(options, config === 'nest' ? 'signOptions' : 'sign');
          return (
            life.state === 'absent' ||
            (life.state === 'given' &&
              code.property(life.value, 'expiresIn').state === 'absent' &&
              code.property(life.value, 'exp').state === 'absent')
          );
        })
      );
    }

    function nestOptions(): readonly (number | undefined)[] {
      const direct = program.callsTo('@nestjs/jwt.JwtModule.register').map((call) => program.argument(call, 0));
      const made = program.callsTo('@nestjs/jwt.JwtModule.registerAsync').flatMap((call) => {
        const factory = code.option(call, 0, 'useFactory');
        const functions = factory.state === 'given' ? code.functionsIn(factory.value) : [];
        if (functions.length === 0) return [undefined];
        return functions.flatMap(({ module, fact }) => fact.returns.map(({ value }) => module.first + value));
      });
      return [...direct, ...made];
    }

    function pluginOptions(): readonly (number | undefined)[] {
      return program.callsNamed('register').flatMap((call) => {
        const plugin = program.argument(call, 0);
        const isJwt =
          plugin !== undefined &&
          program.apis(plugin).some((api) => /^(@fastify\/|fastify-)jwt(\.(default|fastifyJwt))?$/.test(api));
        return isJwt ? [program.argument(call, 1)] : [];
      });
    }
  },
  examples: [
    bad('No options at all', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (user, key) => «jwt.sign({ id: user.id }, key)»;\n`,
    }),
    bad('Options without a life', {
      'tokens.ts': `import jwt from 'jsonwebtoken';\nexport const issue = (id: string, key: string) => «jwt.sign({ id }, key, { algorithm: 'HS256' })»;\n`,
    }),
    bad('Hono, jose and fast-jwt', {
      'app.ts': `import { createSigner } from 'fast-jwt';\nimport { Hono } from 'hono';\nimport { sign } from 'hono/jwt';\nimport { SignJWT } from 'jose';\nconst app = new Hono();\nconst signer = createSigner({ key: process.env.KEY });\napp.post('/login', async (c) => {\n  const one = await «sign({ sub: 'a' }, process.env.KEY ?? '')»;\n  const two = await «new SignJWT({ sub: 'a' }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().sign(key)»;\n  return c.json([one, two, «signer({ sub: 'a' })»]);\n});\nexport default app;\n`,
    }),
    bad('Nest and Fastify, whose modules say nothing either', {
      'auth.module.ts': `import { Injectable, Module } from '@nestjs/common';\nimport { JwtModule, JwtService } from '@nestjs/jwt';\n@Injectable()\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  login(id: string) {\n    return «this.jwt.signAsync({ sub: id })»;\n  }\n}\n@Module({ imports: [JwtModule.registerAsync({ useFactory: () => ({ secret: process.env.KEY }) })], providers: [AuthService] })\nexport class AuthModule {}\n`,
      'app.js': `import Fastify from 'fastify';\nimport jwt from '@fastify/jwt';\nconst app = Fastify();\nawait app.register(jwt, { secret: process.env.KEY });\napp.post('/login', async (request, reply) => ({ a: «app.jwt.sign({ id: 1 })», b: await «reply.jwtSign({ id: 1 })» }));\nawait app.listen({ port: 3000 });\n`,
    }),
    good('A life where the module is set up, or where the token is built', {
      'auth.module.ts': `import { Injectable, Module } from '@nestjs/common';\nimport { JwtModule, JwtService } from '@nestjs/jwt';\n@Injectable()\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  login(id: string) {\n    return this.jwt.sign({ sub: id });\n  }\n}\n@Module({ imports: [JwtModule.register({ secret: process.env.KEY, signOptions: { expiresIn: '15m' } })], providers: [AuthService] })\nexport class AuthModule {}\n`,
      'app.js': `import Fastify from 'fastify';\nimport jwt from '@fastify/jwt';\nimport { SignJWT } from 'jose';\nimport { sign } from 'hono/jwt';\nconst app = Fastify();\nawait app.register(jwt, { secret: process.env.KEY, sign: { expiresIn: '10m' } });\napp.post('/login', async () => {\n  const token = new SignJWT({ id: 1 }).setProtectedHeader({ alg: 'HS256' });\n  token.setExpirationTime('15m');\n  return [app.jwt.sign({ id: 1 }), await token.sign(key), await sign({ id: 1, exp: Date.now() / 1000 + 900 }, 'k')];\n});\nawait app.listen({ port: 3000 });\n`,
    }),
    good('A life in the options', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (user, key) => jwt.sign({ id: user.id }, key, { expiresIn: '15m' });\n`,
    }),
    good('A life in the claims, built step by step', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (user, key) => {\n  const claims = { sub: user.id };\n  claims.exp = Math.floor(Date.now() / 1000) + 900;\n  return jwt.sign(claims, key);\n};\n`,
    }),
    good('Claims and options that are handed in', {
      'sign.ts': `import { sign } from 'jsonwebtoken';\nexport const signed = (claims: object, key: string, options: object) => sign(claims, key, options);\n`,
    }),
  ],
});
