import { bad, defineRule, good } from '../../src/rule/rule.ts';

/**
 * Modules that tracers change while they are loaded, and only then. Not `http`, which is changed whenever it is required
 * again, and not undici and loggers, which report by themselves.
 */
const OBSERVED =
  /^(express|fastify|koa|@hapi\/hapi|restify|hono|@nestjs\/core|pg|pg-pool|mysql2?|mongodb|mongoose|redis|@redis\/client|ioredis|knex|sequelize|typeorm|@prisma\/client|amqplib|kafkajs|bullmq|@grpc\/grpc-js|graphql|socket\.io|aws-sdk|openai|tedious|cassandra-driver|memcached|generic-pool)$/;

export default defineRule({
  id: 'observability/tracing-started-late',
  ensures: 'Tracing starts before the modules it observes are loaded.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  why: `Tracers wrap a module in the moment it is loaded. What was loaded before is never observed: the service looks healthy in the dashboard because it sends no spans at all. ES modules make it worse: all \`import\`s run before the first line, wherever they stand.`,
  fix: `Put the start of tracing in a file of its own and load it first: \`node --import ./tracing.js server.js\` (ES modules), \`node --require ./tracing.js server.js\` (CommonJS).`,
  references: [
    'https://opentelemetry.io/docs/languages/js/getting-started/nodejs/',
    'https://docs.sentry.io/platforms/javascript/guides/node/install/',
  ],
  needs: ['program', 'code', 'telemetry', 'loading'],
  about: { what: 'tracing', isIn: ({ telemetry }) => telemetry.starts.length > 0 },
  *check({ program, code, telemetry, loading }) {
    const said = new Set<string>();
    for (const { vendor, call, site, isPreloaded } of telemetry.starts) {
      if (isPreloaded || said.has(`${vendor} ${program.moduleOf(site).path}`)) continue;
      // without a sample rate Sentry reports errors only, and those it sees at any time
      if (
        vendor === 'Sentry' &&
        ['tracesSampleRate', 'tracesSampler', 'enableTracing'].every(
          (name) => code.option(call, 0, name).state === 'absent',
        )
      )
        continue;
      const module = program.moduleOf(site);
      const early = loading
        .before(module, program.valueOf(site).at[0])
        .find(({ load }) => load.package !== undefined && OBSERVED.test(load.package));
      if (!early) continue;
      said.add(`${vendor} ${module.path}`);
      yield {
        at: code.calleeAt(call),
        message: `${vendor} starts when \`${early.load.package}\` is already loaded${early.module === module && early.load.hoisted ? ' (imports run before everything else)' : ''}, and will not observe it.`,
        trail: [{ at: program.locationIn(early.module, early.load.at), note: 'It is loaded here.' }],
      };
    }
  },
  examples: [
    bad('In the same file, below the imports', {
      'server.ts': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import express from 'express';
const sdk = new NodeSDK();
«sdk.start»();
express().listen(3000);`,
    }),
    bad('Required after the app', {
      'server.js': `
const app = require('./app');
require('./tracing');
app.listen(3000);`,
      'app.js': `module.exports = require('express')();`,
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
function start() { const sdk = new NodeSDK(); «sdk.start»(); }
start();`,
    }),
    bad('Sentry', {
      'server.js': `
const Fastify = require('fastify');
const Sentry = require('@sentry/node');
«Sentry.init»({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 0.1 });
Fastify().listen({ port: 3000 });`,
    }),
    good('Loaded first', {
      'server.ts': `
import './tracing.js';
import express from 'express';
express().listen(3000);`,
      'tracing.ts': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
sdk.start();`,
    }),
    good('Preloaded by the start command', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node --import ./tracing.js server.js" } }`,
      'server.js': `
import express from 'express';
express().listen(3000);`,
      'tracing.js': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import http from 'node:http';
new NodeSDK().start();`,
    }),
    good('Sentry for errors only', {
      'server.js': `
import Fastify from 'fastify';
import * as Sentry from '@sentry/node';
Sentry.init({ dsn: process.env.SENTRY_DSN });
Fastify().listen({ port: 3000 });`,
    }),
    good('CommonJS in the order of its text', {
      'server.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
new NodeSDK().start();
const app = require('express')();
app.listen(3000);`,
    }),
  ],
});
