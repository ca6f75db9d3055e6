import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What unpacks one compressed text, not an archive. */
const ONE_TEXT = /(gunzip|inflate|inflateRaw|unzip|brotliDecompress)(Sync)?$/;

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
  needs: ['flows', 'program'],
  *check({ flows, program }) {
    for (const { source, into, evidence } of flows.into('inflate')) {
      const module = program.modules.get(evidence.at.path);
      // an archive says how large its entries are
      const isCounted = module?.facts.values.some(
        (value) => value.kind === 'member' && /^(uncompressedSize|size|originalSize)$/.test(value.property ?? ''),
      );
      if (evidence.unsure === undefined && !(isCounted && !ONE_TEXT.test(into)))
        yield { ...evidence, message: `${source} is unpacked by ${into} to whatever size it has.` };
    }
  },
  examples: [
    bad('A body', {
      'app.js': `const express = require('express');\nconst zlib = require('zlib');\nconst app = express();\napp.use(express.raw());\napp.post('/import', (req, res) => {\n  zlib.gunzip(«req.body», (error, data) => res.json(JSON.parse(data)));\n});\n`,
    }),
    bad('A field, in another file', {
      'app.ts': `import Koa from 'koa';\nimport { unpacked } from './unpacked.ts';\nnew Koa().use(async (ctx) => {\n  ctx.body = unpacked((ctx.request.body as { data: string }).data);\n});\n`,
      'unpacked.ts': `import { inflateSync } from 'node:zlib';\nexport const unpacked = (data: string) => inflateSync(«Buffer.from(data, 'base64')»).toString();\n`,
    }),
    bad('An archive that was uploaded', {
      'app.js': `const express = require('express');\nconst multer = require('multer');\nconst JSZip = require('jszip');\nconst app = express();\nconst upload = multer({ limits: { fileSize: 1e6 } });\napp.post('/import', upload.single('file'), async (req, res) => {\n  const zip = await JSZip.loadAsync(«req.file.buffer»);\n  res.send(await zip.file('a.txt').async('string'));\n});\n`,
    }),
    good('An archive whose entries are measured, and one of the program', {
      'app.ts': `import express from 'express';\nimport AdmZip from 'adm-zip';\nconst app = express();\napp.post('/import', express.raw(), (req, res) => {\n  const entries = new AdmZip(req.body).getEntries();\n  if (entries.reduce((sum, { header }) => sum + header.size, 0) > 1e7) return res.sendStatus(413);\n  res.json(entries.map((entry) => entry.getData().toString()));\n});\n`,
      'own.ts': `import AdmZip from 'adm-zip';\nexport const names = new AdmZip('seed.zip').getEntries().map(({ name }) => name);\n`,
    }),
    good('With a limit, and what the program reads itself', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst zlib = require('zlib');\nconst app = express();\napp.use(express.raw());\napp.post('/import', (req, res) => {\n  zlib.gunzip(req.body, { maxOutputLength: 1e6 }, (error, data) => res.json(JSON.parse(data)));\n});\napp.get('/', (req, res) => res.send(zlib.gunzipSync(fs.readFileSync('page.gz'))));\n`,
    }),
    good('Compressed, not unpacked', {
      'app.ts': `import Fastify from 'fastify';\nimport { gzipSync } from 'node:zlib';\nFastify().post('/', async (request) => gzipSync(String(request.body)));\n`,
    }),
  ],
});
