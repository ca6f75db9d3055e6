import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/shell-wrapped-command',
  ensures: 'The program itself is process 1 and gets the signals the platform sends.',
  severity: 'medium',
  control: 'container/signals-lost',
  roles: ['any'],
  why: 'A shell as process 1 does not pass SIGTERM on: every deploy waits for the grace period and then kills open requests and transactions.',
  fix: 'Use the JSON form, `CMD ["node", "server.js"]`, or `exec` the program as the last step of the script.',
  references: ['https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { starts, node, base } of images.production) {
      // where there is no shell, nothing starts at all
      if (base.family === 'distroless' && base.tools.get('sh') === false) continue;
      for (const { at, shell, script, commands, command, ...start } of starts) {
        if (!node || !shell || start.reachesAll || commands.length === 0 || seen.has(`${at.path}:${at.start}`))
          continue;
        seen.add(`${at.path}:${at.start}`);
        const program = command?.words[0]?.text ?? 'the program';
        yield {
          at,
          message: script
            ? `${script.path} stays process 1: the last thing it runs, ${program}, is not run by exec.`
            : `A shell starts ${program} and stays process 1.`,
        };
      }
    }
  },
  examples: [
    bad('Shell form', { Dockerfile: 'FROM node:24-slim\n«CMD node server.js»\n' }),
    bad('A shell that compose starts', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    command: «sh -c "node reset.js && npm start"»\n',
    }),
    bad('A shell in JSON', {
      Dockerfile: 'FROM node:24-slim\n«CMD ["sh", "-c", "node migrate.js && node server.js"]»\n',
    }),
    bad('An entry script that does not exec', {
      Dockerfile: 'FROM node:24-slim\nCOPY start.sh .\n«ENTRYPOINT ["./start.sh"]»\n',
      'start.sh': '#!/bin/sh\nnode migrate.js\nnode server.js\n',
    }),
    good('An init that sends signals to all below it', {
      Dockerfile:
        'FROM node:24-slim\nENTRYPOINT ["dumb-init", "--"]\nCMD ["sh", "-c", "node migrate.js && node server.js"]\n',
    }),
    good('JSON form, and exec in a shell', {
      'a/Dockerfile': 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD node migrate.js && exec node server.js\n',
    }),
    good('An entry script that hands over', {
      Dockerfile: 'FROM node:24-slim\nENTRYPOINT ["/entry.sh"]\nCMD ["node", "server.js"]\n',
      'entry.sh': '#!/bin/sh\nset -e\nif [ -n "$MIGRATE" ]; then node migrate.js; fi\nexec "$@"\n',
    }),
    good('Of a builder, and of a health check', {
      Dockerfile:
        'FROM node:24 AS build\nCMD npm run build\nFROM node:24-slim\nCOPY --from=build /app .\nHEALTHCHECK CMD node health.js\nCMD ["node", "server.js"]\n',
    }),
    good('There is no shell: it does not start', {
      Dockerfile: 'FROM gcr.io/distroless/nodejs24-debian12:nonroot\nCMD server.js\n',
    }),
    good('A script that passes the signal on', {
      Dockerfile: 'FROM node:24-slim\nCOPY start.sh .\nENTRYPOINT ["./start.sh"]\n',
      'start.sh': '#!/bin/sh\nnode server.js &\npid=$!\ntrap "kill -TERM $pid" TERM INT\nwait $pid\nexit $?\n',
    }),
    good('Kubernetes says it otherwise', {
      Dockerfile: 'FROM node:24-slim\nCMD node server.js\n',
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1\n          command: [node, server.js]\n',
    }),
  ],
});
