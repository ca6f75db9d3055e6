import { bad, defineRule, good } from '../../src/rule/rule.ts';

const HOOK = /instrumentation\/hook\.mjs|import-in-the-middle/;
const BRINGS_IT =
  /auto-instrumentations-node\/register|@opentelemetry\/(instrumentation|api)\/hook|import-in-the-middle/;

export default defineRule({
  id: 'observability/module-hook-missing',
  ensures: 'OpenTelemetry sees what ES modules import.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  why: `OpenTelemetry changes packages when they are required. \`import\` does not ask it: without the module hook the spans of Express, Fastify or pg are missing, and traces have the bare HTTP request and nothing below it. Nobody sees an error.`,
  fix: `Register the hook in the file that is preloaded: \`register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)\` of \`node:module\`, or start with \`node --experimental-loader=@opentelemetry/instrumentation/hook.mjs --import ./tracing.js\`.`,
  references: [
    'https://github.com/open-telemetry/opentelemetry-js/blob/main/doc/esm-support.md',
    'https://nodejs.org/api/module.html#moduleregisterspecifier-parenturl-options',
  ],
  needs: ['program', 'code', 'telemetry', 'manifests'],
  about: { what: 'tracing', isIn: ({ telemetry }) => telemetry.starts.length > 0 },
  *check({ program, code, telemetry, manifests }) {
    if (telemetry.preloads.some((preload) => HOOK.test(preload) || BRINGS_IT.test(preload))) return;
    const imports = [...program.modules.values()].flatMap(({ facts }) => facts.imports);
    if (imports.some(({ module }) => BRINGS_IT.test(module ?? ''))) return;
    const registers = program.callsTo('module.register', 'module.registerHooks');
    if (registers.some((call) => hooksIn(call))) return;
    for (const { vendor, call } of telemetry.starts) {
      const { path } = program.moduleOf(call);
      if (vendor !== 'OpenTelemetry' || !isModule(path)) continue;
      const isInstrumented = code
        .receiversOf(call)
        .some((sdk) => code.option(sdk, 0, 'instrumentations').state === 'given');
      if (!isInstrumented) continue;
      yield {
        at: code.calleeAt(call),
        message: 'These instrumentations see nothing of what ES modules import: no hook is registered.',
        confidence: 'likely',
      };
    }

    /** What is registered is the hook, or cannot be seen. */
    function hooksIn(call: number): boolean {
      const specifier = code.argument(call, 0);
      const texts = specifier.state === 'given' ? program.constants(specifier.value) : undefined;
      return texts === undefined || texts.some((text) => HOOK.test(String(text)));
    }

    function isModule(path: string): boolean {
      if (/\.c[jt]s$/.test(path)) return false;
      return /\.m[jt]s$/.test(path) || manifests.above(path)?.isModule === true;
    }
  },
  examples: [
    bad('An ES module that is preloaded', {
      'package.json': `{ "name": "shop", "private": true, "type": "module", "scripts": { "start": "node --import ./tracing.js server.js" } }`,
      'server.js': `
import express from 'express';
express().listen(3000);`,
      'tracing.js': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
«sdk.start»();`,
    }),
    bad('A file that is one by its name', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node --import ./tracing.mjs server.mjs" } }`,
      'server.mjs': `
import Fastify from 'fastify';
Fastify().listen({ port: 3000 });`,
      'tracing.mjs': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { FastifyOtelInstrumentation } from '@fastify/otel';
const sdk = new NodeSDK({ instrumentations: [new FastifyOtelInstrumentation()] });
«sdk.start»();`,
    }),
    good('The hook is registered', {
      'package.json': `{ "name": "shop", "private": true, "type": "module", "scripts": { "start": "node --import ./tracing.js server.js" } }`,
      'server.js': `
import express from 'express';
express().listen(3000);`,
      'tracing.js': `
import { register } from 'node:module';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
sdk.start();`,
    }),
    good('By the start command', {
      'package.json': `{ "name": "shop", "private": true, "type": "module", "scripts": { "start": "node --experimental-loader=@opentelemetry/instrumentation/hook.mjs --import ./tracing.js server.js" } }`,
      'server.js': `
import express from 'express';
express().listen(3000);`,
      'tracing.js': `
import { NodeSDK } from '@opentelemetry/sdk-node';
const sdk = new NodeSDK({ instrumentations: [] });
sdk.start();`,
    }),
    good('CommonJS, and spans made by hand', {
      'server.js': `
require('./tracing');
require('express')().listen(3000);`,
      'tracing.js': `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { getNodeAutoInstrumentations } = require('@opentelemetry/auto-instrumentations-node');
new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] }).start();`,
    }),
  ],
});
