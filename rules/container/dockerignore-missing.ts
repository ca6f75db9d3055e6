import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/dockerignore-missing',
  ensures: 'A copy of the whole project leaves out what no image should hold.',
  severity: 'medium',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: 'The local `node_modules`, `.git` with its whole history, and every `.env` on the machine that builds end up in the image.',
  fix: 'Add a `.dockerignore` beside the build context with `node_modules`, `.git`, `.env*`, tests and logs.',
  references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { ignore, broadCopies, context, node, manifest, contextFiles } of images.production) {
      const [copy] = broadCopies;
      if (ignore.path !== undefined || !copy || (!node && !manifest) || seen.has(copy.at.path)) continue;
      seen.add(copy.at.path);
      yield {
        at: copy.at,
        message: `Everything in ${context === '' ? 'the project' : context} is copied, and no .dockerignore leaves anything out.`,
        ...(contextFiles.every(({ path }) => BUILD_FILE.test(path)) && {
          unsure: 'What the build would copy is not here, and its .dockerignore may not be, either.',
        }),
      };
    }
  },
  examples: [
    bad('Everything is copied', {
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci\n«COPY . .»\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop" }\n',
    }),
    unsure('Nothing is here but the Dockerfile', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nCMD ["node", "server.js"]\n',
    }),
    bad('An ignore file in a folder that is not the context', {
      'docker/Dockerfile': 'FROM node:24-slim\n«ADD . /app»\nCMD ["node", "server.js"]\n',
      'docker/.dockerignore': 'node_modules\n',
      'server.js': 'console.log(1);\n',
      'compose.yaml': 'services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n',
    }),
    good('There is one', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      '.dockerignore': 'node_modules\n',
    }),
    good('One of its own', {
      'api/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'api/Dockerfile.dockerignore': 'node_modules\n',
    }),
    good('Only what is named is copied', {
      Dockerfile:
        'FROM node:24-slim\nCOPY package.json package-lock.json ./\nCOPY src ./src\nCMD ["node", "server.js"]\n',
    }),
    good('Everything of another stage', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build . .\nCMD ["node", "server.js"]\n',
    }),
  ],
});

/** What says how to build, and is nothing that is built. */
const BUILD_FILE = /(^|\/)([\w.-]*dockerfile[\w.-]*|(docker-)?compose[\w.-]*\.ya?ml|\.gitignore|README\.md)$/i;
