import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/prototype-pollution',
  ensures: 'A request cannot change what all objects of the process inherit.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 1321,
  owasp: 'A08',
  why: `\`{"__proto__": {"isAdmin": true}}\` in a deep merge gives every object of the process that property: checks pass,
options of libraries change, and sometimes code runs.`,
  fix: 'Copy the fields you know (`{ ...defaults, theme: req.body.theme }`), or check the body with a schema that drops unknown keys.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Prototype_Pollution_Prevention_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('merge')) {
      yield {
        ...evidence,
        confidence: 'likely',
        message: `${source} is merged deeply by ${into}, with any key it brings.`,
      };
    }
  },
  examples: [
    bad('Settings merged into defaults', {
      'app.js': `const express = require('express');\nconst _ = require('lodash');\nconst app = express();\napp.use(express.json());\nconst defaults = { theme: 'light' };\napp.post('/settings', (req, res) => res.json(_.merge({}, defaults, «req.body»)));\n`,
    }),
    bad('A path of properties of the client', {
      'app.ts': `import Fastify from 'fastify';\nimport { set } from 'lodash';\nconst app = Fastify();\nconst state = {};\napp.post('/set', async (request) => {\n  const { key, value } = request.body as { key: string; value: unknown };\n  set(state, «key», value);\n  return state;\n});\n`,
    }),
    bad('A merge of the project, in another file', {
      'app.js': `const express = require('express');\nconst { merge } = require('./merge');\nconst app = express();\napp.use(express.json());\napp.put('/settings', (req, res) => res.json(merge({ theme: 'light' }, req.body)));\n`,
      'merge.js': `exports.merge = function merge(target, source) {\n  for (const key of Object.keys(source)) {\n    if (typeof source[key] === 'object') {\n      target[key] ??= {};\n      merge(target[key], source[key]);\n    } else «target[key]» = source[key];\n  }\n  return target;\n};\n`,
    }),
    bad('A value put where a path of the request leads', {
      'app.ts': `import Fastify from 'fastify';\nconst settings: any = {};\nfunction put(path: string, value: unknown) {\n  const names = path.split('.');\n  const last = names.pop() ?? '';\n  let object = settings;\n  for (const name of names) object = object[name];\n  «object[last]» = value;\n}\nconst app = Fastify();\napp.post('/settings', async (request) => {\n  const { path, value } = request.body as { path: string; value: unknown };\n  put(path, value);\n});\n`,
    }),
    good('A loop that goes on with what it made', {
      'set.js': `exports.set = (target, keys) => {\n  let next;\n  for (const key of keys) {\n    next = next || {};\n    target[key] = next;\n    target = next;\n  }\n};\n`,
    }),
    good('A merge that leaves out what leads to the prototype, and one name only', {
      'app.js': `const express = require('express');\nconst app = express();\nconst counts = {};\nfunction merge(target, source) {\n  for (const key of Object.keys(source)) {\n    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue;\n    if (typeof source[key] === 'object') target[key] = merge(target[key] || {}, source[key]);\n    else target[key] = source[key];\n  }\n  return target;\n}\napp.use(express.json());\napp.put('/settings', (req, res) => {\n  counts[req.body.name] = 1;\n  res.json(merge({}, req.body));\n});\n`,
    }),
    good('A shallow copy, and named fields', {
      'app.js': `const express = require('express');\nconst _ = require('lodash');\nconst app = express();\napp.use(express.json());\napp.post('/a', (req, res) => res.json({ theme: 'light', ...req.body }));\napp.post('/b', (req, res) => res.json(_.merge({}, { theme: 'light' }, { theme: String(req.body.theme) })));\n`,
    }),
    good('Settings of the operator', {
      'app.js': `const _ = require('lodash');\nconst app = require('express')();\nconst settings = _.merge({}, require('./defaults'), JSON.parse(process.env.SETTINGS || '{}'));\napp.get('/', (req, res) => res.json(settings));\n`,
      'defaults.js': `module.exports = { theme: 'light' };\n`,
    }),
  ],
});
