import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/reflected-xss',
  ensures: 'Request data is escaped before it becomes part of a page.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 79,
  owasp: 'A05',
  why: `A link with a script in it makes the browser of whoever follows it run that script as your site: it acts as the user and
reads what the user sees.`,
  fix: 'Render through a template that escapes, escape the value (`escape-html`), or answer with JSON.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('html')) {
      yield { ...evidence, message: `${source} becomes part of the page that ${into} sends.` };
    }
  },
  examples: [
    bad('Markup built in the handler', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/search', (req, res) => {\n  res.send(«'<h1>Results for ' + req.query.q + '</h1>'»);\n});\n`,
    }),
    bad('A page of another module, and a plain server', {
      'server.ts': `import http from 'node:http';\nimport { page } from './page.ts';\nhttp.createServer((req, res) => {\n  const { searchParams } = new URL(req.url ?? '/', 'http://localhost');\n  res.writeHead(200, { 'content-type': 'text/html' });\n  res.end(«page(searchParams.get('name') ?? '')»);\n}).listen(3000);\n`,
      'page.ts': `export const page = (name: string) => \`<p>Hello \${name}</p>\`;\n`,
    }),
    bad('Returned by a handler, of Nest and of Lambda', {
      'cats.controller.ts': `import { Controller, Get, Query } from '@nestjs/common';\n@Controller('cats')\nexport class CatsController {\n  @Get()\n  find(@Query('name') name: string) {\n    return «\`<h1>\${name}</h1>\`»;\n  }\n  @Get('raw')\n  raw(@Query('name') name: string) {\n    return { name };\n  }\n}\n`,
      'handler.js': `exports.handler = async (event) => {\n  const { name } = event.queryStringParameters;\n  return { statusCode: 200, headers: { 'Content-Type': 'text/html' }, «body: '<h1>' + name + '</h1>'» };\n};\n`,
    }),
    bad('Markup React does not escape', {
      'app.tsx': `import express from 'express';\nimport { renderToString } from 'react-dom/server';\nconst app = express();\napp.get('/', (req, res) => res.send(renderToString(<p «dangerouslySetInnerHTML={{ __html: req.query.text as string }}» title={req.query.title as string} />)));\n`,
    }),
    bad('Hono is told the type beside the text', {
      'app.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', (c) => c.body(«\`<h1>\${c.req.query('name')}</h1>\`», 200, { 'Content-Type': 'text/html' }));\napp.get('/text', (c) => c.body(\`Hello \${c.req.query('name')}\`, 200, { 'Content-Type': 'text/plain' }));\nexport default app;\n`,
    }),
    good('A page kept under the address of a request', {
      'app.js': `const express = require('express');\nconst app = express();\nconst pages = new Map();\napp.get('/', (req, res) => {\n  const kept = pages.get(req.url);\n  if (kept) return res.send(kept.body);\n  const page = { body: '<p>Welcome</p>' };\n  pages.set(req.url, page);\n  res.send(page.body);\n});\n`,
    }),
    good('JSON, and text that says what it is', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/a', (req, res) => res.json({ q: req.query.q }));\napp.get('/b', (req, res) => res.send({ q: req.query.q }));\napp.get('/c', (req, res) => res.type('text/plain').send('Results for ' + req.query.q));\n`,
    }),
    good('Escaped', {
      'app.js': `const express = require('express');\nconst escapeHtml = require('escape-html');\nconst app = express();\napp.get('/search', (req, res) => {\n  res.send('<h1>Results for ' + escapeHtml(req.query.q) + '</h1>');\n});\n`,
    }),
    good('Koa calls text that is no markup plain', {
      'app.js': `const Koa = require('koa');\nconst app = new Koa();\napp.use((ctx) => {\n  ctx.body = { q: ctx.query.q };\n});\n`,
    }),
  ],
});
