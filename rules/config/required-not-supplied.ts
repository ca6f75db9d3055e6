import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Set by the shell, the platform or Node.js. */
const GIVEN =
  /^(HOME|HOSTNAME|PATH|PWD|USER|SHELL|TERM|NODE_VERSION|YARN_VERSION|POD_\w+|KUBERNETES_\w+|\w+_SERVICE_(HOST|PORT)|\w+_PORT_\w+)$/;
/** What starts the program and brings no variables of its own. */
const PLAIN = /(^|\/)(node|npm|yarn|pnpm|tini|dumb-init|tsx|nest|docker-entrypoint\.sh)$/;
/** Keys of a service or container that may bring variables we cannot see. */
const UNSEEN = new Set(['env_file', 'envFrom', 'extends', 'secrets', 'configs', 'develop']);
const SHOWN = 5;

export default defineRule({
  id: 'config/required-not-supplied',
  ensures: 'A deployment gives the program every variable it cannot start without.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1188,
  why: 'The program ends as soon as it starts, again at every restart: the deployment is an outage, or it never comes up.',
  fix: 'Add the variables to the deployment (`environment`, `env`, a secret), or give them defaults that are safe.',
  references: ['https://12factor.net/config', 'https://docs.docker.com/reference/compose-file/services/#environment'],
  needs: ['images', 'manifests', 'requiredVariables', 'roles', 'deployments', 'environment'],
  *check({ images, manifests, requiredVariables, roles, deployments, environment }) {
    const started = images.production.filter(({ node }) => node);
    const isAssembled = deployments.platformFiles.some((path) => /(kustomization\.ya?ml|Chart\.ya?ml)$/i.test(path));
    for (const image of started) {
      const needed = requiredVariables.filter(({ name, at }) => {
        const above = manifests.above(at.path);
        const own = above === undefined || !image.manifest ? started.length === 1 : above.path === image.manifest.path;
        return own && !GIVEN.test(name) && !image.env.has(name) && roles.at(at.path).size > 0;
      });
      if (needed.length === 0 || image.starts.some((start) => start.script)) continue;
      const commands = image.starts.flatMap((start) => start.commands);
      if (!commands.every(({ words, env }) => env.length === 0 && PLAIN.test(words[0]?.text ?? ''))) continue;
      const loads = environment.loaders.size > 0;
      const baked = loads && image.broadCopies.length > 0 && !image.ignore.ignores('.env');
      for (const place of image.deployed) {
        const keys = place.node.kind === 'map' ? place.node.entries.map(({ key }) => key) : [...UNSEEN];
        const mounts = keys.includes('volumes') || keys.includes('volumeMounts');
        if (place.development || keys.some((key) => UNSEEN.has(key)) || (loads && mounts)) continue;
        if (place.kind !== 'service' && isAssembled) continue;
        const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
        const same = image.deployed.filter(
          ({ by, name, at }) => by === place.by && name === place.name && folder(at.path) === folder(place.at.path),
        );
        if (same.length > 1 || place.environment.length === 0) continue;
        const given = new Set(place.environment.map(({ name }) => name));
        const missing = needed.filter(({ name }) => !given.has(name) && !given.has(`${name}_FILE`));
        const names = [...new Set(missing.map(({ name }) => name))];
        if (names.length === 0) continue;
        const shown =
          names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
        yield {
          at: place.at,
          ...(!place.certain && { confidence: 'likely' as const }),
          ...(baked && { unsure: 'A .env of the machine that builds the image would come into it and be read.' }),
          message: `${place.name} is not given ${shown}, and the program ends without ${names.length === 1 ? 'it' : 'them'}.`,
          trail: missing.slice(0, SHOWN).map(({ name, at }) => ({ at, note: `${name} is required here.` })),
        };
      }
    }
  },
  examples: [
    bad('A guard at the start', {
      'server.js':
        "const url = process.env.DATABASE_URL;\nif (!url || !process.env.JWT_SECRET) throw new Error('settings');\nrequire('express')().listen(process.env.PORT || 3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml':
        'services:\n  «api»:\n    build: .\n    environment:\n      DATABASE_URL: postgres://db/shop\n  db:\n    image: postgres:17\n',
    }),
    bad('A schema, and a container of Kubernetes', {
      'src/env.ts':
        "import { z } from 'zod';\nconst schema = z.object({ REDIS_URL: z.string().url(), LEVEL: z.string().default('info'), PORT: z.coerce.number() });\nexport const env = schema.parse(process.env);\n",
      'src/main.ts':
        "import Fastify from 'fastify';\nimport { env } from './env.ts';\nawait Fastify().listen({ port: env.PORT, host: '0.0.0.0' });\n",
      'package.json': '{ "name": "a", "type": "module", "scripts": { "start": "node src/main.ts" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "src/main.ts"]\n',
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n        - name: «a»\n          image: acme/a:1\n          env:\n            - name: PORT\n              value: "4000"\n',
    }),
    bad('A function that throws, and Joi', {
      'config.js':
        "const Joi = require('joi');\nfunction required(name) {\n  const value = process.env[name];\n  if (!value) throw new Error(name);\n  return value;\n}\nexports.key = required('MAIL_KEY');\nconst schema = Joi.object().keys({ JWT_SECRET: Joi.string().required(), LEVEL: Joi.string() }).unknown();\nconst { error } = schema.validate(process.env);\nif (error) throw error;\n",
      'server.js': "require('./config');\nrequire('express')().listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["npm", "start"]\n',
      'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n    environment: [NODE_ENV=production]\n',
    }),
    good('All of it is given, by the image, the service or a file', {
      'server.js':
        "for (const name of []) use(name);\nif (!process.env.DATABASE_URL || !process.env.REGION) process.exit(1);\nif (process.env.NODE_ENV === 'production') {\n  if (!process.env.SENTRY) throw new Error('x');\n}\nrequire('express')().listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nENV REGION=eu\nCOPY . .\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    environment:\n      - DATABASE_URL\n  jobs:\n    build: .\n    env_file: /etc/jobs.env\n    environment:\n      A: b\n',
    }),
    good('A default, a secret in a file, an entry script', {
      'env.js':
        "const { cleanEnv, str } = require('envalid');\nmodule.exports = cleanEnv(process.env, { LEVEL: str({ default: 'info' }), TOKEN: str() });\n",
      'server.js': "require('./env');\nrequire('express')().listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      'entry.sh': '#!/bin/sh\nexport TOKEN="$(cat /run/token)"\nexec "$@"\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nENTRYPOINT ["/entry.sh"]\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    environment:\n      A: b\n',
    }),
    unsure('A file of the one who builds it may come with it', {
      'server.js':
        "require('dotenv').config();\nif (!process.env.DATABASE_URL) throw new Error('x');\nrequire('express')().listen(3000);\n",
      'package.json':
        '{ "name": "a", "scripts": { "start": "node server.js" }, "dependencies": { "dotenv": "17.0.0", "express": "5.0.0" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n    environment:\n      A: b\n',
    }),
  ],
});
