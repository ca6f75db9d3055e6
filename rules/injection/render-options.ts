import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/render-options',
  ensures: 'Templates are given named values, never a whole request.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 915,
  owasp: 'A05',
  why: 'Engines read their own settings from the same object: a client that may add properties sets the layout of Handlebars to a file of its choice, or makes EJS compile its code.',
  fix: "Name the fields: `res.render('profile', { name: req.body.name })`.",
  references: ['https://cwe.mitre.org/data/definitions/915.html', 'https://github.com/mde/ejs/blob/main/SECURITY.md'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('render-options')) {
      yield { ...evidence, message: `${source} as a whole is given to ${into}, settings of the engine included.` };
    }
  },
  examples: [
    bad('The query as a whole', {
      'app.js': `const express = require('express');\nconst app = express();\napp.set('view engine', 'ejs');\napp.get('/profile', (req, res) => res.render('profile', «req.query»));\n`,
    }),
    bad('Spread among other values', {
      'app.ts': `import express from 'express';\nconst app = express();\napp.use(express.json());\napp.post('/profile', (req, res) => res.render('profile', «{ title: 'Profile', ...req.body }»));\n`,
    }),
    good('Named fields', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/profile', (req, res) => res.render('profile', { name: req.query.name, all: { query: req.query } }));\n`,
    }),
    good('No request in it', {
      'app.js': `const Koa = require('koa');\nconst app = new Koa();\nconst SITE = { title: 'Shop' };\napp.use((ctx) => ctx.render('home', { ...SITE }));\n`,
    }),
  ],
});
