import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ERROR = /^_?(err|error|e|exception|ex)$/;
const PARAMETERS = 4;

export default defineRule({
  id: 'lifecycle/error-middleware-arity',
  ensures: 'Error handlers of Express have the four parameters it knows them by.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 755,
  owasp: 'A10',
  why: `Express counts the parameters of a function: with four it is called for errors, with any other number for every request,
with the request where it expects the error. Errors end in the default page, and requests in this handler.`,
  fix: 'Write all four, used or not: `(error, req, res, next) => { … }`, without defaults and rest.',
  references: ['https://expressjs.com/en/guide/error-handling.html#writing-error-handlers'],
  needs: ['apps', 'program'],
  *check({ apps, program }) {
    const seen = new Set<number>();
    for (const app of apps.apps) {
      if (!/^(express|connect)$/.test(app.framework)) continue;
      for (const link of app.links) {
        const fn = link.forErrors ? undefined : program.functionAt(link.node);
        const [first, second] = fn?.fact.params ?? [];
        if (!fn || seen.has(link.node) || !first || !ERROR.test(first.name ?? '') || fn.fact.arity === PARAMETERS)
          continue;
        // `(e, ctx)` of something else
        if (second && !/^_*(req|request|_)\w*$/.test(second.name ?? '')) continue;
        seen.add(link.node);
        yield {
          at: link.at,
          message: `${link.name} takes an error first and counts ${fn.fact.arity} parameters, not four: Express never calls it for an error.`,
          trail: [{ at: program.locationOf(link.node), note: 'The handler is written here.' }],
        };
      }
    }
  },
  examples: [
    bad('Three parameters', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => res.send('ok'));\n«app.use((err, req, res) => res.status(500).end())»;\napp.listen(3000);\n`,
    }),
    bad('A default in another file', {
      'app.ts': `import express from 'express';\nimport { handle } from './handle.ts';\nconst app = express();\napp.get('/', (req, res) => res.send('ok'));\n«app.use(handle)»;\napp.listen(3000);\n`,
      'handle.ts': `import type { NextFunction, Request, Response } from 'express';\nexport const handle = (error: Error, req: Request, res: Response, next: NextFunction = () => {}) => {\n  res.status(500).json({ error: 'Something went wrong.' });\n};\n`,
    }),
    good('Four', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => res.send('ok'));\napp.use((err, req, res, next) => res.status(500).end());\napp.use((req, res) => res.sendStatus(404));\napp.listen(3000);\n`,
    }),
    good('Koa, and an event', {
      'app.ts': `import Koa from 'koa';\nconst app = new Koa();\napp.on('error', (err, ctx) => console.error(err));\napp.use(async (ctx) => (ctx.body = 'ok'));\napp.listen(3000);\n`,
    }),
  ],
});
