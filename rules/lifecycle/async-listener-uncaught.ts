import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SERVERS = /^(https?\.createServer|http2\.create(Secure)?Server|net\.createServer)$/;
const TIMERS = /^(setInterval|setTimeout|setImmediate|process\.nextTick)$/;

export default defineRule({
  id: 'lifecycle/async-listener-uncaught',
  ensures: 'A rejected promise of a listener does not take the process down.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 248,
  why: `Event emitters, timers and \`http.createServer\` ignore what a listener returns. When an async one rejects, the rejection is unhandled and Node ends the process, with every request in it.`,
  fix: `Put the whole body of the listener in \`try … catch\` and answer, log or close in the \`catch\`.`,
  references: [
    'https://nodejs.org/api/events.html#asynchronous-vs-synchronous',
    'https://nodejs.org/api/cli.html#--unhandled-rejectionsmode',
  ],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    const listeners = program.callsTo('process.on', 'process.once', 'process.addListener');
    if (listeners.some((call) => listensFor(call, 'unhandledRejection'))) return;
    for (const node of program.nodesOf('function')) {
      const fn = program.functionAt(node);
      if (!fn?.fact.async) continue;
      for (const { call } of program.handedTo(fn.node)) {
        const kind = kindOf(call);
        if (!kind) continue;
        const thrown = code.throwsIn(fn).find(({ isCaught }) => !isCaught)?.at;
        const awaited = code.callsIn(fn).find((inner) => mayReject(inner));
        const at = thrown ?? (awaited === undefined ? undefined : program.locationOf(awaited));
        if (!at) continue;
        yield {
          at,
          message: `If this fails, the process ends: \`${program.describe(call)}\` ignores the promise of its ${kind === 'timer' ? 'callback' : 'listener'}.`,
          ...(kind === 'remote' && { severity: 'high' as const }),
          trail: [{ at: code.calleeAt(call), note: 'This does not wait for what the function returns.' }],
        };
        break;
      }
    }

    function mayReject(call: number): boolean {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || value.result !== 'awaited' || code.isCaught(call)) return false;
      const callee = program.valueOf(program.child(call, value.callee));
      if (callee.kind === 'member' && callee.property === 'catch') return false;
      const apis = code.apiOf(call);
      if (apis.some((api) => /^(timers\.promises\.\w+|Promise\.allSettled|events\.once)$/.test(api))) return false;
      if (callee.kind === 'member' && /^(then|finally)$/.test(callee.property ?? '')) return false;
      const own = program.callees(call);
      // an own function is harmless where nothing in it can fail
      if (own.length > 0)
        return own.some(
          (fn) =>
            code.throwsIn(fn).some(({ isCaught }) => !isCaught) ||
            code.callsIn(fn).some((inner) => inner !== call && isOutside(inner)),
        );
      return apis.length > 0 && isOutside(call);
    }

    /** Asks another process, a disk or the network: such calls do fail. */
    function isOutside(call: number): boolean {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || value.result !== 'awaited' || code.isCaught(call)) return false;
      return code.apiOf(call).some((api) => !/^(Promise|timers|setTimeout|console|process|util)\b/.test(api));
    }

    function listensFor(call: number, name: string): boolean {
      const event = code.argument(call, 0);
      return event.state === 'given' && program.constants(event.value)?.includes(name) === true;
    }

    function kindOf(call: number): 'remote' | 'local' | 'timer' | undefined {
      const apis = code.apiOf(call);
      if (apis.some((api) => SERVERS.test(api))) return 'remote';
      if (apis.some((api) => TIMERS.test(api))) return 'timer';
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      if (callee?.kind !== 'member' || !/^(on|once|addListener)$/.test(callee.property ?? '')) return undefined;
      if (program.callees(call).length > 0) return undefined;
      if (apis.some((api) => /^(fastify|hono|bullmq|@nestjs|process|koa)\b/.test(api))) return undefined;
      const event = code.argument(call, 0);
      const names = event.state === 'given' ? program.constants(event.value) : undefined;
      if (!names || names.some((name) => typeof name !== 'string')) return undefined;
      return (handlers.reach(call) ?? /^(http|ws|socket\.io|net)\b/.test(apis[0] ?? ''))
        ? 'remote'
        : apis.length > 0
          ? 'local'
          : undefined;
    }
  },
  examples: [
    bad('A plain HTTP server', {
      'server.js': `
const http = require('http');
const { Pool } = require('pg');
const pool = new Pool();
http.createServer(async (req, res) => {
  const { rows } = await «pool.query('SELECT 1')»;
  res.end(JSON.stringify(rows));
}).listen(3000);`,
    }),
    bad('A message of a client', {
      'server.ts': `
import { Server } from 'socket.io';
import { save } from './store.js';
const io = new Server(3000);
io.on('connection', (socket) => {
  socket.on('order', async (order) => { await «save(order)»; });
});`,
      'store.ts': `
import { writeFile } from 'node:fs/promises';
export async function save(order) { await writeFile('/data/' + order.id, order.text); }`,
    }),
    bad('A timer', {
      'jobs.js': `
const { createClient } = require('redis');
const redis = createClient();
setInterval(async () => { await «redis.set('seen', Date.now())»; }, 60_000);`,
    }),
    good('Everything in a try', {
      'server.js': `
const http = require('http');
const { Pool } = require('pg');
const pool = new Pool();
http.createServer(async (req, res) => {
  try { res.end(String((await pool.query('SELECT 1')).rowCount)); }
  catch (error) { console.error(error); res.writeHead(500).end(); }
}).listen(3000);`,
    }),
    good('Frameworks that wait', {
      'app.ts': `
import Fastify from 'fastify';
import { Pool } from 'pg';
const pool = new Pool();
const fastify = Fastify();
fastify.get('/', async () => (await pool.query('SELECT 1')).rows);
fastify.addHook('onRequest', async () => { await pool.query('SELECT 1'); });`,
      'mail.ts': `
import { Worker } from 'bullmq';
new Worker('mail', async () => { await fetch('https://example.org'); });`,
    }),
    good('The promise has its own catch', {
      'jobs.js': `
const { createClient } = require('redis');
const redis = createClient();
setInterval(async () => { await redis.set('seen', Date.now()).catch(console.error); }, 60_000);`,
    }),
  ],
});
