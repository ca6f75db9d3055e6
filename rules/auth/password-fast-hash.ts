import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/password-fast-hash',
  ensures: 'Passwords are stored by a slow password hash.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 916,
  owasp: 'A04',
  why: `MD5, SHA-1 and SHA-256 are made to be fast: a single graphics card tries tens of billions of passwords a second
against a stolen table of them, salt or not.`,
  fix: 'Use `bcrypt` with at least 10 rounds (12 is better), `argon2id`, or `crypto.scrypt`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('fast-hash')) {
      yield { ...evidence, message: `${source} is hashed by ${into}, which is fast.` };
    }
  },
  examples: [
    bad('SHA-256', {
      'app.js': `const express = require('express');\nconst crypto = require('crypto');\nconst app = express();\napp.use(express.json());\napp.post('/register', (req, res) => {\n  const hash = crypto.createHash('sha256').update(«req.body.password»).digest('hex');\n  res.json({ hash });\n});\n`,
    }),
    bad('MD5 with salt, in a service of its own', {
      'app.ts': `import Fastify from 'fastify';\nimport { stored } from './passwords.ts';\nconst app = Fastify();\napp.post('/register', async (request) => {\n  const { password } = request.body as { password: string };\n  return stored(password);\n});\n`,
      'passwords.ts': `import { createHash } from 'node:crypto';\nexport const stored = (word: string) => createHash('md5').update(«'salt' + word»).digest('hex');\n`,
    }),
    good('bcrypt', {
      'app.js': `const express = require('express');\nconst bcrypt = require('bcrypt');\nconst app = express();\napp.use(express.json());\napp.post('/register', async (req, res) => res.json({ hash: await bcrypt.hash(req.body.password, 12) }));\n`,
    }),
    good('A hash of something that is no password', {
      'app.ts': `import { createHash } from 'node:crypto';\nimport Koa from 'koa';\nnew Koa().use(async (ctx) => {\n  ctx.set('etag', createHash('sha1').update(JSON.stringify(ctx.request.body)).digest('hex'));\n  ctx.body = createHash('sha256').update(String(ctx.query.apiKey)).digest('hex');\n});\n`,
    }),
  ],
});
