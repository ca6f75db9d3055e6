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
    const found = flows.into('record');
    for (const { source, into, evidence } of found) {
      // merged into a record first, and that saved then: one thing, told where it is saved
      const isSavedLater = found.some(({ evidence: { trail, at } }) => {
        const [first] = trail;
        return (
          at !== evidence.at &&
          first?.at.path === evidence.at.path &&
          first.at.start <= evidence.at.start &&
          evidence.at.end <= first.at.end &&
          at.start >= first.at.end
        );
      });
      if (isSavedLater) continue;
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
    bad('Merged into the record, and saved then', {
      'app.ts': `import express from 'express';\nimport { DataSource } from 'typeorm';\nconst users = new DataSource({ type: 'postgres' }).getRepository('user');\nconst app = express();\napp.use(express.json());\napp.put('/me', async (req, res) => {\n  const user = await users.findOneBy({ id: req.headers['x-user'] });\n  const changed = Object.assign(user, req.body);\n  res.json(await users.save(«changed»));\n});\n`,
    }),
    bad('Field by field, with whatever name', {
      'app.js': `const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst app = express();\napp.use(express.json());\napp.post('/users/:id', async (req, res) => {\n  const data = {};\n  for (const [key, value] of Object.entries(req.body)) data[key] = String(value);\n  res.json(await prisma.user.update(«{ where: { id: Number(req.params.id) }, data }»));\n});\n`,
    }),
    good('Field by field, with names of a list', {
      'app.js': `const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst WRITABLE = ['name', 'bio'];\nfunction valid(updates) {\n  const data = {};\n  for (const [key, value] of Object.entries(updates)) {\n    if (!WRITABLE.includes(key)) continue;\n    data[key] = value;\n  }\n  return data;\n}\nconst named = (body) => {\n  const data = {};\n  for (const key of WRITABLE) if (key in body) data[key] = body[key];\n  return data;\n};\nconst app = express();\napp.use(express.json());\napp.post('/users/:id', async (req, res) => res.json(await prisma.user.update({ where: { id: Number(req.params.id) }, data: valid(req.body) })));\napp.put('/users/:id', async (req, res) => res.json(await prisma.user.update({ where: { id: Number(req.params.id) }, data: named(req.body) })));\n`,
    }),
    good('What may not be written is taken out', {
      'app.js': `const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nconst WRITABLE = ['name', 'bio'];\nasync function update(id, updates = {}) {\n  for (const key of Object.keys(updates)) {\n    if (WRITABLE.includes(key)) continue;\n    delete updates[key];\n  }\n  return prisma.user.update({ where: { id }, data: updates });\n}\nconst app = express();\napp.use(express.json());\napp.post('/users/:id', async (req, res) => res.json(await update(Number(req.params.id), req.body)));\n`,
    }),
    good('Named fields', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ name: String, isAdmin: Boolean }));\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => {\n  const { name } = req.body;\n  res.json(await User.create({ name, isAdmin: false }));\n});\n`,
    }),
    good('Sequelize is told which fields it may write', {
      'app.js': `const express = require('express');\nconst { Sequelize, DataTypes } = require('sequelize');\nconst User = new Sequelize('sqlite::memory:').define('User', { name: DataTypes.STRING, role: DataTypes.STRING });\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => res.json(await User.create(req.body, { fields: ['name'] })));\napp.put('/users/:id', async (req, res) => {\n  const user = await User.findByPk(req.params.id);\n  res.json(await user.update(req.body, { fields: ['name'] }));\n});\n`,
    }),
    good('A record filled field by field', {
      'app.ts': `import express from 'express';\nimport { DataSource } from 'typeorm';\nimport { Book } from './book.ts';\nconst books = new DataSource({ type: 'postgres' }).getRepository(Book);\nconst app = express();\napp.use(express.json());\napp.post('/books', async (req, res) => {\n  const book = new Book();\n  book.title = req.body.title;\n  res.json(await books.save(book));\n});\n`,
      'book.ts': `export class Book {\n  title!: string;\n}\n`,
    }),
    good('A validator stands before the handler, wherever that is written', {
      'routes.js': `const express = require('express');\nconst Joi = require('joi');\nconst validate = require('./validate');\nconst users = require('./users');\nconst schema = { body: Joi.object().keys({ name: Joi.string().required() }) };\nconst app = express();\napp.use(express.json());\napp.post('/users', validate(schema), users.create);\n`,
      'validate.js': `const Joi = require('joi');\nmodule.exports = (schema) => (req, res, next) => {\n  const { error } = Joi.compile(schema).validate({ body: req.body });\n  if (error) return res.status(400).end();\n  next();\n};\n`,
      'users.js': `const mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ name: String }));\nconst caught = (fn) => (req, res, next) => fn(req, res, next).catch(next);\nexports.create = caught(async (req, res) => res.json(await User.create(req.body)));\n`,
    }),
    good('Nest drops what the class does not name', {
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { ValidationPipe } from '@nestjs/common';\nimport { UsersController } from './users.controller';\nconst app = await NestFactory.create(UsersController);\napp.useGlobalPipes(new ValidationPipe({ whitelist: true }));\n`,
      'users.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { InjectRepository } from '@nestjs/typeorm';\nimport { Repository } from 'typeorm';\nimport { CreateUserDto } from './create-user.dto';\n@Controller('users')\nexport class UsersController {\n  constructor(@InjectRepository(Object) private readonly users: Repository<object>) {}\n  @Post()\n  create(@Body() body: CreateUserDto) {\n    return this.users.save(body);\n  }\n}\n`,
      'create-user.dto.ts': `export class CreateUserDto {\n  name!: string;\n}\n`,
    }),
    good('What a schema returns', {
      'app.ts': `import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nimport { z } from 'zod';\nconst prisma = new PrismaClient();\nconst schema = z.object({ name: z.string(), email: z.string() });\nconst app = express();\napp.use(express.json());\napp.post('/users', async (req, res) => res.json(await prisma.user.create({ data: schema.parse(req.body) })));\n`,
    }),
  ],
});
