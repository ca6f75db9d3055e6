import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/error-middleware-missing',
  ensures: 'Errors of handlers end in an answer the application chose.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 755,
  owasp: 'A10',
  why: `Without an error handler of its own, Express answers with its default page: outside production that is the stack trace, and
in production a bare line of HTML that no client of an API can read. Nothing is logged where you look for it.`,
  fix: `Register one last, with all four parameters: \`app.use((error, req, res, next) => { log(error); res.status(500).json({ error:
'Something went wrong.' }); })\`.`,
  references: ['https://expressjs.com/en/guide/error-handling.html'],
  needs: ['apps'],
  *check({ apps }) {
    for (const app of apps.apps) {
      const routes = app.routes.filter(
        ({ purpose, condition, method }) => purpose !== 'health' && condition !== 'development' && method !== 'OPTIONS',
      );
      if (app.framework !== 'express' || app.serving === 'no' || routes.length === 0) continue;
      const takers = app.links.filter(({ forErrors, condition }) => forErrors && condition !== 'development');
      if (takers.some(({ effects }) => effects.some(({ kind }) => kind !== 'none'))) continue;
      const [taker] = takers;
      const [escape] = app.escapes;
      const handler = app.links.find(
        ({ effects, condition }) => condition !== 'development' && effects.some(({ kind }) => kind === 'errors'),
      );
      if (handler) continue;
      yield {
        at: taker?.at ?? app.at,
        message: taker
          ? `${taker.name} passes errors on without an answer, and nothing stands behind it: Express answers them by itself.`
          : 'No error handler is registered on this application: Express answers errors by itself.',
        ...(escape && { unsure: `The application is handed to ${escape.to}, which may register one.` }),
      };
    }
  },
  examples: [
    bad('None', {
      'app.js': `
const express = require('express');
const app = «express()»;
app.get('/', (req, res) => res.send(compute(req.query.n)));
app.listen(3000);
`,
    }),
    bad('Three parameters do not make one', {
      'app.js': `
import express from 'express';
const app = «express()»;
app.get('/', (req, res) => res.send('ok'));
app.use((err, req, res) => res.status(500).end());
app.listen(3000);
`,
    }),
    bad('One that only writes the error down', {
      'app.js': `
import express from 'express';
const app = express();
app.get('/', (req, res) => res.send('ok'));
«app.use((err, req, res, next) => { console.error(err); next(err); })»;
app.listen(3000);
`,
    }),
    good('In a file of its own', {
      'app.js': `
import express from 'express';
import { handleErrors } from './errors.js';
const app = express();
app.get('/', (req, res) => res.send('ok'));
app.use(handleErrors);
app.listen(3000);
`,
      'errors.js': `
export function handleErrors(error, req, res, next) {
  res.status(500).json({ error: 'Something went wrong.' });
}
`,
    }),
    good('On the application around it', {
      'app.js': `
const express = require('express');
const api = express();
api.get('/items', (req, res) => res.json([]));
const app = express();
app.use('/api', api);
app.use(function (err, req, res, next) {
  res.sendStatus(500);
});
app.listen(3000);
`,
    }),
    unsure('A package is handed the application', {
      'app.js': `
const express = require('express');
const { errorHandling } = require('@acme/errors');
const app = «express()»;
app.get('/', (req, res) => res.send('ok'));
errorHandling(app);
app.listen(3000);
`,
    }),
  ],
});
