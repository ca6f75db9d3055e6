import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** At least the line of versions is given. */
const MAJOR = /@[~^]?\d/;

export default defineRule({
  id: 'container/unpinned-tool-install',
  ensures: 'Tools fetched while building or starting an image have an exact version.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'Whatever was published last runs with the rights of the build, and in a start command it is fetched anew in production, at every start.',
  fix: 'Make it a devDependency so that the lockfile pins it, or name an exact version: `npm install -g pm2@6.0.5`.',
  references: ['https://docs.npmjs.com/cli/commands/npx'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { toolFetches } of images.production) {
      for (const { at, name, how, atStart } of toolFetches) {
        if (seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          message: `${how} fetches ${name} in whatever version is the newest${atStart ? ', at every start' : ''}.`,
          ...(atStart ? { severity: 'high' as const } : MAJOR.test(name) && { severity: 'low' as const }),
          repair: at.path,
        };
      }
    }
  },
  examples: [
    bad('Global installs', {
      Dockerfile:
        'FROM node:24-slim\nRUN npm install -g «pm2» serve@14.2.4\nRUN yarn global add «typescript@^5»\nCMD ["pm2-runtime", "server.js"]\n',
    }),
    bad('npx and its like, and corepack', {
      Dockerfile:
        'FROM node:24 AS build\nRUN corepack prepare «pnpm@latest» --activate && pnpm dlx «turbo» prune api\nRUN npx «prisma» generate\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.1.0" } }\n',
    }),
    bad('At every start', {
      Dockerfile: 'FROM node:24-slim\nCMD ["npx", «"serve"», "-s", "build"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.1.0" } }\n',
    }),
    bad('Nothing is installed that could have it', {
      Dockerfile: 'FROM node:24-slim\nCOPY build build\nCMD ["npx", «"serve"», "-s", "build"]\n',
    }),
    good('Exact versions, by argument too', {
      Dockerfile:
        'FROM node:24-slim\nARG PNPM_VERSION=10.4.1\nARG OTHER\nRUN npm i -g corepack@0.34.0 pnpm@${PNPM_VERSION} yarn@$OTHER\nRUN npx -y turbo@2.3.3 build\nRUN corepack enable && corepack install\n',
    }),
    good('Perhaps a dependency of a project that is not here', {
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci\nCMD ["npx", "serve", "-s", "build"]\n',
    }),
    good('A dependency of the project', {
      Dockerfile:
        'FROM node:24-slim\nRUN npx prisma generate && npx --no-install tsc && pnpm exec vite build\nCMD ["npx", "next", "start"]\n',
      'package.json':
        '{ "name": "shop", "dependencies": { "prisma": "6.0.0", "next": "15.1.0" }, "devDependencies": { "typescript": "5.9.0" } }\n',
    }),
    good('The folder itself', { Dockerfile: 'FROM node:24-slim\nRUN npm install -g . ./cli\n' }),
  ],
});
