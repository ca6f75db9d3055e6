import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/option-injection',
  ensures: 'Request data is never taken for an option of a program.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 88,
  owasp: 'A05',
  why: `No shell is needed: \`--upload-pack=…\` makes \`git\` run a program, \`-o\` makes \`curl\` write a file, \`--checkpoint-action\`
makes \`tar\` run one.`,
  fix: "Put `'--'` in front of it, which ends the options, and refuse what begins with `-`.",
  references: ['https://cwe.mitre.org/data/definitions/88.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('argument')) {
      yield {
        ...evidence,
        message: `${source} is an argument of ${into}, which takes it for an option if it begins with -.`,
      };
    }
  },
  examples: [
    bad('A repository to clone', {
      'app.js': `const express = require('express');\nconst { spawn } = require('child_process');\nconst app = express();\napp.use(express.json());\napp.post('/clone', (req, res) => {\n  spawn('git', ['clone', «req.body.url», '/srv/work']).on('close', () => res.end());\n});\n`,
    }),
    bad('Arguments put together in another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { load } from './load.ts';\nFastify().get('/load', async (request) => load((request.query as { url: string }).url));\n`,
      'load.ts': `import { execFile } from 'node:child_process';\nexport const load = (url: string) => {\n  const args = ['-s', '--fail', «url»];\n  return execFile('/usr/bin/curl', args);\n};\n`,
    }),
    good('Behind the end of the options, as the value of one, behind a text', {
      'app.js': `const express = require('express');\nconst { spawn, execFile } = require('child_process');\nconst app = express();\napp.get('/log', (req, res) => {\n  spawn('git', ['log', '--', req.query.file]).stdout.pipe(res);\n  spawn('git', ['log', '--author', req.query.author]);\n  execFile('curl', ['-s', 'https://api.example.com/' + req.query.name]);\n});\n`,
    }),
    good('What cannot begin with a dash', {
      'app.ts': `import Koa from 'koa';\nimport { execFile } from 'node:child_process';\nnew Koa().use(async (ctx) => {\n  const { branch, host, count } = ctx.query as Record<string, string>;\n  if (!/^[a-z][\\w/-]*$/.test(branch) || host.startsWith('-')) return;\n  execFile('git', ['checkout', branch]);\n  execFile('ssh', [host, 'uptime']);\n  execFile('git', ['log', String(Number(count))]);\n});\n`,
    }),
    good('A program without options that do harm', {
      'app.js': `const express = require('express');\nconst { execFile } = require('child_process');\nconst app = express();\napp.get('/wc', (req, res) => execFile('wc', [req.query.file], () => res.end()));\n`,
    }),
  ],
});
