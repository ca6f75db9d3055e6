import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-check-loose',
  ensures: 'The check of an origin lets in no site of somebody else.',
  severity: 'medium',
  control: 'headers/cors',
  roles: ['service', 'function'],
  cwe: 942,
  owasp: 'A02',
  why: `Whoever registers a name that passes the check reads what your own pages may read, with the visitor's cookies where
credentials are allowed. \`null\` is the origin of any sandboxed frame.`,
  fix: `Compare the whole origin with a list: \`['https://app.example'].includes(origin)\`. Where names vary, check the host with
the dot before it: \`/^https:\\/\\/[a-z0-9-]+\\.example\\.com$/\`.`,
  references: [
    'https://portswigger.net/web-security/cors',
    'https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin#null',
  ],
  needs: ['cors'],
  about: { what: 'answer to other origins', isIn: ({ cors }) => cors.length > 0 },
  *check({ cors }) {
    for (const { origins, credentials, callers } of cors) {
      if (origins.kind !== 'holes') continue;
      for (const { at, check, lets } of origins.holes)
        yield {
          at,
          message: `${check} lets the origin ${lets} in${credentials ? ', with the cookies of the visitor' : ''}.`,
          ...(credentials ? { severity: 'high' as const } : callers !== 'cookie' && { severity: 'low' as const }),
        };
    }
  },
  examples: [
    bad('The end of a name', {
      'app.js': `const express = require('express');\nconst cors = require('cors');\nconst app = express();\napp.use(cors({\n  origin: «(origin, callback) => {\n    if (!origin || origin.endsWith('example.com')) callback(null, true);\n    else callback(new Error('Not allowed'));\n  }»,\n  credentials: true,\n}));\napp.get('/me', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Patterns without an end or with a dot that is any character, and null', {
      'app.js': `import Fastify from 'fastify';\nimport cors from '@fastify/cors';\nimport { origins } from './origins.js';\nconst app = Fastify();\nawait app.register(cors, { origin: origins });\napp.get('/', async () => ({}));\nawait app.listen({ port: 3000 });\n`,
      'origins.js': `export const origins = [«/^https:\\/\\/app\\.example\\.com/», «/^https:\\/\\/api.example\\.org$/», 'https://example.net', «'null'»];\n`,
    }),
    bad('By hand, and in a function of another file', {
      'app.js': `const http = require('node:http');\nconst { isOurs } = require('./ours');\nhttp.createServer((req, res) => {\n  const origin = req.headers.origin || '';\n  if (isOurs(origin)) {\n    res.setHeader('Access-Control-Allow-Origin', «origin»);\n    res.setHeader('Access-Control-Allow-Credentials', 'true');\n  }\n  res.end('{}');\n}).listen(3000);\n`,
      'ours.js': `const NAMES = ['example.com', 'example.org'];\nexports.isOurs = (origin) => NAMES.some((name) => origin.includes(name));\n`,
    }),
    good('Whole origins, a dot before the name, a pattern with both ends', {
      'app.js': `const express = require('express');\nconst cors = require('cors');\nconst app = express();\nconst LIST = new Set(['https://a.example']);\napp.use(cors({\n  origin: (origin, callback) =>\n    callback(null, !origin || LIST.has(origin) || origin.endsWith('.example.com') || /^https:\\/\\/([a-z]+\\.)?example\\.org$/.test(origin)),\n  credentials: true,\n}));\napp.use('/b', cors({ origin: [/\\.example\\.com$/, /^http:\\/\\/localhost(:\\d+)?$/, 'https://x.example'] }));\napp.get('/me', (req, res) => res.json(1));\napp.listen(3000);\n`,
    }),
    good('Decided by settings, or only while developing', {
      'app.ts': `import { Hono } from 'hono';\nimport { cors } from 'hono/cors';\nimport { isKnown } from './tenants.ts';\nconst app = new Hono();\napp.use('/a/*', cors({ origin: (process.env.ORIGINS ?? '').split(','), credentials: true }));\napp.use('/b/*', cors({ origin: async (origin) => ((await isKnown(origin)) ? origin : ''), credentials: true }));\nif (process.env.NODE_ENV !== 'production') app.use('/c/*', cors({ origin: (origin) => (origin.includes('localhost') ? origin : '') }));\napp.get('/', (c) => c.json({}));\nexport default app;\n`,
      'tenants.ts': `import { db } from './db.ts';\nexport const isKnown = async (origin: string) => (await db.query('select 1 from tenants where origin = $1', [origin])).rows.length > 0;\n`,
      'db.ts': `import pg from 'pg';\nexport const db = new pg.Pool();\n`,
    }),
  ],
});
