import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const isRoot = (user: string): boolean => /^(root|0)(:.*)?$/.test(user);
/** `apk add su-exec`, `apt-get install -y gosu`. */
const installsDropper = ({ words }: { readonly words: readonly { readonly text: string }[] }): boolean =>
  words.some(({ text }) => /^(gosu|su-exec)$/.test(text)) && words.some(({ text }) => /^(add|install)$/.test(text));
const DROPS = /^(gosu|su-exec|setpriv|chroot|s6-setuidgid|runuser|su)$/;

export default defineRule({
  id: 'container/root-user',
  ensures: 'Containers run as a user that is not root.',
  severity: 'high',
  roles: ['any'],
  cwe: 250,
  owasp: 'A02',
  why: 'Whoever breaks into the process is root in the container: they can rewrite the code, read every mounted secret, and are one kernel or mount mistake away from the host.',
  fix: 'Put `USER node` (or the number of another account) after the last step that needs root, and `chown` only the folders the program writes to.',
  references: ['https://docs.docker.com/build/building/best-practices/#user'],
  needs: ['images'],
  *check({ images }) {
    for (const { user, base, baseUnknown, stage, start, deployed, reference, commands } of images.production) {
      const from = { path: stage.path, start: stage.image.start, end: stage.image.end };
      const dropped = [...(start?.script?.commands ?? []), ...(start?.command ? [start.command] : [])].some(
        ({ words }) => words.some(({ text }) => DROPS.test(text.slice(text.lastIndexOf('/') + 1))),
      );
      // files for another build, which nobody runs
      const inert = base.family === 'scratch' && start === undefined && deployed.length === 0;
      if (dropped || inert || base.family === 'lambda') continue;
      const elsewhere = deployed.length > 0 && deployed.every(({ runsAsRoot }) => runsAsRoot === 'no');
      const severity = elsewhere ? ('low' as const) : undefined;
      const name = stage.name === undefined ? stage.path : `stage ${stage.name} of ${stage.path}`;
      if (user && !user.known) {
        yield {
          at: user.at,
          message: `${user.value} decides the user of ${name}, and has no default.`,
          unsure: 'The value is only known when the image is built.',
        };
      } else if (user && isRoot(user.value)) {
        yield { at: user.at, message: `USER ${user.value} is what ${name} runs as.`, ...(severity && { severity }) };
      } else if (!user && base.user === 'root' && !start?.script && commands.some(installsDropper)) {
        yield {
          at: from,
          message: `${name} sets no USER.`,
          unsure: 'It installs a program that gives up root, and what it starts cannot be read.',
        };
      } else if (!user && base.user === 'root') {
        yield { at: from, message: `${name} sets no USER, so it runs as root.`, ...(severity && { severity }) };
      } else if (!user && base.user === 'unknown') {
        const why =
          baseUnknown.length > 0
            ? `${baseUnknown.join(', ')} decides the base.`
            : `Nothing here says which user ${reference.text} sets.`;
        yield { at: from, message: `${name} sets no USER.`, unsure: why, ...(severity && { severity }) };
      }
    }
  },
  examples: [
    bad('No USER on an image that starts as root', {
      Dockerfile: 'FROM «node:24-slim»\nCOPY . .\nCMD ["node", "server.js"]\n',
    }),
    bad('Only the builder gives up root', {
      Dockerfile:
        'FROM node:24 AS build\nUSER node\nRUN npm ci\n\nFROM «node:24-alpine»\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    bad('Back to root for good', {
      Dockerfile: 'FROM node:24-slim\nUSER node\nRUN npm ci\nUSER «root»\nCMD ["node", "server.js"]\n',
    }),
    bad('Distroless without nonroot', {
      Dockerfile: 'FROM «gcr.io/distroless/nodejs24-debian12»\nCOPY . .\nCMD ["server.js"]\n',
    }),
    bad('The stage compose builds, not the last one', {
      Dockerfile:
        'FROM node:24-slim AS release\nUSER «0:0»\nCMD ["node", "server.js"]\n\nFROM node:24-slim AS docs\nUSER node\nCMD ["node", "docs.js"]\n',
      'compose.yaml': 'services:\n  web:\n    build:\n      context: .\n      target: release\n',
    }),
    bad('The stage bake builds, as it inherits it', {
      Dockerfile:
        'FROM node:24-slim AS release\nUSER «0:0»\nCMD ["node", "server.js"]\n\nFROM node:24-slim AS docs\nUSER node\nCMD ["node", "docs.js"]\n',
      'docker-bake.hcl':
        '# how it is built\nvariable "TAG" { default = "1.0" }\ntarget "base" {\n  context = "."\n  target = "release"\n}\ntarget "api" {\n  inherits = ["base"]\n  tags = ["acme/api:${TAG}"]\n}\n',
    }),
    unsure('What it starts is made by the build, and there is something that gives up root', {
      Dockerfile:
        'FROM «node:24-slim»\nRUN apt-get update && apt-get install -y --no-install-recommends gosu\nCOPY --from=acme/build:1 /app ./\nCMD ["./start.sh"]\n',
    }),
    unsure('A base nothing is known of', {
      Dockerfile: 'FROM «registry.acme.io/base/app:3»\nCMD ["node", "server.js"]\n',
    }),
    good('Files for another build', {
      Dockerfile: 'FROM node:24 AS build\nRUN npm ci && npm run build\nFROM scratch\nCOPY --from=build /app/dist /\n',
    }),
    good('An image to work in', {
      'dev/box/Dockerfile': 'FROM node:24\nRUN apt-get update\nCMD ["tail", "-f", "/dev/null"]\n',
    }),
    good('A user of its own', { Dockerfile: 'FROM node:24-slim\nUSER node\nCMD ["node", "server.js"]\n' }),
    good('Inherited from an earlier stage', {
      Dockerfile: 'FROM node:24-slim AS base\nUSER 65532:0\n\nFROM base AS release\nCMD ["node", "server.js"]\n',
    }),
    good('The default of a variable', {
      Dockerfile:
        'ARG UID=1001\nFROM node:24-slim\nARG UID\nENV APP_USER=app\nUSER ${APP_USER}\nCMD ["node", "server.js"]\n',
    }),
    good('Root in a stage for tests that comes last', {
      Dockerfile:
        'FROM node:24-slim AS release\nUSER node\nCMD ["node", "server.js"]\n\nFROM release AS test\nUSER root\nCMD ["npm", "test"]\n',
    }),
    good('A base that is not root by itself', {
      Dockerfile: 'FROM gcr.io/distroless/nodejs24-debian12:nonroot\nCMD ["server.js"]\n',
    }),
    good('An entry script that drops its rights', {
      Dockerfile:
        'FROM node:24-alpine\nCOPY docker-entrypoint.sh /\nENTRYPOINT ["/docker-entrypoint.sh"]\nCMD ["node", "server.js"]\n',
      'docker-entrypoint.sh': '#!/bin/sh\nset -e\nchown -R node /data\nexec su-exec node "$@"\n',
    }),
    good('A database with its own entry point', {
      'db/Dockerfile': 'FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/\n',
    }),
    good('A base image another Dockerfile builds', {
      'docker/base.Dockerfile': 'FROM node:24-slim\nUSER node\n',
      Dockerfile: 'FROM acme/base:1\nCMD ["node", "server.js"]\n',
      'package.json':
        '{ "name": "shop", "scripts": { "base": "docker build -f docker/base.Dockerfile -t acme/base:1 ." } }\n',
    }),
  ],
});
