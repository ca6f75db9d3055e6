import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/corepack-or-yarn-absent',
  ensures: 'The package manager the build calls is in the image.',
  severity: 'high',
  roles: ['any'],
  why: 'Images lost corepack with Node.js 25 and Yarn 1 with 26, and never had pnpm: the build stops, often on the day a moving tag reaches that major.',
  fix: 'Install it first, by an exact version: `RUN npm install -g corepack@0.34.0`.',
  references: ['https://github.com/nodejs/docker-node#readme'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { built, use } of images.uses) {
      const { base, commands, reference } = built;
      if (use === 'development' || base.family !== 'node' || base.node === undefined) continue;
      const brought = new Set<string>();
      for (const { program, words, layer } of commands) {
        const [first] = words;
        if (
          first &&
          /^(corepack|yarn|pnpm)$/.test(program) &&
          base.tools.get(program) === false &&
          !brought.has(program)
        ) {
          const at = { path: layer.stage.path, start: first.start, end: first.end };
          brought.add(program);
          if (!seen.has(`${at.path}:${at.start}`))
            yield { at, message: `${reference.text} is Node.js ${base.node.major}, whose image has no ${program}.` };
          seen.add(`${at.path}:${at.start}`);
        }
        if (program === 'corepack') for (const name of ['yarn', 'pnpm']) brought.add(name);
        for (const { text } of words.slice(1)) brought.add(/(corepack|yarn|pnpm)(?=@|[./]|$)/.exec(text)?.[1] ?? '');
      }
    }
  },
  examples: [
    bad('corepack after 24', {
      Dockerfile:
        'FROM node:26-slim\nRUN «corepack» enable && pnpm install --frozen-lockfile\nCMD ["node", "server.js"]\n',
    }),
    bad('By a tag that moved', {
      Dockerfile:
        'FROM node:lts-alpine AS build\nRUN «yarn» install --frozen-lockfile\nFROM node:24-alpine\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    bad('pnpm was never there', {
      Dockerfile: 'FROM node:24-slim\nRUN «pnpm» install --frozen-lockfile\nCMD ["node", "server.js"]\n',
    }),
    good('There, or installed first', {
      'a/Dockerfile': 'FROM node:24-slim\nRUN corepack enable && pnpm install --frozen-lockfile\nRUN yarn build\n',
      'b/Dockerfile':
        'FROM node:26-slim\nRUN npm install -g corepack@0.34.0 && corepack enable\nRUN pnpm install --frozen-lockfile\n',
      'c/Dockerfile': 'FROM node:24-slim\nRUN npm i -g pnpm@10.4.1\nRUN pnpm fetch\n',
      'd/Dockerfile': 'FROM node:22\nRUN yarn --frozen-lockfile\n',
    }),
    good('npm', { Dockerfile: 'FROM node:26-slim\nRUN npm ci\n' }),
  ],
});
