import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/secret-printed-in-build',
  ensures: 'Builds print neither their environment nor files with secrets.',
  severity: 'medium',
  roles: ['any'],
  cwe: 532,
  owasp: 'A09',
  why: 'The log of the build is kept by CI and read by many; tokens passed to the build are in it.',
  fix: 'Remove the line; print the one variable you need.',
  references: ['https://docs.docker.com/build/building/secrets/'],
  needs: ['images'],
  *check({ images }) {
    for (const { built, use } of images.uses) {
      if (use === 'development') continue;
      for (const { command, words, program, layer, at } of built.commands) {
        if (layer.stage !== built.stage || command.inside === 'substitution') continue;
        const bare = command.words.length === 1 && command.env.length === 0 && command.redirects.length === 0;
        const environment = bare && /^(env|printenv|set|export)$/.test(command.words[0]?.text ?? '');
        const file =
          /^(cat|more|head|tail)$/.test(program) && command.redirects.length === 0
            ? words.slice(1).find(({ text }) => /(^|\/)(\.env(\.\w+)?|\.npmrc|\.netrc|id_rsa)$/.test(text))
            : undefined;
        const piped = built.commands.some(
          (other) =>
            other.layer === layer &&
            other.command.joined === 'pipe' &&
            other.command.start > command.end &&
            other.command.start - command.end < 5,
        );
        if (piped) continue;
        if (environment) yield { at, message: 'The whole environment of the build goes into its log.' };
        if (file) yield { at, message: `${file.text} goes into the log of the build.` };
      }
    }
  },
  examples: [
    bad('The environment', {
      Dockerfile: 'FROM node:24-slim\nRUN «env»\nRUN npm ci && «printenv»\nCMD ["node", "server.js"]\n',
    }),
    bad('A file', { Dockerfile: 'FROM node:24-slim\nRUN «cat .npmrc» && npm ci\nCMD ["node", "server.js"]\n' }),
    good('Setting a variable, a clean one, one name', {
      Dockerfile:
        'FROM node:24-slim\nRUN env CI=1 npm ci\nRUN env -i node build.js\nRUN printenv PATH\nRUN set -eux; npm ci\nCMD ["node", "server.js"]\n',
    }),
    good('Into a file or a filter', {
      Dockerfile: 'FROM node:24-slim\nRUN env > /tmp/env\nRUN env | grep NODE_\nCMD ["node", "server.js"]\n',
    }),
  ],
});
