import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/powered-by',
  ensures: 'Responses do not name the framework that made them.',
  severity: 'low',
  control: 'headers/powered-by',
  roles: ['service', 'function'],
  cwe: 200,
  owasp: 'A02',
  why: `Express names itself in every response. Scanners sort hosts by what they run and come back when the next hole in it is
published.`,
  fix: `Call \`app.disable('x-powered-by')\`, or \`app.use(helmet())\` before the routes.`,
  references: ['https://expressjs.com/en/advanced/best-practice-security.html'],
  needs: ['apps', 'program'],
  *check({ apps, program }) {
    for (const app of apps.apps) {
      if (app.framework !== 'express' || app.serving === 'no' || app.escapes.length > 0) continue;
      const disabled = app.settings.some(
        ({ name, enabled, value, condition }) =>
          name === 'x-powered-by' &&
          condition !== 'development' &&
          (enabled === false || (value !== undefined && program.constants(value)?.[0] !== true)),
      );
      const hides = app.links.some(
        ({ effects, condition }) =>
          condition !== 'development' &&
          effects.some(
            ({ kind, headers = [], options }) =>
              kind === 'unknown' ||
              (kind === 'headers' &&
                headers.includes('x-powered-by') &&
                !['hidePoweredBy', 'xPoweredBy'].some((name) =>
                  (options === undefined ? [] : program.property(options, name)).some(
                    (node) => program.constants(node)?.[0] === false,
                  ),
                )),
          ),
      );
      if (disabled || hides || app.routes.length === 0) continue;
      yield { at: app.at, message: 'Express names itself in the X-Powered-By header of every response.' };
    }
  },
  examples: [
    bad('As Express comes', {
      'app.js': `
const express = require('express');
const app = «express()»;
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    bad('Helmet told to leave it', {
      'app.js': `
import express from 'express';
import helmet from 'helmet';
const app = «express()»;
app.use(helmet({ xPoweredBy: false }));
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Disabled in a helper', {
      'app.js': `
import express from 'express';
import { configure } from './configure.js';
const app = express();
configure(app);
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
      'configure.js': `
export function configure(app) {
  app.set('x-powered-by', false);
}
`,
    }),
    good('Taken away by a middleware', {
      'app.js': `
const express = require('express');
const app = express();
app.use((req, res, next) => {
  res.removeHeader('X-Powered-By');
  next();
});
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Hidden by helmet', {
      'app.js': `
const express = require('express');
const helmet = require('helmet');
const app = express();
app.use(helmet());
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
  ],
});
