import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/nosql-operator',
  ensures: 'A request chooses values in a database query, never its operators.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 943,
  owasp: 'A05',
  why: `A JSON body can hold an object where a text is expected: \`{ "password": { "$ne": null } }\` matches every password.
Logins open without one, and filters return everybody's documents.`,
  fix: "Make the value what you expect before it enters the query: `String(value)`, a schema (zod, joi) whose output you use, or mongoose's `sanitizeFilter`.",
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/NoSQL_Security_Cheat_Sheet.html',
    'https://www.mongodb.com/docs/manual/faq/fundamentals/',
  ],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('query-object')) {
      yield { ...evidence, message: `${source} may be an object of operators in ${into}.` };
    }
  },
  examples: [
    bad('A login', {
      'app.js': `const express = require('express');\nconst { MongoClient } = require('mongodb');\nconst app = express();\napp.use(express.json());\nconst users = new MongoClient('mongodb://localhost').db('a').collection('users');\napp.post('/login', async (req, res) => {\n  const user = await users.findOne(«{ name: req.body.name, password: req.body.password }»);\n  res.json({ ok: user !== null });\n});\n`,
    }),
    bad('A mongoose model in another file, and a filter handed through whole', {
      'app.ts': `import Fastify from 'fastify';\nimport { User } from './user.ts';\nconst app = Fastify();\napp.post('/find', async (request) => User.find(«request.body as object»));\n`,
      'user.ts': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ name: String }));\n`,
    }),
    good('The query of Express 5 holds texts and lists', {
      'package.json':
        '{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^5.1.0", "mongoose": "^8.0.0" } }',
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ name: String }));\nconst app = express();\napp.get('/users', async (req, res) => res.json(await User.find({ name: req.query.name })));\napp.listen(3000);\n`,
    }),
    good('Made a text first', {
      'app.js': `const express = require('express');\nconst { MongoClient } = require('mongodb');\nconst app = express();\napp.use(express.json());\nconst users = new MongoClient('mongodb://localhost').db('a').collection('users');\napp.post('/login', async (req, res) => {\n  if (typeof req.body.password !== 'string') return res.status(400).end();\n  const user = await users.findOne({ name: String(req.body.name), password: req.body.password });\n  res.json({ ok: user !== null });\n});\n`,
    }),
    good('A part of the path is always a text, and so is what a schema returns', {
      'app.ts': `import express from 'express';\nimport mongoose from 'mongoose';\nimport { z } from 'zod';\nconst User = mongoose.model('User', new mongoose.Schema({ name: String }));\nconst schema = z.object({ name: z.string() });\nconst app = express();\napp.get('/user/:name', async (req, res) => res.json(await User.findOne({ name: req.params.name })));\napp.post('/user', async (req, res) => {\n  const { name } = schema.parse(req.body);\n  res.json(await User.findOne({ name }));\n});\n`,
    }),
    good('Operators are taken out of every request', {
      'app.js': `const express = require('express');\nconst mongoSanitize = require('express-mongo-sanitize');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ name: String }));\nconst app = express();\napp.use(express.json());\napp.use(mongoSanitize());\napp.post('/user', async (req, res) => res.json(await User.findOne({ name: req.body.name })));\n`,
    }),
    good('A database that knows no operators', {
      'app.js': `const express = require('express');\nconst { Sequelize, DataTypes } = require('sequelize');\nconst User = new Sequelize('sqlite::memory:').define('User', { name: DataTypes.STRING });\nconst app = express();\napp.use(express.json());\napp.post('/user', async (req, res) => res.json(await User.findOne({ where: { name: req.body.name } })));\n`,
    }),
  ],
});
