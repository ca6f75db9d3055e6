import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SIGNERS: readonly string[] = ['jsonwebtoken.sign'];

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
  *check({ program, code }) {
    for (const api of SIGNERS) {
      for (const call of program.callsTo(api)) {
        if (code.argument(call, 1).state !== 'given') continue;
        const expiresIn = code.option(call, 2, 'expiresIn');
        const exp = code.option(call, 0, 'exp');
        if (expiresIn.state !== 'absent' || exp.state !== 'absent') continue;
        yield { at: program.locationOf(call), message: `${program.describe(call)} issues a token that never expires.` };
      }
    }
  },
  examples: [
    bad('No options at all', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (user, key) => «jwt.sign({ id: user.id }, key)»;\n`,
    }),
    bad('Options without a life', {
      'tokens.ts': `import jwt from 'jsonwebtoken';\nexport const issue = (id: string, key: string) => «jwt.sign({ id }, key, { algorithm: 'HS256' })»;\n`,
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
