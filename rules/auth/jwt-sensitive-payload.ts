import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SIGNS =
  /^(jsonwebtoken\.sign|@nestjs\/jwt\.JwtService\(\)\.sign(Async)?|jwt-simple\.encode|hono\/jwt\.sign|fast-jwt\.createSigner\(\))$/;
const SENSITIVE =
  /^(password|passwd|pwd|pass_?hash|password_?hash|hashed_?password|hash|salt|secret|client_?secret|otp_?secret|totp_?secret|ssn|credit_?card|card_?number|cvv|private_?key|reset_?token)$/i;

export default defineRule({
  id: 'auth/jwt-sensitive-payload',
  ensures: 'Tokens hold nothing that whoever carries them may not read.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 522,
  owasp: 'A04',
  why: 'A token is signed, not encrypted: the browser, every log it lands in and everybody who gets hold of it can read it all.',
  fix: 'Sign an id and what routes need to decide, and look the rest up: `jwt.sign({ sub: user.id, role: user.role }, key)`.',
  references: ['https://datatracker.ietf.org/doc/html/rfc8725#section-2.3'],
  needs: ['program', 'code'],
  about: {
    what: 'token that is signed',
    isIn: ({ program, code }) => program.calls.some((call) => code.apiOf(call).some((api) => SIGNS.test(api))),
  },
  *check({ program, code }) {
    for (const call of program.calls) {
      if (!code.apiOf(call).some((api) => SIGNS.test(api))) continue;
      const payload = program.argument(call, 0);
      const [object, ...others] = payload === undefined ? [] : program.origins(payload);
      if (object === undefined || others.length > 0) continue;
      const value = program.valueOf(object);
      if (value.kind !== 'object') continue;
      const told = value.properties.find(
        ({ name, value: inner }) =>
          name !== undefined && SENSITIVE.test(name) && !isHarmless(program.child(object, inner)),
      );
      if (told)
        yield {
          at: program.locationIn(program.moduleOf(object), told.at),
          message: `The token tells everybody who reads it ${told.name}.`,
        };
    }

    /** A flag is no secret. */
    function isHarmless(node: number): boolean {
      const value = program.valueOf(node);
      return (
        value.kind === 'operation' || program.constants(node)?.every((known) => typeof known === 'boolean') === true
      );
    }
  },
  examples: [
    bad('A hash', {
      'app.js': `const jwt = require('jsonwebtoken');\nexports.tokenOf = (user) => jwt.sign({ id: user.id, «password: user.password» }, process.env.KEY, { expiresIn: '1h' });\n`,
    }),
    bad('A payload of its own, in NestJS', {
      'auth.service.ts': `import { Injectable } from '@nestjs/common';\nimport { JwtService } from '@nestjs/jwt';\n@Injectable()\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  login(user: { id: string; otpSecret: string }) {\n    const payload = { sub: user.id, «otpSecret: user.otpSecret» };\n    return this.jwt.sign(payload);\n  }\n}\n`,
    }),
    good('An id and a role', {
      'app.js': `const jwt = require('jsonwebtoken');\nexports.tokenOf = (user) => jwt.sign({ sub: user.id, role: user.role }, process.env.KEY, { expiresIn: '1h' });\n`,
    }),
    good('That there is one', {
      'app.ts': `import jwt from 'jsonwebtoken';\nexport const tokenOf = (user: { id: string; password?: string }) => jwt.sign({ sub: user.id, password: user.password !== undefined }, String(process.env.KEY), { expiresIn: '1h' });\n`,
    }),
  ],
});
