import { bad, defineRule, good } from '../../src/rule/rule.ts';

const VERIFIERS: readonly (readonly [api: string, index: number])[] = [
  ['jsonwebtoken.verify', 2],
  ['jose.jwtVerify', 2],
  ['@nestjs/jwt.JwtService().verify', 1],
  ['@nestjs/jwt.JwtService().verifyAsync', 1],
  ['express-jwt', 0],
  ['express-jwt.expressjwt', 0],
  ['koa-jwt', 0],
  ['passport-jwt.Strategy', 0],
  ['fast-jwt.createVerifier', 0],
];

const SIGNERS: readonly (readonly [api: string, index: number])[] = [
  ['jsonwebtoken.sign', 2],
  ['@nestjs/jwt.JwtService().sign', 1],
  ['@nestjs/jwt.JwtService().signAsync', 1],
  ['fast-jwt.createSigner', 0],
];

export default defineRule({
  id: 'auth/jwt-algorithms',
  ensures: 'Tokens are accepted only with the algorithm they are signed with, and never unsigned.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 347,
  owasp: 'A04',
  why: `With \`none\` among the accepted algorithms anybody can write a token. Where a public-key algorithm and an HMAC are
both accepted, the public key, which everybody may have, serves as the HMAC's key.`,
  fix: "Name the one algorithm you sign with: `algorithms: ['HS256']`.",
  references: ['https://www.rfc-editor.org/rfc/rfc8725#section-3.1'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    const sites = [
      ...VERIFIERS.map(([api, index]) => ({ api, index, name: 'algorithms', does: 'accepts' })),
      ...SIGNERS.map(([api, index]) => ({ api, index, name: 'algorithm', does: 'makes' })),
    ];
    for (const { api, index, name, does } of sites) {
      for (const call of program.callsTo(api)) {
        const option = code.option(call, index, name);
        if (option.state !== 'given') continue;
        const names = program
          .origins(option.value)
          .flatMap((origin) => {
            const value = program.valueOf(origin);
            return value.kind === 'array' ? value.items.map((item) => program.child(origin, item.value)) : [origin];
          })
          .flatMap((node) => program.constants(node) ?? [])
          .map(String);
        const { at } = option;
        if (names.some((each) => each.toLowerCase() === 'none')) {
          yield { at, message: `${program.describe(call)} ${does} tokens without a signature.` };
        } else if (names.some((each) => each.startsWith('HS')) && names.some((each) => /^(RS|ES|PS|Ed)/.test(each))) {
          yield {
            at,
            severity: 'high',
            message: `${program.describe(call)} accepts HMACs beside public-key signatures.`,
          };
        }
      }
    }
  },
  examples: [
    bad('Unsigned tokens are accepted', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token, key) => jwt.verify(token, key, { «algorithms: ['HS256', 'none']» });\n`,
    }),
    bad('The list is a constant of another file', {
      'settings.ts': `export const ALGORITHMS = ['RS256', 'HS256'];\n`,
      'auth.ts': `import { verify } from 'jsonwebtoken';\nimport { ALGORITHMS } from './settings';\nexport const read = (token: string, key: string) => verify(token, key, { «algorithms: ALGORITHMS» });\n`,
    }),
    bad('Tokens are not signed', {
      'token.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class TokenService {\n  constructor(private readonly jwt: JwtService) {}\n  issue(id: string) {\n    return this.jwt.sign({ id }, { «algorithm: 'none'» });\n  }\n}\n`,
    }),
    good('One algorithm', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token, key) => jwt.verify(token, key, { algorithms: ['HS256'] });\n`,
    }),
    good('Two of the same family, and a package that asks for the list', {
      'auth.js': `import { jwtVerify } from 'jose';\nexport const read = (token, key) => jwtVerify(token, key, { algorithms: ['RS256', 'ES256'] });\n`,
    }),
  ],
});
