import type { Node, Program } from '../program/program.ts';
import type { Next } from './search.ts';

/** Methods that register a listener for an event. */
export const LISTENING: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener']);
const MAX_EMITS = 24;

/** What a listener's parameter is given: the arguments of `emit` for the same event, of the same emitter. */
export function emittedTo(program: Program, listening: Node, index: number, path: readonly string[]): readonly Next[] {
  const events = eventsOf(program, listening);
  if (events.length === 0) return [];
  const emits = program
    .callsNamed('emit')
    .filter(
      (emit) =>
        eventsOf(program, emit).some((event) => events.includes(event)) &&
        isSame(program, receiverOf(program, listening), receiverOf(program, emit)),
    );
  return emits.slice(0, MAX_EMITS).flatMap((emit): readonly Next[] => {
    const call = program.valueOf(emit);
    const given = program.argument(emit, index + 1);
    if (call.kind !== 'call' || given === undefined) return [];
    const place = { module: program.moduleOf(emit), block: call.block, tests: [] };
    return [{ node: given, path, frames: undefined, place, note: `is emitted as ${events[0]}` }];
  });
}

function eventsOf(program: Program, call: Node): readonly string[] {
  const name = program.argument(call, 0);
  return name === undefined ? [] : (program.constants(name) ?? []).map(String);
}

function receiverOf(program: Program, call: Node): Node | undefined {
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.child(call, value.callee) : undefined;
  const member = callee === undefined ? undefined : program.valueOf(callee);
  return callee !== undefined && member?.kind === 'member' ? program.child(callee, member.object) : undefined;
}

/** The same emitter, or two instances of one class of the program. */
function isSame(program: Program, left: Node | undefined, right: Node | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const origins = new Set(program.origins(left));
  if (program.origins(right).some((origin) => origins.has(origin))) return true;
  const known = classesOf(program, left);
  return classesOf(program, right).some((each) => known.includes(each));
}

const classesOf = (program: Program, node: Node): readonly Node[] =>
  program.origins(node).flatMap((origin) => program.classOf(origin) ?? []);
