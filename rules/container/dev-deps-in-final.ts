import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/dev-deps-in-final',
  ensures: 'Images that ship hold production dependencies only.',
  severity: 'medium',
  roles: ['any'],
  owasp: 'A03',
  why: 'Test runners, bundlers and their hundreds of transitive packages are loaded with code you never need in production, and every hole in them counts as yours.',
  fix: 'In the stage that ships, install with `npm ci --omit=dev`, `pnpm install --prod --frozen-lockfile`, `yarn workspaces focus --production` or `bun install --production`; or prune before you copy.',
  references: ['https://docs.npmjs.com/cli/commands/npm-ci#omit'],
  needs: ['images'],
  *check({ images }) {
    for (const { nodeModules, node, stage, manifest } of images.production) {
      if (!node || nodeModules?.state !== 'full') continue;
      const names = nodeModules.manifest && [...nodeModules.manifest.devDependencies];
      if (names?.length === 0) continue;
      const example = names?.slice(0, 3).join(', ');
      const where = stage.name ?? stage.path;
      if (example === undefined) {
        yield {
          at: nodeModules.at,
          message: `${where} ships a full install: nothing leaves devDependencies out.`,
          ...(manifest
            ? { unsure: 'No package.json was found that says whether there are devDependencies.' }
            : { confidence: 'likely' as const }),
        };
      } else yield { at: nodeModules.at, message: `${where} ships with devDependencies such as ${example}.` };
    }
  },
  examples: [
    bad('A full install ships', {
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN «npm ci»\nCOPY . .\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    bad('node_modules copied from a builder that installed everything', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:24-slim\nWORKDIR /app\n«COPY --from=build /app/node_modules ./node_modules»\nCOPY --from=build /app/dist ./dist\nCMD ["node", "dist/server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    bad('The whole folder copied from the builder', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /srv/app\nCOPY . .\nRUN npm ci\nFROM node:24-slim\n«COPY --from=build /srv/app /srv/app»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    bad('pnpm 10 does not look at NODE_ENV', {
      Dockerfile:
        'FROM node:24-slim\nENV NODE_ENV=production\nRUN corepack enable\nCOPY . .\nRUN «pnpm install --frozen-lockfile»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "packageManager": "pnpm@10.4.1", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    bad('Neither does Yarn 4 at --production', {
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nRUN «yarn install --immutable --production»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "packageManager": "yarn@4.5.0", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    bad('Nothing but the Dockerfile', {
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN «npm ci»\nCMD ["node", "server.js"]\n',
    }),
    unsure('A package.json that is not in the repository', {
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nRUN git clone https://github.com/acme/api && cd api && «npm ci»\nCMD ["node", "api/server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    good('Left out by option, by environment, or pruned', {
      'a/Dockerfile': 'FROM node:24-slim\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      'a/package.json': '{ "name": "a", "devDependencies": { "vitest": "4.0.0" } }\n',
      'b/Dockerfile': 'FROM node:24-slim\nENV NODE_ENV=production\nRUN npm ci\nCMD ["node", "server.js"]\n',
      'b/package.json': '{ "name": "b", "devDependencies": { "vitest": "4.0.0" } }\n',
      'c/Dockerfile':
        'FROM node:24-slim\nRUN npm ci && npm run build && npm prune --omit=dev\nCMD ["node", "server.js"]\n',
      'c/package.json': '{ "name": "c", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    good('A copy made before the rest is installed', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev && cp -R node_modules prod_node_modules && npm ci && npm run build\nFROM node:24-slim\nCOPY --from=build /app/prod_node_modules /app/node_modules\nCOPY --from=build /app/dist /app/dist\nCMD ["node", "dist/server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    good('Only the bundle is copied', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:24-slim\nCOPY --from=build /app/.next/standalone ./\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "devDependencies": { "vitest": "4.0.0" } }\n',
    }),
    good('No devDependencies', {
      Dockerfile: 'FROM node:24-slim\nRUN npm ci\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.1.0" } }\n',
    }),
  ],
});
