import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/deserialize',
  ensures: 'Request data is never turned into functions or objects of classes.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 502,
  owasp: 'A08',
  why: 'Such formats carry code: `node-serialize` runs a function that is written into the text, as soon as it reads it.',
  fix: 'Read JSON with `JSON.parse` and check it against a schema.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('deserialize')) {
      yield { ...evidence, message: `${source} is brought to life by ${into}.` };
    }
  },
  examples: [
    bad('A cookie with a profile', {
      'app.js': `const express = require('express');\nconst cookies = require('cookie-parser');\nconst serialize = require('node-serialize');\nconst app = express();\napp.use(cookies());\napp.get('/', (req, res) => {\n  const text = Buffer.from(req.cookies.profile, 'base64').toString();\n  res.json({ name: serialize.unserialize(«text»).name });\n});\n`,
    }),
    bad('A body for V8, in another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { restored } from './state.ts';\nconst app = Fastify();\napp.post('/state', async (request) => restored(request.body as Buffer));\n`,
      'state.ts': `import v8 from 'node:v8';\nexport const restored = (data: Buffer) => v8.deserialize(«data»);\n`,
    }),
    bad('YAML that may hold functions, by an old version', {
      'package.json':
        '{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.19.0", "js-yaml": "^3.14.0" } }',
      'app.js': `const express = require('express');\nconst yaml = require('js-yaml');\nconst app = express();\napp.use(express.text());\napp.post('/import', (req, res) => res.json([yaml.load(«req.body»), yaml.safeLoad(req.body)]));\napp.listen(3000);\n`,
    }),
    good('The same by a new one', {
      'package.json':
        '{ "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.19.0", "js-yaml": "^4.1.0" } }',
      'app.js': `const express = require('express');\nconst yaml = require('js-yaml');\nconst app = express();\napp.use(express.text());\napp.post('/import', (req, res) => res.json(yaml.load(req.body)));\napp.listen(3000);\n`,
    }),
    good('JSON, and YAML of a version without functions', {
      'app.js': `const express = require('express');\nconst yaml = require('yaml');\nconst app = express();\napp.use(express.text());\napp.post('/', (req, res) => res.json([JSON.parse(req.body), yaml.parse(req.body)]));\n`,
    }),
    good('A file of the project', {
      'app.js': `const fs = require('fs');\nconst serialize = require('node-serialize');\nconst state = serialize.unserialize(fs.readFileSync('state.txt', 'utf8'));\nrequire('express')().get('/', (req, res) => res.json(state));\n`,
    }),
  ],
});
