import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/no-multi-stage',
  ensures: 'Images are built in one stage and run from another.',
  severity: 'medium',
  roles: ['any'],
  owasp: 'A02',
  why: 'What the build needs (compilers, bundlers, sources, devDependencies) stays in the image that faces the network.',
  fix: 'Build in a first stage, then start a second one from a slim base and copy only the result and the production dependencies.',
  references: ['https://docs.docker.com/build/building/multi-stage/'],
  needs: ['images'],
  *check({ images }) {
    for (const { node, chain, parts, tools, start, deployed, isBase, copies } of images.production) {
      const alone = chain.length === 1 && parts.length === 0 && !copies.some(({ from }) => from !== undefined);
      const step = tools.find(({ builds }) => builds);
      if (!node || !alone || !step || isBase || (!start && deployed.length === 0)) continue;
      yield { at: step.build.at, message: `${step.text} builds the project in the stage that ships.` };
    }
  },
  examples: [
    bad('Built and shipped in one stage', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci\nRUN «npm run build»\nCMD ["node", "dist/server.js"]\n',
      'package.json': '{ "name": "shop", "scripts": { "build": "rimraf dist && tsc -p ." } }\n',
    }),
    bad('The bundler is called by itself', {
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nRUN npm ci && «npx next build» && npm prune --omit=dev\nCMD ["npx", "next", "start"]\n',
    }),
    good('Two stages', {
      Dockerfile:
        'FROM node:24 AS build\nCOPY . .\nRUN npm ci && npm run build\nFROM node:24-slim\nCOPY --from=build /app/dist dist\nCMD ["node", "dist/server.js"]\n',
    }),
    good('Nothing is built', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci --omit=dev && npm run lint\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "scripts": { "lint": "eslint ." } }\n',
    }),
    good('For development', { 'Dockerfile.dev': 'FROM node:24\nRUN npm run build\nCMD ["npm", "run", "dev"]\n' }),
  ],
});
