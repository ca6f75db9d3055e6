import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/method-by-name',
  ensures: 'Which function runs is chosen from a list, never looked up by a name of the request.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 470,
  owasp: 'A05',
  why: `Every object answers to more names than were written into it: \`constructor\`, \`toString\`, methods of its class that
were meant for the program alone. A request names one of them and it runs, or what is called is no function and the
request ends in an exception.`,
  fix: 'Ask a `Map`, or check `Object.hasOwn(handlers, name)` first.',
  references: ['https://cwe.mitre.org/data/definitions/470.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence, from } of flows.into('method')) {
      // a server reads no other methods than those there are
      if (/^((req|request)\.)?method$/.test(from.path.join('.'))) continue;
      yield {
        ...evidence,
        ...(source.startsWith('job.') && { unsure: 'Who puts jobs there was not seen.' }),
        message: `${source} decides which function of ${into} is called.`,
      };
    }
    for (const { source, into, evidence } of flows.into('own-function')) {
      yield {
        ...evidence,
        message: `${source} decides which function of ${into} is called, inherited ones included.`,
        severity: 'low',
      };
    }
  },
  examples: [
    bad('A method of a service', {
      'app.js': `const express = require('express');\nconst shop = require('./shop');\nconst app = express();\napp.use(express.json());\napp.post('/call', async (req, res) => res.json(await «shop[req.body.method]»(req.body.data)));\n`,
      'shop.js': `exports.list = () => [];\nexports.reset = () => {};\n`,
    }),
    bad('Through a function of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { perform } from './actions.ts';\nconst app = Fastify();\napp.post('/do/:action', async (request) => perform((request.params as { action: string }).action));\n`,
      'actions.ts': `const actions: Record<string, () => object> = { start: () => ({}), stop: () => ({}) };\nexport const perform = (name: string) => «actions[name]»();\n`,
    }),
    good('The method of a request, of which a server knows no others', {
      'app.js': `const http = require('http');\nconst handlers = { GET: (res) => res.end('a'), POST: (res) => res.end('b') };\nhttp.createServer((req, res) => {\n  const handler = handlers[req.method];\n  if (!handler) return res.end();\n  handler(res);\n}).listen(3000);\n`,
    }),
    good('A map, an own property, a list', {
      'app.js': `const express = require('express');\nconst app = express();\nconst handlers = { start: () => 1, stop: () => 2 };\nconst table = new Map(Object.entries(handlers));\napp.post('/a/:name', (req, res) => res.json(table.get(req.params.name)?.()));\napp.post('/b/:name', (req, res) => {\n  if (!Object.hasOwn(handlers, req.params.name)) return res.sendStatus(404);\n  res.json(handlers[req.params.name]());\n});\napp.post('/c/:name', (req, res) => {\n  if (!['start', 'stop'].includes(req.params.name)) return res.sendStatus(404);\n  res.json(handlers[req.params.name]());\n});\n`,
    }),
    good('The name is one of few, or the index of a list', {
      'app.ts': `import Koa from 'koa';\nconst steps = [() => 1, () => 2];\nconst log = console as unknown as Record<string, (text: string) => void>;\nnew Koa().use(async (ctx) => {\n  log[ctx.query.loud === 'yes' ? 'warn' : 'info']('asked');\n  ctx.body = { done: steps[Number(ctx.query.step)]?.() };\n});\n`,
    }),
  ],
});
