import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/sigterm-unhandled',
  ensures: 'The server answers what it has accepted before it stops.',
  severity: 'medium',
  roles: ['service'],
  why: `Every deploy, scale-down and node drain sends SIGTERM. Without a listener Node dies at once: requests that were being answered are cut, and their clients see a reset connection or a 502. Connections to databases and brokers are torn instead of closed.`,
  fix: `Listen for SIGTERM: stop accepting (\`server.close\`), let the running requests finish, close pools and consumers, then exit; force the end after a deadline.`,
  references: [
    'https://expressjs.com/en/advanced/healthcheck-graceful-shutdown.html',
    'https://nodejs.org/api/process.html#signal-events',
  ],
  needs: ['program', 'code', 'servers', 'pools', 'loading', 'telemetry'],
  *check({ program, code, servers, pools, loading, telemetry }) {
    // it listens for SIGTERM, which takes away the exit of Node.js, and exits nowhere
    const deafening = telemetry.preloads.find((file) => file.startsWith('@opentelemetry/auto-instrumentations-node'));
    const said = new Set<string>();
    for (const { call } of servers.listens) {
      const module = program.moduleOf(call);
      const isNear = (path: string): boolean => {
        const other = program.modules.get(path);
        return other !== undefined && (loading.together(module, other) || loading.isOpen(module));
      };
      const pathOf = (node: number): string => program.moduleOf(node).path;
      if (
        servers.process.some(
          ({ event, call: on }) => (event === undefined || event === 'SIGTERM') && isNear(pathOf(on)),
        )
      )
        continue;
      if (servers.shutdownPackages.some(({ path }) => isNear(path))) continue;
      if (servers.shutdownHooks.some((hook) => isNear(pathOf(hook)))) continue;
      if (said.has(module.path)) continue;
      said.add(module.path);
      const held = pools.clients.find(
        (client) =>
          client.isLongLived && client.holdsProcess && loading.below(module).has(program.moduleOf(client.call)),
      );
      if (deafening !== undefined) {
        yield {
          at: code.calleeAt(call),
          severity: 'high',
          message: `${deafening}, which a start command loads, listens for SIGTERM and never exits: this server runs on until it is killed.`,
        };
        continue;
      }
      yield {
        at: code.calleeAt(call),
        message: `Nothing listens for SIGTERM, so every deploy cuts the requests this server is answering${held ? ` and tears its ${held.kind} connections` : ''}.`,
        ...(held && {
          severity: 'high' as const,
          trail: [{ at: program.locationOf(held.call), note: `This ${held.kind} connection is never closed.` }],
        }),
      };
    }
  },
  examples: [
    bad('An Express server that just listens', {
      'server.js': `
const express = require('express');
const app = express();
app.get('/', (req, res) => res.send('ok'));
«app.listen»(process.env.PORT || 3000);`,
    }),
    bad('A preload takes the exit away', {
      'server.js': `
const app = require('express')();
«app.listen»(3000);`,
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nCMD ["node", "--require", "@opentelemetry/auto-instrumentations-node/register", "server.js"]\n',
    }),
    bad('Only SIGINT, which no orchestrator sends', {
      'app.js': `
import Fastify from 'fastify';
const fastify = Fastify();
process.on('SIGINT', async () => { await fastify.close(); process.exit(0); });
await «fastify.listen»({ port: 3000 });`,
    }),
    good('A listener in another file of the same program', {
      'server.js': `
const http = require('http');
const app = require('express')();
const server = http.createServer(app);
require('./shutdown')(server);
server.listen(3000);`,
      'shutdown.js': `
module.exports = (server) => {
  ['SIGTERM', 'SIGINT'].forEach((signal) => process.on(signal, () => server.close(() => process.exit(0))));
};`,
    }),
    good('A list of signals that grows', {
      'server.js': `
const app = require('express')();
const server = app.listen(3000);
const signals = ['SIGINT'];
if (process.platform !== 'win32') signals.push('SIGTERM');
for (const signal of signals) process.on(signal, () => server.close(() => process.exit(0)));`,
    }),
    good('A package that does it', {
      'server.js': `
const app = require('express')();
const gracefulShutdown = require('http-graceful-shutdown');
gracefulShutdown(app.listen(3000));`,
    }),
    good('NestJS with its hooks enabled', {
      'main.ts': `
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableShutdownHooks();
  await app.listen(3000);
}
bootstrap();`,
      'app.module.ts': `export class AppModule {}`,
    }),
    good('A library that can listen, and a program that tries it out', {
      'package.json': `{ "name": "tiny-server", "main": "index.js", "types": "index.d.ts", "files": ["index.js"] }`,
      'index.js': `module.exports = (handler, port) => require('http').createServer(handler).listen(port);`,
      'integration/server.js': `require('../index.js')((req, res) => res.end(), 3000);`,
    }),
    good('The name of the signal is not known here', {
      'server.js': `
const app = require('express')();
const { signals } = require('./settings.json');
const server = app.listen(3000);
for (const signal of signals) process.on(signal, () => server.close(() => process.exit(0)));`,
    }),
  ],
});
