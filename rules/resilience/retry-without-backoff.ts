import { bad, defineRule, good } from '../../src/rule/rule.ts';

const AXIOS_RETRY = /^axios-retry(\.default)?$/;
const PAUSES = /sleep|delay|wait|timeout|backoff|pause|later|tick/i;
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
  needs: ['program', 'code', 'clients'],
  *check({ program, code, clients }) {
    for (const { call } of clients.outbound) {
      const loop = retryingLoop(call);
      if (loop !== undefined)
        yield {
          at: program.locationOf(call),
          message: `\`${program.describe(call)}\` is tried again at once when it fails.`,
        };
    }
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

    /** A loop around a call that ends when it worked, whose `catch` lets it go round again without a pause. */
    function retryingLoop(call: number): number | undefined {
      const { facts } = program.moduleOf(call);
      const around = code.blocksAround(call);
      const attempt = around.findIndex(({ kind }) => kind === 'try');
      const loop = around.findIndex(({ kind }, index) => index > attempt && kind === 'loop');
      const tried = around[attempt];
      const round = around[loop];
      if (!tried || !round || tried.leaves === undefined || tried.leaves === 'continue') return undefined;
      const caught = facts.blocks.find(
        ({ kind, at }) => kind === 'catch' && at[0] >= tried.at[1] && at[1] <= round.at[1],
      );
      if (!caught) return undefined;
      const within = ({ at }: { readonly at: readonly [number, number] }, { at: range }: typeof round): boolean =>
        at[0] >= range[0] && at[1] <= range[1];
      const ends = facts.blocks.some(
        (block) => within(block, caught) && /^(return|throw|break|exit)$/.test(block.leaves ?? ''),
      );
      const pauses = facts.values.some(
        (value, id) =>
          (value.kind === 'await' && within(value, caught)) ||
          (value.kind === 'call' &&
            within(value, round) &&
            PAUSES.test(program.describe(program.moduleOf(call).first + id))),
      );
      // what goes on with the next of a list tries another one
      const isOverList = facts.values.some((value) => value.kind === 'element' && within(value, round));
      return ends || pauses || isOverList ? undefined : loop;
    }
  },
  examples: [
    bad('A loop that begins again at once', {
      'http.js': `
exports.load = async (url) => {
  for (;;) {
    try {
      return await «fetch(url)»;
    } catch (err) {
      console.log('again', err.message);
    }
  }
};`,
    }),
    good('A loop with a pause, and one over many addresses', {
      'http.js': `
exports.load = async (url) => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetch(url);
    } catch (err) {
      if (attempt > 3) throw err;
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
    }
  }
};
exports.all = async (urls) => {
  for (const url of urls) {
    try {
      await fetch(url);
    } catch (err) {
      console.log(err);
    }
  }
};`,
    }),
    good('The first mirror that answers', {
      'http.js': `
exports.first = async (mirrors) => {
  for (const mirror of mirrors) {
    try {
      return await fetch(mirror + '/list');
    } catch (err) {
      console.log(err);
    }
  }
};`,
    }),
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
