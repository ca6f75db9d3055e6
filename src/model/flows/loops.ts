import type { Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'size', label: 'size' } as const;

/** How often something is done: the bound of `for (let i = 0; i < n; i += 1)`, the count of `text.repeat(n)`. */
export function countedSites(program: Program): readonly Site[] {
  const bounds = [...program.modules.values()].flatMap((module) =>
    module.facts.blocks.flatMap(({ kind, condition, parent }): readonly Site[] => {
      if (kind !== 'loop' || condition === undefined) return [];
      const node = program.nodeIn(module, condition);
      const value = program.valueOf(node);
      if (value.kind !== 'operation' || !/^[<>]=?$/.test(value.operator)) return [];
      const bound = value.operands[value.operator.startsWith('<') ? 1 : 0];
      if (!bound) return [];
      return [
        {
          row: ROW,
          module,
          block: parent ?? 0,
          into: 'a loop',
          value: program.nodeIn(module, bound.value),
          path: [],
          at: program.locationIn(module, bound.at),
          guessed: false,
        },
      ];
    }),
  );
  return [...bounds, ...program.calls.flatMap((call) => repeatedAt(program, call))];
}

function repeatedAt(program: Program, call: Node): readonly Site[] {
  const value = program.valueOf(call);
  const use = value.kind === 'call' ? value.args[0] : undefined;
  if (value.kind !== 'call' || !use) return [];
  const callee = program.valueOf(program.child(call, value.callee));
  // Array.from({ length: n })
  const list = program.valueOf(program.child(call, use.value));
  const length = list.kind === 'object' ? list.properties.find(({ name }) => name === 'length') : undefined;
  if (length && callee.kind === 'member' && callee.property === 'from') {
    const { value: id, at } = length;
    const module = program.moduleOf(call);
    const count = program.child(call, id);
    return [
      {
        row: ROW,
        module,
        block: value.block,
        into: 'Array.from',
        value: count,
        path: [],
        at: program.locationIn(module, at),
        guessed: false,
      },
    ];
  }
  if (callee.kind !== 'member' || !/^(repeat|padStart|padEnd)$/.test(callee.property ?? '')) return [];
  return [
    {
      row: ROW,
      module: program.moduleOf(call),
      block: value.block,
      into: program.describe(program.child(call, value.callee)),
      value: program.child(call, use.value),
      path: [],
      at: program.locationIn(program.moduleOf(call), use.at),
      guessed: false,
    },
  ];
}
