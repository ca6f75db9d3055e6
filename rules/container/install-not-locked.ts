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
  *check({ images }) {
    const seen = new Set<string>();
    for (const { installs } of images.production) {
      for (const { at, manager, lockfiles } of installs) {
        const place = `${at.path}:${at.start}`;
        if (manager.frozen || manager.verb === 'focus' || lockfiles.length === 0 || seen.has(place)) continue;
        seen.add(place);
        const [lockfile] = lockfiles;
        const asked = `${manager.manager} ${manager.verb}`;
        yield {
          at,
          message: `${asked} may install something else than ${lockfile?.path} says; ${FIX[manager.manager]} may not.`,
        };
      }
    }
  },
  examples: [
    bad('npm install', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN «npm install --omit=dev»\nCMD ["node", "server.js"]\n',
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
      Dockerfile: 'FROM node:24-slim\nRUN npm install\nCMD ["node", "server.js"]\n',
    }),
    good('A tool, and a Dockerfile for development', {
      Dockerfile: 'FROM node:24-slim\nRUN npm install -g pm2@6.0.5\nCMD ["pm2-runtime", "server.js"]\n',
      'Dockerfile.dev': 'FROM node:24-slim\nRUN npm install\nCMD ["npm", "run", "dev"]\n',
      'package-lock.json': '{}\n',
    }),
  ],
});
