import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/ssrf',
  ensures: 'Which host the service calls is decided by the code, never by a request.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 918,
  owasp: 'A01',
  why: `The service can reach what the client cannot: the metadata of the cloud with its credentials, databases without a
password, admin pages inside the network.`,
  fix: 'Compare the host of `new URL(value)` with a list of your own, or send through an agent that refuses private addresses.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html',
  ],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('url')) {
      yield { ...evidence, message: `${source} decides which host ${into} calls.` };
    }
  },
  examples: [
    bad('Fetching what a request names', {
      'app.js': `const express = require('express');\nconst axios = require('axios');\nconst app = express();\napp.get('/preview', async (req, res) => {\n  const { data } = await axios.get(«req.query.url»);\n  res.json({ length: data.length });\n});\n`,
    }),
    bad('Through a client of the project, with the host in the middle', {
      'app.ts': `import { Hono } from 'hono';\nimport { load } from './load.ts';\nconst app = new Hono();\napp.get('/feed', async (c) => c.text(await load(c.req.query('host') ?? '')));\nexport default app;\n`,
      'load.ts': `export async function load(host: string) {\n  const response = await fetch(«\`https://\${host}/feed.xml\`»);\n  return response.text();\n}\n`,
    }),
    good('The host is fixed', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/user/:id', async (req, res) => {\n  const response = await fetch(\`https://api.example.com/users/\${encodeURIComponent(req.params.id)}\`);\n  res.json(await response.json());\n});\n`,
    }),
    good('The host is on a list', {
      'app.js': `const express = require('express');\nconst app = express();\nconst HOSTS = ['a.example.com', 'b.example.com'];\napp.get('/preview', async (req, res) => {\n  const url = new URL(req.query.url);\n  if (!HOSTS.includes(url.hostname)) return res.status(400).end();\n  const response = await fetch(url);\n  res.json({ status: response.status });\n});\n`,
    }),
    good('A document of a database with a field called host', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst app = express();\nconst Site = mongoose.model('Site', new mongoose.Schema({ name: String, host: String }));\napp.post('/sites', async (req, res) => {\n  const { name, host } = req.body;\n  res.json(await new Site({ name: String(name), host: String(host) }).save());\n});\n`,
    }),
    bad('Which database a client connects to', {
      'app.js': `const express = require('express');\nconst Redis = require('ioredis');\nconst app = express();\napp.post('/test', async (req, res) => {\n  const redis = new Redis(«{ host: req.body.host, port: 6379 }»);\n  res.json(await redis.ping());\n});\n`,
    }),
    good('The host comes from the settings', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/x', async (request) => (await fetch(\`\${process.env.BACKEND}/x?q=\${encodeURIComponent((request.query as { q: string }).q)}\`)).json());\n`,
    }),
  ],
});
