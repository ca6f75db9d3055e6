import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/url-path',
  ensures: 'A request chooses a name in the address of an inner service, not the address.',
  severity: 'low',
  roles: ['service', 'worker', 'function'],
  cwe: 74,
  owasp: 'A05',
  why: `The service asks with rights of its own. \`../admin/users\` or \`1?all=true\` in the place of an id asks for what nobody
meant to offer, and the service within trusts who asks.`,
  fix: 'Encode what is put into an address: `${base}/users/${encodeURIComponent(id)}`, and refuse `.` and `..`.',
  references: ['https://cwe.mitre.org/data/definitions/74.html'],
  needs: ['flows'],
  *check({ flows }) {
    // where the host is open as well, that is told already
    const told = new Set(flows.into('url').map(({ sink }) => `${sink.path}:${sink.start}`));
    for (const { source, into, evidence, sink } of flows.into('url-path')) {
      const place = `${sink.path}:${sink.start}`;
      if (told.has(place) || evidence.unsure !== undefined) continue;
      told.add(place);
      yield { ...evidence, message: `${source} becomes part of the path that ${into} asks for, as it is.` };
    }
  },
  examples: [
    bad('A service behind a setting', {
      'app.js': `const express = require('express');\nconst axios = require('axios');\nconst app = express();\napp.get('/orders/:id', async (req, res) => {\n  const { data } = await axios.get(«\`\${process.env.ORDERS_URL}/orders/\${req.params.id}\`», { headers: { 'x-service': process.env.KEY } });\n  res.json(data);\n});\n`,
    }),
    bad('In another file, by the name of the service', {
      'app.ts': `import { Hono } from 'hono';\nimport { stockOf } from './stock.ts';\nconst app = new Hono();\napp.get('/stock', async (c) => c.json(await stockOf(c.req.query('sku') ?? '')));\nexport default app;\n`,
      'stock.ts': `export const stockOf = async (sku: string) => (await fetch(«'http://stock:8080/items/' + sku + '/count'»)).json();\n`,
    }),
    good('Encoded, a number, or checked', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\nconst BASE = process.env.ORDERS_URL;\napp.get('/a/:id', async (request) => (await fetch(\`\${BASE}/orders/\${encodeURIComponent(request.params.id)}\`)).json());\napp.get('/b/:id', async (request) => (await fetch(\`\${BASE}/orders/\${Number(request.params.id)}\`)).json());\napp.get('/c/:id', async (request) => {\n  if (!/^[a-z0-9-]+$/.test(request.params.id)) throw new Error('id');\n  return (await fetch(\`\${BASE}/orders/\${request.params.id}\`)).json();\n});\n`,
    }),
    good('A parameter, and a public service that has no rights to lose', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', async (req, res) => {\n  const one = await fetch(\`\${process.env.SEARCH}/find?\${new URLSearchParams({ q: req.query.q })}\`);\n  const two = await fetch(\`https://api.example.com/users/\${req.query.name}\`);\n  res.json([await one.json(), await two.json()]);\n});\n`,
    }),
  ],
});
