import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/dynamic-require',
  ensures: 'Which module is loaded is decided by the code, never by a request.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 829,
  owasp: 'A05',
  why: 'Loading a module runs it. `../../uploads/a` loads what was uploaded a minute ago; other names start scripts that were never meant for the service.',
  fix: 'Choose from a map of modules of your own.',
  references: ['https://cwe.mitre.org/data/definitions/829.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('module')) {
      yield { ...evidence, message: `${source} decides which module ${into} loads.` };
    }
  },
  examples: [
    bad('A handler by its name', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/report/:kind', (req, res) => res.json(require(«'./reports/' + req.params.kind»).make()));\n`,
    }),
    bad('With import', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/report', async (request) => (await import(«\`./reports/\${(request.query as { kind: string }).kind}.js\`»)).make());\n`,
    }),
    good('A map', {
      'app.js': `const express = require('express');\nconst app = express();\nconst REPORTS = new Map([['sales', require('./sales')]]);\napp.get('/report/:kind', (req, res) => {\n  const report = REPORTS.get(req.params.kind);\n  if (!report) return res.status(404).end();\n  res.json(report.make());\n});\n`,
      'sales.js': `exports.make = () => ({ sold: 1 });\n`,
    }),
    good('Names from a folder', {
      'app.js': `const fs = require('fs');\nconst app = require('express')();\nfor (const name of fs.readdirSync(__dirname + '/plugins')) require('./plugins/' + name)(app);\n`,
    }),
  ],
});
