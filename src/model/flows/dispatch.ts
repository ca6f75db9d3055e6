import type { Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'method', label: 'property-name' } as const;

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
        row: ROW,
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
