import { bad, defineRule, good } from '../../src/rule/rule.ts';

const GENERATED =
  /\._?(id|uuid|\w+_?id|created_?at|updated_?at|deleted_?at|count|length|total|amount|price|quantity)$/i;

export default defineRule({
  id: 'injection/template-unescaped',
  ensures: 'Templates escape what requests and databases put into pages.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 79,
  owasp: 'A05',
  why: `An output without escaping puts markup into the page as it is: \`<img src=x onerror=…>\` in the value runs as a
script of your site, with the session of whoever opens the page.`,
  fix: 'Use the output that escapes (`<%= %>`, `{{ }}`, `p=`), or clean the value with `sanitize-html` or DOMPurify first.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
    'https://ejs.co/#docs',
  ],
  needs: ['flows'],
  *check({ flows }) {
    const seen = new Set<string>();
    for (const { source, into, evidence, from } of flows.into('template-html')) {
      const isStored = from.shape === 'stored';
      // what the database makes up itself holds no markup
      if (isStored && GENERATED.test(source)) continue;
      // one row of a table, one cause
      const query = `${into} ${source.replace(/\).*/, ')')}`;
      if (isStored && seen.has(query)) continue;
      if (isStored) seen.add(query);
      yield {
        ...evidence,
        message: `${source} is put into the page by ${into} without escaping.`,
        ...(isStored && { severity: 'medium' as const, confidence: 'likely' as const }),
      };
    }
  },
  examples: [
    bad('EJS, with the value of a request', {
      'app.js': `const express = require('express');\nconst app = express();\napp.set('view engine', 'ejs');\napp.get('/search', (req, res) => res.render('search', { term: req.query.q, title: 'Search' }));\n`,
      'views/search.ejs': `<h1><%- title %></h1>\n<p>Results for «<%- term %>», <%= term %></p>\n`,
    }),
    bad('A partial of Handlebars, inside a list, and a constant', {
      'app.ts': `import express from 'express';\nimport { found } from './found.ts';\nconst app = express();\napp.use(express.json());\napp.post('/preview', (req, res) => res.render('preview', { page: found(req.body.comments), footer: '<b>Acme</b>' }));\n`,
      'found.ts': `export const found = (comments: string[]) => ({ comments: comments.map((text) => ({ text })) });\n`,
      'views/preview.hbs': `{{> comments}}\n{{{footer}}}\n`,
      'views/comments.hbs': `{{#each page.comments}}<li>«{{{text}}}»</li>{{/each}}\n`,
    }),
    bad('Pug', {
      'app.js': `const Koa = require('koa');\nconst app = new Koa();\napp.use(async (ctx) => {\n  await ctx.render('profile', { user: { bio: ctx.query.bio, name: ctx.query.name } });\n});\n`,
      'views/profile.pug': `h1= user.name\np!= «user.bio»\np Hello «!{user.name}»\n`,
    }),
    bad('Nunjucks, and a template in the code', {
      'app.js': `const express = require('express');\nconst nunjucks = require('nunjucks');\nconst ejs = require('ejs');\nconst app = express();\nnunjucks.configure('views', { autoescape: true, express: app });\napp.get('/a', (req, res) => res.send(nunjucks.render('mail.njk', { text: req.query.text })));\napp.get('/b', (req, res) => res.send(ejs.render('<p><%- text %></p>', «{ text: req.query.text }»)));\n`,
      'views/mail.njk': `<p>{{ text }}</p>«{{ text | safe }}»\n`,
    }),
    bad('Each of two applications has views of its own', {
      'a/package.json': `{"name":"a","scripts":{"start":"node app.js"},"dependencies":{"express":"4.19.2","ejs":"3.1.10"}}`,
      'a/app.js': `const express = require('express');\nconst app = express();\napp.set('view engine', 'ejs');\napp.get('/', (req, res) => res.render('index.ejs', { name: req.query.name }));\napp.listen(3000);\n`,
      'a/views/index.ejs': `<p>«<%- name %>»</p>\n`,
      'b/package.json': `{"name":"b","scripts":{"start":"node app.js"},"dependencies":{"express":"4.19.2","ejs":"3.1.10"}}`,
      'b/app.js': `const express = require('express');\nconst app = express();\napp.set('view engine', 'ejs');\napp.get('/', (req, res) => res.render('index.ejs', { name: 'Joe' }));\napp.listen(3001);\n`,
      'b/views/index.ejs': `<p><%- name %></p>\n`,
    }),
    bad('From the database', {
      'app.js': `const express = require('express');\nconst { Pool } = require('pg');\nconst app = express();\nconst pool = new Pool();\napp.get('/posts/:id', async (req, res) => {\n  const { rows } = await pool.query('SELECT * FROM post WHERE id = $1', [req.params.id]);\n  res.render('post', { post: rows[0] });\n});\n`,
      'views/post.ejs': `<%- include('head') %>\n<article>«<%- post.body %>»</article>\n`,
      'views/head.ejs': `<title><%= post.title %></title>\n`,
    }),
    good('Escaped, included, a layout, and a helper that makes markup', {
      'app.js': `const express = require('express');\nconst app = express();\napp.set('view engine', 'ejs');\napp.get('/', (req, res) => res.render('home', { name: req.query.name, title: 'Home', icon: (kind) => '<i class="' + kind + '"></i>' }));\n`,
      'views/home.ejs': `<%- include('head', { title }) %>\n<h1><%= name %></h1><%- icon('star') %><%- body %><%- title %>\n`,
      'views/head.ejs': `<title><%= title %></title>\n`,
    }),
    good('A number the database makes up', {
      'app.js': `const express = require('express');\nconst Product = require('mongoose').model('Product', {});\nconst app = express();\napp.get('/', (req, res) => Product.find({}).then((products) => res.render('list', { output: { products } })));\n`,
      'views/list.ejs': `<% for (const each of output.products) { %><td><%- each.id %></td><td><%= each.name %></td><% } %>\n`,
    }),
    good('Cleaned before it is rendered', {
      'app.ts': `import express from 'express';\nimport sanitizeHtml from 'sanitize-html';\nimport escape from 'escape-html';\nconst app = express();\napp.use(express.json());\napp.post('/preview', (req, res) => res.render('preview', { text: sanitizeHtml(req.body.text), name: escape(req.body.name), count: Number(req.body.count) }));\n`,
      'views/preview.hbs': `<h1>{{{name}}}</h1>{{{text}}}{{{count}}}\n`,
    }),
    good('A template nothing renders', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => res.render('home', { name: req.query.name }));\n`,
      'views/home.pug': `h1= name\n`,
      'views/other.pug': `h1!= name\n`,
    }),
  ],
});
