import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/sql',
  ensures: 'Request data never becomes part of the text of an SQL statement.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 89,
  owasp: 'A05',
  why: `A quote in the value ends the string it was meant for; what follows is run as SQL. Whoever sends it reads other
people's rows, changes them, or drops the table.`,
  fix: "Put a placeholder into the text and hand the value over beside it: `query('… WHERE id = $1', [id])`. Choose column names and directions from a list of your own.",
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('sql')) {
      yield { ...evidence, message: `${source} becomes part of the SQL that ${into} runs.` };
    }
  },
  examples: [
    bad('Glued together in the handler', {
      'app.js': `const express = require('express');\nconst { Pool } = require('pg');\nconst app = express();\nconst pool = new Pool();\napp.get('/user', async (req, res) => {\n  const { rows } = await pool.query(«"SELECT * FROM users WHERE name = '" + req.query.name + "'"»);\n  res.json(rows);\n});\n`,
    }),
    bad('Through a data layer in another file', {
      'routes.ts': `import Fastify from 'fastify';\nimport { ticketsBy } from './tickets.ts';\nconst app = Fastify();\napp.get('/tickets', async (request) => ticketsBy((request.query as { state: string }).state));\n`,
      'tickets.ts': `import mysql from 'mysql2/promise';\nconst db = mysql.createPool({});\nexports;\nexport const ticketsBy = (state: string) => db.query(«\`SELECT * FROM ticket WHERE state = '\${state}'\`»);\n`,
    }),
    bad('The column to sort by cannot be a placeholder', {
      'app.js': `const Koa = require('koa');\nconst knex = require('knex')({ client: 'pg' });\nconst app = new Koa();\napp.use(async (ctx) => {\n  ctx.body = await knex('book').orderByRaw(«'price ' + ctx.query.direction»);\n});\n`,
    }),
    bad('A field of the root of GraphQL, and a number beside it', {
      'app.js': `const express = require('express');\nconst { graphqlHTTP } = require('express-graphql');\nconst { buildSchema } = require('graphql');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nconst schema = buildSchema('type Query { page(n: Int!): String named(name: String): String }');\nconst rootValue = {\n  page: ({ n }) => pool.query('SELECT * FROM books OFFSET ' + n),\n  named: ({ name }) => pool.query(«"SELECT * FROM books WHERE name = '" + name + "'"»),\n};\nexpress().use('/graphql', graphqlHTTP({ schema, rootValue })).listen(3000);\n`,
    }),
    good('What is found in a list is one of those asked for', {
      'app.js': `const express = require('express');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nconst app = express();\napp.use(express.json());\napp.post('/books', async (req, res) => {\n  const order = req.body.filters.find((each) => each.key === 'order' && ['ASC', 'DESC'].includes(each.value)) || { value: 'ASC' };\n  res.json(await pool.query('SELECT * FROM books ORDER BY id ' + order.value));\n});\n`,
    }),
    good('A placeholder', {
      'app.js': `const express = require('express');\nconst { Pool } = require('pg');\nconst app = express();\nconst pool = new Pool();\napp.get('/user', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM users WHERE name = $1', [req.query.name]);\n  res.json(rows);\n});\n`,
    }),
    good('A tag that makes parameters of its holes, a number, and a column from a list', {
      'app.ts': `import express from 'express';\nimport postgres from 'postgres';\nimport mysql from 'mysql2/promise';\nconst sql = postgres();\nconst pool = mysql.createPool({});\nconst app = express();\nconst COLUMNS = { price: 'price', title: 'title' } as const;\napp.get('/books', async (req, res) => {\n  const rows = await sql\`SELECT * FROM book WHERE title = \${req.query.title}\`;\n  const order = req.query.order === 'price' ? COLUMNS.price : COLUMNS.title;\n  const [more] = await pool.query('SELECT * FROM book ORDER BY ' + order + ' LIMIT ' + Number(req.query.limit));\n  res.json([rows, more]);\n});\n`,
    }),
    good('A prepared statement in a wrapper', {
      'app.js': `import express from 'express';\nimport Database from 'better-sqlite3';\nimport { Wrapped } from './db.js';\nconst db = new Wrapped(new Database('x.db'));\nexpress().get('/files', (req, res) => res.json(db.all('SELECT * FROM file WHERE id = ?', [req.query.id])));\n`,
      'db.js': `export class Wrapped {\n  constructor(db) {\n    this.db = db;\n  }\n  all(sql, params = []) {\n    const statement = this.db.prepare(sql);\n    return statement.all(...params);\n  }\n}\n`,
    }),
    good('A method called query that is no database', {
      'app.js': `const express = require('express');\nconst app = express();\nconst cache = { query: (text) => text.length };\napp.get('/', (req, res) => res.json({ n: cache.query('SELECT ' + req.query.name) }));\n`,
    }),
  ],
});
