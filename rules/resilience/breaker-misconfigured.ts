import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What opossum reads, from the documentation of its constructor. */
const KNOWN = new Set([
  'status',
  'timeout',
  'maxFailures',
  'resetTimeout',
  'rollingCountTimeout',
  'rollingCountBuckets',
  'name',
  'rollingPercentilesEnabled',
  'capacity',
  'errorThresholdPercentage',
  'enabled',
  'allowWarmUp',
  'volumeThreshold',
  'errorFilter',
  'cache',
  'cacheTTL',
  'cacheSize',
  'cacheGetKey',
  'cacheTransport',
  'coalesce',
  'coalesceTTL',
  'coalesceSize',
  'coalesceResetOn',
  'abortController',
  'enableSnapshots',
  'rotateBucketController',
  'autoRenewAbortController',
  'group',
  'halfOpenMaxConcurrent',
]);

export default defineRule({
  id: 'resilience/breaker-misconfigured',
  ensures: 'The options of a circuit breaker mean what they say.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 1188,
  why: `opossum keeps options it does not know without a word. A \`threshold: 5\` has no effect: the breaker opens at half of the calls failing in ten seconds, which is the default. Seconds where milliseconds are meant open it on every call.`,
  fix: `Use \`errorThresholdPercentage\` with \`volumeThreshold\`, and \`timeout\` and \`resetTimeout\` in milliseconds.`,
  references: ['https://nodeshift.dev/opossum/#circuitbreaker'],
  needs: ['program', 'code'],
  about: { what: 'circuit breaker', isIn: ({ program }) => program.callsTo(/^opossum(\.default)?$/).length > 0 },
  *check({ program, code }) {
    for (const call of program.callsTo(/^opossum(\.default)?$/)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || !value.new) continue;
      const options = code.argument(call, 1);
      if (options.state !== 'given') continue;
      for (const origin of program.origins(options.value)) {
        const object = program.valueOf(origin);
        if (object.kind !== 'object') continue;
        for (const { name, at } of object.properties) {
          if (name === undefined || KNOWN.has(name)) continue;
          yield {
            at: program.locationIn(program.moduleOf(origin), at),
            message: `opossum has no option \`${name}\`; it is kept and never read.`,
          };
        }
      }
      const numberOf = (name: string): number | undefined => {
        const option = code.option(call, 1, name);
        const constants = option.state === 'given' ? program.constants(option.value) : undefined;
        const [only] = constants ?? [];
        return constants?.length === 1 && typeof only === 'number' ? only : undefined;
      };
      const placeOf = (name: string): ReturnType<typeof program.locationOf> => {
        const option = code.option(call, 1, name);
        return program.locationOf(option.state === 'given' ? option.value : call);
      };
      for (const name of ['timeout', 'resetTimeout']) {
        const number = numberOf(name);
        if (number === undefined || number <= 0 || number >= 100) continue;
        yield { at: placeOf(name), message: `\`${name}: ${number}\` is ${number} milliseconds; were seconds meant?` };
      }
      const percentage = numberOf('errorThresholdPercentage');
      if (percentage !== undefined && percentage <= 10) {
        yield {
          at: placeOf('errorThresholdPercentage'),
          message: `The breaker opens when ${percentage} % of the calls fail; was a number of failures meant?`,
        };
      }
    }
  },
  examples: [
    bad('Options of another library', {
      'rates.js': `
const CircuitBreaker = require('opossum');
const breaker = new CircuitBreaker(load, { timeout: 3000, «threshold: 5», «halfOpenAfter: 10000» });`,
    }),
    bad('Seconds and counts', {
      'rates.ts': `
import CircuitBreaker from 'opossum';
const options = { timeout: «30», resetTimeout: «60», errorThresholdPercentage: «5» };
export const breaker = new CircuitBreaker(async () => 1, options);`,
    }),
    good('Milliseconds and per cent', {
      'rates.js': `
const CircuitBreaker = require('opossum');
const breaker = new CircuitBreaker(load, {
  timeout: 3 * 1000, resetTimeout: 30_000, errorThresholdPercentage: 50, volumeThreshold: 5,
});`,
    }),
    good('Values of the environment, and another breaker', {
      'rates.ts': `
import CircuitBreaker from 'opossum';
import { Breaker } from './breaker.js';
export const a = new CircuitBreaker(async () => 1, { timeout: Number(process.env.TIMEOUT) });
export const b = new Breaker(async () => 1, { threshold: 5 });`,
      'breaker.ts': `export class Breaker { constructor(run, options) {} }`,
    }),
  ],
});
