import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/program-name',
  ensures: 'Which program runs is decided by the code, never by a request.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 78,
  owasp: 'A05',
  why: 'Without a shell in between it is still the client who chooses what runs: `sh`, `node`, or a file uploaded a minute ago.',
  fix: 'Choose the program from a map of your own; let the request only pick a key.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('program')) {
      yield { ...evidence, message: `${source} decides which program ${into} starts.` };
    }
  },
  examples: [
    bad('The name of a tool', {
      'app.js': `const express = require('express');\nconst { spawn } = require('child_process');\nconst app = express();\napp.post('/tools/:tool', (req, res) => {\n  spawn(«req.params.tool», ['--version']).stdout.pipe(res);\n});\n`,
    }),
    bad('The path to one, in another framework', {
      'app.ts': `import Koa from 'koa';\nimport { execFile } from 'node:child_process';\nconst app = new Koa();\napp.use(async (ctx) => {\n  execFile(«\`./tools/\${ctx.query.tool}\`»);\n});\n`,
    }),
    good('A key of a map', {
      'app.js': `const express = require('express');\nconst { spawn } = require('child_process');\nconst app = express();\nconst TOOLS = new Map([['png', 'pngquant'], ['jpg', 'jpegoptim']]);\napp.post('/tools/:tool', (req, res) => {\n  const tool = TOOLS.get(req.params.tool);\n  if (!tool) return res.status(404).end();\n  spawn(tool, ['--version']).stdout.pipe(res);\n});\n`,
    }),
    good('A fixed program with the value as its argument', {
      'app.js': `const express = require('express');\nconst { spawn } = require('child_process');\nconst app = express();\napp.get('/wc', (req, res) => spawn('wc', ['--', req.query.file]).stdout.pipe(res));\n`,
    }),
  ],
});
