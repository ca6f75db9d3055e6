import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Over when the call is. */
const AT_ONCE = /^(better-sqlite3|node:sqlite|sqlite)\b.*\.close$|\.(kill|disconnect|unref|closeSync)$/;

export default defineRule({
  id: 'lifecycle/competing-signal-handlers',
  ensures: 'One function decides when a stopping process exits.',
  severity: 'high',
  roles: ['service', 'worker'],
  why: `All listeners of a signal start together. The one that exits first ends the work of the others: typically telemetry flushes in milliseconds and exits while the server still drains, or the server exits before the last spans are sent.`,
  fix: `Keep one listener that runs the steps in order: close the server, close connections, flush telemetry, exit. Let the others export a function it awaits.`,
  references: ['https://nodejs.org/api/process.html#signal-events'],
  needs: ['program', 'code', 'servers', 'loading'],
  *check({ program, code, servers, loading }) {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      const listeners = servers.process.filter(({ event, fn }) => event === signal && fn);
      for (const [index, listener] of listeners.entries()) {
        const [exit] = listener.exits;
        if (exit === undefined) continue;
        const rival = listeners.find(
          (other, at) =>
            at !== index &&
            other.call !== listener.call &&
            other.fn?.node !== listener.fn?.node &&
            other.closes.length > 0 &&
            (at < index || other.exits.length === 0) &&
            loading.together(program.moduleOf(listener.call), program.moduleOf(other.call)),
        );
        const work = rival?.closes.find((close) => !code.apiOf(close).some((api) => AT_ONCE.test(api)));
        if (!rival || work === undefined) continue;
        const [here, there] = [listener, rival].map(({ call }) => code.ownerOf(call));
        const isApart = here && there && here.node !== there.node && here.module !== there.module;
        const argument = code.argument(listener.call, 0);
        yield {
          at: program.locationOf(argument.state === 'given' ? argument.value : listener.call),
          message: `Two listeners race on ${signal}: this one exits while another still runs \`${program.describe(work)}\`.`,
          ...(isApart && { unsure: 'Functions of two files listen, and whether one process calls both was not seen.' }),
          trail: [
            { at: program.locationOf(exit), note: 'This ends the process.' },
            { at: program.locationOf(work), note: 'This may not be over by then.' },
          ],
        };
      }
    }
  },
  examples: [
    bad('Tracing exits by itself', {
      'server.js': `
require('./tracing');
const app = require('express')();
const server = app.listen(3000);
process.on('SIGTERM', () => { server.close(); });`,
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const sdk = new NodeSDK();
sdk.start();
process.on(«'SIGTERM'», () => { sdk.shutdown().finally(() => process.exit(0)); });`,
    }),
    bad('Two modules, two endings', {
      'index.ts': `
import './worker.js';
import { createServer } from 'node:http';
const server = createServer((req, res) => res.end());
server.listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));`,
      'worker.ts': `
import { Worker } from 'bullmq';
const worker = new Worker('mail', async (job) => job.id);
process.on(«'SIGTERM'», async () => { await worker.close(); process.exit(0); });`,
    }),
    good('Only one of them exits, the other only logs', {
      'server.js': `
require('./log');
const app = require('express')();
const server = app.listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));`,
      'log.js': `process.on('SIGTERM', () => console.log('SIGTERM received'));`,
    }),
    good('What the other does is over at once', {
      'server.js': `
const Database = require('better-sqlite3');
const db = new Database('shop.db');
require('./log');
process.on('SIGTERM', () => db.close());
process.on('SIGTERM', () => process.exit(0));`,
      'log.js': `exports.log = console.log;`,
    }),
    unsure('A daemon and a command line of one package', {
      'daemon.js': `
const server = require('http').createServer((req, res) => res.end());
exports.start = () => {
  server.listen(3000);
  process.on('SIGINT', () => { server.close(); });
};`,
      'cli.js': `
const { start } = require('./daemon');
exports.attach = () => process.on(«'SIGINT'», () => process.exit(0));
if (process.argv[2] === 'start') start();`,
    }),
    good('The same function for two signals', {
      'server.js': `
const app = require('express')();
const server = app.listen(3000);
const stop = () => server.close(() => process.exit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);`,
    }),
  ],
});
