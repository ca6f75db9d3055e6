import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/os-command',
  ensures: 'Request data never becomes part of a shell command.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 78,
  owasp: 'A05',
  why: '`exec` hands its text to `/bin/sh`. Whoever controls part of that text controls the machine.',
  fix: 'Call `execFile` or `spawn` with an array of arguments and without `shell`, and check the value against what you expect.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('shell')) {
      yield { ...evidence, message: `${source} becomes part of the shell command that ${into} runs.` };
    }
  },
  examples: [
    bad('The value takes a detour through a helper in another file', {
      'app.ts': `import express from 'express';\nimport { kindOf } from './run.ts';\nconst app = express();\napp.get('/kind', async (req, res) => res.send(await kindOf(String(req.query.name))));\n`,
      'run.ts': `import { exec } from 'node:child_process';\nexport const kindOf = (name: string) => new Promise((resolve) => exec(«\`file \${name}\`», (_, out) => resolve(out)));\n`,
    }),
    bad('A value the client calls size', {
      'app.js': `const express = require('express');\nconst { exec } = require('child_process');\nconst app = express();\napp.post('/image', (req, res) => {\n  const size = req.body.size;\n  exec(«\`convert a.png -resize \${size}% b.png\`»);\n  res.sendStatus(202);\n});\napp.listen(3000);\n`,
    }),
    bad('An endpoint of Astro, which nothing imports', {
      'package.json': `{"name":"site","scripts":{"build":"astro build"},"dependencies":{"astro":"4.16.0"}}`,
      'src/pages/api/run.ts': `import { exec } from 'node:child_process';\nexport const POST = async ({ request }) => {\n  const { dir } = await request.json();\n  exec(«\`ls \${dir}\`»);\n  return new Response('');\n};\n`,
    }),
    bad('Arguments in an array, but through a shell', {
      'app.js': `const Fastify = require('fastify');\nconst { spawn } = require('child_process');\nconst app = Fastify();\napp.post('/ping', async (request) => {\n  spawn('ping', «['-c', '1', request.body.host]», { shell: true });\n});\n`,
    }),
    good('Only a test hands on a request', {
      'list.js': `const { exec } = require('child_process');\nexports.list = (folder) => exec('ls ' + folder);\n`,
      'app.js': `const { list } = require('./list');\nrequire('express')().get('/', (req, res) => res.send(list('/srv'))).listen(3000);\n`,
      'test/list.test.js': `const app = require('express')();\nconst { list } = require('../list');\napp.get('/', (req, res) => res.send(list(req.query.folder)));\n`,
    }),
    good('Arguments in an array', {
      'app.js': `const express = require('express');\nconst { execFile } = require('child_process');\nconst app = express();\napp.get('/kind', (req, res) => execFile('file', ['--', req.query.name], (_, out) => res.type('text').send(out)));\n`,
    }),
    good('A method that happens to be called exec', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => res.json({ found: /a+/.exec(req.query.text) !== null }));\n`,
    }),
    good('One of a few words', {
      'app.js': `const express = require('express');\nconst { exec } = require('child_process');\nconst app = express();\nconst JOBS = ['backup', 'cleanup'];\napp.post('/jobs/:name', (req, res) => {\n  if (!JOBS.includes(req.params.name)) return res.status(404).end();\n  exec(\`./jobs/\${req.params.name}.sh\`);\n  res.end();\n});\n`,
    }),
  ],
});
