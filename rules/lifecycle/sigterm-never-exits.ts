import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/sigterm-never-exits',
  ensures: 'A process that is told to stop does stop.',
  severity: 'high',
  roles: ['service', 'worker'],
  why: `A listener for SIGTERM takes away Node's own exit. If it only logs, or closes one thing while a connection or an interval keeps the process alive, the process runs on until the orchestrator kills it: every deploy waits for the whole grace period and then cuts what is being answered.`,
  fix: `Close everything that keeps the process alive (server, connections, intervals), then call \`process.exit\`.`,
  references: ['https://nodejs.org/api/process.html#signal-events'],
  needs: ['program', 'code', 'servers', 'pools', 'loading'],
  *check({ program, code, servers, pools, loading }) {
    const terms = servers.process.filter(({ event }) => event === 'SIGTERM');
    for (const listener of terms) {
      const here = program.moduleOf(listener.call);
      const isNear = (node: number): boolean => loading.together(here, program.moduleOf(node));
      const all = terms.filter(({ call }) => isNear(call));
      if (all[0] !== listener) continue;
      if (all.some(({ exits }) => exits.length > 0)) continue;
      if (servers.shutdownHooks.some(isNear)) continue;
      if (
        servers.shutdownPackages.some(
          ({ path }) => path === here.path || loading.together(here, program.modules.get(path) ?? here),
        )
      )
        continue;
      const closes = all.flatMap((each) => each.closes);
      const unseen = all.flatMap((each) => each.unseen);
      const listens = servers.listens.filter(({ call }) => isNear(call));
      const open = pools.clients.filter(
        (client) =>
          client.isLongLived &&
          client.holdsProcess &&
          isNear(client.call) &&
          !closes.some((close) =>
            client.closers.some((name) => code.callsOn(client.call, name).some(({ call }) => call === close)),
          ) &&
          !(
            client.kind === 'mongoose' &&
            closes.some((close) => code.apiOf(close).some((api) => api.startsWith('mongoose.')))
          ),
      );
      const isServerLeft = listens.length > 0 && !closes.some(servers.closesServer);
      // a framework's own close runs hooks we may not see
      const runsHooks = listens.some(({ framework }) => framework === 'nest' || framework === 'fastify');
      const holder = isServerLeft ? listens[0]?.call : runsHooks ? undefined : open[0]?.call;
      if (holder === undefined) continue;
      const argument = code.argument(listener.call, 0);
      yield {
        at: program.locationOf(argument.state === 'given' ? argument.value : listener.call),
        message: isServerLeft
          ? 'The listener for SIGTERM neither closes the server nor exits, so the process cannot be stopped but by force.'
          : `The listener for SIGTERM closes the server but not \`${program.describe(holder)}\`, and nothing exits: the process runs on.`,
        trail: [{ at: program.locationOf(holder), note: 'This keeps the process alive.' }],
        ...(unseen.length > 0 && { unsure: 'The listener calls something that could not be followed; it may exit.' }),
      };
    }
  },
  examples: [
    bad('Only telemetry is shut down', {
      'server.js': `
require('./tracing');
const app = require('express')();
app.listen(3000);`,
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const sdk = new NodeSDK();
sdk.start();
process.on(«'SIGTERM'», () => { sdk.shutdown().catch(console.error); });`,
    }),
    bad('The server is closed, the connection to Redis is not', {
      'server.js': `
const app = require('express')();
const { createClient } = require('redis');
const redis = createClient();
redis.connect();
const server = app.listen(3000);
process.on(«'SIGTERM'», () => server.close());`,
    }),
    bad('It only says that it heard', {
      'main.ts': `
import Koa from 'koa';
import pino from 'pino';
const log = pino();
const app = new Koa();
app.listen(3000);
process.once(«'SIGTERM'», () => log.info('SIGTERM received'));`,
    }),
    unsure('What the listener calls cannot be seen', {
      'server.js': `
const app = require('express')();
app.listen(3000);
process.on(«'SIGTERM'», () => { globalThis.hooks.stop[0](); });`,
    }),
    good('One listener tells, another closes and exits', {
      'server.js': `
require('./tracing');
const app = require('express')();
const server = app.listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));`,
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const sdk = new NodeSDK();
sdk.start();
process.on('SIGTERM', () => sdk.shutdown());`,
    }),
    good('Everything that keeps it alive is closed', {
      'server.js': `
const app = require('express')();
const mongoose = require('mongoose');
mongoose.connect(process.env.MONGODB_URL);
const server = app.listen(3000);
process.on('SIGTERM', () => server.close(() => mongoose.disconnect()));`,
    }),
    good('A pg pool lets go of idle connections by itself', {
      'server.js': `
const { Pool } = require('pg');
const pool = new Pool();
const app = require('express')();
const server = app.listen(3000);
process.on('SIGTERM', () => server.close());`,
    }),
  ],
});
