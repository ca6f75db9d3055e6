import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PASSWORD = /^(password|passwd|pwd|pass|user_?password|passphrase)$/i;
const FINDS =
  /^(find|findOne|findFirst|findUnique|findOneBy|findBy|where|exists|count|findOneOrFail|findOneAndUpdate|andWhere|first|query|get)$/;

export default defineRule({
  id: 'auth/password-plaintext',
  ensures: 'Passwords are compared by their hash.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 256,
  owasp: 'A04',
  why: 'A password that can be compared as it is, is stored as it is: whoever sees the table, a backup or a log of queries has the passwords of all users.',
  fix: 'Store `await bcrypt.hash(password, 12)`, look the user up by name alone, and ask `bcrypt.compare`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html'],
  needs: ['flows', 'program', 'code'],
  *check({ flows, program, code }) {
    const isSent = (node: number): boolean => {
      const direct = program
        .origins(node)
        .some((origin) => /^(member|param|typed|await|either)$/.test(program.valueOf(origin).kind));
      const found = direct ? flows.received(node) : undefined;
      return (
        found !== undefined &&
        (PASSWORD.test(found.path.at(-1) ?? '') || found.path.length === 0) &&
        !found.path.includes('headers')
      );
    };
    for (const node of program.nodesOf('operation')) {
      const value = program.valueOf(node);
      if (value.kind !== 'operation' || !/^[=!]==?$/.test(value.operator)) continue;
      const [left, right] = value.operands.map((operand) => program.child(node, operand.value));
      if (left === undefined || right === undefined) continue;
      const stored = [left, right].find((operand) => isStored(operand));
      const other = stored === left ? right : left;
      if (stored === undefined || !isSent(other) || flows.received(stored)) continue;
      // whether it has changed, and is to be hashed anew
      const owner = code.ownerOf(stored);
      if (owner && code.callsIn(owner).some((call) => /hash|salt|crypt/i.test(program.describe(call)))) continue;
      yield {
        at: program.locationOf(node),
        message: `${program.describe(stored)} is compared as it was sent: passwords are stored in the clear.`,
      };
    }
    for (const call of program.calls) {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      const argument = program.argument(call, 0);
      if (callee?.kind !== 'member' || !FINDS.test(callee.property ?? '') || argument === undefined) continue;
      const where = code.property(argument, 'where');
      for (const place of [argument, ...(where.state === 'given' ? [where.value] : [])]) {
        const [object] = program.origins(place).filter((origin) => program.valueOf(origin).kind === 'object');
        const fields = object === undefined ? undefined : program.valueOf(object);
        if (object === undefined || fields?.kind !== 'object') continue;
        const field = fields.properties.find(
          ({ name, value: inner }) => PASSWORD.test(name ?? '') && isSent(program.child(object, inner)),
        );
        if (field)
          yield {
            at: program.locationIn(program.moduleOf(object), field.at),
            message: `The user is looked up by ${field.name} as it was sent: passwords are stored in the clear.`,
          };
      }
    }

    /** A field of a record: `user.password`. */
    function isStored(node: number): boolean {
      const value = program.valueOf(node);
      return (
        value.kind === 'member' &&
        PASSWORD.test(value.property ?? '') &&
        !/^process\.env|confirm|repeat|\b(req|request|ctx|body|form|data|input|dto)\b/i.test(program.describe(node))
      );
    }
  },
  examples: [
    bad('Compared', {
      'app.js': `const express = require('express');\nconst { User } = require('./user');\nconst app = express();\napp.post('/login', async (req, res) => {\n  const user = await User.findOne({ email: req.body.email });\n  if («user.password === req.body.password») res.json({});\n  else res.sendStatus(401);\n});\napp.listen(3000);\n`,
    }),
    bad('In a query', {
      'app.ts': `import Fastify from 'fastify';\nimport { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nconst app = Fastify();\napp.post('/login', async (request) => {\n  const { email, password } = request.body as { email: string; password: string };\n  return prisma.user.findFirst({ where: { email, «password» } });\n});\nawait app.listen({ port: 3000 });\n`,
    }),
    good('By its hash', {
      'app.js': `const express = require('express');\nconst bcrypt = require('bcrypt');\nconst { User, hash } = require('./user');\nconst app = express();\napp.post('/login', async (req, res) => {\n  const user = await User.findOne({ email: req.body.email });\n  if (await bcrypt.compare(req.body.password, user.password)) res.json({});\n  else if (user.password === hash(req.body.password, user.salt)) res.json({});\n  else res.sendStatus(401);\n});\napp.listen(3000);\n`,
    }),
    good('Typed twice, and one of the settings', {
      'app.ts': `import express from 'express';\nconst app = express();\napp.post('/register', (req, res) => {\n  if (req.body.password !== req.body.passwordConfirm) return res.sendStatus(400);\n  res.json({ same: req.body.password === process.env.PASSWORD, short: req.body.password === '' });\n});\napp.listen(3000);\n`,
    }),
  ],
});
