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
  fix: 'Write the pattern so that each character can be matched in one way only, or use `re2`. Refuse long texts first: that is enough where the time is not exponential.',
  references: ['https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop#redos', 'https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS'], // prettier-ignore
  needs: ['flows'],
  *check({ flows }) {
    for (const { evidence, pattern, source, isLong, slowness } of flows.slowMatches()) {
      const { growth, degree, attack } = slowness;
      const what = source === undefined ? 'it checks what clients send' : `${source} is matched against it`;
      const shown = JSON.stringify(attack.pump);
      if (growth === 'exponential') {
        yield {
          ...evidence,
          ...(source === undefined && { confidence: 'likely' as const }),
          message: `${pattern} takes exponential time on ${shown} again and again, and ${what}.`,
        };
      } else if (evidence.unsure === undefined && (degree > 2 || isLong)) {
        yield {
          ...evidence,
          confidence: 'likely' as const,
          severity: degree > 2 ? ('medium' as const) : ('low' as const),
          message: `${pattern} takes ${degree > 2 ? 'cubic time or more' : 'quadratic time'} on ${shown} again and again, and ${what}.`,
        };
      }
    }
  },
  examples: [
    bad('A repeated group that repeats', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.urlencoded());\napp.post('/profile', (req, res) => {\n  if (!«/^([0-9]+)+#$/.test(req.body.account)») return res.sendStatus(400);\n  res.end();\n});\n`,
    }),
    bad('In another file, by match, behind a cap that is too large', {
      'app.ts': `import Koa from 'koa';\nimport { isMail } from './mail.ts';\nnew Koa().use(async (ctx) => {\n  const mail = String(ctx.query.mail);\n  ctx.body = { ok: mail.length < 200 && isMail(mail) };\n});\n`,
      'mail.ts': `const MAIL = /^(([a-z])+.)+[A-Z]([a-z])+$/;\nexport const isMail = (text: string) => «text.match(MAIL)» !== null;\n`,
    }),
    bad('Two ways to read a letter, no repeated group in another', {
      'app.ts': `import Fastify from 'fastify';\nconst NAME = new RegExp('^(?:\\\\w|[a-z])*$');\nFastify().get('/', async (request) => ({ ok: «NAME.test((request.query as { name: string }).name)» }));\n`,
    }),
    bad('In schemas', {
      'user.ts': `import { z } from 'zod';\nexport const User = z.object({ name: z.string().regex(«/^([a-z]+-?)+$/») });\n`,
      'app.ts': `import express from 'express';\nimport { body } from 'express-validator';\nimport { User } from './user.ts';\nconst app = express();\nconst schema = { type: 'object', properties: { code: { type: 'string', pattern: «'^(x+x+)+y$'» } } };\napp.post('/', body('tag').matches(«/^(#?\\w+)*$/»), (req, res) => res.json(User.parse(req.body)));\n`,
    }),
    bad('Quadratic, and the text is as long as the body', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/', (req, res) => res.send(«req.body.text.match(/^(.*)\\s*;$/)»));\n`,
    }),
    good('One way to match each character', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => {\n  res.json({ ok: /^[a-z]+(?:-[a-z]+)*$/.test(req.query.slug), id: /^\\w+$/.test(req.query.id) });\n});\n`,
    }),
    good('Quadratic, but the text is short', {
      'app.ts': `import Koa from 'koa';\nimport { z } from 'zod';\nconst Text = z.object({ text: z.string().max(100) });\nnew Koa().use(async (ctx) => {\n  const { a, b } = ctx.request.body as { a: string; b: string };\n  const { text } = Text.parse(ctx.request.body);\n  if (b.length > 200) throw new Error('long');\n  ctx.body = [a.slice(0, 80).match(/^(.*)\\s*;$/), b.match(/^(.*)\\s*;$/), text.match(/^(.*)\\s*;$/), String(ctx.query.c).match(/^(.*)\\s*;$/)];\n});\n`,
    }),
    good('No client chooses the text', {
      'app.js': `const fs = require('fs');\nconst Fastify = require('fastify');\nFastify().get('/', async () => ({ ok: /^(a+)+$/.test(fs.readFileSync('a.txt', 'utf8')) }));\n`,
    }),
    good('A number is looked at, not the text', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => res.json(/^(a+)+$/.test(String(Number(req.query.n)))));\n`,
    }),
  ],
});
