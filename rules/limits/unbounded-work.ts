import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/unbounded-work',
  ensures: 'A request cannot say how much memory or time the service spends.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 770,
  owasp: 'A06',
  why: `One request with \`count=1000000000\` keeps the only thread busy, or takes all the memory there is, and the service is gone
for everybody.`,
  fix: 'Cap it: `Math.min(Number(query.count), 100)`, or let a schema refuse more.',
  references: ['https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('size')) {
      if (evidence.unsure !== undefined) continue;
      yield { ...evidence, message: `${source} decides how much ${into} does.` };
    }
  },
  examples: [
    bad('Memory and a loop', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/pad', (req, res) => {\n  const out = Buffer.alloc(«Number(req.query.size)»);\n  let sum = 0;\n  for (let i = 0; i < «req.query.rounds»; i += 1) sum += i;\n  res.send({ out, sum });\n});\n`,
    }),
    bad('Through a function of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { rows } from './rows.ts';\nconst app = Fastify();\napp.get('/rows', async (request) => rows(parseInt((request.query as { n: string }).n, 10)));\n`,
      'rows.ts': `export const rows = (count: number) => [new Array(«count * 2»).fill('row'), '-'.repeat(«count»)];\n`,
    }),
    good('Capped, compared, checked', {
      'app.js': `const express = require('express');\nconst { z } = require('zod');\nconst app = express();\nconst query = z.object({ size: z.coerce.number().int().max(1000) });\napp.get('/a', (req, res) => res.send(Buffer.alloc(Math.min(Number(req.query.size), 1024))));\napp.get('/b', (req, res) => res.send(Buffer.alloc(query.parse(req.query).size)));\napp.get('/c', (req, res) => {\n  const count = Number(req.query.count);\n  if (count > 100) return res.sendStatus(400);\n  res.send('x'.repeat(count));\n});\n`,
    }),
    good('A list of the body, which has its limit', {
      'app.ts': `import Koa from 'koa';\nnew Koa().use(async (ctx) => {\n  const { ids } = ctx.request.body as { ids: string[] };\n  for (let i = 0; i < ids.length; i += 1) console.log(ids[i]);\n  ctx.body = new Array(ids.length).fill(0);\n});\n`,
    }),
  ],
});
