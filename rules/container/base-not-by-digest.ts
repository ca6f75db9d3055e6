import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DOCKERFILE = 'FROM node:24-slim\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n';
const BOT = {
  '.github/workflows/ci.yml': 'on: push\npermissions: {}\njobs: {}\n',
  '.github/dependabot.yml':
    'version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    schedule: { interval: weekly }\n',
};

export default defineRule({
  id: 'container/base-not-by-digest',
  ensures: 'Images that ship are built on a base that is known to the byte.',
  severity: 'info',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'A tag can be moved: whoever takes over the account of the base is in the next build of the same commit. A bot keeps the base up to date here, so a digest does not grow old.',
  fix: 'Write the digest behind the tag, `node:24-slim@sha256:…`; the bot raises both.',
  references: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
  needs: ['images', 'workflows'],
  about: { what: 'bot for base images', isIn: ({ workflows }) => workflows.imageBots.length > 0 },
  *check({ images, workflows: { imageBots } }) {
    const [bot] = imageBots;
    const bases = new Map(
      images.production
        .filter(({ reference, base, baseUnknown, isBase }) => {
          const isOpen = baseUnknown.length > 0 || isBase || base.family === 'scratch';
          return !isOpen && reference.digest === undefined;
        })
        .map(({ reference, baseAt }) => [`${baseAt.path} ${baseAt.start}`, { at: baseAt, text: reference.text }]),
    );
    const [first] = bases.values();
    if (bot && first)
      yield {
        at: first.at,
        message: `${first.text}${bases.size > 1 ? ` and ${bases.size - 1} more bases are` : ' is'} named by tag alone.`,
        trail: [{ at: bot, note: 'A bot keeps base images up to date.' }],
      };
  },
  examples: [
    bad('A tag', { Dockerfile: DOCKERFILE.replace('node:24-slim', '«$&»'), ...BOT }),
    bad('The base of the stage that ships', {
      'api/Dockerfile': `FROM node:24@sha256:0b1d AS build\nRUN npm ci\n${DOCKERFILE.replace('node:24-slim', '«gcr.io/distroless/nodejs24»')}`,
      ...BOT,
    }),
    good('A digest, of its own or of the stage below', {
      'a/Dockerfile': DOCKERFILE.replace('slim', 'slim@sha256:0b1d'),
      'b/Dockerfile': `FROM node:24-slim@sha256:0b1d AS base\n${DOCKERFILE.replace('node:24-slim', 'base')}`,
      ...BOT,
    }),
    good('Nobody would raise it', {
      Dockerfile: DOCKERFILE,
      '.github/workflows/ci.yml': BOT['.github/workflows/ci.yml'],
      '.github/dependabot.yml': 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n',
    }),
    good('Decided by whoever builds it', {
      Dockerfile: `ARG BASE\n${DOCKERFILE.replace('node:24-slim', '$BASE')}`,
      ...BOT,
    }),
  ],
});
