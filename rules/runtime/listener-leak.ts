import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'runtime/listener-leak',
  ensures: 'Listeners and intervals a request adds are removed when it is over.',
  severity: 'medium',
  roles: ['service'],
  cwe: 401,
  why: `A listener on something that outlives the request keeps the request, its response and all they hold in memory for ever, and runs for every later event. An interval does the same and takes time as well: each request makes the process a little slower until it dies.`,
  fix: `Remove it when the request ends (\`res.on('close', …)\`), listen with \`once\` or an \`AbortSignal\`, or listen once at the start. Keep the handle of an interval and clear it.`,
  references: ['https://nodejs.org/api/events.html#emittersetmaxlistenersn'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    const listening = program.callsNamed('on', 'addListener', 'prependListener');
    for (const call of [...program.callsTo('setInterval'), ...listening]) {
      const reach = handlers.reach(call);
      if (!reach || code.isOnceOnly(call)) continue;
      const apis = code.apiOf(call);
      if (apis.includes('setInterval')) {
        if (code.handedOut(call).length > 0 || isKept(call) || isCleared(call)) continue;
        yield {
          at: program.locationOf(call),
          message: `Every request starts an interval that is never cleared, ${handlers.describe(reach)}.`,
        };
        continue;
      }
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      if (value.kind !== 'call' || callee?.kind !== 'member') continue;
      if (program.callees(call).length > 0 || value.args.length > 2) continue;
      const [emitter, ...others] = code.receiversOf(call);
      if (emitter === undefined || others.length > 0 || !outlives(emitter)) continue;
      if (code.callsOn(emitter, 'off', 'removeListener', 'removeAllListeners').length > 0) continue;
      const listener = code.argument(call, 1);
      const fns = listener.state === 'given' ? code.functionsIn(listener.value) : [];
      const isRemoved = fns.some((fn) =>
        program
          .handedTo(fn.node)
          .some((taker) => code.apiOf(taker.call).some((api) => /\.(off|removeListener)$/.test(api))),
      );
      if (isRemoved) continue;
      yield {
        at: program.locationOf(call),
        message: `Every request adds a listener to \`${program.describe(program.child(program.child(call, value.callee), callee.object))}\`, which outlives it, and none removes it, ${handlers.describe(reach)}.`,
      };
    }

    function outlives(emitter: number): boolean {
      const made = program.valueOf(emitter);
      if (made.kind === 'global') return made.name === 'process' || /emitter|(^|[a-z])(bus|events)$/i.test(made.name);
      if (made.kind === 'import')
        return (
          made.module.startsWith('.') || program.apis(emitter).some((api) => api === 'process' || api === 'cluster')
        );
      return made.kind === 'call' && handlers.isLongLived(emitter);
    }

    /** In a property or a variable somebody else can reach. */
    function isKept(call: number): boolean {
      const module = program.moduleOf(call);
      return [...program.modules.values()].some(
        (each) =>
          each === module &&
          each.facts.writes.some((write) => program.origins(program.nodeIn(each, write.value)).includes(call)),
      );
    }

    function isCleared(call: number): boolean {
      const owner = code.ownerOf(call);
      return program
        .callsTo('clearInterval')
        .some((each) => program.moduleOf(each) === program.moduleOf(call) && owner !== undefined && each !== call);
    }
  },
  examples: [
    bad('On the process, in a handler', {
      'app.js': `
const app = require('express')();
app.get('/events', (req, res) => {
  «process.on('SIGTERM', () => res.end())»;
});`,
    }),
    bad('On an own emitter in another module', {
      'bus.ts': `
import { EventEmitter } from 'node:events';
export const bus = new EventEmitter();`,
      'server.ts': `
import Fastify from 'fastify';
import { bus } from './bus.js';
const fastify = Fastify();
fastify.get('/stream', (request, reply) => {
  «bus.on('news', (item) => reply.raw.write(item))»;
});`,
    }),
    bad('An interval per connection', {
      'app.js': `
const app = require('express')();
app.get('/stream', (req, res) => {
  «setInterval(() => res.write('tick'), 1000)»;
});`,
    }),
    good('Removed when the request ends', {
      'bus.ts': `
import { EventEmitter } from 'node:events';
export const bus = new EventEmitter();`,
      'server.ts': `
import express from 'express';
import { bus } from './bus.js';
const app = express();
app.get('/stream', (req, res) => {
  const send = (item) => res.write(item);
  bus.on('news', send);
  res.on('close', () => bus.off('news', send));
  const timer = setInterval(() => res.write(':'), 15000);
  req.on('close', () => clearInterval(timer));
});`,
    }),
    good('On the request itself, or once', {
      'app.js': `
const { EventEmitter } = require('events');
const bus = new EventEmitter();
const app = require('express')();
app.get('/', (req, res) => {
  req.on('data', () => {});
  bus.once('ready', () => res.end());
});
process.on('SIGTERM', () => {});
setInterval(() => bus.emit('tick'), 1000);`,
    }),
  ],
});
