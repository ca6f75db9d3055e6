import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/libc-mismatch-node-modules',
  ensures: 'node_modules is built for the C library of the image it ends up in.',
  severity: 'high',
  roles: ['any'],
  why: 'Machine code linked against glibc does not load on musl (Alpine), nor the other way round: the container crashes with an ELF or "no such file" error at the first `require`.',
  fix: 'Install production dependencies in the final stage, or use the same family of base (both `-slim` or both `-alpine`) in both.',
  references: ['https://github.com/nodejs/docker-node#nodealpine'],
  needs: ['images'],
  *check({ images }) {
    for (const { nodeModules, base, native, manifest } of images.production) {
      const from = nodeModules?.copiedFrom;
      if (
        !from ||
        (native.length === 0 && manifest) ||
        base.libc === 'unknown' ||
        from.libc === 'unknown' ||
        base.libc === from.libc
      )
        continue;
      if (native.length === 0) {
        yield {
          at: nodeModules.at,
          message: `node_modules was installed on ${from.libc} and runs on ${base.libc}.`,
          unsure: 'No package.json was found that says whether a dependency is compiled.',
        };
      } else
        yield {
          at: nodeModules.at,
          message: `node_modules with ${native.slice(0, 3).join(', ')} was installed on ${from.libc} and runs on ${base.libc}.`,
        };
    }
  },
  examples: [
    bad('From Debian to Alpine', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nRUN npm ci\nFROM node:24-alpine\n«COPY --from=build /app/node_modules ./node_modules»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "bcrypt": "6.0.0" } }\n',
    }),
    bad('From Alpine to distroless, with the whole folder', {
      Dockerfile:
        'FROM node:24-alpine AS build\nWORKDIR /app\nRUN npm ci --omit=dev\nFROM gcr.io/distroless/nodejs24-debian12\n«COPY --from=build /app /app»\nCMD ["server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "sharp": "0.34.0" } }\n',
    }),
    bad('What another package brings along', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nFROM node:24-alpine\n«COPY --from=build /app/node_modules ./node_modules»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "passwords": "1.0.0" } }\n',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "passwords": "1.0.0" } }, "node_modules/passwords": { "version": "1.0.0", "dependencies": { "bcrypt": "6.0.0" } }, "node_modules/bcrypt": { "version": "6.0.0", "hasInstallScript": true } } }\n',
    }),
    unsure('Nothing but the Dockerfile', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nFROM node:24-alpine\n«COPY --from=build /app/node_modules ./node_modules»\nCMD ["node", "server.js"]\n',
    }),
    good('Installed again where it runs', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nRUN npm ci && npm run build\nFROM node:24-alpine\nWORKDIR /app\nCOPY --from=build /app/dist dist\nRUN npm ci --omit=dev\nCMD ["node", "dist/server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "bcrypt": "6.0.0" } }\n',
    }),
    good('The same library on both sides', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /app/node_modules ./node_modules\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "bcrypt": "6.0.0" } }\n',
    }),
    good('Only tools for development are', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nFROM node:24-alpine\nCOPY --from=build /app/node_modules ./node_modules\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.1.0" } }\n',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "express": "5.1.0" } }, "node_modules/express": { "version": "5.1.0" }, "node_modules/sqlite3": { "version": "5.1.7", "dev": true }, "node_modules/bufferutil": { "version": "4.0.9", "optional": true } } }\n',
    }),
    good('Nothing native', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nRUN npm ci\nFROM node:24-alpine\nCOPY --from=build /app/node_modules ./node_modules\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "express": "5.1.0" } }\n',
    }),
  ],
});
