import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/guessable-token',
  ensures: 'Tokens, one-time codes and keys are made by the generator for secrets.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'library'],
  cwe: 338,
  owasp: 'A04',
  why: `\`Math.random\` computes its numbers from a state that a few of them give away, and the time of a request is known to
whoever sent it. Whoever asks for a reset of their own password works out the link that was sent to somebody else.`,
  fix: "Use `crypto.randomBytes(32).toString('hex')`, `crypto.randomUUID()`, or `crypto.randomInt(100000, 1000000)` for a code of six digits.",
  references: [
    'https://nodejs.org/api/crypto.html#cryptorandombytessize-callback',
    'https://cwe.mitre.org/data/definitions/338.html',
  ],
  needs: ['tokens'],
  *check({ tokens }) {
    for (const { name, source, at, isKey } of tokens) {
      yield {
        at,
        message: `${name} is made of ${source}, which can be guessed.`,
        ...(isKey && { severity: 'medium' }),
      };
    }
  },
  examples: [
    bad('A token to reset a password', {
      'app.js': `const express = require('express');\nconst app = express();\napp.post('/forgot', async (req, res) => {\n  const resetToken = «Math.random()».toString(36).slice(2);\n  await save(resetToken);\n  res.end();\n});\nasync function save() {}\n`,
    }),
    bad('A code, character by character, by a function of another file', {
      'app.ts': `import { generateOtp } from './codes.ts';\nexport const send = () => ({ text: \`Your code is \${generateOtp()}\` });\n`,
      'codes.ts': `const DIGITS = '0123456789';\nexport function generateOtp(length = 6) {\n  let code = '';\n  for (let i = 0; i < length; i += 1) code += DIGITS[Math.floor(«Math.random()» * 10)];\n  return code;\n}\n`,
    }),
    bad('A hash of the time, and a salt', {
      'user.js': `const crypto = require('crypto');\nmodule.exports = (email) => ({\n  activationToken: crypto.createHash('sha1').update(email + «Date.now()»).digest('hex'),\n  salt: String(«Math.random()»),\n});\n`,
    }),
    good('The generator for secrets', {
      'app.js': `const crypto = require('crypto');\nconst { nanoid } = require('nanoid');\nmodule.exports = () => ({\n  resetToken: crypto.randomBytes(32).toString('hex'),\n  otp: String(crypto.randomInt(100000, 1000000)),\n  sessionId: nanoid(),\n  inviteCode: crypto.randomUUID() + Date.now(),\n});\n`,
    }),
    good('What nobody has to guess, and a token that holds the time', {
      'app.ts': `import jwt from 'jsonwebtoken';\nconst delay = Math.random() * 1000;\nexport const item = { key: 'row', color: Math.floor(Math.random() * 255), tokenExpires: Date.now() + delay };\nexport const issue = (id: string) => {\n  const token = jwt.sign({ id, iat: Date.now() }, process.env.TOKEN_SECRET ?? '');\n  return token;\n};\n`,
    }),
  ],
});
