import { bad, defineRule, good } from '../../src/rule/rule.ts';

const CLOCK = /^(Date|performance)\.now\(/;

export default defineRule({
  id: 'runtime/busy-wait',
  ensures: 'No loop waits for something that can only happen after it.',
  severity: 'high',
  roles: ['service', 'worker', 'cli'],
  cwe: 835,
  why: `While a loop runs, no timer, no callback and no I/O of the process does. A loop that waits for a variable another callback sets never ends: the process stands still at full load.`,
  fix: `Await a promise or an event instead of looping.`,
  references: ['https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick'],
  needs: ['program'],
  *check({ program }) {
    for (const module of program.modules.values()) {
      const { blocks, values, functions } = module.facts;
      for (const [id, block] of blocks.entries()) {
        if (block.kind !== 'loop' || block.condition === undefined || block.at[1] <= block.at[0]) continue;
        if (functions[block.function]?.generator) continue;
        const condition = values[block.condition];
        if (!condition) continue;
        const inside = (at: readonly [number, number]): boolean => at[0] >= block.at[0] && at[1] <= block.at[1];
        const clock = partsOf(block.condition).find(
          (part) => values[part]?.kind === 'call' && CLOCK.test(program.describe(module.first + part)),
        );
        const asks = (at: readonly [number, number]): boolean =>
          clock !== undefined && at[0] >= condition.at[0] && at[1] <= condition.at[1];
        const hasInside = values.some(
          (value) =>
            inside(value.at) &&
            !asks(value.at) &&
            (value.kind === 'call' ||
              value.kind === 'await' ||
              value.kind === 'yield' ||
              value.kind === 'element' ||
              value.kind === 'function'),
        );
        const leaves = blocks.some((each, other) => other !== id && inside(each.at) && each.leaves !== undefined);
        const writes =
          module.facts.writes.some(({ at }) => inside(at)) || module.facts.throws.some(({ at }) => inside(at));
        if (hasInside || leaves || writes) continue;
        const isChanged = (asked: number): boolean => {
          const variable = values[asked];
          if (variable?.kind !== 'variable') return false;
          return values.some(
            (value) =>
              inside(value.at) &&
              value.kind === 'operation' &&
              /^(\+\+|--)$/.test(value.operator) &&
              value.operands.some((operand) => {
                const counted = values[operand.value];
                return counted?.kind === 'variable' && counted.name === variable.name;
              }),
          );
        };
        if (clock !== undefined) {
          yield {
            at: program.locationIn(module, condition.at),
            message: `This loop spins until ${program.describe(module.first + clock)} has got far enough: nothing else runs meanwhile.`,
          };
          continue;
        }
        // what the loop itself assigns is an \`either\` of its start and its end
        const parts = partsOf(block.condition);
        if (
          parts.some(
            (part) =>
              values[part]?.kind === 'either' ||
              (values[part]?.kind === 'operation' &&
                /^(\+\+|--)$/.test((values[part] as { operator: string }).operator)),
          )
        )
          continue;
        const waited = parts.find((part) => values[part]?.kind === 'variable');
        if (waited === undefined || isChanged(waited)) continue;
        yield {
          at: program.locationIn(module, condition.at),
          message: `This loop waits for \`${program.describe(module.first + waited)}\` to change, which cannot happen while it runs.`,
        };
      }

      function partsOf(value: number): readonly number[] {
        const each = values[value];
        if (each?.kind === 'operation') return [value, ...each.operands.flatMap((operand) => partsOf(operand.value))];
        if (each?.kind === 'member') return [value, ...partsOf(each.object)];
        return [value];
      }
    }
  },
  examples: [
    bad('Waiting for a callback', {
      'server.js': `
let ready = false;
connect(() => { ready = true; });
while («!ready») {}
serve();`,
    }),
    bad('Until the time has come', {
      'sleep.js': `
function sleep(ms) {
  const end = Date.now() + ms;
  while («Date.now() < end»);
}
require('http').createServer((req, res) => { sleep(30); res.end(); }).listen(80);`,
    }),
    good('A slice of time for work', {
      'slice.js': `
function work(queue) {
  const end = Date.now() + 20;
  while (queue.length > 0 && Date.now() < end) step(queue.shift());
}
setInterval(work, 50, []);`,
    }),
    bad('In a function', {
      'start.ts': `
import { sync } from './db.js';
let done = false;
export function start() {
  sync().then(() => { done = true; });
  while («done === false»);
}`,
      'db.ts': `export const sync = async () => {};`,
    }),
    good('It counts a variable of the function around it', {
      'print.js': `
let line = 0;
function newline() { line = 0; }
exports.newline = newline;
exports.print = (target) => {
  let out = '';
  while (line < target) {
    out += '\\n';
    line++;
  }
  return out;
};`,
    }),
    good('The body changes what is tested', {
      'app.js': `
let left = 10;
while (left > 0) left -= 1;
const queue = [1, 2];
while (queue.length > 0) queue.pop();
for (let i = 0; i < 3; i++) {}`,
    }),
    good('It awaits in between', {
      'app.js': `
let ready = false;
connect(() => { ready = true; });
(async () => { while (!ready) await new Promise((go) => setTimeout(go, 50)); })();`,
    }),
  ],
});
