import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/exit-before-drain',
  ensures: 'A stopping process exits only after the server has closed.',
  severity: 'medium',
  roles: ['service'],
  why: `\`server.close()\` only stops accepting; it is over when its callback runs. An exit right after the call cuts every request that is being answered, which is what the listener was written to prevent.`,
  fix: `Exit in the callback of \`server.close\` (or after \`await app.close()\`), and only the emergency exit from an unref'd timer.`,
  references: ['https://nodejs.org/api/net.html#serverclosecallback'],
  needs: ['program', 'code', 'servers', 'loading'],
  *check({ program, code, servers, loading }) {
    for (const listener of servers.process) {
      const { event, call: on, fn } = listener;
      if (!fn || (event !== 'SIGTERM' && event !== 'SIGINT')) continue;
      const near = servers.listens.filter(({ call }) => loading.together(program.moduleOf(call), program.moduleOf(on)));
      if (near.length === 0) continue;
      for (const exit of listener.exits) {
        const owner = code.ownerOf(exit);
        if (!owner) continue;
        // what is handed on runs later: in the callback of close, after a timer, in then()
        if (owner.node !== fn.node && program.handedTo(owner.node).length > 0) continue;
        const before = code.callsIn(owner).filter((call) => call < exit);
        const waits = (call: number): boolean => {
          const value = program.valueOf(call);
          return value.kind === 'call' && value.result === 'awaited';
        };
        const callers = program.callers(owner.node).flatMap((call) => {
          const around = code.ownerOf(call);
          return around ? code.callsIn(around).filter((each) => each <= call) : [];
        });
        if (before.some(waits) || callers.some(waits)) continue;
        const blocks = new Set(code.blocksAround(exit));
        const close = before.find((call) => {
          const [block] = code.blocksAround(call);
          return (
            servers.closesServer(call) && listener.closes.includes(call) && block !== undefined && blocks.has(block)
          );
        });
        if (close !== undefined) {
          yield {
            at: program.locationOf(exit),
            message: `The process exits while \`${program.describe(close)}\` has only begun.`,
            trail: [
              { at: program.locationOf(close), note: 'This only stops accepting; it is over when its callback runs.' },
            ],
          };
        } else if (
          event === 'SIGTERM' &&
          listener.closes.length === 0 &&
          listener.unseen.length === 0 &&
          blocks.size === 1
        ) {
          yield {
            at: program.locationOf(exit),
            message: `On ${event} the process exits at once and cuts the requests it is answering.`,
            trail: near
              .slice(0, 1)
              .map(({ call }) => ({ at: program.locationOf(call), note: 'This server is not closed first.' })),
          };
        }
      }
    }
  },
  examples: [
    bad('The exit stands after the call of close', {
      'server.js': `
const app = require('express')();
const server = app.listen(3000);
process.on('SIGTERM', () => {
  console.log('stopping');
  server.close();
  «process.exit(0)»;
});`,
    }),
    bad('An own function closes, the listener exits', {
      'server.ts': `
import http from 'node:http';
import { app } from './app.js';
const server = http.createServer(app);
server.listen(8080);
function stop() {
  server.close();
  «process.exit()»;
}
process.once('SIGTERM', stop);`,
      'app.ts': `export const app = (req, res) => res.end('ok');`,
    }),
    bad('Nothing is closed at all', {
      'server.js': `
const fastify = require('fastify')();
fastify.listen({ port: 3000 });
process.on('SIGTERM', () => «process.exit(0)»);`,
    }),
    good('In the callback, with a deadline', {
      'server.js': `
const app = require('express')();
const server = app.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 10_000).unref();
});`,
    }),
    good('After waiting for it', {
      'server.js': `
import Fastify from 'fastify';
const fastify = Fastify();
await fastify.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await fastify.close();
  process.exit(0);
});`,
    }),
    good('Only where no server was started yet', {
      'server.js': `
const app = require('express')();
let server;
connect().then(() => { server = app.listen(3000); });
const stop = () => {
  if (server) server.close(() => process.exit(0));
  else process.exit(0);
};
process.on('SIGTERM', stop);`,
    }),
  ],
});
