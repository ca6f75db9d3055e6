import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LARGEST_HEADERS = 64 * 1024;

export default defineRule({
  id: 'container/insecure-parser',
  ensures: 'Start commands of images leave the HTTP parser of Node.js strict.',
  severity: 'high',
  control: 'limits/insecure-parser',
  roles: ['any'],
  cwe: 444,
  owasp: 'A06',
  why: 'A lenient parser and the proxy in front of it disagree where one request ends and the next begins: an attacker hides a request in another.',
  fix: 'Take the option out of the command. A client that needs it can have `insecureHTTPParser: true` for itself.',
  references: ['https://nodejs.org/api/cli.html#--insecure-http-parser'],
  needs: ['images'],
  *check({ images }) {
    for (const { starts } of images.production) {
      for (const { at, commands, command, packageScript } of starts) {
        if (packageScript) continue;
        const text = [...(command ? [command] : []), ...commands]
          .map(({ words }) => words.map((word) => word.text).join(' '))
          .join('\n');
        const size = Number(/\s--max-http-header-size[= ](\d{1,12})(?:\s|$)/.exec(text)?.[1] ?? 0);
        if (/\s--insecure-http-parser(\s|$)/.test(text))
          yield { at, message: 'The start command makes the HTTP parser accept malformed requests.' };
        if (size > LARGEST_HEADERS)
          yield {
            at,
            severity: 'medium',
            message: `The start command lets headers be ${Math.round(size / 1024)} kB large.`,
          };
      }
    }
  },
  examples: [
    bad('In CMD', {
      'a/Dockerfile': 'FROM node:24-slim\n«CMD ["node", "--insecure-http-parser", "server.js"]»\n',
      'b/Dockerfile': 'FROM node:24-slim\n«CMD node --max-http-header-size 1000000 server.js»\n',
    }),
    good('As it comes, and a little larger', {
      'a/Dockerfile': 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD ["node", "--max-http-header-size=32768", "server.js"]\n',
    }),
    good('In a stage for development', {
      Dockerfile:
        'FROM node:24-slim AS dev\nCMD ["node", "--insecure-http-parser", "x.js"]\nFROM node:24-slim\nCMD ["node", "server.js"]\n',
    }),
  ],
});
