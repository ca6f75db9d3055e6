import { bad, defineRule, good } from '../../src/rule/rule.ts';

const START = /^(start|serve|prod|production|start:prod|start:production)$/;
/** What is set while something is tested or built. */
const CI = /(^|\/)\.(github|gitlab|circleci|buildkite|travis|drone)|pipeline|cloudbuild|netlify|amplify|vercel|turbo/;
/** Options of Node.js that take away what it does for safety. */
const FLAGS: readonly (readonly [flag: RegExp, does: string])[] = [
  [/^--unhandled-rejections=(none|warn|warn-with-error-code)$/, 'lets the process go on after an error nobody handled'],
  [/^--openssl-legacy-provider$/, 'brings back ciphers and hashes that are broken'],
  [/^--security-revert=/, 'takes the fix of a known hole back'],
  [/^--tls-min-v1\.[01]$/, 'speaks versions of TLS that are broken'],
  [/^--allow-natives-syntax$|^--expose[-_]internals$/, 'opens the insides of the engine to the program'],
];

export default defineRule({
  id: 'runtime/unsafe-flags',
  ensures: 'No option takes away what Node.js does for safety.',
  severity: 'medium',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: 'The option was the quick way past an error, and holds for all the process does. After an unhandled error a service is in a state nobody designed; a legacy algorithm is accepted from whoever offers it.',
  fix: 'Take the option out, and mend what it was for: handle the rejection, update the bundler or the certificate.',
  references: ['https://nodejs.org/api/cli.html'],
  needs: ['environment', 'manifests'],
  *check({ environment, manifests }) {
    for (const { name, value, at, place, development, by } of environment.assignments) {
      if (name !== 'NODE_OPTIONS' || place !== 'product' || development || CI.test(at.path)) continue;
      // what a script sets is set for that script
      if (/(^|\/)package\.json$/.test(at.path)) continue;
      // builders need old hashes, and an image may be one
      const words = value.split(/\s+/).filter((word) => by === 'data' || word !== '--openssl-legacy-provider');
      for (const does of unsafeIn(words)) yield { at, message: `NODE_OPTIONS ${does}.` };
    }
    for (const { scripts, kind } of manifests.all)
      for (const { name, programs, text, at } of kind === 'library' ? [] : scripts) {
        if (!START.test(name)) continue;
        const options = /NODE_OPTIONS=(?:'([^']*)'|"([^"]*)"|(\S*))/.exec(text);
        const words = [
          ...programs.filter(([first = '']) => /(^|\/)(node|tsx|pm2-runtime)$/.test(first)).flat(),
          ...(options?.[1] ?? options?.[2] ?? options?.[3] ?? '').split(/\s+/),
        ];
        for (const does of unsafeIn(words)) yield { at, message: `The ${name} script ${does}.` };
      }
  },
  examples: [
    bad('Rejections', {
      'package.json': '{ "name": "a", "scripts": { "start": «"node --unhandled-rejections=warn server.js"» } }\n',
    }),
    bad('In an image, and in a deployment', {
      Dockerfile: 'FROM node:24-slim\nENV «NODE_OPTIONS="--unhandled-rejections=none --max-old-space-size=700"»\n',
      'compose.yaml': 'services:\n  api:\n    build: .\n    environment:\n      «NODE_OPTIONS: --tls-min-v1.0»\n',
      'package.json': '{ "name": "a" }\n',
    }),
    bad('By a variable of the script', {
      'package.json':
        '{ "name": "a", "scripts": { "start": «"NODE_OPTIONS=--openssl-legacy-provider node server.js"» } }\n',
    }),
    good('Stricter, or of another kind', {
      'package.json':
        '{ "name": "a", "scripts": { "start": "node --unhandled-rejections=strict --enable-source-maps --tls-min-v1.2 server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nENV NODE_OPTIONS="--max-old-space-size=700"\n',
    }),
    good('While it is built, or for developers', {
      Dockerfile:
        'FROM node:24 AS build\nENV NODE_OPTIONS=--openssl-legacy-provider\nRUN npm run build\nFROM nginx:1.29\n',
      'package.json':
        '{ "name": "a", "scripts": { "build": "NODE_OPTIONS=--openssl-legacy-provider webpack", "dev": "node --unhandled-rejections=warn server.js" } }\n',
      '.env.development': 'NODE_OPTIONS=--openssl-legacy-provider\n',
    }),
  ],
});

const unsafeIn = (words: readonly string[]): readonly string[] =>
  FLAGS.flatMap(([flag, does]) => (words.some((word) => flag.test(word)) ? [does] : []));
