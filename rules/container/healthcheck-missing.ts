import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/healthcheck-missing',
  ensures: 'Something asks a running container whether it still answers.',
  severity: 'low',
  roles: ['any'],
  why: 'A process that hangs (event loop blocked, pool exhausted) is still "up" to Docker: nothing restarts it, and traffic keeps coming.',
  fix: 'Add `HEALTHCHECK CMD ["node", "-e", "fetch(\'http://127.0.0.1:3000/health\').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`, or a check in compose.',
  references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  needs: ['images'],
  *check({ images }) {
    for (const { healthcheck, watched, node, serves, stage, starts, job } of images.production) {
      if (healthcheck || watched || !node || !serves || job || starts.length === 0) continue;
      yield {
        at: { path: stage.path, start: stage.image.start, end: stage.image.end },
        message: `Nothing checks the health of what ${stage.name ?? stage.path} runs.`,
      };
    }
  },
  examples: [
    bad('A server nobody asks', { Dockerfile: 'FROM «node:24-slim»\nEXPOSE 3000\nCMD ["node", "server.js"]\n' }),
    bad('A server by its dependencies', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci\nFROM «node:24-slim»\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
      'package.json': '{ "name": "shop", "dependencies": { "fastify": "5.0.0" } }\n',
    }),
    good('In the image, or in compose', {
      'a/Dockerfile':
        'FROM node:24-slim\nEXPOSE 3000\nHEALTHCHECK CMD ["node", "health.js"]\nCMD ["node", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
      'compose.yaml': 'services:\n  b:\n    build: ./b\n    healthcheck: { test: ["CMD", "node", "health.js"] }\n',
    }),
    good('The platform has its own', {
      Dockerfile: 'FROM node:24-slim\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
      'fly.toml': 'app = "shop"\n',
    }),
    good('No server', { Dockerfile: 'FROM node:24-slim\nENTRYPOINT ["node", "report.js"]\n' }),
  ],
});
