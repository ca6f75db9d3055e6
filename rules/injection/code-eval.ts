import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/code-eval',
  ensures: 'Request data is never run as code.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 95,
  owasp: 'A05',
  why: `The text runs with everything the service may do: its files, its database, its network. \`vm\` is no wall: Node's own
documentation says that it is not a security mechanism.`,
  fix: 'Parse the value for what it is: `JSON.parse` for data, `Number` for numbers, a parser without functions for formulas.',
  references: ['https://nodejs.org/api/vm.html', 'https://cwe.mitre.org/data/definitions/95.html'],
  needs: ['flows'],
  *check({ flows }) {
    const modules = new Set(flows.into('module').map(({ evidence: { at } }) => `${at.path}:${at.start}`));
    for (const { source, into, evidence } of flows.into('code')) {
      // which module is loaded has a rule of its own
      if (modules.has(`${evidence.at.path}:${evidence.at.start}`)) continue;
      yield { ...evidence, message: `${source} is run as code by ${into}.` };
    }
  },
  examples: [
    bad('eval for a number', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/sum', (req, res) => res.json({ value: eval(«req.body.formula») }));\n`,
    }),
    bad('A function made in another file, and a context of vm', {
      'app.ts': `import Fastify from 'fastify';\nimport vm from 'node:vm';\nimport { compute } from './compute.ts';\nconst app = Fastify();\napp.post('/sum', async (request) => {\n  const { formula } = request.body as { formula: string };\n  return [compute(formula), vm.runInNewContext(«formula», {})];\n});\n`,
      'compute.ts': `export const compute = (formula: string) => new Function(«'return ' + formula»)();\n`,
    }),
    good('Parsed', {
      'app.js': `const express = require('express');\nconst app = express();\napp.post('/sum', (req, res) => res.json({ value: JSON.parse(req.query.data), n: Number(req.query.n) }));\n`,
    }),
    good('A constant formula that is given data', {
      'app.js': `const express = require('express');\nconst app = express();\nconst total = new Function('row', 'return row.price * row.copies');\napp.use(express.json());\napp.post('/total', (req, res) => res.json({ total: total(req.body) }));\n`,
    }),
    good('A timer that is given a function, and a class of the project called Function', {
      'app.js': `import express from 'express';\nimport { Function } from './cloud.js';\nconst app = express();\napp.get('/', (req, res) => {\n  setTimeout(() => res.send('late'), Number(req.query.ms));\n  new Function(req.query.name);\n});\n`,
      'cloud.js': `export class Function {\n  constructor(name) {\n    this.name = name;\n  }\n}\n`,
    }),
  ],
});
