import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/timing-unsafe-comparison',
  ensures: 'Signatures and secrets are compared in constant time.',
  severity: 'low',
  roles: ['service', 'worker', 'function'],
  cwe: 208,
  owasp: 'A07',
  why: `\`===\` stops at the first character that differs. Who measures many answers learns the secret, or forges a
signature, one character at a time.`,
  fix: 'Compare buffers of equal length with `crypto.timingSafeEqual`.',
  references: ['https://nodejs.org/api/crypto.html#cryptotimingsafeequala-b'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('secret-comparison')) {
      yield { ...evidence, message: `${source} is compared with ${into}, character by character.` };
    }
  },
  examples: [
    bad('The signature of a webhook', {
      'app.js': `const express = require('express');\nconst crypto = require('crypto');\nconst app = express();\napp.use(express.text());\napp.post('/hook', (req, res) => {\n  const expected = crypto.createHmac('sha256', process.env.HOOK_KEY).update(req.body).digest('hex');\n  if («req.get('x-signature') !== expected») return res.sendStatus(401);\n  res.end();\n});\n`,
    }),
    bad('A token from the environment, in another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { isAdmin } from './admin.ts';\nconst app = Fastify();\napp.get('/admin', async (request) => ({ ok: isAdmin(request.headers.authorization) }));\n`,
      'admin.ts': `export const isAdmin = (token?: string) => «token === process.env.ADMIN_TOKEN»;\n`,
    }),
    good('In constant time', {
      'app.js': `const express = require('express');\nconst crypto = require('crypto');\nconst app = express();\napp.post('/hook', (req, res) => {\n  const expected = crypto.createHmac('sha256', process.env.HOOK_KEY).update('x').digest();\n  if (!crypto.timingSafeEqual(Buffer.from(req.get('x-signature'), 'hex'), expected)) return res.sendStatus(401);\n  res.end();\n});\n`,
    }),
    good('No secret on either side, or nothing of a client', {
      'app.ts': `import Koa from 'koa';\nnew Koa().use(async (ctx) => {\n  if (process.env.API_KEY === undefined) ctx.throw(500);\n  ctx.body = { same: ctx.query.password === ctx.query.confirm, empty: ctx.query.token === '' };\n});\n`,
    }),
  ],
});
