import { bad, defineRule, good } from '../../src/rule/rule.ts';

const VERIFIERS: readonly (readonly [api: string, index: number])[] = [
  ['jsonwebtoken.verify', 2],
  ['@nestjs/jwt.JwtService().verify', 1],
  ['@nestjs/jwt.JwtService().verifyAsync', 1],
  ['passport-jwt.Strategy', 0],
  ['fast-jwt.createVerifier', 0],
  ['koa-jwt', 0],
  ['express-jwt', 0],
  ['express-jwt.expressjwt', 0],
  ['@nestjs/passport.PassportStrategy()()', 0],
];
/** Modules and plugins that keep the options of verifying in one of their own. */
const NESTED: readonly (readonly [api: string, index: number, inside: string, option: string, off: boolean])[] = [
  ['@nestjs/jwt.JwtModule.register', 0, 'verifyOptions', 'ignoreExpiration', true],
  ['hono/jwt.jwt', 0, 'verifyOptions', 'exp', false],
];

export default defineRule({
  id: 'auth/jwt-expiry-ignored',
  ensures: 'An expired token is refused.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 613,
  owasp: 'A07',
  why: 'A token that was stolen once, from a log or an old phone, opens the account for ever.',
  fix: 'Drop `ignoreExpiration`; let clients renew short-lived tokens with a refresh token that can be revoked.',
  references: ['https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const [api, index] of VERIFIERS) {
      for (const call of program.callsTo(api)) {
        const option = code.option(call, index, 'ignoreExpiration');
        if (option.state !== 'given' || !program.constants(option.value)?.every((value) => value === true)) continue;
        yield {
          at: option.at,
          message: `${program.describe(call).replace(/^a value.*/, 'The strategy')} accepts expired tokens.`,
        };
      }
    }
    const plugins = program
      .callsNamed('register')
      .filter((call) =>
        program.apis(program.argument(call, 0) ?? call).some((api) => /^(@fastify\/|fastify-)jwt\b/.test(api)),
      )
      .map((call) => [call, 1, 'verify', 'ignoreExpiration', true] as const);
    const nested = NESTED.flatMap(([api, ...rest]) => program.callsTo(api).map((call) => [call, ...rest] as const));
    for (const [call, index, inside, name, off] of [...nested, ...plugins]) {
      const options = code.option(call, index, inside);
      const option = options.state === 'given' ? code.property(options.value, name) : options;
      if (option.state !== 'given' || !program.constants(option.value)?.every((value) => value === off)) continue;
      yield { at: option.at, message: `${program.describe(call)} accepts expired tokens.` };
    }
  },
  examples: [
    bad('Expiry is switched off', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token, key) => jwt.verify(token, key, { algorithms: ['HS256'], «ignoreExpiration: true» });\n`,
    }),
    bad('In the options of a passport strategy', {
      'jwt.strategy.ts': `import { ExtractJwt, Strategy } from 'passport-jwt';\nconst options = { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: process.env.KEY, «ignoreExpiration: true» };\nexport const strategy = new Strategy(options, (payload, done) => done(null, payload));\n`,
    }),
    bad('Fastify, Hono and Nest', {
      'app.ts': `import Fastify from 'fastify';\nimport jwt from '@fastify/jwt';\nimport { Hono } from 'hono';\nimport { jwt as guard } from 'hono/jwt';\nconst app = Fastify();\nawait app.register(jwt, { secret: process.env.KEY, verify: { «ignoreExpiration: true» } });\nawait app.listen({ port: 3000 });\nconst api = new Hono();\napi.use(guard({ secret: process.env.KEY ?? '', alg: 'HS256', verifyOptions: { «exp: false» } }));\nexport default api;\n`,
      'jwt.strategy.ts': `import { PassportStrategy } from '@nestjs/passport';\nimport { ExtractJwt, Strategy } from 'passport-jwt';\nexport class JwtStrategy extends PassportStrategy(Strategy) {\n  constructor() {\n    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: process.env.KEY, «ignoreExpiration: true» });\n  }\n}\n`,
    }),
    good('Said to be checked', {
      'jwt.strategy.ts': `import { ExtractJwt, Strategy } from 'passport-jwt';\nexport const strategy = new Strategy({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: process.env.KEY, ignoreExpiration: false }, (payload, done) => done(null, payload));\n`,
    }),
    good('A refresh endpoint reads the claims of an expired token on purpose, with decode', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token) => jwt.decode(token);\n`,
    }),
  ],
});
