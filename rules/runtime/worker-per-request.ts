import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Beyond so many calls, something on the way usually keeps what is made. */
const NEAR = 3;

export default defineRule({
  id: 'runtime/worker-per-request',
  ensures: 'Worker threads and processes are a pool of fixed size.',
  severity: 'medium',
  roles: ['service'],
  cwe: 770,
  why: `A worker thread costs some tens of milliseconds to start and about ten megabytes; a forked process several times that. One for each request lets every client start as many as it likes, until memory or the process table is full.`,
  fix: `Use a pool (\`piscina\`, \`tinypool\`, \`workerpool\`) with as many threads as there are cores, and let requests wait for a free one.`,
  references: ['https://nodejs.org/api/worker_threads.html', 'https://github.com/piscinajs/piscina'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsTo('worker_threads.Worker', 'child_process.fork', 'cluster.fork')) {
      const value = program.valueOf(call);
      const apis = code.apiOf(call);
      const isThread = value.kind === 'call' && value.new === true && apis.includes('worker_threads.Worker');
      const isProcess = apis.some((api) => api === 'child_process.fork' || api === 'cluster.fork');
      if (!isThread && !isProcess) continue;
      const reach = handlers.reach(call);
      if (!reach || reach.handler.trigger === 'job' || code.isOnceOnly(call)) continue;
      yield {
        at: program.locationOf(call),
        message: `Every request starts a ${isThread ? 'worker thread' : 'process'} of its own, ${handlers.describe(reach)}.`,
        ...(reach.calls.length > NEAR && { unsure: 'So many calls away, a pool may keep what was started.' }),
      };
    }
  },
  examples: [
    bad('A thread in the handler', {
      'app.js': `
const { Worker } = require('worker_threads');
const app = require('express')();
app.post('/resize', (req, res) => {
  const worker = «new Worker('./resize.js', { workerData: req.body })»;
  worker.on('message', (image) => res.send(image)).on('error', () => res.status(500).end());
});`,
    }),
    bad('A process in a helper', {
      'report.ts': `
import { fork } from 'node:child_process';
export const report = () => «fork('./report-child.js')».on('error', console.error);`,
      'server.ts': `
import Fastify from 'fastify';
import { report } from './report.js';
Fastify().post('/report', async () => { report(); });`,
    }),
    good('A pool', {
      'app.js': `
const Piscina = require('piscina');
const pool = new Piscina({ filename: './resize.js' });
const app = require('express')();
app.post('/resize', async (req, res) => res.send(await pool.run(req.body)));`,
    }),
    good('One thread for the whole process', {
      'app.js': `
const { Worker } = require('worker_threads');
const worker = new Worker('./index-builder.js').on('error', console.error);
const app = require('express')();
app.post('/', (req, res) => { worker.postMessage(req.body); res.end(); });`,
    }),
  ],
});
