import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/npmrc-token-in-layer',
  ensures: 'Registry tokens never become part of an image layer.',
  severity: 'high',
  roles: ['any'],
  cwe: 538,
  owasp: 'A04',
  why: 'A file written or copied in one layer stays in it: removing it in a later one only hides it, and the token opens your private packages.',
  fix: 'Mount it for the one command that needs it: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`.',
  references: ['https://docs.npmjs.com/docker-and-private-modules', 'https://docs.docker.com/build/building/secrets/'],
  needs: ['images'],
  *check({ images }) {
    for (const { at, how, use, sameLayer } of images.registryTokens) {
      const severity = use === 'builder' ? (sameLayer ? ('low' as const) : ('medium' as const)) : undefined;
      yield { at, message: how, ...(severity && { severity }) };
    }
  },
  examples: [
    bad('An .npmrc with a token is copied', {
      Dockerfile:
        'FROM node:24-slim\n«COPY .npmrc package*.json ./»\nRUN npm ci && rm .npmrc\nCMD ["node", "server.js"]\n',
      '.npmrc': '//npm.example.org/:_authToken=npm_x8Kf93vuqLd82hhsQ1w2e3r4t5y6u7i8o9p0\n',
    }),
    bad('Written by RUN', {
      Dockerfile:
        'FROM node:24-slim\nARG NPM_TOKEN\nRUN «echo "//npm.example.org/:_authToken=${NPM_TOKEN}" > ~/.npmrc»\nRUN npm ci\nCMD ["node", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24-slim\nARG NPM_TOKEN\nRUN «npm config set //npm.example.org/:_authToken $NPM_TOKEN» && npm ci\nCMD ["node", "server.js"]\n',
    }),
    good('Mounted', {
      Dockerfile:
        'FROM node:24-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\nCMD ["node", "server.js"]\n',
    }),
    good('An .npmrc that holds settings, or only a reference', {
      Dockerfile: 'FROM node:24-slim\nCOPY .npmrc package*.json ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
      '.npmrc': 'engine-strict=true\n//npm.example.org/:_authToken=${NPM_TOKEN}\n',
    }),
    good('A template for the program to fill in', {
      Dockerfile:
        'FROM node:24-slim\nRUN echo \'//npm.example.org/:_authToken=${NPM_TOKEN}\' > .npmrc\nCMD ["node", "server.js"]\n',
    }),
  ],
});
