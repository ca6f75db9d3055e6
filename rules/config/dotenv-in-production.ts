import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/dotenv-in-production',
  ensures: 'Production takes its settings from the platform, not from a file.',
  severity: 'medium',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: 'A file with every credential of production lies on a disk, in an image or in a backup. It is copied by hand, nobody sees who read it, and no one rotates what is in it.',
  fix: 'Set the variables where the program is deployed: secrets of the orchestrator or of a secrets manager. Keep `.env` for developers.',
  references: ['https://12factor.net/config', 'https://docs.docker.com/compose/how-tos/use-secrets/'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { starts, deployed } of images.production) {
      for (const { at, command, commands, packageScript } of starts) {
        const words = [...(command ? [command] : []), ...commands].flatMap((each) =>
          each.words.map(({ text }) => text),
        );
        const flag = words.find((text) => /^--env-file(=|$)/.test(text));
        const preload = words.some(
          (text, index) => /^(-r|--require|--import)$/.test(words[index - 1] ?? '') && text.startsWith('dotenv/config'),
        );
        if ((flag === undefined && !preload) || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        const through = packageScript ? ` (${packageScript.text})` : '';
        yield { at, message: `The container starts with ${flag ?? 'dotenv preloaded'}${through}.` };
      }
      for (const { envFiles, at, name, development, certain, by } of deployed) {
        const file = envFiles.find((path) => /(^|\/)\.env(\.(production|prod))?$/.test(path));
        if (by !== 'compose' || development || !certain || file === undefined || seen.has(`${at.path}:${at.start}`))
          continue;
        seen.add(`${at.path}:${at.start}`);
        // a file that is put on the server by other means is only a habit to leave
        yield { at, severity: 'low', message: `${name} takes its settings from ${file}.` };
      }
    }
  },
  examples: [
    bad('Node.js reads it', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\n«CMD ["node", "--env-file=.env", "server.js"]»\n',
    }),
    bad('dotenv, through a script', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\n«CMD ["npm", "start"]»\n',
      'package.json': '{ "name": "shop", "scripts": { "start": "node -r dotenv/config server.js" } }\n',
    }),
    bad('Compose, in a file for production', {
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n    env_file: .env\n',
    }),
    good('Only if it is there, or for developers', {
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "--env-file-if-exists=.env", "server.js"]\n',
      'compose.dev.yaml': 'services:\n  api:\n    build: .\n    env_file: .env\n',
      'package.json': '{ "name": "shop", "scripts": { "dev": "node --env-file=.env server.js" } }\n',
    }),
    good('A secret that is mounted', {
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    secrets: [db]\nsecrets:\n  db: { external: true }\n',
    }),
  ],
});
