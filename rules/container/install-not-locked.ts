import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FIX = {
  npm: 'npm ci',
  yarn: 'yarn install --frozen-lockfile (--immutable from Yarn 2)',
  pnpm: 'pnpm install --frozen-lockfile',
  bun: 'bun install --frozen-lockfile',
};

export default defineRule({
  id: 'container/install-not-locked',
  ensures: 'Images install exactly what the lockfile says.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'An install that may rewrite the lockfile pulls whatever was published a minute ago, a hijacked release included, and two builds of one commit differ.',
  fix: 'Use `npm ci`, `yarn install --immutable` (`--frozen-lockfile` in Yarn 1), `pnpm install --frozen-lockfile` or `bun install --frozen-lockfile`.',
  references: ['https://docs.npmjs.com/cli/commands/npm-ci'],
  needs: ['images'],
  about: {
    what: 'lockfile its images could install by',
    isIn: ({ images }) =>
      images.production.some(({ inputs }) =>
        inputs.some(({ install, expected }) => install.lockfiles.length > 0 || expected !== undefined),
      ),
  },
  *check({ images }) {
    const seen = new Set<string>();
    for (const { inputs } of images.production) {
      for (const { install, expected } of inputs) {
        const { at, manager, lockfiles } = install;
        const place = `${at.path}:${at.start}`;
        const [lockfile] = lockfiles;
        // where the project is not here, its copies say what it has
        if (manager.frozen || manager.verb === 'focus' || (!lockfile && expected === undefined) || seen.has(place))
          continue;
        seen.add(place);
        const asked = `${manager.manager} ${manager.verb}`;
        const instead = `${FIX[manager.manager]} may not`;
        yield {
          at,
          message:
            lockfile || expected !== ''
              ? `${asked} may install something else than ${lockfile?.path ?? expected} says; ${instead}.`
              : `${asked} resolves every version anew, with no lockfile beside it; ${instead}.`,
          ...(!lockfile && { confidence: 'likely' as const }),
        };
      }
    }
  },
  examples: [
    bad('npm install', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN «npm install --omit=dev»\nCMD ["node", "server.js"]\n',
      'package-lock.json': '{}\n',
    }),
    bad('In a here-document, with or without the name of a shell', {
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\nRUN <<EOF bash -e\n«npm install»\nEOF\nCMD ["node", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24-slim\nCOPY . .\nRUN sh -e <<-"EOF"\n\t«npm install»\n\tEOF\nCMD ["node", "server.js"]\n',
      'a/package-lock.json': '{}\n',
      'b/package-lock.json': '{}\n',
    }),
    good('In a here-document of another interpreter', {
      Dockerfile: 'FROM node:24-slim\nRUN <<EOF\n#!/usr/bin/env python3\nnpm install\nEOF\nCMD ["node", "server.js"]\n',
      'package-lock.json': '{}\n',
    }),
    bad('In the builder, after a cd', {
      Dockerfile:
        'FROM node:24 AS build\nRUN cd /app && «npm i»\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
      'package-lock.json': '{}\n',
    }),
    bad('Yarn 1 with an option that does not fail on drift', {
      Dockerfile: 'FROM node:24-slim\nRUN «yarn install --pure-lockfile»\nCMD ["node", "server.js"]\n',
      'yarn.lock': '# yarn lockfile v1\n',
    }),
    bad('pnpm freezes by itself only where CI is set', {
      Dockerfile: 'FROM node:24-slim\nRUN «pnpm install --prod»\nCMD ["node", "server.js"]\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    }),
    bad('Nothing but the Dockerfile says what the project has', {
      'a/Dockerfile':
        'FROM node:24-slim\nCOPY package.json yarn.lock ./\nRUN «yarn install --production»\nCOPY src src\nCMD ["node", "src/server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCOPY . .\nRUN «npm install»\nCMD ["node", "server.js"]\n',
      'c/Dockerfile': 'FROM node:24-slim\nCOPY package.json .\nRUN «npm i --omit=dev»\nCMD ["node", "server.js"]\n',
    }),
    good('Locked installs', {
      'a/Dockerfile':
        'FROM node:24-slim\nRUN --mount=type=cache,target=/root/.npm npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      'a/package-lock.json': '{}\n',
      'b/Dockerfile': 'FROM node:24-slim\nRUN yarn --immutable\nCMD ["node", "server.js"]\n',
      'b/yarn.lock': '__metadata:\n  version: 8\n',
      'c/Dockerfile': 'FROM node:24-slim\nRUN CI=true pnpm install\nCMD ["node", "server.js"]\n',
      'c/pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    }),
    good('No lockfile: that is another finding', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm install\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "scripts": { "start": "node server.js" } }\n',
    }),
    good('A project that is fetched while building', {
      Dockerfile:
        'FROM node:24-slim\nRUN git clone https://github.com/acme/shop /app\nWORKDIR /app\nRUN npm install\nCMD ["node", "server.js"]\n',
    }),
    good('A tool, and a Dockerfile for development', {
      Dockerfile: 'FROM node:24-slim\nRUN npm install -g pm2@6.0.5\nCMD ["pm2-runtime", "server.js"]\n',
      'Dockerfile.dev': 'FROM node:24-slim\nRUN npm install\nCMD ["npm", "run", "dev"]\n',
      'package-lock.json': '{}\n',
    }),
  ],
});
