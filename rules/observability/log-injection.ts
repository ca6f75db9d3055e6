import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'observability/log-injection',
  ensures: 'A request cannot write lines of its own into the log.',
  severity: 'low',
  roles: ['service', 'worker', 'function'],
  cwe: 117,
  owasp: 'A09',
  why: 'A line break in the value begins a line of the attacker’s making: a login that never was, or one that hides what came before.',
  fix: 'Log it as a field of a JSON logger (`log.info({ name }, "joined")`), or print `JSON.stringify(name)`.',
  references: ['https://owasp.org/www-community/attacks/Log_Injection'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence, from } of flows.into('log-line')) {
      // objects are printed with their line breaks escaped, and no header can hold one
      const isField = from.path.length > 1 && /^(body|query|params|payload|request|req)$/.test(from.path[0] ?? '');
      if (evidence.unsure === undefined && isField)
        yield { ...evidence, message: `${source} goes into the log as it is, line breaks included, by ${into}.` };
    }
  },
  examples: [
    bad('A name in a text', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/login', (req, res) => {\n  console.log(«\`login of \${req.body.name} failed\`»);\n  res.sendStatus(401);\n});\n`,
    }),
    bad('Handed to a logger of the project', {
      'app.ts': `import Koa from 'koa';\nimport { note } from './log.ts';\nnew Koa().use(async (ctx) => note('search', String(ctx.query.q)));\n`,
      'log.ts': `export const note = (what: string, detail: string) => process.stdout.write(«new Date().toISOString() + ' ' + what + ' ' + detail + '\\n'»);\n`,
    }),
    good('As JSON, without line breaks, or a number', {
      'app.js': `const express = require('express');\nconst pino = require('pino')();\nconst app = express();\napp.use(express.json());\napp.post('/login', (req, res) => {\n  pino.warn({ name: req.body.name }, 'login failed');\n  console.log('login failed', JSON.stringify(req.body.name), req.body);\n  console.log('login of ' + req.body.name.replace(/[\\r\\n]/g, ' '));\n  console.log(\`item \${Number(req.params.id)} by \${req.headers['user-agent']}\`);\n});\n`,
    }),
    good('What the program says itself', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/', async () => {\n  console.log(\`up for \${process.uptime()} s\`);\n  return {};\n});\n`,
    }),
  ],
});
