import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DEBUG_PORTS: ReadonlyMap<string, string> = new Map([
  ['9229', 'the Node.js inspector'],
  ['9230', 'the Node.js inspector'],
  ['5858', 'the old Node.js debugger'],
  ['22', 'SSH'],
]);
/** `--inspect=0.0.0.0:9229`: on every interface. */
const OPEN_INSPECTOR = /(^|\s)--inspect(-brk|-wait|-port)?[= ](0\.0\.0\.0|\[?::\]?|\*)(:\d+)?(\s|$)/;

export default defineRule({
  id: 'container/debug-port-or-inspector',
  ensures: 'Images that ship open no door for debuggers.',
  severity: 'high',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: 'Whoever reaches the inspector runs any code in your process, reads its memory and its secrets. It asks for no password.',
  fix: 'Remove the option and the `EXPOSE`; debug through `kubectl port-forward` or `docker exec` to a loopback inspector.',
  references: ['https://nodejs.org/en/learn/getting-started/debugging#security-implications'],
  needs: ['images'],
  *check({ images }) {
    for (const { layers, env, starts, stage } of images.production) {
      for (const { instruction } of layers) {
        if (instruction.keyword !== 'EXPOSE') continue;
        for (const { text, start, end } of instruction.words) {
          const what = DEBUG_PORTS.get(text.replace(/\/tcp$/, ''));
          if (what)
            yield {
              at: { path: stage.path, start, end },
              message: `${text} is the port of ${what}.`,
              severity: 'medium',
            };
        }
      }
      const options = env.get('NODE_OPTIONS');
      if (options && OPEN_INSPECTOR.test(options.value))
        yield { at: options.at, message: 'NODE_OPTIONS opens the inspector on every interface.' };
      for (const { at, commands, command } of starts) {
        const all = command ? [command, ...commands] : commands;
        if (all.some(({ words }) => OPEN_INSPECTOR.test(words.map(({ text }) => text).join(' '))))
          yield { at, message: 'The start command opens the inspector on every interface.' };
      }
    }
  },
  examples: [
    bad('The port of the inspector', {
      Dockerfile: 'FROM node:24-slim\nEXPOSE 3000 «9229»\nCMD ["node", "server.js"]\n',
    }),
    bad('Open to everyone', {
      'a/Dockerfile': 'FROM node:24-slim\n«CMD ["node", "--inspect=0.0.0.0:9229", "server.js"]»\n',
      'b/Dockerfile':
        'FROM node:24-slim\nENV «NODE_OPTIONS="--enable-source-maps --inspect=0.0.0.0"»\nCMD ["node", "server.js"]\n',
      'c/Dockerfile': 'FROM node:24-slim\n«CMD ["npm", "start"]»\n',
      'c/package.json': '{ "name": "c", "scripts": { "start": "node --inspect=0.0.0.0 server.js" } }\n',
    }),
    good('On loopback, and the ports of the service', {
      Dockerfile: 'FROM node:24-slim\nEXPOSE 3000 8443/tcp\nCMD ["node", "--inspect=127.0.0.1:9229", "server.js"]\n',
    }),
    good('For development', {
      'Dockerfile.dev': 'FROM node:24\nEXPOSE 9229\nCMD ["node", "--inspect=0.0.0.0", "server.js"]\n',
    }),
    good('In a stage for development', {
      Dockerfile:
        'FROM node:24-slim AS dev\nEXPOSE 9229\nCMD ["node", "--inspect=0.0.0.0", "x.js"]\nFROM node:24-slim\nCMD ["node", "server.js"]\n',
    }),
  ],
});
