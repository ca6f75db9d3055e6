import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/secret-file-in-image',
  ensures: 'No file that holds secrets is copied into an image.',
  severity: 'high',
  roles: ['any'],
  cwe: 538,
  owasp: 'A04',
  why: 'Everyone who can pull the image has the file: one `docker run … cat .env` and the database, the mail account and the signing keys are theirs.',
  fix: 'Name it in `.dockerignore`, and give the values to the container when it starts.',
  references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { at, file, explicit, use } of images.copiedSecretFiles) {
      // one line of the ignore file answers for all images
      if (!explicit && seen.has(file)) continue;
      if (!explicit) seen.add(file);
      yield {
        at,
        message: explicit
          ? `${file} is copied into the image.`
          : `${file} is not in .dockerignore, so the copy of everything takes it along.`,
        ...(use === 'builder' && { severity: 'medium' as const }),
      };
    }
  },
  examples: [
    bad('By name, whether it is in the repository or not', {
      Dockerfile:
        'FROM node:24-slim\n«COPY .env ./»\n«COPY certs/server.key /etc/ssl/»\n«COPY .git .git»\nCMD ["node", "server.js"]\n',
    }),
    bad('Swept in', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nCMD ["node", "server.js"]\n',
      '.env': 'PORT=3000\n',
      '.dockerignore': 'node_modules\n.git\n',
    }),
    bad('An ignore file that means another folder', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nCMD ["node", "server.js"]\n',
      'config/.env.production': 'PORT=3000\n',
      '.dockerignore': '.env*\n',
    }),
    good('Ignored, at any depth', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      '.env': 'PORT=3000\n',
      'config/.env.production': 'PORT=3000\n',
      '.dockerignore': '**/.env*\n',
    }),
    good('Templates and certificates', {
      Dockerfile:
        'FROM node:24-slim\nCOPY .env.example .env\nCOPY certs/ca.pem certs/fullchain.pem /etc/ssl/\nCOPY src ./src\nCMD ["node", "server.js"]\n',
      '.env': 'PORT=3000\n',
    }),
    good('Settings without a value, and what browsers are given', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      '.env': '# PORT=3000\nAPI_URL=\n',
      'client/.env.production': 'VITE_API_URL=https://api.acme.io\n',
      '.dockerignore': 'node_modules\n.git\n',
    }),
    good('An allow-list', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      '.env': 'PORT=3000\n',
      '.dockerignore': '*\n!src\n!package*.json\n',
    }),
  ],
});
