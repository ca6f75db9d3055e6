import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/mass-assignment',
  ensures: 'A request sets only the fields of a record that are meant for it.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 915,
  owasp: 'A01',
  why: 'Whoever adds `"role": "admin"` or `"balance": 1000000` to the body sets that column as well.',
  fix: 'Name the fields, or use what a schema returns: `User.create({ name: body.name, email: body.email })`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence, from } of flows.into('record')) {
      // a single field of the client's is what the record is for; the whole body, or an object in it, brings its own names
      if (from.path.length > 1 + Number(from.path[0] === 'request')) continue;
      yield { ...evidence, message: `${source} as a whole decides which fields ${into} writes.` };
    }
  },
  examples: [
    bad('A user with any field', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ name: String, isAdmin: Boolean }));\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => res.json(await User.create(«req.body»)));\n`,
    }),
    bad('Spread in a service of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { change } from './users.ts';\nconst app = Fastify();\napp.patch('/users/:id', async (request) => change((request.params as { id: string }).id, request.body as object));\n`,
      'users.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const change = (id: string, changes: object) => prisma.user.update(«{ where: { id }, data: { ...changes, changed: new Date() } }»);\n`,
    }),
    good('Named fields', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ name: String, isAdmin: Boolean }));\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => {\n  const { name } = req.body;\n  res.json(await User.create({ name, isAdmin: false }));\n});\n`,
    }),
    good('What a schema returns', {
      'app.ts': `import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nimport { z } from 'zod';\nconst prisma = new PrismaClient();\nconst schema = z.object({ name: z.string(), email: z.string() });\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => res.json(await prisma.user.create({ data: schema.parse(req.body) })));\n`,
    }),
  ],
});
