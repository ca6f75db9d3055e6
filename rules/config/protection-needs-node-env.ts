import { bad, defineRule, good } from '../../src/rule/rule.ts';

const NAMES: Readonly<Partial<Record<string, string>>> = {
  limiter: 'limits how often clients may ask',
  headers: 'writes the security headers',
  csrf: 'refuses forged requests',
  auth: 'lets only known callers pass',
};
const PLAIN = 'FROM node:24-slim\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n';
const PACKAGE = '{ "name": "a", "scripts": { "start": "node server.js" }, "dependencies": { "express": "5.1.0" } }\n';

export default defineRule({
  id: 'config/protection-needs-node-env',
  ensures: 'What protects the service in production is on in production.',
  severity: 'medium',
  roles: ['service'],
  cwe: 1188,
  owasp: 'A02',
  why: 'The code asks for `NODE_ENV=production`, and the image does not set it: the protection is written, reviewed, and never runs.',
  fix: "Put `ENV NODE_ENV=production` into the image, and turn protection off for development instead: `!== 'development'`.",
  references: ['https://expressjs.com/en/advanced/best-practice-performance.html#set-node_env-to-production'],
  needs: ['apps', 'program', 'images', 'requiredVariables'],
  about: { what: 'image the program runs in', isIn: ({ images }) => images.production.some(({ node }) => node) },
  *check({ apps, program, images, requiredVariables }) {
    // without it, nothing starts at all
    if (requiredVariables.some(({ name }) => name === 'NODE_ENV')) return;
    if (program.callsTo(/process\.loadEnvFile$/).length > 0 || isSetInCode()) return;
    for (const app of apps.apps) {
      const holding = images.production.filter(
        ({ node, job, context }) => node && !job && (context === '' || app.path.startsWith(`${context}/`)),
      );
      const [image] = holding;
      if (app.serving === 'no' || !image || !holding.every(leavesItUnset)) continue;
      for (const link of app.links) {
        if (link.condition !== 'production') continue;
        const effect = link.effects.find(({ kind, by }) => by !== 'name' && NAMES[kind] !== undefined);
        const call = program
          .callsNamed('use', 'register')
          .find((each) => program.moduleOf(each).path === link.at.path && isAt(program.locationOf(each), link.at));
        const asked =
          call === undefined
            ? undefined
            : program
                .blocks(call)
                .flatMap(({ condition, holds }) =>
                  condition !== undefined && holds !== false ? [program.child(call, condition)] : [],
                )
                .find((condition) => asksForProduction(condition));
        if (!effect || asked === undefined) continue;
        yield {
          at: link.at,
          message: `${link.name} ${NAMES[effect.kind] ?? ''} only where NODE_ENV is production, and ${image.stage.path} does not set it.`,
          confidence: 'likely',
          trail: [
            { at: program.locationOf(asked), note: 'This asks for it.' },
            { at: { path: image.stage.path, ...spanOf(image.stage.image) }, note: 'The image.' },
          ],
        };
      }
    }

    /** Something of the program gives the variable a value by itself. */
    function isSetInCode(): boolean {
      return [...program.modules.values()].some((module) =>
        module.facts.writes.some(
          ({ property, object }) =>
            property === 'NODE_ENV' &&
            program.apis(program.nodeIn(module, object)).some((api) => api.startsWith('process.env')),
        ),
      );
    }

    /** `process.env.NODE_ENV === 'production'`, itself or by a name; without another value where it is not set. */
    function asksForProduction(node: number): boolean {
      return [node, ...program.origins(node)].some((origin) => {
        const value = program.valueOf(origin);
        if (value.kind === 'either' && value.reason === 'and')
          return value.options.some((option) => asksForProduction(program.child(origin, option)));
        if (value.kind !== 'operation' || !/^={2,3}$/.test(value.operator)) return false;
        const sides = value.operands.map((operand) => program.child(origin, operand.value));
        return (
          sides.some((side) => program.constants(side)?.[0] === 'production') &&
          sides.some((side) => isTheVariable(side))
        );
      });
    }

    function isTheVariable(node: number): boolean {
      const value = program.valueOf(node);
      if (value.kind === 'call') {
        const argument = program.argument(node, 0);
        const isSetting = program.apis(program.child(node, value.callee)).some((api) => api.endsWith('express().get'));
        return isSetting && argument !== undefined && program.constants(argument)?.[0] === 'env';
      }
      const origins = program.origins(node);
      const isRead = (each: number): boolean => program.apis(each).includes('process.env.NODE_ENV');
      const isOther = (each: number): boolean =>
        program.constants(each)?.every((text) => text !== 'production') ?? false;
      return origins.some(isRead) && origins.every((each) => isRead(each) || isOther(each));
    }
  },
  examples: [
    bad('The limiter', {
      'server.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'production') {\n  «app.use(rateLimit({ windowMs: 60_000, limit: 100 }))»;\n}\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'package.json': PACKAGE,
      Dockerfile: PLAIN,
    }),
    bad('The headers, by a flag of another file', {
      'server.ts': `import express from 'express';\nimport helmet from 'helmet';\nimport { isProduction } from './config.ts';\nconst app = express();\nif (isProduction) «app.use(helmet())»;\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'config.ts': `const { NODE_ENV = 'development' } = process.env;\nexport const isProduction = NODE_ENV === 'production';\n`,
      'package.json': PACKAGE,
      Dockerfile: PLAIN.replace('server.js', 'server.ts').replace('COPY', 'ENV NODE_ENV=staging\nCOPY'),
    }),
    good('The image sets it, or a deployment does', {
      'a/server.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'production') app.use(rateLimit({ windowMs: 60_000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'a/package.json': PACKAGE,
      'a/Dockerfile': PLAIN.replace('COPY', 'ENV NODE_ENV=production\nCOPY'),
      'b/server.js': `const helmet = require('helmet');\nconst app = require('express')();\nif (app.get('env') === 'production') app.use(helmet());\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'b/package.json': PACKAGE,
      'b/Dockerfile': PLAIN,
      'compose.prod.yaml': 'services:\n  b:\n    build: ./b\n    environment: [NODE_ENV=production]\n',
    }),
    good('On unless somebody says development; on by default; not protection', {
      'server.js': `const { rateLimit } = require('express-rate-limit');\nconst helmet = require('helmet');\nconst app = require('express')();\nconst env = process.env.NODE_ENV || 'production';\nif (process.env.NODE_ENV !== 'development') app.use(rateLimit({ windowMs: 60_000, limit: 100 }));\nif (env === 'production') app.use(helmet());\nif (process.env.NODE_ENV === 'production') app.use(require('compression')());\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'package.json': PACKAGE,
      Dockerfile: PLAIN,
    }),
    good('No image says how it runs: the platform may set it', {
      'server.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'production') app.use(rateLimit({ windowMs: 60_000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'package.json': PACKAGE,
      Procfile: 'web: node server.js\n',
    }),
    good('Nothing starts without it', {
      'server.js': `const { rateLimit } = require('express-rate-limit');\nif (!process.env.NODE_ENV) throw new Error('NODE_ENV');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'production') app.use(rateLimit({ windowMs: 60_000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'package.json': PACKAGE,
      Dockerfile: PLAIN,
    }),
    good('A file of settings may set it', {
      'server.js': `const { rateLimit } = require('express-rate-limit');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'production') app.use(rateLimit({ windowMs: 60_000, limit: 100 }));\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
      'package.json': PACKAGE,
      Dockerfile: PLAIN,
      'compose.yaml': 'services:\n  web:\n    build: .\n    env_file: /etc/shop/env\n',
    }),
  ],
});

interface Running {
  readonly base: { readonly family: string };
  readonly nodeEnvElsewhere: string;
  readonly starts: readonly { readonly script?: unknown }[];
  readonly env: ReadonlyMap<string, { readonly known: boolean; readonly value: string }>;
}

/** It is known how the image is started, and nothing of it says production. */
function leavesItUnset({ base, nodeEnvElsewhere, starts, env }: Running): boolean {
  const set = env.get('NODE_ENV');
  return (
    base.family !== 'lambda' &&
    nodeEnvElsewhere === 'not set' &&
    starts.length > 0 &&
    starts.every(({ script }) => script === undefined) &&
    (set === undefined || (set.known && set.value !== 'production'))
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const isAt = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;
const spanOf = ({ start, end }: Span): Span => ({ start, end });
