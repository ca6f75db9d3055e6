import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/lockfile-not-copied',
  ensures: 'The lockfile is in the image when dependencies are installed.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'Without it the install resolves every range anew (or fails): what you tested is not what you ship.',
  fix: 'Copy the lockfile beside package.json before the install, and keep it out of `.dockerignore`.',
  references: ['https://docs.docker.com/build/cache/optimize/'],
  needs: ['images'],
  about: {
    what: 'lockfile its images could install by',
    isIn: ({ images }) =>
      images.production.some(({ inputs }) =>
        inputs.some(({ install, lockfile }) => install.lockfiles.length > 0 || lockfile === 'not copied'),
      ),
  },
  *check({ images }) {
    const seen = new Set<string>();
    for (const { inputs, ignore } of images.production) {
      for (const { install, lockfile, lockfileName, manifestCopy } of inputs) {
        const at = manifestCopy ?? install.at;
        const place = `${at.path}:${at.start}`;
        if ((lockfile !== 'not copied' && lockfile !== 'ignored') || seen.has(place)) continue;
        seen.add(place);
        const why = lockfile === 'ignored' ? `is kept out by ${ignore.path ?? '.dockerignore'}` : 'is not copied';
        yield {
          at,
          message: `${lockfileName ?? 'The lockfile'} ${why} before ${install.manager.manager} ${install.manager.verb} runs.`,
        };
      }
    }
  },
  examples: [
    bad('Only package.json', {
      Dockerfile: 'FROM node:24-slim\n«COPY package.json ./»\nRUN npm install\nCOPY . .\nCMD ["node", "server.js"]\n',
      'package-lock.json': '{}\n',
      'package.json': '{}\n',
    }),
    bad('A pattern that misses the lockfile of this manager', {
      Dockerfile:
        'FROM node:24 AS build\n«COPY package*.json ./»\nRUN pnpm install --frozen-lockfile\nCOPY . .\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'package.json': '{}\n',
    }),
    bad('Copied with everything, but ignored', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nRUN yarn install --frozen-lockfile\nCMD ["node", "server.js"]\n',
      '.dockerignore': 'node_modules\n*.lock\n',
      'yarn.lock': '# yarn lockfile v1\n',
      'package.json': '{}\n',
    }),
    bad('Nothing but the Dockerfile says so', {
      Dockerfile:
        'FROM node:24-slim\n«COPY package*.json ./»\nRUN yarn install --frozen-lockfile\nCOPY src src\nCMD ["node", "src/server.js"]\n',
    }),
    good('The lockfile of the folder that is installed', {
      'docker/Dockerfile':
        'FROM node:24-slim\nWORKDIR /app\nCOPY client/package*.json ./\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "a" }\n',
      'package-lock.json': '{}\n',
      'client/package.json': '{ "name": "client" }\n',
      'client/package-lock.json': '{}\n',
    }),
    good('A folder may hold it', {
      Dockerfile: 'FROM node:24-slim\nCOPY package.json ./\nCOPY lockfiles ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
    }),
    good('Copied by name, by pattern, with everything', {
      'a/Dockerfile':
        'FROM node:24-slim\nCOPY package.json yarn.lock ./\nRUN yarn --frozen-lockfile\nCMD ["node", "server.js"]\n',
      'a/yarn.lock': '# yarn lockfile v1\n',
      'a/package.json': '{}\n',
      'b/Dockerfile': 'FROM node:24-slim\nCOPY ./package*.json ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
      'b/package-lock.json': '{}\n',
      'b/package.json': '{}\n',
      'c/Dockerfile': 'FROM node:24-slim\nADD . /app\nRUN npm ci\nCMD ["node", "server.js"]\n',
      'c/package-lock.json': '{}\n',
      'c/package.json': '{}\n',
    }),
    good('Mounted for the install', {
      Dockerfile:
        'FROM node:24-slim\nCOPY package.json ./\nRUN --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\nCMD ["node", "server.js"]\n',
      'package-lock.json': '{}\n',
      'package.json': '{}\n',
    }),
    good('No lockfile in the repository', {
      Dockerfile: 'FROM node:24-slim\nCOPY package.json ./\nRUN npm install\nCMD ["node", "server.js"]\n',
      'package.json': '{}\n',
    }),
  ],
});
