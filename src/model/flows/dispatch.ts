import type { Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROWS = {
  any: { sink: 'method', label: 'property-name' },
  own: { sink: 'own-function', label: 'property-name' },
} as const;

/** `object[name](…)`: the name of the method is looked up on everything the object inherits. */
export function dispatchedSites(program: Program): readonly Site[] {
  return program.calls.flatMap((call): readonly Site[] => {
    const value = program.valueOf(call);
    if (value.kind !== 'call') return [];
    const callee = program.child(call, value.callee);
    const member = program.valueOf(callee);
    if (member.kind !== 'member' || member.key === undefined) return [];
    const key = program.child(callee, member.key);
    if (program.constants(key)) return [];
    return [
      {
        row: isTable(program, program.child(callee, member.object)) ? ROWS.own : ROWS.any,
        module: program.moduleOf(call),
        block: value.block,
        into: program.describe(program.child(callee, member.object)),
        value: key,
        path: [],
        at: program.locationOf(callee),
        guessed: false,
      },
    ];
  });
}

/** An object of the program's own functions: nothing else can be called but what every object inherits. */
const isTable = (program: Program, node: Node): boolean =>
  program.origins(node).every((origin) => program.valueOf(origin).kind === 'object');
