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
  needs: ['apps', 'flows', 'program', 'code', 'running'],
  *check({ apps, flows, program, code, running }) {
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
          if (valueOf('credentials') !== true || origin.state !== 'given') continue;
          if (valueOf('origin') !== true && !allowsAll(origin.value)) continue;
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
    const written = program.calls.flatMap((call) => {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      const isWriting = callee?.kind === 'member' && /^(setHeader|set|header|append)$/.test(callee.property ?? '');
      const first = isWriting ? program.argument(call, 0) : undefined;
      const [name] = first === undefined ? [] : (program.constants(first) ?? []);
      return typeof name === 'string' ? [{ call, name: name.toLowerCase(), text: code.argument(call, 1) }] : [];
    });
    for (const { call, name, text } of written) {
      if (name !== 'access-control-allow-origin' || text.state !== 'given' || code.isEnvironmentGuarded(call)) continue;
      const received = flows.received(text.value);
      // a condition around it may ask a list
      if (received?.path.at(-1)?.toLowerCase() !== 'origin' || isConditional(call)) continue;
      const owner = code.ownerOf(call);
      const allows = written.some(
        (other) =>
          other.name === 'access-control-allow-credentials' &&
          code.ownerOf(other.call)?.node === owner?.node &&
          other.text.state === 'given' &&
          String(program.constants(other.text.value)?.[0]) === 'true',
      );
      if (allows)
        yield {
          at: text.at,
          message:
            'The origin of every request is written back, and with credentials: any site may act for a user who is logged in.',
        };
    }

    function isConditional(call: number): boolean {
      return code.blocksAround(call).some(({ kind }) => kind !== 'body' && kind !== 'try');
    }

    /** `(origin, callback) => callback(null, true)`, `(origin) => origin`. */
    function allowsAll(node: number): boolean {
      return code.functionsIn(node).some((fn) => {
        const { facts, first } = fn.module;
        const id = facts.functions.indexOf(fn.fact);
        if (facts.blocks.some((block) => block.function === id && block.kind !== 'body')) return false;
        const [origin, callback] = fn.fact.params;
        const calls = code.callsIn(fn).filter((call) => callback !== undefined && isOf(call, first + callback.value));
        const said = calls.map((call) => program.constants(program.argument(call, 1) ?? call));
        const echoes =
          callback === undefined &&
          origin !== undefined &&
          fn.fact.returns.length > 0 &&
          fn.fact.returns.every(({ value }) => value === origin.value);
        return echoes || (said.length > 0 && said.every((known) => known?.length === 1 && known[0] === true));
      });
    }

    function isOf(call: number, param: number): boolean {
      const value = program.valueOf(call);
      return (
        value.kind === 'call' &&
        program.origins(program.child(call, value.callee)).some((origin) => program.origins(param).includes(origin))
      );
    }
  },
  examples: [
    bad('A function that says yes to all', {
      'app.js': `const cors = require('cors');\nconst app = require('express')();\napp.use(cors({ credentials: true, origin: «(origin, callback) => callback(null, true)» }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('The origin of the request, written back by hand', {
      'app.js': `import express from 'express';\nconst app = express();\napp.use((req, res, next) => {\n  res.header('Access-Control-Allow-Origin', «req.headers.origin»);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    good('Written back for those on a list', {
      'app.js': `import express from 'express';\nimport cors from 'cors';\nconst app = express();\nconst LIST = ['https://app.example'];\napp.use((req, res, next) => {\n  if (LIST.includes(req.headers.origin)) res.header('Access-Control-Allow-Origin', req.headers.origin);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});\napp.use(cors({ credentials: true, origin: (origin, callback) => callback(null, LIST.includes(origin)) }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
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
