import { bad, defineRule, good } from '../../src/rule/rule.ts';

const TOOLS =
  /^(gcc|g\+\+|make|cmake|build-base|build-essential|python3?|python3-dev|python-is-python3|node-gyp|git|libc-dev|musl-dev|linux-headers|clang|autoconf|automake)$/;
/** Dependencies that start git by themselves. */
const SPAWN_GIT = ['simple-git', 'nodegit', 'dugite', 'git-clone', 'gitlog', 'degit', 'tiged', 'isomorphic-git'];

export default defineRule({
  id: 'container/build-tools-in-final',
  ensures: 'Images that ship hold no compilers or build tools.',
  severity: 'medium',
  roles: ['any'],
  owasp: 'A02',
  why: 'A compiler, Python and git in the image are what an intruder needs to build and fetch the next step, and every one of them has CVEs of its own.',
  fix: 'Install them in a builder stage and copy the result, or remove them in the same `RUN` (`apk add --virtual .build …` … `apk del .build`).',
  references: ['https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages'],
  needs: ['images'],
  *check({ images }) {
    for (const { commands, manifest, base } of images.production) {
      if (base.family === 'server') continue;
      for (const { layer, program, words, command } of commands) {
        const [, verb] = words.filter(({ text }) => !text.startsWith('-'));
        if (!/^(apk|apt|apt-get|yum|dnf|microdnf)$/.test(program) || !/^(add|install)$/.test(verb?.text ?? ''))
          continue;
        const tools = words.filter(({ text }) => TOOLS.test(text.replace(/[=<>~].*$/, '')));
        const [first] = tools;
        const spawnsGit = SPAWN_GIT.some((name) => manifest?.dependencies.has(name));
        if (!first || (spawnsGit && tools.every(({ text }) => text === 'git'))) continue;
        const removed = commands.some(
          (other) =>
            other.layer === layer &&
            /^(apk|apt|apt-get|yum|dnf|microdnf)$/.test(other.program) &&
            other.command.start > command.start &&
            other.words.some(({ text }) => /^(del|purge|remove|autoremove|erase)$/.test(text)),
        );
        if (removed) continue;
        const names = tools.map(({ text }) => text).join(', ');
        yield {
          at: { path: layer.stage.path, start: first.start, end: first.end },
          message: `${names} stay${tools.length === 1 ? 's' : ''} in the image that ships.`,
        };
      }
    }
  },
  examples: [
    bad('Compilers for addons', {
      Dockerfile:
        'FROM node:24-alpine\nRUN apk add --no-cache «python3» make g++\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
    }),
    bad('Removed in a later layer, where they stay all the same', {
      Dockerfile:
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y --no-install-recommends «build-essential»\nRUN npm ci\nRUN apt-get purge -y build-essential\nCMD ["node", "server.js"]\n',
    }),
    good('In the builder', {
      Dockerfile:
        'FROM node:24-alpine AS build\nRUN apk add python3 make g++\nRUN npm ci\nFROM node:24-alpine\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    good('Removed in the same layer', {
      Dockerfile:
        'FROM node:24-alpine\nRUN apk add --no-cache --virtual .build python3 make g++ && npm ci --omit=dev && apk del .build\nCMD ["node", "server.js"]\n',
      'api/Dockerfile':
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y git && npm ci && apt-get purge -y git\nCMD ["node", "server.js"]\n',
    }),
    good('git for a dependency that starts it', {
      Dockerfile: 'FROM node:24-alpine\nRUN apk add --no-cache git\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "ci", "dependencies": { "simple-git": "3.27.0" } }\n',
    }),
    good('Other packages', {
      Dockerfile:
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tini\nCMD ["node", "server.js"]\n',
    }),
  ],
});
