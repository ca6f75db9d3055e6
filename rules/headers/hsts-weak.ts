import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Seconds: what lists of preloaded hosts and auditors ask for at least. */
const HALF_A_YEAR = 15_552_000;

export default defineRule({
  id: 'headers/hsts-weak',
  ensures: 'The code tells browsers for half a year or longer to use https only.',
  severity: 'low',
  control: 'headers/hsts',
  roles: ['service', 'function'],
  cwe: 319,
  owasp: 'A02',
  why: `Once the time is over, or was never set, the first request of a visit goes out in the clear, and whoever is on the way may
answer it.`,
  fix: 'Set `strictTransportSecurity: { maxAge: 31536000 }` (seconds), or leave the default of helmet.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc6797',
    'https://helmetjs.github.io/#strict-transport-security',
  ],
  needs: ['policies'],
  about: {
    what: 'Strict-Transport-Security in its code',
    isIn: ({ policies }) => policies.headers.some(({ name }) => name === 'strict-transport-security'),
  },
  *check({ policies }) {
    for (const { name, at, value } of policies.headers) {
      if (name !== 'strict-transport-security') continue;
      if (value.kind === 'off') yield { at, message: 'Strict-Transport-Security is switched off.' };
      if (value.kind !== 'text') continue;
      const found = /max-age\s*=\s*"?(\d{1,12})(?![\d\0])/i.exec(value.text);
      const seconds = Number(found?.[1] ?? Number.NaN);
      if (seconds < HALF_A_YEAR)
        yield {
          at,
          message:
            seconds === 0
              ? 'Strict-Transport-Security is taken back by a max-age of 0.'
              : `Strict-Transport-Security holds for ${seconds} seconds, ${Math.floor(seconds / 86_400)} days.`,
        };
    }
  },
  examples: [
    bad('Switched off, under both names', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ hsts: «false» }));\napp.use('/b', helmet({ strictTransportSecurity: «false» }));\napp.get('/', (req, res) => res.send('ok'));\napp.listen(3000);\n`,
    }),
    bad('A minute, and a day by hand', {
      'app.js': `import Koa from 'koa';\nimport helmet from 'koa-helmet';\nconst app = new Koa();\nconst hour = «{ maxAge: 60 * 60 }»;\napp.use(helmet.hsts(hour));\napp.use((ctx) => ctx.set('Strict-Transport-Security', «'max-age=86400; includeSubDomains'»));\napp.listen(3000);\n`,
    }),
    good('A year, the default, a setting', {
      'app.js': `import express from 'express';\nimport helmet from 'helmet';\nconst app = express();\napp.use(helmet());\napp.use(helmet({ hsts: { maxAge: 31536000, includeSubDomains: true } }));\napp.use(helmet({ hsts: process.env.NODE_ENV === 'production' }));\napp.use((req, res, next) => {\n  res.setHeader('Strict-Transport-Security', \`max-age=\${process.env.HSTS}\`);\n  res.setHeader('Strict-Transport-Security', 'max-age=63072000');\n  next();\n});\napp.get('/', (req, res) => res.send('ok'));\napp.listen(3000);\n`,
    }),
    good('Only outside production, and in a test', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'development') app.use(helmet({ hsts: false }));\nelse app.use(helmet());\napp.listen(3000);\n`,
      'test/app.js': `const helmet = require('helmet');\nhelmet({ hsts: false });\n`,
    }),
  ],
});
