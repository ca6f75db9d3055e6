import { analyse } from 'scslre';
import type { Node, Program } from '../program/program.ts';
import type { Site } from './sites.ts';

const MAX_PATTERN = 600;
const ROW = { sink: 'pattern', label: 'regex' } as const;
/** Methods of a pattern that are given a text, and methods of a text that are given a pattern. */
const OF_PATTERN = new Set(['test', 'exec']);
const OF_TEXT = new Set(['match', 'matchAll', 'replace', 'replaceAll', 'search', 'split']);

/** Texts matched against a literal pattern that repeats something more than once: only such patterns can be slow. */
export function matchedSites(program: Program): readonly Site[] {
  return program.calls.flatMap((node): readonly Site[] => {
    const call = program.valueOf(node);
    if (call.kind !== 'call') return [];
    const calleeNode = program.child(node, call.callee);
    const callee = program.valueOf(calleeNode);
    if (callee.kind !== 'member' || callee.property === undefined) return [];
    const isOfPattern = OF_PATTERN.has(callee.property);
    if (!isOfPattern && !OF_TEXT.has(callee.property)) return [];
    const object = program.child(calleeNode, callee.object);
    const first = program.argument(node, 0);
    if (first === undefined) return [];
    const [text, regex] = isOfPattern ? [first, object] : [object, first];
    const pattern = patternOf(program, regex);
    if (!pattern) return [];
    const module = program.moduleOf(node);
    return [
      {
        row: ROW,
        module,
        block: call.block,
        into: `/${pattern.source.slice(0, 40)}/`,
        value: text,
        path: [],
        at: program.locationOf(node),
        guessed: false,
        pattern,
      },
    ];
  });
}

function patternOf(program: Program, node: Node): Site['pattern'] {
  const [origin] = program.origins(node);
  const value = origin === undefined ? undefined : program.valueOf(origin);
  if (value?.kind !== 'regex' || value.pattern.length > MAX_PATTERN) return undefined;
  const repeats = value.pattern.match(/[+*]|\{\d+,\}/g) ?? [];
  return repeats.length > 1 ? { source: value.pattern, flags: value.flags } : undefined;
}

/** Undefined for a pattern that is fast, or that cannot be judged. */
export function slownessOf({
  source,
  flags,
}: {
  readonly source: string;
  readonly flags: string;
}): 'exponential' | 'polynomial' | undefined {
  try {
    const { reports } = analyse(
      { source, flags: flags.replaceAll(/[^imsu]/g, '') },
      { reportTypes: { Move: false }, assumeRejectingSuffix: false },
    );
    if (reports.some(({ exponential }) => exponential)) return 'exponential';
    return reports.length > 0 ? 'polynomial' : undefined;
  } catch {
    return undefined;
  }
}
