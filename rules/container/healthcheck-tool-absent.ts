import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/healthcheck-tool-absent',
  ensures: 'The program a health check calls is in the image.',
  severity: 'high',
  roles: ['any'],
  why: 'The check fails from the first second: the container is unhealthy for ever, and whatever waits for it (depends_on, a swarm, a rollout) never goes on.',
  fix: 'Use what is there: `CMD ["node", "-e", "fetch(…)…"]`; or install the program in the stage that ships.',
  references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  needs: ['images'],
  *check({ images }) {
    for (const { healthChecks, base, commands, copies, reference, healthcheck } of images.production) {
      // that there is no shell for it says another rule
      const unread =
        healthcheck?.instruction.form === 'shell' && base.family === 'distroless' ? healthcheck : undefined;
      for (const { program, at } of healthChecks) {
        if (unread?.stage.path === at.path && at.start >= unread.instruction.start && at.end <= unread.instruction.end)
          continue;
        if (base.tools.get(program) !== false) continue;
        const brought =
          commands.some(({ words }) =>
            words.some(
              ({ text }) => text === program || text.startsWith(`${program}=`) || text.endsWith(`/${program}`),
            ),
          ) ||
          copies.some(({ sources, destination }) =>
            [...sources, destination].some((path) => path.endsWith(`/${program}`)),
          );
        if (!brought)
          yield { at, message: `The health check calls ${program}, which ${reference.text} does not have.` };
      }
    }
  },
  examples: [
    bad('curl on slim', {
      Dockerfile:
        'FROM node:24-slim\nHEALTHCHECK --interval=30s CMD «curl» -f http://localhost:3000/health || exit 1\nCMD ["node", "server.js"]\n',
    }),
    bad('curl on alpine, in compose', {
      Dockerfile: 'FROM node:24-alpine\nCMD ["node", "server.js"]\n',
      'compose.yaml':
        'services:\n  web:\n    build: .\n    healthcheck:\n      test: [CMD, «curl», -f, http://localhost:3000]\n',
    }),
    bad('wget on slim', {
      Dockerfile:
        'FROM node:24-bookworm-slim\nHEALTHCHECK CMD ["«wget»", "-qO-", "http://localhost:3000"]\nCMD ["node", "server.js"]\n'.replace(
          '["«wget»"',
          '[«"wget"»',
        ),
    }),
    good('There is no shell that could call it', {
      Dockerfile:
        'FROM gcr.io/distroless/nodejs24-debian12:nonroot\nHEALTHCHECK CMD curl -f http://localhost:3000\nCMD ["server.js"]\n',
    }),
    good('Installed, or there from the start', {
      'a/Dockerfile':
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y curl\nHEALTHCHECK CMD curl -f http://localhost:3000\nCMD ["node", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24-alpine\nHEALTHCHECK CMD wget -qO- http://localhost:3000 || exit 1\nCMD ["node", "server.js"]\n',
      'c/Dockerfile': 'FROM node:24\nHEALTHCHECK CMD curl -f http://localhost:3000\nCMD ["node", "server.js"]\n',
      'd/Dockerfile': 'FROM node:24-slim\nHEALTHCHECK CMD ["node", "health.js"]\nCMD ["node", "server.js"]\n',
    }),
    good('A base nobody knows', {
      Dockerfile: 'FROM acme/node-base:3\nHEALTHCHECK CMD curl -f http://localhost:3000\nCMD ["node", "server.js"]\n',
    }),
  ],
});
