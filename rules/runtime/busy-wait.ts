import { bad, defineRule, good } from '../../src/rule/rule.ts';

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
        const hasInside = values.some(
          (value) =>
            inside(value.at) &&
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
        if (waited === undefined) continue;
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
