import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/regex',
  ensures: 'Request data is escaped before it becomes part of a regular expression.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 1333,
  owasp: 'A05',
  why: 'A pattern such as `(a+)+$` keeps the event loop busy for minutes: one request, and nobody else gets an answer.',
  fix: 'Escape the text (`RegExp.escape`, `escape-string-regexp`, lodash `escapeRegExp`), or search with `includes`.',
  references: ['https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('regex')) {
      yield { ...evidence, message: `${source} becomes a regular expression in ${into}.` };
    }
  },
  examples: [
    bad('A search', {
      'app.js': `const express = require('express');\nconst app = express();\nconst BOOKS = ['a', 'b'];\napp.get('/books', (req, res) => {\n  const pattern = new RegExp(«req.query.q», 'i');\n  res.json(BOOKS.filter((book) => pattern.test(book)));\n});\n`,
    }),
    bad('In a filter of another file', {
      'app.ts': `import { Hono } from 'hono';\nimport { matching } from './filter.ts';\nconst app = new Hono();\napp.get('/', (c) => c.json(matching(c.req.query('q') ?? '')));\nexport default app;\n`,
      'filter.ts': `export const matching = (text: string) => ['a'].filter((each) => RegExp(«\`^\${text}\`»).test(each));\n`,
    }),
    good('Escaped', {
      'app.js': `const express = require('express');\nconst _ = require('lodash');\nconst app = express();\napp.get('/books', (req, res) => res.json({ pattern: String(new RegExp(_.escapeRegExp(req.query.q))) }));\n`,
    }),
    good('The text is what is searched', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => res.json({ ok: new RegExp('^[a-z]+$').test(req.query.q) }));\n`,
    }),
  ],
});
