import { bad, defineRule, good } from '../../src/rule/rule.ts';

const BREAKER = /^(opossum|opossum\.default|cockatiel\.(circuitBreaker|bulkhead)|brakes|mollitia\.Circuit)$/;

export default defineRule({
  id: 'resilience/breaker-per-call',
  ensures: 'A circuit breaker remembers what happened before.',
  severity: 'high',
  roles: ['service', 'worker'],
  cwe: 665,
  why: `A breaker made anew for each call starts closed with empty counts: it can never open, so it protects from nothing, and opossum's timers of every one of them stay behind.`,
  fix: `Make it once per dependency, when the module is loaded, and call \`fire\` in the handler.`,
  references: ['https://nodeshift.dev/opossum/'],
  needs: ['program', 'code', 'handlers'],
  about: { what: 'circuit breaker', isIn: ({ program }) => program.callsTo(BREAKER).length > 0 },
  *check({ program, code, handlers }) {
    for (const call of program.callsTo(BREAKER)) {
      const apis = code.apiOf(call);
      if (!apis.some((api) => BREAKER.test(api))) continue;
      const value = program.valueOf(call);
      if (value.kind !== 'call' || (apis.some((api) => /^(opossum|brakes)/.test(api)) && !value.new)) continue;
      const reach = handlers.reach(call);
      if (!reach || code.isOnceOnly(call)) continue;
      yield {
        at: program.locationOf(call),
        message: `Every call gets a circuit breaker of its own, which cannot have seen a failure yet, ${handlers.describe(reach)}.`,
      };
    }
  },
  examples: [
    bad('In the handler', {
      'app.js': `
const CircuitBreaker = require('opossum');
const app = require('express')();
app.get('/', async (req, res) => {
  const breaker = «new CircuitBreaker(load, { timeout: 3000 })»;
  res.json(await breaker.fire());
});`,
    }),
    bad('In a helper', {
      'rates.ts': `
import CircuitBreaker from 'opossum';
export const rates = (id) => «new CircuitBreaker(load)».fire(id);
async function load(id) { return id; }`,
      'server.ts': `
import Fastify from 'fastify';
import { rates } from './rates.js';
Fastify().get('/:id', async (request) => rates(request.params.id));`,
    }),
    good('Once, or once per name', {
      'app.js': `
const CircuitBreaker = require('opossum');
const app = require('express')();
const breaker = new CircuitBreaker(load, { timeout: 3000 });
const breakers = new Map();
app.get('/:name', async (req, res) => {
  await breaker.fire();
  if (!breakers.has(req.params.name)) breakers.set(req.params.name, new CircuitBreaker(load));
  res.end();
});`,
    }),
  ],
});
