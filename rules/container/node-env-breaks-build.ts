import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/node-env-breaks-build',
  ensures: 'The stage that builds has the tools it builds with.',
  severity: 'medium',
  roles: ['any'],
  why: 'The install leaves devDependencies out, and the next step calls one: the build fails, or worse, `npx` fetches whatever version is newest.',
  fix: 'Set `NODE_ENV=production` only in the stage that ships, or install with `--include=dev` in the builder.',
  references: ['https://docs.npmjs.com/cli/using-npm/config#omit'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { missingTools } of images.production) {
      for (const { tool, install, assumed, hook } of missingTools) {
        const { at } = tool.build;
        if (seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          message: hook
            ? `${tool.text}, which the script ${hook} calls during this install, is a devDependency that it leaves out.`
            : assumed
              ? `${tool.text} runs after an install that left devDependencies out.`
              : `${tool.text} needs ${tool.package}, a devDependency that the install before it left out.`,
          ...(assumed === 'likely' && { confidence: 'likely' as const }),
          ...(assumed === 'unsure' && { unsure: 'No package.json is here that says what it needs.' }),
          trail: [
            { at: install.omittedBy ?? install.at, note: 'This leaves devDependencies out.' },
            { at: install.at, note: 'The install.' },
          ],
        };
      }
    }
  },
  examples: [
    bad('NODE_ENV is set too early', {
      Dockerfile:
        'FROM node:24 AS build\nENV NODE_ENV=production\nCOPY . .\nRUN npm ci\nRUN «npm run build»\nFROM node:24-slim\nCOPY --from=build /dist .\nCMD ["node", "server.js"]\n',
      'package.json':
        '{ "name": "shop", "scripts": { "build": "tsc -p ." }, "devDependencies": { "typescript": "5.9.0" } }\n',
    }),
    bad('Left out by option', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci --omit=dev && «npx vite build»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vite": "7.0.0" } }\n',
    }),
    bad('A compiler, and nothing but the Dockerfile', {
      Dockerfile:
        'FROM node:24 AS build\nCOPY package*.json ./\nRUN npm ci --only=production\nCOPY . .\nRUN «npx tsc»\nFROM node:24-slim\nCOPY --from=build /dist .\nCMD ["node", "server.js"]\n',
    }),
    bad('The install itself calls one', {
      'a/Dockerfile':
        'FROM node:24-slim\nCOPY package*.json ./\nRUN «npm ci --omit=dev»\nCOPY . .\nCMD ["node", "server.js"]\n',
      'a/package.json': '{ "name": "a", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.0" } }\n',
      'b/Dockerfile':
        'FROM node:24-slim\nCOPY package.json yarn.lock ./\nRUN «yarn install --frozen-lockfile --production»\nCOPY . .\nCMD ["node", "server.js"]\n',
      'b/package.json':
        '{ "name": "b", "scripts": { "postinstall": "npm run fix", "fix": "patch-package" }, "devDependencies": { "patch-package": "8.0.0" } }\n',
    }),
    good('A script that may fail, is taken out, is not run, or calls what is there', {
      'a/Dockerfile': 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCMD ["node", "a.js"]\n',
      'a/package.json':
        '{ "name": "a", "scripts": { "prepare": "husky || true" }, "devDependencies": { "husky": "9.1.0" } }\n',
      'b/Dockerfile':
        'FROM node:24-slim\nCOPY package*.json ./\nRUN npm pkg delete scripts.prepare && npm ci --omit=dev\nCMD ["node", "a.js"]\n',
      'b/package.json': '{ "name": "b", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.0" } }\n',
      'c/Dockerfile':
        'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev --ignore-scripts\nCMD ["node", "a.js"]\n',
      'c/package.json': '{ "name": "c", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.0" } }\n',
      'd/Dockerfile': 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCMD ["node", "a.js"]\n',
      'd/package.json':
        '{ "name": "d", "scripts": { "postinstall": "prisma generate" }, "dependencies": { "prisma": "7.0.0" } }\n',
      'e/Dockerfile':
        'FROM node:24-slim\nCOPY package.json yarn.lock ./\nRUN yarn install --production\nCMD ["node", "a.js"]\n',
      'e/package.json': '{ "name": "e", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.0" } }\n',
    }),
    good('Another package of the workspace brings it', {
      Dockerfile:
        'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nRUN npm ci --omit=dev\nRUN npx prisma generate\nCMD ["node", "server.js"]\n',
      'package.json':
        '{ "name": "a", "private": true, "workspaces": ["packages/*"], "devDependencies": { "prisma": "7.0.0" } }\n',
      'packages/db/package.json': '{ "name": "db", "dependencies": { "prisma": "7.0.0" } }\n',
    }),
    good('A package.json that was built', {
      Dockerfile:
        'FROM node:24-slim\nWORKDIR /srv\nCOPY dist/server/package*.json ./\nRUN npm i --omit=dev\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "a", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.0" } }\n',
    }),
    good('Scripts are off', {
      '.npmrc': 'ignore-scripts=true\n',
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json .npmrc ./\nRUN npm ci --omit=dev\nCMD ["node", "a.js"]\n',
      'package.json': '{ "name": "a", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.0" } }\n',
    }),
    unsure('A script nobody can read', {
      Dockerfile:
        'FROM node:24 AS build\nENV NODE_ENV=production\nCOPY . .\nRUN npm ci\nRUN «npm run build»\nFROM node:24-slim\nCOPY --from=build /dist .\nCMD ["node", "server.js"]\n',
    }),
    good('Yarn 2 and later, which ignore the variable', {
      Dockerfile:
        'FROM node:24-slim\nENV NODE_ENV=production\nRUN corepack enable\nCOPY . .\nRUN yarn install --immutable\nRUN yarn build\nCMD ["node", "dist/a.js"]\n',
      'package.json': '{ "name": "a", "scripts": { "build": "tsc" }, "devDependencies": { "typescript": "^5.0.0" } }\n',
    }),
    good('devDependencies asked for', {
      Dockerfile:
        'FROM node:24 AS build\nENV NODE_ENV=production\nRUN npm ci --include=dev\nRUN npm run build\nFROM node:24-slim\nCOPY --from=build /dist .\nCMD ["node", "server.js"]\n',
      'package.json':
        '{ "name": "shop", "scripts": { "build": "tsc -p ." }, "devDependencies": { "typescript": "5.9.0" } }\n',
    }),
    good('pnpm 10 installs them all the same', {
      Dockerfile:
        'FROM node:24 AS build\nENV NODE_ENV=production\nRUN corepack enable && pnpm install --frozen-lockfile && pnpm run build\nFROM node:24-slim\nCOPY --from=build /dist .\nCMD ["node", "server.js"]\n',
      'package.json':
        '{ "name": "shop", "packageManager": "pnpm@10.4.1", "scripts": { "build": "tsc -p ." }, "devDependencies": { "typescript": "5.9.0" } }\n',
    }),
    good('The tool is a dependency, or the order is right', {
      'a/Dockerfile':
        'FROM node:24-slim\nENV NODE_ENV=production\nRUN npm ci && npm run build\nCMD ["node", "server.js"]\n',
      'a/package.json':
        '{ "name": "a", "scripts": { "build": "tsc -p ." }, "dependencies": { "typescript": "5.9.0" } }\n',
      'b/Dockerfile':
        'FROM node:24-slim\nRUN npm ci && npm run build && npm prune --omit=dev\nENV NODE_ENV=production\nCMD ["node", "server.js"]\n',
      'b/package.json':
        '{ "name": "b", "scripts": { "build": "tsc -p ." }, "devDependencies": { "typescript": "5.9.0" } }\n',
    }),
  ],
});
