import { bad, defineRule, good } from '../../src/rule/rule.ts';

const app = (more = ''): string => `module.exports = { apps: [{ name: «'api'», script: 'server.js'${more} }] };\n`;
const sound = (more = ''): string => app(more).replaceAll(/[«»]/g, '');
const server = (body: string): string => `const server = require('express')().listen(3000);\n${body}\n`;

export default defineRule({
  id: 'lifecycle/pm2-stop-unheard',
  ensures: 'The program hears how PM2 stops it, and is given the time it takes.',
  severity: 'high',
  roles: ['service', 'worker'],
  why: 'PM2 stops a process by SIGINT, and kills it 1.6 seconds later. A program that only knows SIGTERM is ended by the first signal, one that drains for longer by the second: every reload cuts requests.',
  fix: "Listen for SIGINT as well (`for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)`), and set `kill_timeout` above the time the program takes.",
  references: ['https://pm2.keymetrics.io/docs/usage/signals-clean-restart/'],
  needs: ['managed', 'servers', 'program'],
  *check({ managed, servers, program }) {
    const of = (event: string) => servers.process.filter((listener) => listener.event === event);
    const [term] = of('SIGTERM').filter(({ exits, closes }) => exits.length + closes.length > 0);
    const others = servers.process.some(
      ({ event }) => event === undefined || event === 'SIGINT' || event === 'message',
    );
    const packaged = servers.shutdownPackages.length + servers.shutdownHooks.length > 0;
    const drains = ['SIGINT', 'SIGTERM'].flatMap(of).flatMap(({ deadlines }) => deadlines);
    const longest = drains.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
    for (const { at, name, setting } of managed.apps) {
      if (setting('shutdown_with_message')) continue;
      if (term && !others && !packaged) {
        yield {
          at,
          message: `PM2 stops ${name} by SIGINT, and the program listens for SIGTERM alone.`,
          trail: [{ at: program.locationOf(term.call), note: 'Only this signal is heard.' }],
        };
        continue;
      }
      const timeout = setting('kill_timeout');
      const granted = timeout ? Number(timeout.text) : 1600;
      if (!longest || timeout?.dynamic || !Number.isFinite(granted) || longest.milliseconds <= granted) continue;
      yield {
        at: timeout?.at ?? at,
        severity: 'medium',
        message: `${name} takes up to ${longest.milliseconds / 1000} s to end, and PM2 kills it after ${granted / 1000} s.`,
        trail: [{ at: program.locationOf(longest.call), note: 'So long it gives itself.' }],
      };
    }
  },
  examples: [
    bad('SIGTERM alone', {
      'ecosystem.config.js': app(),
      'server.js': server("process.on('SIGTERM', () => server.close(() => process.exit(0)));"),
    }),
    bad('A drain of half a minute', {
      'ecosystem.config.js': sound(', kill_timeout: 5000').replace('5000', '«5000»'),
      'server.js': server(
        "const stop = () => { server.close(() => process.exit(0)); setTimeout(() => process.exit(1), 30000).unref(); };\nprocess.on('SIGTERM', stop);\nprocess.on('SIGINT', stop);",
      ),
    }),
    good('Both signals, and time enough', {
      'ecosystem.config.js': sound(', kill_timeout: 15000'),
      'server.js': server(
        "const stop = () => { server.close(() => process.exit(0)); setTimeout(() => process.exit(1), 10000).unref(); };\nfor (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);",
      ),
    }),
    good('By message', {
      'ecosystem.config.js': sound(', shutdown_with_message: true'),
      'server.js': server(
        "process.on('SIGTERM', () => server.close(() => process.exit(0)));\nprocess.on('message', (text) => { if (text === 'shutdown') server.close(() => process.exit(0)); });",
      ),
    }),
    good('Nothing listens at all: that is another finding', {
      'ecosystem.config.js': sound(),
      'server.js': server(''),
    }),
  ],
});
