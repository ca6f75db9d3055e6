import type { Program } from '../program/program.ts';
import type { Site } from './site.ts';

interface PropertyRow {
  readonly in: 'jsx' | 'object';
  readonly name: string;
  readonly row: Site['row'];
  /** The part of the value that matters. */
  readonly path: readonly string[];
}

/** Properties that are sinks whatever the object is given to. */
const PROPERTIES: readonly PropertyRow[] = [
  // markup that React does not escape
  { in: 'jsx', name: 'dangerouslySetInnerHTML', row: { sink: 'html', label: 'html' }, path: ['__html'] },
  // a pattern for MongoDB
  { in: 'object', name: '$regex', row: { sink: 'regex', label: 'regex' }, path: [] },
];

/** What such properties are given. */
export function propertySites(program: Program): readonly Site[] {
  return [...program.modules.values()].flatMap((module) =>
    module.facts.values.flatMap((value): readonly Site[] => {
      if (value.kind !== 'jsx' && value.kind !== 'object') return [];
      return value.properties.flatMap((property) =>
        PROPERTIES.filter((each) => each.name === property.name && each.in === value.kind).map(
          ({ name, row, path }): Site => ({
            row,
            module,
            block: blockAt(module.facts.blocks, property.at),
            into: name,
            value: program.nodeIn(module, property.value),
            path,
            at: program.locationIn(module, property.at),
            guessed: false,
          }),
        ),
      );
    }),
  );
}

/** The innermost block around a range. */
function blockAt(
  blocks: readonly { readonly at: readonly [number, number] }[],
  [start, end]: readonly [number, number],
): number {
  let best = 0;
  blocks.forEach(({ at }, id) => {
    const innermost = blocks[best]?.at ?? at;
    if (at[0] <= start && at[1] >= end && at[1] - at[0] <= innermost[1] - innermost[0]) best = id;
  });
  return best;
}
