import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Stores that are in the memory of one process, by what makes them and the option that puts them elsewhere. */
const STORES: readonly {
  readonly api: RegExp;
  readonly what: string;
  readonly option?: string;
  readonly index: number;
}[] = [
  { api: /^express-session$/, what: 'sessions', option: 'store', index: 0 },
  { api: /^cookie-session-memory$/, what: 'sessions', index: 0 },
  { api: /^socket\.io(\.Server)?$/, what: 'rooms of Socket.IO', option: 'adapter', index: 1 },
];

export default defineRule({
  id: 'runtime/process-local-state',
  ensures: 'What must be the same in all processes is kept outside of them.',
  severity: 'medium',
  roles: ['service'],
  cwe: 362,
  why: `Each process of a cluster has a memory of its own. A session made in one is unknown in the next, a message to a room reaches only the clients of one process: users are logged out at random, depending on where their request lands.`,
  fix: `Keep it in Redis or a database: \`connect-redis\` for sessions, \`@socket.io/redis-adapter\` or \`@socket.io/cluster-adapter\` for rooms.`,
  references: ['https://nodejs.org/api/cluster.html#how-it-works', 'https://socket.io/docs/v4/cluster-adapter/'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    const fork = program.callsTo('cluster.fork')[0];
    if (fork === undefined) return;
    const hasAdapter = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(
        ({ module }) =>
          /^(@socket\.io\/[\w-]+|socket\.io-(redis|adapter)[\w-]*)$/.test(module ?? '') &&
          module !== '@socket.io/admin-ui',
      ),
    );
    for (const call of program.callsTo(...STORES.map(({ api }) => api))) {
      const store = STORES.find(({ api }) => code.apiOf(call).some((each) => api.test(each)));
      if (!store || (store.what.startsWith('rooms') && hasAdapter)) continue;
      if (store.option !== undefined && code.option(call, store.index, store.option).state !== 'absent') continue;
      if (store.what.startsWith('rooms') && code.callsOn(call, 'adapter').length > 0) continue;
      yield {
        at: code.calleeAt(call),
        message: `The ${store.what} are in the memory of one process, and there are several of it.`,
        trail: [{ at: program.locationOf(fork), note: 'The others are started here.' }],
      };
    }
  },
  examples: [
    bad('Sessions in a cluster', {
      'server.js': `
const cluster = require('cluster');
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else require('./app');`,
      'app.js': `
const session = require('express-session');
const app = require('express')();
app.use(«session({ secret: process.env.SECRET })»);
app.listen(3000);`,
    }),
    bad('Rooms in a cluster', {
      'server.ts': `
import cluster from 'node:cluster';
import { Server } from 'socket.io';
if (cluster.isPrimary) cluster.fork();
else {
  const io = «new Server(3000)»;
  io.on('connection', (socket) => socket.join('news'));
}`,
    }),
    good('In Redis', {
      'server.js': `
const cluster = require('cluster');
const session = require('express-session');
const { RedisStore } = require('connect-redis');
const app = require('express')();
if (cluster.isPrimary) cluster.fork();
app.use(session({ secret: process.env.SECRET, store: new RedisStore({}) }));`,
      'io.js': `
const { Server } = require('socket.io');
const { createAdapter } = require('@socket.io/redis-adapter');
const io = new Server(3001, { adapter: createAdapter() });`,
    }),
    good('A single process', {
      'app.js': `
const session = require('express-session');
const app = require('express')();
app.use(session({ secret: process.env.SECRET }));`,
    }),
  ],
});
