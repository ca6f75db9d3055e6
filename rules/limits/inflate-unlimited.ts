import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/inflate-unlimited',
  ensures: 'What a client has compressed becomes only as large as it may.',
  severity: 'low',
  roles: ['service', 'worker', 'function'],
  cwe: 409,
  owasp: 'A06',
  why: 'A megabyte of zeros is a kilobyte while it is compressed: a small body becomes gigabytes, and the process runs out of memory.',
  fix: 'Say how much may come out: `zlib.gunzip(data, { maxOutputLength: 10 * 1024 * 1024 }, …)`.',
  references: ['https://nodejs.org/api/zlib.html#class-options'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('inflate'))
      if (evidence.unsure === undefined)
        yield { ...evidence, message: `${source} is unpacked by ${into} to whatever size it has.` };
  },
  examples: [
    bad('A body', {
      'app.js': `const express = require('express');\nconst zlib = require('zlib');\nconst app = express();\napp.use(express.raw());\napp.post('/import', (req, res) => {\n  zlib.gunzip(«req.body», (error, data) => res.json(JSON.parse(data)));\n});\n`,
    }),
    bad('A field, in another file', {
      'app.ts': `import Koa from 'koa';\nimport { unpacked } from './unpacked.ts';\nnew Koa().use(async (ctx) => {\n  ctx.body = unpacked((ctx.request.body as { data: string }).data);\n});\n`,
      'unpacked.ts': `import { inflateSync } from 'node:zlib';\nexport const unpacked = (data: string) => inflateSync(«Buffer.from(data, 'base64')»).toString();\n`,
    }),
    good('With a limit, and what the program reads itself', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst zlib = require('zlib');\nconst app = express();\napp.use(express.raw());\napp.post('/import', (req, res) => {\n  zlib.gunzip(req.body, { maxOutputLength: 1e6 }, (error, data) => res.json(JSON.parse(data)));\n});\napp.get('/', (req, res) => res.send(zlib.gunzipSync(fs.readFileSync('page.gz'))));\n`,
    }),
    good('Compressed, not unpacked', {
      'app.ts': `import Fastify from 'fastify';\nimport { gzipSync } from 'node:zlib';\nFastify().post('/', async (request) => gzipSync(String(request.body)));\n`,
    }),
  ],
});
