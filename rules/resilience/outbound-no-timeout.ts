import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** They give up at last, after minutes; the others wait for ever. */
const GIVES_UP_LATE: ReadonlySet<string> = new Set(['fetch', 'undici']);

export default defineRule({
  id: 'resilience/outbound-no-timeout',
  ensures: 'Every call of another service gives up in time.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 1088,
  why: `When the other service hangs, so does every request that waits for it: sockets, memory and connections pile up until this service stops answering as well. An outage elsewhere becomes an outage here.`,
  fix: `Pass \`signal: AbortSignal.timeout(ms)\` (fetch, undici, axios) or \`timeout\` (axios, got), or set it once on the instance.`,
  references: [
    'https://nodejs.org/api/globals.html#static-method-abortsignaltimeoutdelay',
    'https://axios-http.com/docs/req_config',
  ],
  needs: ['program', 'code', 'clients', 'handlers', 'roles'],
  *check({ program, code, clients, handlers, roles }) {
    // what nothing loads was cut out of something that calls it
    const excerpts = new Set(
      roles.entries.filter(({ kind }) => kind === 'excerpt' || kind === 'assumed').map(({ path }) => path),
    );
    for (const { call, deadline, waits, library } of clients.outbound) {
      if (deadline === 'bounded') continue;
      const reach = handlers.reach(call);
      if (!reach) {
        if (deadline === 'unbounded' && excerpts.has(program.moduleOf(call).path) && code.ownerOf(call))
          yield { at: program.locationOf(call), message: `\`${program.describe(call)}\` has no deadline (${waits}).` };
        continue;
      }
      yield {
        at: program.locationOf(call),
        message: `\`${program.describe(call)}\` has no deadline (${waits}), ${handlers.describe(reach)}.`,
        trail: reach.calls.map((step) => ({ at: code.calleeAt(step), note: 'The request gets there by this call.' })),
        ...(reach.handler.trigger !== 'job' && !GIVES_UP_LATE.has(library) && { severity: 'high' as const }),
        ...(deadline === 'unknown' && { unsure: 'Its options cannot be seen from here; they may hold one.' }),
      };
    }
  },
  examples: [
    bad('In an excerpt nobody is seen to call', {
      'rates.ts': `import axios from 'axios';\nexport async function rates(currency: string) {\n  const { data } = await «axios.get('https://rates.example/' + currency)»;\n  return data;\n}\n`,
    }),
    bad('axios, in a service two calls below the route', {
      'server.ts': `
import express from 'express';
import { rates } from './rates.js';
const app = express();
app.get('/price', async (req, res) => res.json(await rates(req.query.currency)));`,
      'rates.ts': `
import axios from 'axios';
export async function rates(currency) {
  const { data } = await «axios.get('https://rates.example/' + currency)»;
  return data;
}`,
    }),
    bad('fetch with other options', {
      'app.js': `
const fastify = require('fastify')();
fastify.post('/notify', async (request) => {
  await «fetch('https://hooks.example', { method: 'POST', body: JSON.stringify(request.body) })»;
});`,
    }),
    bad('An instance without one, and node:http', {
      'app.js': `
const axios = require('axios');
const https = require('https');
const api = axios.create({ baseURL: 'https://api.example' });
const app = require('express')();
app.get('/', async (req, res) => {
  const { data } = await «api.post('/orders', { id: 1 })»;
  «https.get('https://other.example', (answer) => answer.pipe(res))».on('error', () => res.end(data));
});`,
    }),
    unsure('The options come from elsewhere', {
      'app.js': `
const axios = require('axios');
const { options } = require('./options.json');
const app = require('express')();
app.get('/', async (req, res) => res.json((await «axios.get('https://api.example', options)»).data));`,
    }),
    good('Each in its own way', {
      'app.js': `
const axios = require('axios');
const got = require('got');
const api = axios.create({ timeout: 5000 });
const app = require('express')();
app.get('/', async (req, res) => {
  await api.get('https://a.example');
  await axios.get('https://b.example', { signal: AbortSignal.timeout(1000) });
  await fetch('https://c.example', { signal: req.signal });
  await got('https://d.example', { timeout: { request: 1000 } });
  res.end();
});`,
    }),
    good('A default for all, a wrapper, a race', {
      'http.ts': `
import axios from 'axios';
axios.defaults.timeout = 4000;
const DEFAULTS = { headers: {}, signal: AbortSignal.timeout(1000) };
export const call = (url, options = {}) => fetch(url, { ...DEFAULTS, ...options });`,
      'app.ts': `
import Koa from 'koa';
import axios from 'axios';
import pTimeout from 'p-timeout';
import { call } from './http.js';
const app = new Koa();
app.use(async (ctx) => {
  await call('https://a.example');
  ctx.body = (await axios.get('https://b.example')).data;
  await pTimeout(fetch('https://c.example'), { milliseconds: 1000 });
});`,
    }),
    good('ky has a deadline of its own', {
      'app.ts': `
import ky from 'ky';
import { Hono } from 'hono';
const app = new Hono();
app.get('/', async (c) => c.json(await ky.get('https://a.example').json()));`,
    }),
    good('At the start, nobody waits', {
      'start.js': `fetch('https://a.example').then(() => {});`,
    }),
  ],
});
