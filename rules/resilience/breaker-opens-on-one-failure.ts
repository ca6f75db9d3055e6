import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'resilience/breaker-opens-on-one-failure',
  ensures: 'A circuit breaker opens on a pattern, not on a single failure.',
  severity: 'low',
  roles: ['service', 'worker'],
  cwe: 1188,
  why: `opossum counts in per cent and by default from the first call on (\`volumeThreshold: 0\`): one failure after a quiet spell is a hundred per cent, and the circuit is open for thirty seconds.`,
  fix: `Set \`volumeThreshold\` to the number of calls below which failures say nothing, for example 5.`,
  references: ['https://nodeshift.dev/opossum/#circuitbreaker'],
  needs: ['program', 'code'],
  about: { what: 'circuit breaker', isIn: ({ program }) => program.callsTo(/^opossum(\.default)?$/).length > 0 },
  *check({ program, code }) {
    for (const call of program.callsTo(/^opossum(\.default)?$/)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || !value.new) continue;
      const isSet = ['volumeThreshold', 'allowWarmUp'].some((name) => {
        const option = code.option(call, 1, name);
        if (option.state === 'unknown') return true;
        return (
          option.state === 'given' && !program.constants(option.value)?.every((each) => each === 0 || each === false)
        );
      });
      if (isSet) continue;
      yield {
        at: code.calleeAt(call),
        message: `This breaker opens on the first failure: \`volumeThreshold\` is 0.`,
      };
    }
  },
  examples: [
    bad('The default', {
      'rates.js': `
const CircuitBreaker = require('opossum');
const breaker = «new CircuitBreaker(load, { timeout: 3000 })»;`,
    }),
    bad('Through a property of a module', {
      'rates.ts': `
import * as opossum from 'opossum';
export const breaker = new «opossum.default»(async () => 1);`,
    }),
    good('After some calls, or after a warm-up', {
      'rates.js': `
const CircuitBreaker = require('opossum');
const a = new CircuitBreaker(load, { timeout: 3000, volumeThreshold: 5 });
const b = new CircuitBreaker(load, { allowWarmUp: true });`,
    }),
    good('Options from elsewhere', {
      'rates.js': `
const CircuitBreaker = require('opossum');
const breaker = new CircuitBreaker(load, require('./settings.json').breaker);`,
    }),
  ],
});
