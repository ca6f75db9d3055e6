import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'observability/tracing-not-flushed',
  ensures: 'The last spans are sent before the process ends.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  why: `Spans are sent in batches, five seconds apart. A process that ends without \`sdk.shutdown()\` loses the last batch: exactly the spans of the deploy, the crash or the function call one wants to see.`,
  fix: `\`await sdk.shutdown()\` in the one function that handles SIGTERM, after the server has closed; in a function, \`forceFlush()\` before it returns.`,
  references: ['https://opentelemetry.io/docs/languages/js/getting-started/nodejs/'],
  needs: ['program', 'code', 'telemetry'],
  about: { what: 'tracing', isIn: ({ telemetry }) => telemetry.starts.length > 0 },
  *check({ program, code, telemetry }) {
    const isFlushed =
      program.callsTo(/^@opentelemetry\/sdk-node(\.default)?\.NodeSDK\(\)\.shutdown$|\.forceFlush$/).length > 0;
    for (const { vendor, call } of telemetry.starts) {
      if (vendor !== 'OpenTelemetry' || isFlushed) continue;
      if (!code.apiOf(call).some((api) => api.endsWith('.start'))) continue;
      const sdks = code.receiversOf(call);
      if (sdks.some((sdk) => code.callsOn(sdk, 'shutdown').length > 0)) continue;
      if (sdks.some((sdk) => code.handedOut(sdk).some((taker) => program.callees(taker.call).length === 0))) continue;
      if (telemetry.preloads.some((preload) => preload.includes('auto-instrumentations-node/register'))) continue;
      yield {
        at: code.calleeAt(call),
        message: 'Nothing shuts this SDK down: the last spans of every process are lost.',
      };
    }
  },
  examples: [
    bad('Started and forgotten', {
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const sdk = new NodeSDK();
«sdk.start»();`,
    }),
    bad('Another thing is shut down', {
      'tracing.ts': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { pool } from './db.js';
const sdk = new NodeSDK();
«sdk.start»();
process.on('SIGTERM', () => pool.shutdown());`,
      'db.ts': `export const pool = { shutdown() {} };`,
    }),
    good('In the listener, in another file', {
      'tracing.ts': `
import { NodeSDK } from '@opentelemetry/sdk-node';
export const sdk = new NodeSDK();
sdk.start();`,
      'server.ts': `
import { sdk } from './tracing.js';
import express from 'express';
const server = express().listen(3000);
process.on('SIGTERM', () => server.close(async () => { await sdk.shutdown(); process.exit(0); }));`,
    }),
    good('Handed to what shuts everything down', {
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const closers = require('close-with-grace');
const sdk = new NodeSDK();
sdk.start();
closers(sdk);`,
    }),
  ],
});
