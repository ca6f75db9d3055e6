import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/dev-runner-in-final',
  ensures: 'Images that ship start the program as production should.',
  severity: 'high',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: 'Watchers and development servers reload on file changes, print stack traces and sources to whoever asks, compile on the fly and take several times the memory.',
  fix: 'Compile in a builder stage and start the result with `node`.',
  references: ['https://nodejs.org/en/learn/getting-started/nodejs-the-difference-between-development-and-production'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { starts, manifest } of images.production) {
      for (const { at, devRunner, packageScript, through, command } of starts) {
        // nobody can read the script, but its name says what it is for
        const named =
          !devRunner && !manifest && through !== undefined
            ? command?.words.find(({ text }) =>
                /^(dev|develop|development|start:dev|dev:start|serve:dev|watch|start:watch)$/.test(text),
              )
            : undefined;
        if (named && !seen.has(`${at.path}:${at.start}`)) {
          seen.add(`${at.path}:${at.start}`);
          yield {
            at,
            confidence: 'likely',
            message: `${through} starts the script ${named.text}, which is one for developers.`,
          };
        }
        // of compose files says dev-mode-in-production
        if (!devRunner || /(^|\/)(docker-)?compose[^/]*\.ya?ml$/.test(at.path) || seen.has(`${at.path}:${at.start}`))
          continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          message: `${devRunner.text} is what ${packageScript ? `the script ${packageScript.name}` : 'the image'} starts.`,
          ...(devRunner.mild && { severity: 'low' as const }),
        };
      }
    }
  },
  examples: [
    bad('nodemon', { Dockerfile: 'FROM node:24-slim\n«CMD ["nodemon", "server.js"]»\n' }),
    bad('Through a package script', {
      Dockerfile: 'FROM node:24-slim\n«CMD ["npm", "start"]»\n',
      'package.json': '{ "name": "shop", "scripts": { "start": "npm run serve", "serve": "ts-node src/server.ts" } }\n',
    }),
    bad('Development servers and watchers', {
      'a/Dockerfile': 'FROM node:24-slim\n«CMD npx next dev»\n',
      'b/Dockerfile': 'FROM node:24-slim\n«CMD ["node", "--watch", "server.js"]»\n',
      'c/Dockerfile': 'FROM node:24-slim\n«CMD ["npx", "vite", "--host"]»\n',
      'd/Dockerfile': 'FROM node:24-slim\n«CMD ["nest", "start", "--watch"]»\n',
    }),
    bad('A loader without watching is mild', { Dockerfile: 'FROM node:24-slim\n«CMD ["tsx", "src/server.ts"]»\n' }),
    bad('By its name, where the script is not here', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci\n«CMD ["npm", "run", "dev"]»\n',
    }),
    good('What compose starts is told of by another rule', {
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    command: npx nodemon server.js\n',
    }),
    good('Production commands', {
      'a/Dockerfile': 'FROM node:24-slim\nCMD ["npx", "next", "start"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD ["node", "--import", "./otel.js", "dist/main.js"]\n',
    }),
    good('A file and a stage for development', {
      'Dockerfile.dev': 'FROM node:24\nCMD ["npx", "nodemon", "server.js"]\n',
      Dockerfile:
        'FROM node:24-slim AS dev\nCMD ["nodemon", "server.js"]\nFROM node:24-slim AS release\nCMD ["node", "server.js"]\n',
    }),
  ],
});
