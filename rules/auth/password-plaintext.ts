import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PASSWORD = /^(password|passwd|pwd|pass|user_?password|passphrase)$/i;
const FINDS =
  /^(find|findOne|findFirst|findUnique|findOneBy|findBy|where|exists|count|findOneOrFail|findOneAndUpdate|andWhere|first|query|get)$/;

/** Calls that write a record, by where they come from; models of Mongoose and Sequelize are also made by `new`. */
const WRITES = [
  /^(mongodb|mongoose|sequelize|sequelize-typescript|typeorm|@nestjs\/(mongoose|typeorm|sequelize)|@prisma\/client|knex|objection)\b.*\.(create|insert|insertOne|insertMany|build|upsert|bulkCreate)$/,
  /^(mongoose|@nestjs\/mongoose)\b.*\.model\(\)$/,
  /^(sequelize|sequelize-typescript)\b.*\.define\(\)$/,
];
const HASHING =
  /^(bcrypt|bcryptjs|bcrypt-nodejs|@node-rs\/(bcrypt|argon2)|argon2|scrypt-kdf|password-hash|pbkdf2|passport-local-mongoose|mongoose-bcrypt|better-auth|lucia)\b|^crypto\.(pbkdf2|scrypt|createHash|createHmac|argon2)/;

export default defineRule({
  id: 'auth/password-plaintext',
  ensures: 'Passwords are stored and compared by their hash.',
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
        .some(
          (origin) =>
            /^(member|param|typed|await|either)$/.test(program.valueOf(origin).kind) ||
            /\.(trim|toString)\(/.test(program.describe(origin)),
        );
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
      const isHashing = (call: number): boolean => {
        const hashing = program.valueOf(call);
        const texts =
          hashing.kind === 'call' ? hashing.args.map((each) => program.describe(program.child(call, each.value))) : [];
        return /hash|salt|crypt/i.test(program.describe(call)) && texts.some((text) => /pass|pwd/i.test(text));
      };
      if (owner && code.callsIn(owner).some((call) => isHashing(call))) continue;
      yield {
        at: program.locationOf(node),
        message: `${program.describe(stored)} is compared as it was sent: passwords are stored in the clear.`,
      };
    }
    for (const call of program.calls) {
      const field = inStatement(call);
      if (!field) continue;
      yield {
        at: program.locationOf(call),
        message: field.isStored
          ? `${field.name} is stored as it was sent: passwords are stored in the clear.`
          : `The user is looked up by ${field.name} as it was sent: passwords are stored in the clear.`,
      };
    }
    // a hook of the model may hash them where something does
    const hashes =
      program.callsTo(HASHING).length > 0 ||
      program.callsNamed(/hash|encrypt(?!Res|Req)|digest|setPassword/i).length > 0;
    for (const call of hashes ? [] : writesOf()) {
      const argument = program.argument(call, 0);
      if (argument === undefined) continue;
      const data = code.property(argument, 'data');
      const field = passwordIn(data.state === 'given' ? data.value : argument);
      if (field)
        yield {
          at: program.locationIn(program.moduleOf(field.object), field.at),
          message: `${field.name} is stored as it was sent, and nothing in this program hashes passwords.`,
        };
    }
    for (const call of program.calls) {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      const argument = program.argument(call, 0);
      if (callee?.kind !== 'member' || !FINDS.test(callee.property ?? '') || argument === undefined) continue;
      const where = code.property(argument, 'where');
      for (const place of [argument, ...(where.state === 'given' ? [where.value] : [])]) {
        const field = passwordIn(place);
        if (field)
          yield {
            at: program.locationIn(program.moduleOf(field.object), field.at),
            message: `The user is looked up by ${field.name} as it was sent: passwords are stored in the clear.`,
          };
      }
    }

    /** Calls that write records, and those of what cannot be seen but is called like users. */
    function writesOf(): readonly number[] {
      const known = program.callsTo(...WRITES);
      const others = program.callsNamed('create', 'insertOne', 'build', 'update').filter((call) => {
        const value = program.valueOf(call);
        const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
        return (
          program.apis(callee).every((api) => api.startsWith('require()')) &&
          /(^|[._])users?\.\w+$/i.test(program.describe(callee))
        );
      });
      return [...new Set([...known, ...others])];
    }

    /** `db.run('INSERT INTO users (name, password) VALUES (?, ?)', [name, password])`: what the statement says of it. */
    function inStatement(call: number): { readonly name: string; readonly isStored: boolean } | undefined {
      const [text, list] = [program.argument(call, 0), program.argument(call, 1)];
      const [statement] = text === undefined || list === undefined ? [] : (program.constants(text) ?? []);
      if (typeof statement !== 'string' || list === undefined || statement.length > 2000) return undefined;
      const columns = /\binsert\s+into\s+\S+\s*\(([^()]*)\)\s*values\s*\(([^()]*)\)/i.exec(statement);
      const [names, values] = [columns?.[1], columns?.[2]].map((part) => part?.split(',').map((each) => each.trim()));
      const at = names?.findIndex((name) => PASSWORD.test(name.replaceAll(/[`"]/g, ''))) ?? -1;
      const asked = /\b[`"]?(pass(?:word|wd)?|pwd)[`"]?\s*=\s*(\?|\$\d+)/i.exec(statement);
      const holder = columns ? values?.[at] : asked?.[2];
      const before = columns ? values?.slice(0, at).join() : statement.slice(0, asked?.index ?? 0);
      if (holder === undefined || !/^(\?|\$\d+)$/.test(holder)) return undefined;
      const index = holder === '?' ? (before?.split('?').length ?? 1) - 1 : Number(holder.slice(1)) - 1;
      for (const origin of program.origins(list)) {
        const array = program.valueOf(origin);
        const item = array.kind === 'array' ? array.items[index] : undefined;
        if (item && isSent(program.child(origin, item.value)))
          return {
            name: names?.[at] ?? asked?.[1] ?? 'password',
            isStored:
              columns !== null || (/^\s*update/i.test(statement) && /\bwhere\b/i.test(statement.slice(asked?.index))),
          };
      }
      return undefined;
    }

    /** The field of an object that is a password as it was sent. */
    function passwordIn(node: number) {
      const [object] = program.origins(node).filter((origin) => program.valueOf(origin).kind === 'object');
      const fields = object === undefined ? undefined : program.valueOf(object);
      if (object === undefined || fields?.kind !== 'object') return undefined;
      const field = fields.properties.find(
        ({ name, value: inner }) => PASSWORD.test(name ?? '') && isSent(program.child(object, inner)),
      );
      return field && { object, at: field.at, name: field.name ?? 'password' };
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
    bad('Stored, by a class of another file', {
      'app.js': `const express = require('express');\nconst Users = require('./users');\nconst users = new Users();\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => {\n  const { email, password } = req.body;\n  res.json(await users.add(email, password));\n});\napp.listen(3000);\n`,
      'users.js': `const { MongoClient } = require('mongodb');\nconst found = new MongoClient(process.env.MONGO_URL).db().collection('users');\nmodule.exports = class Users {\n  add(email, password) {\n    return found.insertOne({ email, «password» });\n  }\n};\n`,
    }),
    bad('In the parameters of a statement', {
      'app.js': `const express = require('express');\nconst sqlite3 = require('sqlite3');\nconst db = new sqlite3.Database('users.db');\nconst app = express();\napp.post('/create', (req, res) => {\n  const password = req.body.password.trim();\n  «db.run('INSERT INTO users (name, password) VALUES (?, ?)', [req.body.name, password], () => res.sendStatus(201))»;\n});\napp.post('/login', (req, res) => {\n  const sql = 'SELECT * FROM users WHERE name = ? AND password = ?';\n  «db.get(sql, [req.body.name, req.body.password], (error, row) => res.sendStatus(row ? 200 : 401))»;\n});\napp.listen(3000);\n`,
    }),
    bad('In an application that encrypts its answers', {
      'app.js': `const express = require('express');\nconst { models } = require('./models');\nconst { encryptResponse } = require('./wire');\nconst app = express();\napp.post('/register', (req, res) => {\n  const password = req.body.password;\n  models.users.create({ name: req.body.name, «password: password» }).then(() => res.json(encryptResponse({ ok: true })));\n});\napp.listen(3000);\n`,
      'models.js': `const fs = require('fs');\nconst models = {};\nfs.readdirSync(__dirname).forEach((file) => { models[file] = require('./' + file); });\nexports.models = models;\n`,
      'wire.js': `exports.encryptResponse = (answer) => Buffer.from(JSON.stringify(answer)).toString('base64');\n`,
    }),
    good('A hash in the parameters, and one the database makes', {
      'app.js': `const express = require('express');\nconst bcrypt = require('bcrypt');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nconst app = express();\napp.post('/create', async (req, res) => {\n  const hash = await bcrypt.hash(req.body.password, 12);\n  await pool.query('INSERT INTO users (name, password) VALUES ($1, $2)', [req.body.name, hash]);\n  res.sendStatus(201);\n});\napp.post('/login', async (req, res) => {\n  const found = await pool.query('SELECT id FROM users WHERE name = $1 AND password = crypt($2, password)', [req.body.name, req.body.password]);\n  res.sendStatus(found.rowCount ? 200 : 401);\n});\napp.listen(3000);\n`,
    }),
    good('Stored, and hashed by a hook of the model', {
      'app.js': `const express = require('express');\nconst { User } = require('./user');\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => res.json({ id: (await User.create({ email: req.body.email, password: req.body.password })).id }));\napp.listen(3000);\n`,
      'user.js': `const bcrypt = require('bcrypt');\nconst mongoose = require('mongoose');\nconst schema = new mongoose.Schema({ email: String, password: String });\nschema.pre('save', async function () { this.password = await bcrypt.hash(this.password, 12); });\nexports.User = mongoose.model('User', schema);\n`,
    }),
    good('By its hash', {
      'app.js': `const express = require('express');\nconst bcrypt = require('bcrypt');\nconst { User, hash } = require('./user');\nconst app = express();\napp.post('/login', async (req, res) => {\n  const user = await User.findOne({ email: req.body.email });\n  if (await bcrypt.compare(req.body.password, user.password)) res.json({});\n  else if (user.password === hash(req.body.password, user.salt)) res.json({});\n  else res.sendStatus(401);\n});\napp.listen(3000);\n`,
    }),
    good('Typed twice, and one of the settings', {
      'app.ts': `import express from 'express';\nconst app = express();\napp.post('/register', (req, res) => {\n  if (req.body.password !== req.body.passwordConfirm) return res.sendStatus(400);\n  res.json({ same: req.body.password === process.env.PASSWORD, short: req.body.password === '' });\n});\napp.listen(3000);\n`,
    }),
  ],
});
