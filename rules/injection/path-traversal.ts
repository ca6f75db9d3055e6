import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/path-traversal',
  ensures: 'A request can only name files inside the folder meant for it.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 22,
  owasp: 'A01',
  why: '`../../` climbs out of the folder: the settings, the keys and the source of the service can be read, and where files are written, replaced.',
  fix: 'Resolve the path and check that it starts with the folder and a separator, or use `res.sendFile(name, { root })`; for a name without folders take `path.basename`.',
  references: [
    'https://owasp.org/www-community/attacks/Path_Traversal',
    'https://cwe.mitre.org/data/definitions/22.html',
  ],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence, from } of flows.into('path')) {
      // see injection/archive-entry-path
      if (from.shape.startsWith('archive-')) continue;
      yield { ...evidence, message: `${source} decides which file ${into} uses.` };
    }
    for (const { source, into, evidence } of flows.into('view')) {
      yield { ...evidence, message: `${source} decides which template ${into} reads.`, severity: 'medium' };
    }
  },
  examples: [
    bad('Joined to a folder', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst path = require('path');\nconst app = express();\napp.get('/file/:name', (req, res) => {\n  res.type('text').send(fs.readFileSync(«path.join(__dirname, 'files', req.params.name)», 'utf8'));\n});\n`,
    }),
    bad('Through a service in another file, and a file that is sent', {
      'app.ts': `import express from 'express';\nimport { read } from './files.ts';\nconst app = express();\napp.get('/read', async (req, res) => res.type('text').send(await read(req.query.name as string)));\napp.get('/send', (req, res) => res.sendFile(«\`/srv/files/\${req.query.name}\`»));\n`,
      'files.ts': `import { readFile } from 'node:fs/promises';\nexport const read = (name: string) => readFile(«'/srv/files/' + name», 'utf8');\n`,
    }),
    bad('The name of a template', {
      'app.js': `const express = require('express');\nconst app = express();\napp.set('view engine', 'pug');\napp.get('/pages/:page', (req, res) => res.render(«'pages/' + req.params.page»));\napp.get('/about', (req, res) => res.render('about', { page: req.query.page }));\n`,
    }),
    good('Normalized, and what climbs is cut off', {
      'app.js': `const express = require('express');\nconst fs = require('fs/promises');\nconst path = require('path');\nconst app = express();\napp.get('/mail/:id', async (req, res) => {\n  const suffix = path.normalize(req.params.id).replace(/^(\\.\\.(\\/|\\\\|$))+/, '');\n  res.json(JSON.parse(await fs.readFile(path.join('/srv/mail', suffix), 'utf8')));\n});\n`,
    }),
    good('A root, a base name, and a check that holds', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst path = require('path');\nconst app = express();\nconst ROOT = path.resolve('files');\napp.get('/a/:name', (req, res) => res.sendFile(req.params.name, { root: ROOT }));\napp.get('/b/:name', (req, res) => res.type('text').send(fs.readFileSync(path.join(ROOT, path.basename(req.params.name)))));\napp.get('/c', (req, res) => {\n  const file = path.resolve(ROOT, req.query.name);\n  if (!file.startsWith(ROOT + path.sep)) return res.status(400).end();\n  fs.createReadStream(file).pipe(res);\n});\n`,
    }),
    good('A number', {
      'app.ts': `import Fastify from 'fastify';\nimport { readFile } from 'node:fs/promises';\nconst app = Fastify();\napp.get('/page/:id', async (request) => readFile(\`pages/\${Number((request.params as { id: string }).id)}.json\`, 'utf8'));\n`,
    }),
    good('A parameter no request reaches', {
      'store.js': `const fs = require('fs');\nexports.load = (name) => fs.readFileSync('data/' + name, 'utf8');\n`,
      'app.js': `const express = require('express');\nconst { load } = require('./store');\nconst settings = load('settings.json');\nexpress().get('/', (req, res) => res.json(settings));\n`,
    }),
  ],
});
