import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/nosql-code',
  ensures: 'Request data never becomes code that a database runs.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 943,
  owasp: 'A05',
  why: '`$where` and its kin run JavaScript inside the database for every document: the value reads any of them, or keeps the server busy for good.',
  fix: 'Say it with operators (`{ stock: { $gt: n } }`), or hand the value to a constant script as a parameter.',
  references: ['https://www.mongodb.com/docs/manual/reference/operator/query/where/'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence, from } of flows.into('query-code')) {
      // an object of the client's that may hold $where is the finding of injection/nosql-operator
      if (from.path.some((name) => name === '$where' || name === '$function')) continue;
      yield { ...evidence, message: `${source} becomes part of the code that ${into} runs in the database.` };
    }
  },
  examples: [
    bad('A condition in JavaScript', {
      'app.js': `const express = require('express');\nconst { MongoClient } = require('mongodb');\nconst app = express();\nconst items = new MongoClient('mongodb://localhost').db('a').collection('items');\napp.get('/items', async (req, res) => {\n  res.json(await items.find(«{ $where: \`this.stock > \${req.query.least}\` }»).toArray());\n});\n`,
    }),
    bad('A script for Redis', {
      'app.ts': `import Koa from 'koa';\nimport Redis from 'ioredis';\nconst redis = new Redis();\nconst app = new Koa();\napp.use(async (ctx) => {\n  ctx.body = { value: await redis.eval(«\`return redis.call('GET', '\${ctx.query.key}')\`», 0) };\n});\n`,
    }),
    good('Operators and parameters', {
      'app.js': `const express = require('express');\nconst Redis = require('ioredis');\nconst { MongoClient } = require('mongodb');\nconst app = express();\nconst redis = new Redis();\nconst items = new MongoClient('mongodb://localhost').db('a').collection('items');\napp.get('/items', async (req, res) => {\n  await redis.eval("return redis.call('GET', KEYS[1])", 1, req.query.key);\n  res.json(await items.find({ stock: { $gt: Number(req.query.least) } }).toArray());\n});\n`,
    }),
    good('A constant condition', {
      'app.js': `const express = require('express');\nconst { MongoClient } = require('mongodb');\nconst app = express();\nconst items = new MongoClient('mongodb://localhost').db('a').collection('items');\napp.get('/items', async (req, res) => res.json(await items.find({ $where: 'this.sold > this.stock', name: String(req.query.name) }).toArray()));\n`,
    }),
  ],
});
