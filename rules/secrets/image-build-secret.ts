import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/image-build-secret',
  ensures: 'No secret is left in the layers or the history of an image.',
  severity: 'high',
  control: 'secrets/hardcoded-credential',
  roles: ['any'],
  cwe: 538,
  owasp: 'A04',
  why: '`ARG` and `ENV` are readable by everyone who can pull the image: `docker history` and the provenance show them, deleting them in a later layer does not help.',
  fix: 'Use `RUN --mount=type=secret,id=…` while building, and the environment of the platform while running.',
  references: [
    'https://docs.docker.com/build/building/secrets/',
    'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
  ],
  needs: ['images'],
  *check({ images }) {
    for (const { name, at, how, use } of images.bakedSecrets) {
      const what =
        how === 'literal'
          ? `${name} has a literal value`
          : how === 'kept'
            ? `${name} keeps what the build was given`
            : `${name} is a build argument that RUN uses`;
      yield {
        at,
        message: `${what}, which anyone who can pull the image can read.`,
        ...(use === 'builder' && { severity: 'medium' as const }),
      };
    }
  },
  examples: [
    bad('A literal', {
      Dockerfile: 'FROM node:24-slim\nENV PORT=3000 «JWT_SECRET=Kf93-vuqLd82hhs»\nCMD ["node", "server.js"]\n',
    }),
    bad('A weak literal is one, too', {
      Dockerfile: 'FROM node:24-slim\nENV «DB_PASSWORD hunter2hunter»\nCMD ["node", "server.js"]\n',
    }),
    bad('A build argument used by RUN, in the builder', {
      Dockerfile:
        'FROM node:24 AS build\nARG «NPM_TOKEN»\nRUN echo "//npm.example.org/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    bad('An argument kept in the environment', {
      Dockerfile: 'FROM node:24-slim\nARG API_KEY\nENV «API_KEY=$API_KEY»\nCMD ["node", "server.js"]\n',
    }),
    good('Names that only speak of a secret', {
      Dockerfile:
        'FROM node:24-slim\nENV JWT_SECRET_FILE=/run/secrets/jwt TOKEN_TTL=3600 SECRET_NAME=shop/jwt PASSWORD_RESET_URL=https://acme.io/r NEXT_PUBLIC_API_KEY=pk_1\nCMD ["node", "server.js"]\n',
    }),
    good('Empty, a placeholder, a secret mount', {
      Dockerfile:
        'FROM node:24-slim\nENV SESSION_SECRET="" API_KEY=changeme\nRUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci\nCMD ["node", "server.js"]\n',
    }),
    good('A package of that name, and an argument nobody uses', {
      Dockerfile:
        'FROM node:24-slim\nARG GITHUB_TOKEN\nRUN apt-get install -y libsecret=0.21\nCMD ["node", "server.js"]\n',
    }),
  ],
});
