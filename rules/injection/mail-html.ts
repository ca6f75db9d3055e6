import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/mail-html',
  ensures: 'Request data is escaped before it becomes part of a mail.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 79,
  owasp: 'A05',
  why: `Whoever fills in the form writes a part of a mail that comes from you: a link to a false login page, a picture that tells
when the mail is read, in your name and past your own filters.`,
  fix: 'Escape it (`escapeHtml(name)`), or render the mail by a template that does.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('mail-html'))
      yield { ...evidence, message: `${source} becomes part of the HTML that ${into} mails.` };
  },
  examples: [
    bad('The name in a welcome', {
      'app.js': `const express = require('express');\nconst nodemailer = require('nodemailer');\nconst app = express();\nconst mailer = nodemailer.createTransport({});\napp.use(express.json());\napp.post('/join', async (req, res) => {\n  await mailer.sendMail(«{ to: req.body.mail, subject: 'Hello', html: \`<p>Hello \${req.body.name}</p>\` }»);\n  res.end();\n});\n`,
    }),
    bad('Put together in another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { mail } from './mail.ts';\nFastify().post('/contact', async (request) => mail((request.body as { text: string }).text));\n`,
      'mail.ts': `import sendgrid from '@sendgrid/mail';\nexport async function mail(text: string) {\n  const html = '<h1>Message</h1>' + text;\n  await sendgrid.send(«{ to: 'office@example.com', from: 'web@example.com', subject: 'Message', html }»);\n}\n`,
    }),
    good('Escaped, or text', {
      'app.js': `const express = require('express');\nconst escapeHtml = require('escape-html');\nconst nodemailer = require('nodemailer');\nconst app = express();\nconst mailer = nodemailer.createTransport({});\napp.use(express.json());\napp.post('/join', async (req, res) => {\n  await mailer.sendMail({ to: req.body.mail, text: 'Hello ' + req.body.name, html: \`<p>Hello \${escapeHtml(req.body.name)}</p>\` });\n  res.end();\n});\n`,
    }),
    good('A token of our own', {
      'app.ts': `import Koa from 'koa';\nimport { randomUUID } from 'node:crypto';\nimport { Resend } from 'resend';\nconst resend = new Resend(process.env.RESEND_KEY);\nnew Koa().use(async (ctx) => {\n  await resend.emails.send({ to: String(ctx.query.mail), from: 'a@example.com', subject: 'Login', html: \`<a href="https://example.com/?t=\${randomUUID()}">Login</a>\` });\n});\n`,
    }),
  ],
});
