import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/eol-node',
  ensures: 'Images bring a Node.js that still gets security fixes.',
  severity: 'high',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'Holes found after the end of life of a line are published and never fixed in it; scanners and attackers read the same list.',
  fix: 'Move to the named LTS line in the image, and in `engines`, `.nvmrc` and CI with it.',
  references: ['https://nodejs.org/en/about/previous-releases', 'https://github.com/nodejs/Release'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    // a builder of the line that ships as well goes with it
    const shipped = new Set(
      images.uses.flatMap(({ built, use }) =>
        use === 'builder' ? [] : built.nodeVersions.map(({ major, at }) => `${at.path}:${major}`),
      ),
    );
    for (const { built, use } of images.uses) {
      for (const { major, at, text, ended, next } of built.nodeVersions) {
        const place = `${at.path}:${at.start}`;
        if (!ended || seen.has(place)) continue;
        if (use === 'builder' && shipped.has(`${at.path}:${major}`)) continue;
        seen.add(place);
        const severity = use === 'development' ? ('low' as const) : use === 'builder' ? ('medium' as const) : undefined;
        yield {
          at,
          message: `${text} is Node.js ${major}, which has had no fixes since ${ended}; ${next === undefined ? 'no later line is known' : `the nearest supported line is ${next}`}.`,
          ...(severity && { severity }),
          repair: `Node.js ${major}`,
        };
      }
    }
  },
  examples: [
    bad('A line that has ended', { Dockerfile: 'FROM «node:18»\nCMD ["node", "server.js"]\n' }),
    bad('By its codename', { Dockerfile: 'FROM «node:carbon-alpine»\nCMD ["node", "server.js"]\n' }),
    bad('By the default of an argument', {
      Dockerfile: 'ARG NODE_VERSION=16.20.2\nFROM «node:${NODE_VERSION}-slim»\nCMD ["node", "server.js"]\n',
    }),
    bad('Distroless says it in its name', {
      Dockerfile: 'FROM node:24 AS build\nRUN npm ci\nFROM «gcr.io/distroless/nodejs18-debian12»\nCMD ["server.js"]\n',
    }),
    bad('Installed by hand', {
      Dockerfile:
        'FROM ubuntu:24.04\nRUN curl -fsSL «https://deb.nodesource.com/setup_16.x» | bash - && apt-get install -y nodejs\nCMD ["node", "server.js"]\n',
    }),
    bad('In the builder only', {
      Dockerfile:
        'FROM «node:20» AS build\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /app/dist .\nCMD ["node", "server.js"]\n',
    }),
    bad('In the builder and in what ships, which is one thing to change', {
      Dockerfile:
        'FROM node:18 AS build\nRUN npm ci\nFROM «node:18-slim»\nCOPY --from=build /app/dist .\nCMD ["node", "server.js"]\n',
    }),
    good('Lines that are alive', {
      Dockerfile: 'FROM node:22 AS a\nFROM node:24-slim AS b\nFROM node:lts AS c\nFROM node:26\n',
    }),
    good('Another program of the same number', { Dockerfile: 'FROM postgres:12\n' }),
    good('A major the schedule does not know', { Dockerfile: 'FROM node:99\n' }),
  ],
});
