import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/exit-in-handler',
  ensures: 'A request cannot end the process.',
  severity: 'high',
  roles: ['service'],
  cwe: 382,
  why: `\`process.exit\` in what a request runs ends all other requests with it. A client who finds the input that leads there stops the service at will.`,
  fix: `Throw an error, or answer with one; leave the end of the process to the handlers of signals and uncaught errors.`,
  references: ['https://nodejs.org/api/process.html#processexitcode'],
  needs: ['program', 'code', 'handlers', 'servers'],
  *check({ program, code, handlers, servers }) {
    const ofShutdown = new Set(servers.process.flatMap(({ exits }) => exits));
    for (const call of program.callsTo('process.exit', 'process.abort')) {
      const reach = handlers.reach(call);
      if (!reach || reach.handler.trigger === 'job' || ofShutdown.has(call) || code.isEnvironmentGuarded(call))
        continue;
      const { registered } = reach.handler;
      if (registered !== undefined && code.isEnvironmentGuarded(registered)) continue;
      yield {
        at: program.locationOf(call),
        message: `A request ends the process, ${handlers.describe(reach)}.`,
        ...(reach.handler.byShape && { confidence: 'likely' as const }),
        trail: reach.calls.map((step) => ({ at: code.calleeAt(step), note: 'The request gets there by this call.' })),
      };
    }
  },
  examples: [
    bad('When a query fails', {
      'app.js': `
const app = require('express')();
app.get('/', async (req, res) => {
  try { res.json(await load()); } catch (error) { console.error(error); «process.exit(1)»; }
});`,
    }),
    bad('In a helper', {
      'server.ts': `
import Fastify from 'fastify';
import { parse } from './parse.js';
Fastify().post('/', async (request) => parse(request.body));`,
      'parse.ts': `
export function parse(body) {
  if (!body) «process.exit(2)»;
  return body;
}`,
    }),
    good('At the start, and in the handler of a signal', {
      'server.js': `
const app = require('express')();
if (!process.env.DATABASE_URL) process.exit(1);
const server = app.listen(3000, (error) => { if (error) process.exit(1); });
const stop = () => server.close(() => process.exit(0));
process.on('SIGTERM', stop);
app.get('/', (req, res) => res.end());`,
    }),
    good('In a listener for errors of the server itself', {
      'bin/www': `#!/usr/bin/env node
const app = require('../app');
const server = require('http').createServer(app);
server.listen(3000);
server.on('error', onError);
function onError(error) {
  if (error.code === 'EADDRINUSE') process.exit(1);
  throw error;
}`,
      'app.js': `
const app = require('express')();
app.get('/', (req, res) => res.end());
module.exports = app;`,
    }),
  ],
});
