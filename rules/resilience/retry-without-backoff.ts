import { bad, defineRule, good } from '../../src/rule/rule.ts';

const AXIOS_RETRY = /^axios-retry(\.default)?$/;
const RETRIES = /^(p-retry|async-retry|promise-retry)(\.default)?$/;

export default defineRule({
  id: 'resilience/retry-without-backoff',
  ensures: 'A failed call is tried again after a growing pause.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 799,
  why: `Retries without a pause hit a service at the very moment it is down or overloaded, several times per request and from all instances at once. They turn a short failure into a long one. \`axios-retry\` has no pause unless it is given one.`,
  fix: `axios-retry: \`retryDelay: axiosRetry.exponentialDelay\`. By hand: wait \`Math.random() * base * 2 ** attempt\`, at most a few times.`,
  references: [
    'https://github.com/softonic/axios-retry#options',
    'https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(AXIOS_RETRY, RETRIES)) {
      const apis = code.apiOf(call);
      if (apis.some((api) => AXIOS_RETRY.test(api))) {
        if (code.option(call, 1, 'retryDelay').state !== 'absent') continue;
        yield {
          at: program.locationOf(call),
          message: 'axios-retry tries again at once: without `retryDelay` there is no pause between the attempts.',
        };
      } else {
        const index = apis.some((api) => api.startsWith('promise-retry')) ? 0 : 1;
        const factor = code.option(call, index, 'factor');
        const least = code.option(call, index, 'minTimeout');
        const isFlat = factor.state === 'given' && program.constants(factor.value)?.every((value) => value === 1);
        const isZero = least.state === 'given' && program.constants(least.value)?.every((value) => value === 0);
        if (!isFlat && !isZero) continue;
        const at = isZero ? least : factor;
        yield {
          at: program.locationOf(at.state === 'given' ? at.value : call),
          message: isZero ? 'The retries start without a pause.' : 'The pause between the retries does not grow.',
        };
      }
    }
  },
  examples: [
    bad('axios-retry as it comes', {
      'http.js': `
const axios = require('axios');
const axiosRetry = require('axios-retry');
«axiosRetry(axios, { retries: 3 })»;`,
    }),
    bad('No pause, or one that never grows', {
      'http.ts': `
import pRetry from 'p-retry';
export const load = () => pRetry(() => fetch('https://a.example'), { retries: 3, factor: «1» });
export const again = () => pRetry(() => fetch('https://a.example'), { retries: 3, minTimeout: «0» });`,
    }),
    good('A growing pause', {
      'http.ts': `
import axios from 'axios';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import pRetry from 'p-retry';
axiosRetry(axios, { retries: 3, retryDelay: exponentialDelay });
export const load = () => pRetry(() => fetch('https://a.example'), { retries: 3 });`,
    }),
    good('Options from elsewhere', {
      'http.js': `
const axiosRetry = require('axios-retry');
const { retry } = require('./settings.json');
axiosRetry(require('axios'), retry);`,
    }),
  ],
});
