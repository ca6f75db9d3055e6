import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/pm2-daemon-in-container',
  ensures: 'PM2 in a container stays in the foreground.',
  severity: 'high',
  roles: ['any'],
  why: '`pm2 start` puts the service into the background and returns: process 1 ends, and the container with it.',
  fix: 'Use `pm2-runtime`, or `pm2 start … --no-daemon`; or no PM2 at all, and one process for each container.',
  references: ['https://pm2.keymetrics.io/docs/usage/docker-pm2-nodejs/'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { starts } of images.production) {
      for (const { at, commands, command } of starts) {
        const all = command ? [command, ...commands] : commands;
        const daemon = all.some(({ words }) => {
          const texts = words.map(({ text }) => text);
          const program = texts.findIndex((text) => /(^|\/)pm2$/.test(text));
          return (
            program >= 0 &&
            /^(start|restart|startOrRestart|reload)$/.test(texts[program + 1] ?? '') &&
            !texts.includes('--no-daemon')
          );
        });
        const stays = all.some(({ words }) =>
          words.some(({ text }) => /^(logs|monit|attach|tail|--no-daemon)$/.test(text)),
        );
        if (!daemon || stays || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield { at, message: 'pm2 start returns at once, and the container ends with it.' };
      }
    }
  },
  examples: [
    bad('pm2 start', { Dockerfile: 'FROM node:24-slim\n«CMD ["pm2", "start", "server.js"]»\n' }),
    bad('Through a script', {
      Dockerfile: 'FROM node:24-slim\n«CMD ["npm", "start"]»\n',
      'package.json': '{ "name": "api", "scripts": { "start": "pm2 start ecosystem.config.js" } }\n',
    }),
    good('In the foreground', {
      'a/Dockerfile': 'FROM node:24-slim\nCMD ["pm2-runtime", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD ["pm2", "start", "server.js", "--no-daemon"]\n',
      'c/Dockerfile': 'FROM node:24-slim\nCMD pm2 start server.js && pm2 logs\n',
    }),
    good('Not in a container', {
      'package.json': '{ "name": "api", "scripts": { "start": "pm2 start server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n',
    }),
  ],
});
