import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/env-file-missing-in-image',
  ensures: 'A file that the start command reads is in the image.',
  severity: 'high',
  roles: ['any'],
  why: 'Node.js ends with exit code 9 when the file of `--env-file` is not there: the container never starts.',
  fix: 'Give the variables to the container, and start without `--env-file`; or use `--env-file-if-exists`.',
  references: ['https://nodejs.org/api/cli.html#--env-fileconfig'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { missingEnvFiles } of images.production) {
      for (const { at, file } of missingEnvFiles) {
        if (seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield { at, message: `${file} is read at the start, and not copied into the image.` };
      }
    }
  },
  examples: [
    bad('Ignored', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\n«CMD ["node", "--env-file=.env", "server.js"]»\n',
      '.dockerignore': 'node_modules\n.env\n',
    }),
    bad('Not copied, through a script', {
      Dockerfile: 'FROM node:24-slim\nCOPY package.json ./\nCOPY src ./src\n«CMD ["npm", "start"]»\n',
      'package.json': '{ "name": "shop", "scripts": { "start": "node --env-file .env src/server.js" } }\n',
    }),
    good('If it exists', {
      Dockerfile: 'FROM node:24-slim\nCOPY src ./src\nCMD ["node", "--env-file-if-exists=.env", "src/server.js"]\n',
    }),
    good('Copied, or mounted', {
      'a/Dockerfile': 'FROM node:24-slim\nCOPY defaults.env ./\nCMD ["node", "--env-file=defaults.env", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24-slim\nCOPY src ./src\nCMD ["node", "--env-file=/run/secrets/env", "src/server.js"]\n',
    }),
  ],
});
