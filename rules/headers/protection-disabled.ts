import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LOST: Readonly<Record<string, string>> = {
  'content-security-policy': 'nothing says which scripts may run',
  'x-frame-options': 'any site may frame the pages',
  'x-content-type-options': 'browsers guess types',
};
/** For answers that are data alone these do nothing. */
const OF_PAGES = new Set(['content-security-policy', 'x-frame-options']);

export default defineRule({
  id: 'headers/protection-disabled',
  ensures: 'No protection of browsers is switched off, or set to a value they ignore.',
  severity: 'low',
  roles: ['service', 'function'],
  cwe: 693,
  owasp: 'A02',
  why: `The headers are there to make an injected script, a framed page or a file that is taken for a script harmless. Somebody
who was in the way of one switched it off, and it stayed so.`,
  fix: 'Take the option out, so that the default holds, and give the one route that needs more its own policy.',
  references: [
    'https://helmetjs.github.io/',
    'https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Frame-Options',
  ],
  needs: ['policies', 'running'],
  *check({ policies, running }) {
    const { headers, answers } = policies;
    const framed = headers.some(
      ({ name, value }) =>
        name === 'content-security-policy' &&
        value.kind === 'policy' &&
        value.directives.some((directive) => directive.name === 'frame-ancestors'),
    );
    // a policy of its own takes the place of the one that is switched off
    const other = headers.some(({ name, value }) => name === 'content-security-policy' && value.kind === 'policy');
    for (const { name, at, value } of headers) {
      const lost = Object.hasOwn(LOST, name) ? LOST[name] : undefined;
      if (OF_PAGES.has(name) && answers === 'data') continue;
      const severity = OF_PAGES.has(name) && answers === 'pages' ? ('medium' as const) : ('low' as const);
      if (value.kind === 'off' && lost !== undefined) {
        if ((name === 'x-frame-options' && framed) || (name === 'content-security-policy' && other)) continue;
        const edge = running.all.find(
          ({ identity, answers: all }) =>
            identity === 'sure' && all.length > 0 && all.every((answer) => answer.headers(name).length > 0),
        );
        yield {
          at,
          severity,
          message: `${name} is switched off: ${lost}.`,
          ...(edge && { mitigated: `${edge.site.host} sends it: something in front sets it.` }),
        };
      }
      if (value.kind !== 'text') continue;
      const text = value.text.trim().toLowerCase();
      if (name === 'x-frame-options' && /^(allow|none|off|false|0|\*|disable)/.test(text) && !framed)
        yield {
          at,
          severity,
          message: `x-frame-options: ${value.text.slice(0, 60)} is nothing browsers obey; ${LOST[name]}.`,
        };
      if (name === 'referrer-policy' && text === 'unsafe-url')
        yield { at, message: 'referrer-policy unsafe-url tells other sites every full URL a visitor comes from.' };
      if (name === 'x-content-type-options' && /^(none|off|false|0|sniff|disable|no-sniff)/.test(text))
        yield {
          at,
          message: `x-content-type-options: ${value.text.slice(0, 60)} is nothing browsers obey; ${LOST[name]}.`,
        };
    }
  },
  examples: [
    bad('Switched off, under old and new names', {
      'app.js': `const express = require('express');\nconst helmet = require('helmet');\nconst app = express();\napp.use(helmet({ contentSecurityPolicy: «false», frameguard: «false», xContentTypeOptions: «false», referrerPolicy: «{ policy: 'unsafe-url' }» }));\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
    }),
    bad('Values nobody obeys, and a header taken away', {
      'app.js': `import Fastify from 'fastify';\nimport helmet from '@fastify/helmet';\nconst app = Fastify();\nawait app.register(helmet);\napp.get('/', async (request, reply) => {\n  reply.header('X-Frame-Options', «'ALLOW-FROM https://a.example'»);\n  «reply.raw.removeHeader('X-Content-Type-Options')»;\n  return reply.view('home');\n});\napp.listen({ port: 3000 });\n`,
    }),
    good('Defaults, what is harmless to leave out, and what an own policy replaces', {
      'app.js': `import express from 'express';\nimport helmet from 'helmet';\nconst app = express();\napp.use(helmet({ xXssProtection: false, crossOriginEmbedderPolicy: false, xFrameOptions: false, contentSecurityPolicy: false }));\napp.use((req, res, next) => {\n  res.setHeader('Content-Security-Policy', "default-src 'self'; frame-ancestors https://partner.example");\n  next();\n});\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
    }),
    good('An API that answers with data; decided by the environment', {
      'app.ts': `import { NestFactory } from '@nestjs/core';\nimport helmet from 'helmet';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule);\napp.use(helmet({ contentSecurityPolicy: process.env.NODE_ENV === 'production' ? undefined : false }));\nawait app.listen(3000);\n`,
      'app.module.ts': `import { Module } from '@nestjs/common';\n@Module({})\nexport class AppModule {}\n`,
      'api.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ contentSecurityPolicy: false, frameguard: { action: 'sameorigin' } }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
  ],
});
