import { bad, defineRule, good } from '../../src/rule/rule.ts';

const RETIRED: ReadonlyMap<string, string> = new Map([
  ['bitnami/node', 'is no longer published in the open'],
  ['mhart/alpine-node', 'has not been built since 2021'],
  ['keymetrics/pm2', 'has not been built since 2023'],
  ['iron/node', 'has not been built for years'],
  ['node-onbuild', 'is retired'],
]);

export default defineRule({
  id: 'container/dead-base-image',
  ensures: 'Base images still get security fixes of their system.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'OpenSSL, zlib and libc in it are never fixed again, whatever version of Node.js lies on top.',
  fix: 'Use the same major on a live variant: `-bookworm-slim`, `-trixie-slim`, a newer `-alpine`.',
  references: ['https://wiki.debian.org/LTS', 'https://alpinelinux.org/releases/'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { built, use } of images.uses) {
      const { reference, baseAt, chain, stage, endedSystem } = built;
      if (use === 'development' || chain[0] !== stage || seen.has(`${baseAt.path}:${baseAt.start}`)) continue;
      const retired = reference.tag?.endsWith('-onbuild') ? 'is retired' : RETIRED.get(reference.repository);
      const why = endedSystem
        ? `stands on ${endedSystem.name}, which got its last fixes on ${endedSystem.ended}`
        : retired;
      if (why === undefined) continue;
      seen.add(`${baseAt.path}:${baseAt.start}`);
      yield {
        at: baseAt,
        message: `${reference.text} ${why}.`,
        ...(use === 'builder' && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('Debian that is over', { Dockerfile: 'FROM «node:22-bullseye-slim»\nCMD ["node", "server.js"]\n' }),
    bad('Alpine that is over, in the builder', {
      Dockerfile:
        'FROM «node:22-alpine3.18» AS build\nRUN npm ci\nFROM node:24-alpine\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    bad('A retired repository', { Dockerfile: 'FROM «mhart/alpine-node:16»\nCMD ["node", "server.js"]\n' }),
    good('Alive', {
      Dockerfile:
        'FROM node:24-bookworm AS build\nRUN npm ci\nFROM node:24-alpine3.22\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    good('No system named', { Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' }),
  ],
});
