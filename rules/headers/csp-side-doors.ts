import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ANY = /^(\*|data:|https?:|((https?|\*):\/\/)?\*)$/;
/** Trust that goes by what a script carries, not by where it comes from. */
const CARRIED = /^'(nonce-|sha\d+-|strict-dynamic)/;

export default defineRule({
  id: 'headers/csp-side-doors',
  ensures: 'The content security policy in the code closes plug-ins and the base of relative URLs.',
  severity: 'low',
  control: 'headers/csp-side-doors',
  roles: ['service', 'function'],
  cwe: 693,
  owasp: 'A02',
  why: `\`object-src\` falls back to \`default-src\`; \`base-uri\` falls back to nothing. An injected \`<base href>\` turns your own
relative script URLs, nonce and all, into the attacker's; an injected \`<object>\` loads what \`script-src\` does not govern.`,
  fix: "Add `object-src 'none'; base-uri 'none'`. The defaults of helmet have both, and merge unless `useDefaults` is false.",
  references: [
    'https://www.w3.org/TR/CSP3/#directive-base-uri',
    'https://www.w3.org/TR/CSP3/#directive-object-src',
    'https://csp.withgoogle.com/docs/strict-csp.html',
  ],
  needs: ['policies'],
  about: {
    what: 'content security policy in its code',
    isIn: ({ policies }) => policies.headers.some(({ name }) => name === 'content-security-policy'),
  },
  *check({ policies }) {
    if (policies.answers === 'data') return;
    for (const { name, at, value } of policies.headers) {
      if (name !== 'content-security-policy' || value.kind !== 'policy') continue;
      const given = (directive: string) => value.directives.find((each) => each.name === directive);
      const has = (directive: string): boolean => {
        const found = given(directive);
        return found ? !found.removed : value.completed && directive !== 'script-src-elem';
      };
      // one that says nothing of scripts has no doors to close
      if (!value.completed && !has('script-src') && !has('default-src')) continue;
      const open: string[] = [];
      const objects = given('object-src');
      if (objects?.sources.some((source) => ANY.test(source))) open.push(`object-src ${objects.sources.join(' ')}`);
      else if (!has('object-src') && !has('default-src')) open.push('no object-src');
      const base = given('base-uri');
      const scripts = ['script-src', 'default-src'].flatMap((each) => given(each)?.sources ?? []);
      if (base?.sources.some((source) => ANY.test(source))) open.push(`base-uri ${base.sources.join(' ')}`);
      else if (!has('base-uri') && scripts.some((source) => CARRIED.test(source) || source.startsWith("'\u0000")))
        open.push('no base-uri');
      if (open.length === 0) continue;
      const only =
        open.length === 1
          ? open[0]?.startsWith('object')
            ? objects
            : open[0]?.startsWith('base')
              ? base
              : undefined
          : undefined;
      yield { at: only?.at ?? at, message: `The policy has ${open.join(' and ')}.` };
    }
  },
  examples: [
    bad('Scripts only, and a nonce without base-uri', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => res.set('Content-Security-Policy', «"script-src 'self'"»).render('home'));\napp.get('/b', (req, res) => res.set('Content-Security-Policy', «\`default-src 'self'; script-src 'nonce-\${res.locals.nonce}'\`»).render('b'));\napp.listen(3000);\n`,
    }),
    bad('The defaults of helmet left out, or opened', {
      'app.js': `import Fastify from 'fastify';\nimport helmet from '@fastify/helmet';\nconst app = Fastify();\nawait app.register(helmet, { contentSecurityPolicy: «{ useDefaults: false, directives: { scriptSrc: ["'self'"] } }» });\napp.get('/', (request, reply) => reply.view('home'));\nawait app.listen({ port: 3000 });\n`,
      'other.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ contentSecurityPolicy: { directives: { objectSrc: «['*']» } } }));\napp.get('/', (req, res) => res.render('home'));\napp.listen(3001);\n`,
    }),
    good('Defaults that merge; a default for all', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["'self'", (req, res) => \`'nonce-\${res.locals.nonce}'\`] } } }));\napp.get('/', (req, res) => res.render('home'));\napp.get('/b', (req, res) => res.set('Content-Security-Policy', "default-src 'self'").render('b'));\napp.listen(3000);\n`,
    }),
    good('Both said, in Koa; only frames, in Next', {
      'app.js': `import Koa from 'koa';\nconst app = new Koa();\napp.use(async (ctx) => {\n  ctx.set('Content-Security-Policy', \`script-src 'nonce-\${ctx.state.nonce}'; object-src 'none'; base-uri 'self'\`);\n  ctx.body = '<p>';\n});\napp.listen(3000);\n`,
      'next.config.js': `module.exports = {\n  headers: async () => [{ source: '/(.*)', headers: [{ key: 'Content-Security-Policy', value: "frame-ancestors 'self'" }] }],\n};\n`,
    }),
  ],
});
