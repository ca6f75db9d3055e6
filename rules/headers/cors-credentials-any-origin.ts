import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-credentials-any-origin',
  ensures: 'Only sites that are named may use the cookies of a user.',
  severity: 'high',
  control: 'headers/cors',
  roles: ['service', 'function'],
  cwe: 942,
  owasp: 'A02',
  why: `Whatever site a user visits may then call this API with the user's cookies and read the answers: their data, and the token
that protects forms.`,
  fix: `List the origins: \`cors({ origin: ['https://app.example'], credentials: true })\`. Leave \`credentials\` out where no
cookies are used.`,
  references: ['https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS', 'https://portswigger.net/web-security/cors'],
  needs: ['apps', 'program', 'code', 'running'],
  *check({ apps, program, code, running }) {
    const seen = new Set<number>();
    for (const app of apps.apps) {
      if (app.serving === 'no') continue;
      const site = running.of(app)?.site;
      const asked = site?.responses.filter(({ step }) => step === 'foreign-origin' || step === 'preflight') ?? [];
      const isRefused =
        asked.length === 2 && asked.every((answer) => answer.headers('access-control-allow-origin').length === 0);
      for (const { effects, condition } of [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)]) {
        for (const { kind, by, options } of effects) {
          if (kind !== 'cors' || by !== 'package' || options === undefined || condition === 'development') continue;
          if (seen.has(options)) continue;
          seen.add(options);
          const valueOf = (name: string): unknown => {
            const option = code.property(options, name);
            return option.state === 'given' ? program.constants(option.value)?.[0] : undefined;
          };
          const origin = code.property(options, 'origin');
          if (valueOf('credentials') !== true || valueOf('origin') !== true || origin.state !== 'given') continue;
          yield {
            at: program.locationOf(origin.property ? origin.value : options),
            message: 'Every origin is reflected, and with credentials: any site may act for a user who is logged in.',
            ...(isRefused && {
              mitigated: `${site?.host ?? ''} reflected a foreign origin neither to GET nor to a preflight.`,
            }),
          };
        }
      }
    }
  },
  examples: [
    bad('Every origin, with cookies', {
      'app.js': `
const cors = require('cors');
const express = require('express');
const app = express();
app.use(cors({ origin: «true», credentials: true }));
app.get('/', (req, res) => res.json({}));
app.listen(3000);
`,
    }),
    bad('Fastify, options of another file', {
      'app.js': `
import Fastify from 'fastify';
import cors from '@fastify/cors';
import { corsOptions } from './options.js';
const app = Fastify();
await app.register(cors, corsOptions);
app.get('/', async () => ({}));
app.listen({ port: 3000 });
`,
      'options.js': `
export const corsOptions = { credentials: true, origin: «true» };
`,
    }),
    good('Named origins, or no cookies', {
      'app.js': `
import cors from 'cors';
import express from 'express';
const app = express();
app.use('/api', cors({ origin: ['https://app.example'], credentials: true }));
app.use('/public', cors({ origin: true }));
app.use('/other', cors());
app.get('/', (req, res) => res.json({}));
app.listen(3000);
`,
    }),
    good('While developing', {
      'app.js': `
import cors from 'cors';
import express from 'express';
const app = express();
if (process.env.NODE_ENV === 'development') app.use(cors({ origin: true, credentials: true }));
app.get('/', (req, res) => res.json({}));
app.listen(3000);
`,
    }),
  ],
});
