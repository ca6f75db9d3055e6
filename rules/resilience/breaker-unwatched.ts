import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'resilience/breaker-unwatched',
  ensures: 'Somebody learns when a circuit opens, and callers get something instead.',
  severity: 'low',
  roles: ['service', 'worker'],
  cwe: 778,
  why: `While a circuit is open, every call fails at once. Without a fallback the users see errors, and without a listener nobody on call learns which dependency is the cause.`,
  fix: `Add \`breaker.fallback(…)\`, and count the \`open\`, \`halfOpen\` and \`close\` events in your metrics (\`opossum-prometheus\`).`,
  references: ['https://nodeshift.dev/opossum/#events'],
  needs: ['program', 'code'],
  about: { what: 'circuit breaker', isIn: ({ program }) => program.callsTo(/^opossum(\.default)?$/).length > 0 },
  *check({ program, code }) {
    for (const call of program.callsTo(/^opossum(\.default)?$/)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || !value.new) continue;
      const isWatched =
        code.callsOn(call, 'fallback', 'on', 'once', 'addListener').length > 0 || code.handedOut(call).length > 0;
      const isMonitored = [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => module === 'opossum-prometheus'),
      );
      if (isWatched || isMonitored) continue;
      yield {
        at: code.calleeAt(call),
        message: `When this circuit opens, nobody is told and there is nothing to fall back on.`,
      };
    }
  },
  examples: [
    bad('Just fired', {
      'rates.js': `
const CircuitBreaker = require('opossum');
const breaker = «new CircuitBreaker(load, { volumeThreshold: 5 })»;
exports.rates = () => breaker.fire();`,
    }),
    bad('Exported and fired elsewhere', {
      'breaker.ts': `
import CircuitBreaker from 'opossum';
export const breaker = «new CircuitBreaker(async () => 1)»;`,
      'rates.ts': `
import { breaker } from './breaker.js';
export const rates = () => breaker.fire();`,
    }),
    good('A fallback, or a listener in another file', {
      'breaker.ts': `
import CircuitBreaker from 'opossum';
export const breaker = new CircuitBreaker(async () => 1);
export const other = new CircuitBreaker(async () => 1);
other.fallback(() => 0);`,
      'metrics.ts': `
import { breaker } from './breaker.js';
breaker.on('open', () => console.warn('open'));`,
    }),
    good('Handed to a registry', {
      'breaker.js': `
const CircuitBreaker = require('opossum');
const { watch } = require('./watch');
watch(new CircuitBreaker(load));`,
      'watch.js': `exports.watch = (breaker) => { breaker.on('open', () => {}); };`,
    }),
  ],
});
