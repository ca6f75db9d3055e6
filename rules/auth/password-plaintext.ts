import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/password-plaintext',
  ensures: 'Passwords are compared with their hash, never with themselves.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 256,
  owasp: 'A07',
  why: `What is compared as it was typed is stored as it was typed. One look into the database, a backup, or one injection, and
every account is open, here and wherever else people use that password.`,
  fix: 'Store `await bcrypt.hash(password, 12)` or argon2id, look the user up by name alone, and ask `bcrypt.compare(password, user.hash)`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('plain-password')) {
      yield { ...evidence, message: `${source} is compared with ${into} as it was typed.` };
    }
  },
  examples: [
    bad('Compared with the field of a user', {
      'app.js': `const express = require('express');\nconst { users } = require('./users');\nconst app = express();\napp.use(express.json());\napp.post('/login', async (req, res) => {\n  const user = await users.byName(req.body.name);\n  if (!user || «user.password !== req.body.password») return res.sendStatus(401);\n  res.json({ id: user.id });\n});\n`,
      'users.js': `exports.users = { byName: async (name) => database.first(name) };\n`,
    }),
    bad('Part of the query, in a service of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { login } from './login.ts';\nconst app = Fastify();\napp.post('/login', async (request) => {\n  const { name, password } = request.body as { name: string; password: string };\n  return login(name, password);\n});\n`,
      'login.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const login = (name: string, password: string) => prisma.user.findFirst(«{ where: { name, password } }»);\n`,
    }),
    good('Compared with its hash', {
      'app.js': `const express = require('express');\nconst bcrypt = require('bcrypt');\nconst User = require('mongoose').model('User', {});\nconst app = express();\napp.use(express.json());\napp.post('/login', async (req, res) => {\n  const user = await User.findOne({ name: String(req.body.name) });\n  if (!(await bcrypt.compare(req.body.password, user.password))) return res.sendStatus(401);\n  res.json({ id: user.id });\n});\n`,
    }),
    good('Typed twice, and hashed before it is compared', {
      'app.ts': `import Koa from 'koa';\nimport { scryptSync } from 'node:crypto';\nimport { users } from './users.ts';\nnew Koa().use(async (ctx) => {\n  const { password, confirm } = ctx.request.body as { password: string; confirm: string };\n  if (password !== confirm || password === '') ctx.throw(400);\n  const user = await users.one();\n  ctx.body = { ok: user.password === scryptSync(password, user.salt, 32).toString('hex') };\n});\n`,
      'users.ts': `export const users = { one: async () => (globalThis as any).database.first() };\n`,
    }),
  ],
});
