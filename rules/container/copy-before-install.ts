import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/copy-before-install',
  ensures: 'Dependencies are installed before the sources are copied.',
  severity: 'low',
  roles: ['any'],
  why: 'Every edit of a source file throws the cached layer away, and all dependencies are installed again: slow builds are builds people avoid when a fix is urgent.',
  fix: 'Copy package.json and the lockfile first, install, then copy the rest.',
  references: ['https://docs.docker.com/build/cache/optimize/#order-your-layers'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { inputs } of images.production) {
      for (const { install, sourceBefore } of inputs) {
        if (!sourceBefore || seen.has(`${sourceBefore.path}:${sourceBefore.start}`)) continue;
        seen.add(`${sourceBefore.path}:${sourceBefore.start}`);
        yield {
          at: sourceBefore,
          message: `The whole project is copied before ${install.manager.manager} ${install.manager.verb}, so every edit installs everything again.`,
        };
      }
    }
  },
  examples: [
    bad('Everything, then the install', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nRUN npm ci\nCMD ["node", "server.js"]\n',
    }),
    bad('The manifests first, but everything before the install as well', {
      Dockerfile:
        'FROM node:24 AS build\nCOPY package*.json ./\n«COPY . /app»\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    good('The manifests, the install, the rest', {
      Dockerfile:
        'FROM node:24-slim\nCOPY package*.json ./\nCOPY prisma ./prisma\nRUN npm ci\nCOPY . .\nRUN npm prune --omit=dev\nCMD ["node", "server.js"]\n',
    }),
    good('Mounted, copied from another stage, or nothing installed', {
      'a/Dockerfile': 'FROM node:24-slim\nRUN --mount=type=bind,source=.,target=. npm ci\nCMD ["node", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24 AS pruner\nCOPY . .\nRUN npx turbo@2.3.3 prune api --docker\nFROM node:24-slim\nCOPY --from=pruner /app/out/json/ .\nRUN npm ci\nCMD ["node", "server.js"]\n',
      'c/Dockerfile': 'FROM nginx:1.29\nCOPY . /usr/share/nginx/html\n',
    }),
  ],
});
