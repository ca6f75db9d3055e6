import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/slow-pattern',
  ensures: 'No regular expression takes a request more than linear time.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 1333,
  owasp: 'A06',
  why: `A pattern that can match the same text in many ways tries them all before it gives up. Thirty characters keep an
exponential one busy for minutes, and Node.js serves nobody else meanwhile.`,
  fix: 'Write the pattern so that each character can be matched in one way only, cap the length of the text first, or use `re2`.',
  references: ['https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop#redos', 'https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS'], // prettier-ignore
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence, slowness } of flows.into('pattern')) {
      yield slowness === 'exponential'
        ? { ...evidence, message: `${into} takes exponential time, and ${source} is matched against it.` }
        : {
            ...evidence,
            severity: 'low' as const,
            confidence: 'likely' as const,
            message: `${into} takes more than linear time, and ${source} is matched against it.`,
          };
    }
  },
  examples: [
    bad('A repeated group that repeats', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.urlencoded());\napp.post('/profile', (req, res) => {\n  if (!«/^([0-9]+)+#$/.test(req.body.account)») return res.sendStatus(400);\n  res.end();\n});\n`,
    }),
    bad('In another file, by match', {
      'app.ts': `import Koa from 'koa';\nimport { isMail } from './mail.ts';\nnew Koa().use(async (ctx) => {\n  ctx.body = { ok: isMail(String(ctx.query.mail)) };\n});\n`,
      'mail.ts': `const MAIL = /^(([a-z])+.)+[A-Z]([a-z])+$/;\nexport const isMail = (text: string) => «text.match(MAIL)» !== null;\n`,
    }),
    good('One way to match each character', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => {\n  res.json({ ok: /^[a-z]+(?:-[a-z]+)*$/.test(req.query.slug), id: /^\\w+$/.test(req.query.id) });\n});\n`,
    }),
    good('No client chooses the text', {
      'app.js': `const fs = require('fs');\nconst Fastify = require('fastify');\nFastify().get('/', async () => ({ ok: /^(a+)+$/.test(fs.readFileSync('a.txt', 'utf8')) }));\n`,
    }),
    good('A length is looked at, not the text', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => res.json(/^(a+)+$/.test(String(Number(req.query.n)))));\n`,
    }),
  ],
});
