import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/node-env-not-production',
  ensures: 'Images that ship run with NODE_ENV=production.',
  severity: 'medium',
  control: 'config/node-env',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: 'Express then sends stack traces to strangers and reads every view from disk each time; React, Apollo and others run their slow checking builds.',
  fix: 'Put `ENV NODE_ENV=production` in the stage that ships.',
  references: ['https://expressjs.com/en/advanced/best-practice-performance.html#set-node_env-to-production'],
  needs: ['images', 'told', 'variableReads'],
  *check({ images, told, variableReads }) {
    const inCode = variableReads.filter(
      ({ name, becomes, place }) => name === 'NODE_ENV' && becomes === 'production' && place === 'product',
    );
    const hiding = told.find(({ responses }) =>
      responses.some(({ marks }) => marks.some(({ name }) => name === 'express-hidden-error')),
    );
    for (const { env, base, node, job, stage, starts, nodeEnvElsewhere, deployed, context } of images.production) {
      // a function gets its environment from its own settings
      if (
        !node ||
        base.family === 'lambda' ||
        job ||
        nodeEnvElsewhere === 'production' ||
        (starts.length === 0 && deployed.length === 0)
      )
        continue;
      const setting = env.get('NODE_ENV');
      const maybe =
        nodeEnvElsewhere === 'unknown'
          ? { unsure: 'A deployment takes its environment from somewhere else, which may set it.' }
          : hiding
            ? {
                mitigated: `${hiding.host} hides its errors as Express does in production: something else sets it there.`,
              }
            : {};
      if (setting?.known && setting.value === 'production') continue;
      if (!setting && inCode.some(({ at }) => context === '' || at.path.startsWith(`${context}/`))) continue;
      const name = stage.name ?? stage.path;
      if (!setting) {
        yield {
          at: { path: stage.path, start: stage.image.start, end: stage.image.end },
          message: `${name} does not set NODE_ENV.`,
          ...maybe,
        };
      } else if (setting.known) {
        yield { at: setting.at, message: `${name} runs with NODE_ENV=${setting.value}, not production.`, ...maybe };
      } else
        yield {
          at: setting.at,
          message: `NODE_ENV of ${name} is what the build is given, and nothing by default.`,
          ...maybe,
        };
    }
  },
  examples: [
    bad('Not set', { Dockerfile: 'FROM «node:24-slim»\nCMD ["node", "server.js"]\n' }),
    bad('Set in the builder only', {
      Dockerfile:
        'FROM node:24 AS build\nENV NODE_ENV=production\nRUN npm run build\nFROM «node:24-slim»\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    bad('Almost right', {
      Dockerfile: 'FROM node:24-slim\nENV PORT=3000 «NODE_ENV=prod»\nCMD ["node", "server.js"]\n',
    }),
    bad('An argument without a default', {
      Dockerfile: 'FROM node:24-slim\nARG NODE_ENV\nENV «NODE_ENV=$NODE_ENV»\nCMD ["node", "server.js"]\n',
    }),
    unsure('An env_file may set it', {
      Dockerfile: 'FROM «node:24-slim»\nCMD ["node", "server.js"]\n',
      'compose.yaml': 'services:\n  web:\n    build: .\n    env_file: /etc/shop/env\n',
    }),
    good('Set, inherited, by default of an argument', {
      'a/Dockerfile': 'FROM node:24-slim\nENV NODE_ENV production\nCMD ["node", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim AS base\nENV NODE_ENV=production\nFROM base\nCMD ["node", "server.js"]\n',
      'c/Dockerfile':
        'FROM node:24-slim\nARG NODE_ENV=production\nENV NODE_ENV=${NODE_ENV}\nCMD ["node", "server.js"]\n',
    }),
    good('Set where it is deployed', {
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
      'compose.yaml': 'services:\n  web:\n    build: .\n    environment:\n      - NODE_ENV=production\n',
    }),
    unsure('A process manager starts it, by a file that only says what differs', {
      Dockerfile: 'FROM «node:24-slim»\nCOPY . .\n',
      'docker-compose.yml': 'services:\n  web:\n    build: .\n',
      'docker-compose.prod.yml': 'services:\n  web:\n    command: yarn start\n',
      'package.json': '{ "name": "a", "scripts": { "start": "pm2-runtime start ecosystem.config.json" } }\n',
    }),
    good('Set by the command', {
      'a/Dockerfile': 'FROM node:24-slim\nCMD ["npm", "start"]\n',
      'a/package.json': '{ "name": "a", "scripts": { "start": "cross-env NODE_ENV=production node server.js" } }\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD ["npx", "next", "start"]\n',
    }),
    good('Set by the command of a file that only says what differs', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\n',
      'docker-compose.yml': 'services:\n  web:\n    build: .\n',
      'docker-compose.prod.yml': 'services:\n  web:\n    command: sh -c "NODE_ENV=production node a.js"\n',
    }),
    good('The program says it where nobody else does', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'server.js': "process.env.NODE_ENV = process.env.NODE_ENV || 'production';\nrequire('./app');\n",
    }),
    good('A function', {
      Dockerfile: 'FROM public.ecr.aws/lambda/nodejs:24\nCOPY index.mjs .\nCMD ["index.handler"]\n',
    }),
    good('For development', {
      'Dockerfile.dev': 'FROM node:24\nENV NODE_ENV=development\nCMD ["npm", "run", "dev"]\n',
    }),
  ],
});
