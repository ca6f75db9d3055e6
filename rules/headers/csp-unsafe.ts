import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What `HOLE` of the view stands for: a part that is known only when the header is sent. */
const HOLE = '\u0000';
const ANY = /^(\*|data:|https?:|blob:|filesystem:|((https?|\*):\/\/)?\*(\.[a-z]+)?(:(\*|\d+))?)$/;
const SCRIPTS = ['script-src-elem', 'script-src', 'default-src'];

export default defineRule({
  id: 'headers/csp-unsafe',
  ensures: 'The content security policy in the code keeps injected scripts from running.',
  severity: 'medium',
  control: 'headers/csp',
  roles: ['service', 'function'],
  cwe: 693,
  owasp: 'A02',
  why: `A policy that lets inline scripts, any host or \`data:\` run stops nothing an attacker injects, and everybody believes
that it does. A policy that says nothing of scripts does not touch them.`,
  fix: `List hosts, and let inline scripts in by a nonce: \`scriptSrc: ["'self'", (req, res) => \`'nonce-\${res.locals.nonce}'\`]\`.`,
  references: [
    'https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP',
    'https://helmetjs.github.io/#content-security-policy',
  ],
  needs: ['policies'],
  about: {
    what: 'content security policy in its code',
    isIn: ({ policies }) => policies.headers.some(({ name }) => name === 'content-security-policy'),
  },
  *check({ policies }) {
    for (const { name, at, value } of policies.headers) {
      if (name !== 'content-security-policy' || value.kind !== 'policy' || value.directives.length === 0) continue;
      const directives = new Map(
        value.directives.filter(({ removed }) => !removed).map((directive) => [directive.name, directive]),
      );
      const scripts = SCRIPTS.flatMap((each) => directives.get(each) ?? [])[0];
      const ancestors = directives.get('frame-ancestors');
      if (ancestors?.sources.some((source) => ANY.test(source)))
        yield {
          at: ancestors.at,
          message: `frame-ancestors ${ancestors.sources.join(' ')} lets any site frame the pages.`,
        };
      const attributes = directives.get('script-src-attr');
      if (attributes?.sources.includes("'unsafe-inline'"))
        yield { at: attributes.at, message: "script-src-attr allows 'unsafe-inline': an injected event handler runs." };
      if (!scripts) {
        const others = [...directives.keys()].every((each) => /^(frame-|upgrade-|report-|sandbox|block-)/.test(each));
        if (!value.completed && !others && !directives.has('require-trusted-types-for') && policies.answers !== 'data')
          yield { at, message: 'The policy has neither script-src nor default-src: every script may run.' };
        continue;
      }
      // what is put in may be a nonce, which takes the effect of 'unsafe-inline'
      const strict = scripts.sources.some(
        (source) => /^'(nonce-|sha\d+-|strict-dynamic)/.test(source) || source === HOLE || source.startsWith("'\u0000"),
      );
      const loose = scripts.sources.filter((source) => ANY.test(source) && source !== 'blob:');
      if (scripts.sources.includes("'unsafe-inline'") && !strict)
        yield {
          at: scripts.at,
          message: `${scripts.name} allows 'unsafe-inline': an injected script runs like your own.`,
        };
      else if (loose[0] !== undefined && !scripts.sources.includes("'strict-dynamic'"))
        yield { at: scripts.at, message: `${scripts.name} allows ${loose.join(' and ')}: scripts of anybody run.` };
      else if (scripts.sources.includes("'unsafe-eval'"))
        yield { at: scripts.at, severity: 'low', message: `${scripts.name} allows 'unsafe-eval': text becomes code.` };
    }
  },
  examples: [
    bad('helmet, with inline scripts', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'self'"], scriptSrc: «["'self'", "'unsafe-inline'"]» } } }));\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
    }),
    bad('Written by hand, from a list in another file', {
      'app.js': `import Koa from 'koa';\nimport { policy } from './policy.js';\nconst app = new Koa();\napp.use(async (ctx, next) => {\n  ctx.set('Content-Security-Policy', «policy»);\n  await next();\n});\napp.listen(3000);\n`,
      'policy.js': `const directives = ["default-src 'self'", 'script-src https: data:', "style-src 'self'"];\nexport const policy = directives.join('; ');\n`,
    }),
    bad('Fastify and a list of Next.js', {
      'app.js': `import Fastify from 'fastify';\nimport helmet from '@fastify/helmet';\nconst app = Fastify();\nawait app.register(helmet, { contentSecurityPolicy: { directives: { 'script-src': «["'self'", "'unsafe-eval'"]», frameAncestors: «['*']» } } });\napp.listen({ port: 3000 });\n`,
      'next.config.js': `module.exports = {\n  headers: async () => [{ source: '/(.*)', headers: [{ key: 'Content-Security-Policy', value: «"script-src * 'self'; object-src 'none'"» }] }],\n};\n`,
    }),
    bad('A page that says it itself, and a policy without scripts', {
      'app.js': `const app = require('express')();\nconst page = «\`<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'unsafe-inline'"></head></html>\`»;\napp.get('/', (req, res) => res.setHeader('content-security-policy', «"img-src 'self'"»).send(page));\napp.listen(3000);\n`,
    }),
    bad('Handlers in attributes, and hosts that are all of a domain', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ contentSecurityPolicy: { directives: { scriptSrcAttr: «["'unsafe-inline'"]» } } }));\napp.get('/', (req, res) => res.set('Content-Security-Policy', «'script-src https://*.com'»).render('home'));\napp.listen(3000);\n`,
    }),
    good('A nonce, hosts, styles inline', {
      'app.js': `import express from 'express';\nimport helmet from 'helmet';\nconst app = express();\napp.use(\n  helmet({\n    contentSecurityPolicy: {\n      directives: {\n        scriptSrc: ["'self'", "'unsafe-inline'", "'strict-dynamic'", (req, res) => \`'nonce-\${res.locals.nonce}'\`],\n        styleSrc: ["'self'", "'unsafe-inline'"],\n        imgSrc: ['*', 'data:'],\n        frameAncestors: ["'none'"],\n      },\n    },\n  }),\n);\napp.get('/', (req, res) => {\n  res.set('Content-Security-Policy', \`default-src 'self'; script-src 'nonce-\${res.locals.nonce}' 'unsafe-inline' cdn.example\`);\n  res.render('home');\n});\napp.listen(3000);\n`,
    }),
    good('As helmet comes; only frames; only while developing', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\nexports.labels = { 'content-security-policy': 'Content Security Policy (CSP)' };\napp.use(helmet());\napp.use(helmet.contentSecurityPolicy({ directives: { imgSrc: ["'self'", 'https:'] } }));\nif (process.env.NODE_ENV !== 'production') app.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["'unsafe-eval'"] } } }));\napp.get('/embed', (req, res) => res.setHeader('Content-Security-Policy', "frame-ancestors 'self' https://partner.example").send('<p>'));\napp.listen(3000);\n`,
    }),
  ],
});
