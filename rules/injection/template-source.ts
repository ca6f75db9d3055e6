import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/template-source',
  ensures: 'Request data fills templates; it is never compiled as one.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 1336,
  owasp: 'A05',
  why: 'Templates are programs. What the client writes between the marks of the engine runs in the service: `{{ constructor… }}` or `<%= process.env %>`.',
  fix: 'Keep the template constant and hand the value over as data: `render(template, { name })`.',
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/18-Testing_for_Server-side_Template_Injection',
  ],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('template')) {
      yield { ...evidence, message: `${source} is compiled as a template by ${into}.` };
    }
  },
  examples: [
    bad('A greeting glued into the template', {
      'app.js': `const express = require('express');\nconst ejs = require('ejs');\nconst app = express();\napp.get('/', (req, res) => res.send(ejs.render(«'<p>Hello ' + req.query.name + '</p>'», {})));\n`,
    }),
    bad('A template of the client, in another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { filled } from './fill.ts';\nconst app = Fastify();\napp.post('/mail', async (request) => ({ text: filled((request.body as { template: string }).template) }));\n`,
      'fill.ts': `import Handlebars from 'handlebars';\nexport const filled = (template: string) => Handlebars.compile(«template»)({ shop: 'Acme' });\n`,
    }),
    good('The value is data', {
      'app.js': `const express = require('express');\nconst ejs = require('ejs');\nconst app = express();\napp.get('/', (req, res) => res.send(ejs.render('<p>Hello <%= name %></p>', { name: req.query.name })));\n`,
    }),
    good('The template is a file of the project', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst nunjucks = require('nunjucks');\nconst app = express();\nconst template = fs.readFileSync('mail.njk', 'utf8');\napp.post('/mail', (req, res) => res.send(nunjucks.renderString(template, { name: req.query.name })));\n`,
    }),
  ],
});
