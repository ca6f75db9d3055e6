import { bad, defineRule, good } from '../../src/rule/rule.ts';

const RETRIES: readonly { readonly api: RegExp; readonly index: number; readonly names: readonly string[] }[] = [
  { api: /^(p-retry|async-retry)(\.default)?$/, index: 1, names: ['retries'] },
  { api: /^promise-retry$/, index: 0, names: ['retries'] },
  { api: /^axios-retry(\.default)?$/, index: 1, names: ['retries'] },
  { api: /^exponential-backoff\.backOff$/, index: 1, names: ['numOfAttempts'] },
  { api: /^got(\.extend|\.\w+)?$/, index: 1, names: ['retry'] },
];

/** More attempts than this only prolong an outage. */
const MOST = 10;

export default defineRule({
  id: 'resilience/retry-unbounded',
  ensures: 'A request gives up after a few attempts.',
  severity: 'medium',
  roles: ['service'],
  cwe: 799,
  why: `A client is waiting for this request. Attempts that go on for minutes outlive it, hold its memory and connections, and keep hammering a service that is down. \`p-retry\` alone makes ten retries, over a quarter of an hour in all.`,
  fix: `Three to five attempts, and one deadline over all of them: \`{ retries: 3, maxRetryTime: 10_000 }\`.`,
  references: ['https://github.com/sindresorhus/p-retry#options'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsTo(...RETRIES.map(({ api }) => api))) {
      const apis = code.apiOf(call);
      const row = RETRIES.find(({ api }) => apis.some((each) => api.test(each)));
      const reach = row && handlers.reach(call);
      if (!row || !reach || reach.handler.trigger === 'job') continue;
      for (const name of row.names) {
        const option = code.option(call, row.index, name);
        if (option.state === 'given') {
          const constants = program.constants(option.value);
          const forever =
            constants?.some((value) => typeof value === 'number' && value > MOST) ||
            program.apis(option.value).includes('Infinity') ||
            program.apis(option.value).includes('Number.POSITIVE_INFINITY');
          if (!forever) continue;
          yield {
            at: program.locationOf(option.value),
            message: `\`${program.describe(call)}\` tries ${program.describe(option.value)} times while a client waits, ${handlers.describe(reach)}.`,
          };
        } else if (
          option.state === 'absent' &&
          apis.some((api) => api.startsWith('p-retry')) &&
          ['maxRetryTime', 'maxTimeout', 'signal'].every((limit) => code.option(call, 1, limit).state === 'absent')
        ) {
          yield {
            at: program.locationOf(call),
            message: `Ten retries with pauses that double: \`${program.describe(call)}\` goes on for seventeen minutes while a client waits, ${handlers.describe(reach)}.`,
          };
        }
      }
    }
  },
  examples: [
    bad('p-retry as it comes', {
      'app.js': `
import express from 'express';
import pRetry from 'p-retry';
const app = express();
app.get('/', async (req, res) => res.json(await «pRetry(() => load())»));`,
    }),
    bad('Without end', {
      'app.ts': `
import Fastify from 'fastify';
import retry from 'async-retry';
const fastify = Fastify();
fastify.get('/', async () => retry(async () => (await fetch('https://a.example')).json(), { retries: «Infinity» }));`,
    }),
    good('A few', {
      'app.ts': `
import Fastify from 'fastify';
import pRetry from 'p-retry';
const fastify = Fastify();
fastify.get('/', async () => pRetry(() => load(), { retries: 3 }));`,
    }),
    good('A consumer may reconnect for ever', {
      'worker.js': `
const retry = require('async-retry');
retry(() => connect(), { retries: 1000 });`,
    }),
  ],
});
