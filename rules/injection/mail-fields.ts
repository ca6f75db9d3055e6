import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/mail-fields',
  ensures: 'A request does not choose who gets copies of mail, or which file is attached.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 93,
  owasp: 'A05',
  why: 'A form that mails to any address is a relay for spam in your name; a path as an attachment mails your own files away.',
  fix: 'Take the address from the account that is logged in, or from the settings; the client may fill the text and `replyTo`.',
  references: ['https://cwe.mitre.org/data/definitions/93.html', 'https://nodemailer.com/message'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('mail')) {
      yield {
        ...evidence,
        confidence: 'likely',
        message: `${source} decides a recipient, header or attachment of ${into}.`,
      };
    }
  },
  examples: [
    bad('A copy to any address', {
      'app.js': `const express = require('express');\nconst mailer = require('nodemailer').createTransport({});\nconst app = express();\napp.use(express.json());\napp.post('/share', (req, res) => {\n  mailer.sendMail(«{ from: 'shop@example.com', to: 'office@example.com', bcc: req.body.friend, text: 'Look at this' }»);\n  res.end();\n});\n`,
    }),
    bad('Copies, in another framework and file', {
      'app.ts': `import Fastify from 'fastify';\nimport { mail } from './mail.ts';\nconst app = Fastify();\napp.post('/report', async (request) => mail((request.body as { copy: string }).copy));\n`,
      'mail.ts': `import nodemailer from 'nodemailer';\nconst transport = nodemailer.createTransport({});\nexport const mail = (copy: string) => transport.sendMail(«{ to: 'office@example.com', cc: copy, text: 'Report' }»);\n`,
    }),
    good('The text of a contact form', {
      'app.js': `const express = require('express');\nconst mailer = require('nodemailer').createTransport({});\nconst app = express();\napp.use(express.json());\napp.post('/contact', (req, res) => {\n  mailer.sendMail({ to: 'office@example.com', replyTo: req.body.mail, text: req.body.text });\n  res.end();\n});\n`,
    }),
    good('A link to the address somebody typed in', {
      'app.js': `const express = require('express');\nconst mailer = require('nodemailer').createTransport({});\nconst app = express();\napp.use(express.json());\napp.post('/forgot', async (req, res) => {\n  await mailer.sendMail({ to: req.body.email, text: 'Your link' });\n  res.end();\n});\n`,
    }),
    good('The address of the account', {
      'app.js': `const express = require('express');\nconst mailer = require('nodemailer').createTransport({});\nconst app = express();\napp.post('/receipt', async (req, res) => {\n  mailer.sendMail({ to: req.user.email, text: 'Your receipt' });\n  res.end();\n});\n`,
    }),
  ],
});
