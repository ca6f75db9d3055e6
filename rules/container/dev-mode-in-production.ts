import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/dev-mode-in-production',
  ensures: 'The compose file of production runs the built image, as it was built.',
  severity: 'high',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: 'A source folder mounted over the app hides the tested build and the installed modules; a watcher or NODE_ENV=development shows stack traces and runs slowly.',
  fix: 'Move mounts, watchers and debug ports to `compose.override.yaml`, which production does not use.',
  references: ['https://docs.docker.com/compose/how-tos/production/'],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { path, at, message, confidence } of deployments.devModes) {
      yield {
        at: { path, ...at },
        message,
        ...(confidence === 'likely' && { unsure: 'It is the only compose file, and may be for development.' }),
      };
    }
  },
  examples: [
    bad('The base file mounts the source, the production file does not take it back', {
      'docker-compose.yml': 'services:\n  web:\n    build: .\n    volumes:\n      - «.:/usr/src/app»\n',
      'docker-compose.prod.yml': 'services:\n  web:\n    command: yarn start\n',
    }),
    bad('A watcher, a wrong environment, an open inspector', {
      'docker-compose.production.yml':
        'services:\n  web:\n    build: .\n    command: «npx nodemon server.js»\n    environment:\n      «NODE_ENV: development»\n    ports:\n      - «"9229:9229"»\n',
    }),
    unsure('Nobody says what the file is for', {
      'compose.yaml': 'services:\n  web:\n    build: .\n    volumes:\n      - «./src:/app/src»\n',
    }),
    good('Moved to the override', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    environment: { NODE_ENV: production }\n    volumes: ["data:/data", "./nginx.conf:/etc/nginx/nginx.conf:ro"]\n',
      'compose.override.yaml': 'services:\n  web:\n    command: npx nodemon server.js\n    volumes: [".:/app"]\n',
    }),
    good('A file for development', {
      'docker-compose.dev.yml': 'services:\n  web:\n    build: .\n    volumes: [".:/app"]\n    command: npm run dev\n',
    }),
  ],
});
