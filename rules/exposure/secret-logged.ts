import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/secret-logged',
  ensures: 'Passwords, tokens and card numbers of a request are never written to a log.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 532,
  owasp: 'A09',
  why: `Logs go where the database never would: to files, collectors, screens of support, backups. Whoever reads one of them
can log in as the person who typed the password.`,
  fix: 'Log that it happened and to whom (an id), not what was typed; let the logger redact the fields (`redact` of pino, a format of winston).',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html', 'https://getpino.io/#/docs/redaction'], // prettier-ignore
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('log-secret')) {
      yield { ...evidence, message: `${source} is written to a log by ${into}.` };
    }
  },
  examples: [
    bad('The password in a debug line', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/login', (req, res) => {\n  console.log(«\`login of \${req.body.email} with \${req.body.password}\`»);\n  res.end();\n});\n`,
    }),
    bad('A token among other fields, by a logger of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { logger } from './logger.ts';\nconst app = Fastify();\napp.post('/refresh', async (request) => {\n  const { refreshToken } = request.body as { refreshToken: string };\n  logger.info(«{ refreshToken, at: Date.now() }», 'refreshing');\n  return {};\n});\n`,
      'logger.ts': `import pino from 'pino';\nexport const logger = pino();\n`,
    }),
    bad('The header that logs in', {
      'app.js': `const Koa = require('koa');\nconst winston = require('winston');\nconst log = winston.createLogger({});\nnew Koa().use(async (ctx) => {\n  log.debug(«ctx.request.headers.authorization»);\n});\n`,
    }),
    good('Who it was, and how long the password is', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/login', (req, res) => {\n  console.log('login of', req.body.email, req.body.password.length, Boolean(req.body.token));\n  res.end();\n});\n`,
    }),
    good('A word in the text, a hash of the token', {
      'app.ts': `import Koa from 'koa';\nimport pino from 'pino';\nimport { createHash } from 'node:crypto';\nconst log = pino();\nnew Koa().use(async (ctx) => {\n  log.warn('wrong password for %s', ctx.query.user);\n  log.info(createHash('sha256').update(String(ctx.query.token)).digest('hex'));\n});\n`,
    }),
  ],
});
