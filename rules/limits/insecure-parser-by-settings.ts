import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LARGEST_HEADERS = 64 * 1024;
const START = /^(start|serve|prod|production|start:prod|start:production)$/;
const NODE = /^(.*\/)?(node|nodejs|tsx|ts-node|pm2-runtime)$/;

/** What options of Node.js do to its parser of HTTP. */
function* loosenedBy(options: string) {
  if (/(^|\s)--insecure-http-parser(\s|$)/.test(options))
    yield { says: 'makes the HTTP parser accept malformed requests', severity: 'high' as const };
  const size = Number(/(?:^|\s)--max-http-header-size[= ](\d{1,12})(?:\s|$)/.exec(options)?.[1] ?? 0);
  if (size > LARGEST_HEADERS)
    yield { says: `lets headers be ${Math.round(size / 1024)} kB large`, severity: 'medium' as const };
}

export default defineRule({
  id: 'limits/insecure-parser-by-settings',
  ensures: 'No option of Node.js makes its HTTP parser lenient.',
  severity: 'high',
  control: 'limits/insecure-parser',
  roles: ['any'],
  cwe: 444,
  owasp: 'A06',
  why: `A lenient parser and the proxy in front of it disagree where one request ends and the next begins: an attacker hides a
request in another. The option holds for every server and every client of the process.`,
  fix: 'Take the option out. A client that needs it can have `insecureHTTPParser: true` for itself.',
  references: [
    'https://nodejs.org/api/cli.html#--insecure-http-parser',
    'https://nodejs.org/api/cli.html#--max-http-header-sizesize',
  ],
  needs: ['environment', 'manifests'],
  *check({ environment, manifests }) {
    for (const { name, value, at, place, development } of environment.assignments) {
      if (name !== 'NODE_OPTIONS' || place === 'docs' || place === 'test' || development) continue;
      for (const { says, severity } of loosenedBy(value)) yield { at, severity, message: `NODE_OPTIONS ${says}.` };
    }
    for (const { scripts, kind } of manifests.all) {
      if (kind === 'library') continue;
      for (const { name, programs, at } of scripts) {
        const words = START.test(name) ? programs.find(([first = '']) => NODE.test(first)) : undefined;
        for (const { says, severity } of loosenedBy(words?.join(' ') ?? ''))
          yield { at, severity, message: `The ${name} script ${says}.` };
      }
    }
  },
  examples: [
    bad('In the start script', {
      'package.json':
        '{ "name": "a", "scripts": { "start": «"node --insecure-http-parser server.js"» }, "dependencies": {} }\n',
    }),
    bad('In the environment', {
      'package.json':
        '{ "name": "a", "scripts": { "start": «"NODE_OPTIONS=--insecure-http-parser node a.js"» }, "dependencies": {} }\n',
      Dockerfile:
        'FROM node:24\nENV «NODE_OPTIONS="--max-old-space-size=400 --max-http-header-size=1048576"»\nCMD ["node", "a.js"]\n',
    }),
    good('Somewhat larger headers', {
      'package.json':
        '{ "name": "a", "scripts": { "start": "node --max-http-header-size=32768 server.js" }, "dependencies": {} }\n',
      Dockerfile: 'FROM node:24\nENV NODE_OPTIONS=--enable-source-maps\nCMD ["node", "a.js"]\n',
    }),
    good('For development', {
      'package.json':
        '{ "name": "a", "scripts": { "dev": "node --watch --insecure-http-parser server.js", "start": "node server.js" }, "dependencies": {} }\n',
    }),
  ],
});
