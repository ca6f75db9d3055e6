import { bad, defineRule, good } from '../../src/rule/rule.ts';

const AXIOS_RETRY = /^axios-retry(\.default)?$/;
const RETRIES = /^(p-retry|async-retry|promise-retry)(\.default)?$|^exponential-backoff\.backOff$/;

export default defineRule({
  id: 'resilience/retry-non-idempotent',
  ensures: 'Only calls that may be repeated are retried.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 837,
  why: `A POST that timed out may well have been carried out. Repeating it charges the card twice, sends the mail twice, creates the order twice.`,
  fix: `Send an \`Idempotency-Key\` the other side honours, or leave POST and PATCH out of the retries (\`axiosRetry.isNetworkOrIdempotentRequestError\`).`,
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2'],
  needs: ['program', 'code', 'clients'],
  *check({ program, code, clients }) {
    for (const call of program.callsTo(AXIOS_RETRY, RETRIES)) {
      if (code.apiOf(call).some((api) => AXIOS_RETRY.test(api))) {
        const condition = code.option(call, 1, 'retryCondition');
        if (condition.state !== 'given') continue;
        const [fn] = code.functionsIn(condition.value);
        const isAlways =
          fn &&
          fn.fact.returns.length > 0 &&
          fn.fact.returns.every(({ value }) =>
            program.constants(program.nodeIn(fn.module, value))?.every((each) => each === true),
          );
        if (!isAlways) continue;
        yield {
          at: program.locationOf(condition.value),
          message: 'Every failed call is repeated, POST and PATCH among them.',
        };
      } else {
        const task = code.argument(call, 0);
        const fns = task.state === 'given' ? code.functionsIn(task.value) : [];
        const inside = new Set(fns.flatMap((fn) => code.runs(fn)).flatMap((fn) => code.callsIn(fn)));
        const sent = clients.outbound.find(
          ({ call: sending, method }) => inside.has(sending) && /^(POST|PATCH)$/.test(method ?? ''),
        );
        if (!sent || hasKey(sent.call)) continue;
        yield {
          at: program.locationOf(sent.call),
          message: `This ${sent.method} is repeated when it fails, though it may have been carried out.`,
          trail: [{ at: code.calleeAt(call), note: 'The attempts are made here.' }],
        };
      }
    }

    function hasKey(call: number): boolean {
      const value = program.valueOf(call);
      if (value.kind !== 'call') return true;
      return value.args.some((argument) => {
        const headers = code.property(program.child(call, argument.value), 'headers');
        if (headers.state === 'unknown') return program.valueOf(program.child(call, argument.value)).kind === 'object';
        if (headers.state !== 'given') return false;
        return ['Idempotency-Key', 'idempotency-key', 'x-idempotency-key', 'X-Idempotency-Key', 'Idempotency-key'].some(
          (name) => code.property(headers.value, name).state !== 'absent',
        );
      });
    }
  },
  examples: [
    bad('axios-retry for whatever fails', {
      'http.js': `
const axiosRetry = require('axios-retry');
axiosRetry(require('axios'), { retries: 3, retryDelay: axiosRetry.exponentialDelay, retryCondition: «() => true» });`,
    }),
    bad('A payment in a retry', {
      'pay.ts': `
import pRetry from 'p-retry';
export const pay = (order) => pRetry(async () => {
  const answer = await «fetch('https://pay.example/charges', { method: 'POST', body: order.id })»;
  return answer.json();
}, { retries: 3 });`,
    }),
    good('With a key, or only reading', {
      'pay.ts': `
import pRetry from 'p-retry';
import axios from 'axios';
export const pay = (order) => pRetry(() =>
  axios.post('https://pay.example/charges', order, { headers: { 'Idempotency-Key': order.id } }), { retries: 3 });
export const read = (id) => pRetry(() => axios.get('https://pay.example/charges/' + id), { retries: 3 });`,
    }),
    good('axios-retry leaves POST out by itself', {
      'http.js': `
const axiosRetry = require('axios-retry');
axiosRetry(require('axios'), { retries: 3, retryDelay: axiosRetry.exponentialDelay });`,
    }),
  ],
});
