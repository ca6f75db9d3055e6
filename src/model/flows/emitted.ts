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
  return emits
    .slice(0, MAX_EMITS)
    .flatMap((emit) => givenAt(program, emit, index + 1, path, `is emitted as ${events[0]}`));
}

/** What a method decorated with `@OnEvent('name')` is given. */
export function emittedToMethod(program: Program, fn: Node, index: number, path: readonly string[]): readonly Next[] {
  const events = decoratedIn(program).get(fn);
  if (!events) return [];
  return program
    .callsNamed('emit', 'emitAsync')
    .filter((emit) => eventsOf(program, emit).some((event) => events.includes(event)))
    .slice(0, MAX_EMITS)
    .flatMap((emit) => givenAt(program, emit, index + 1, path, `is emitted as ${events[0]}`));
}

/** What a worker of BullMQ or Bull is given: what is added to the queue of the same name. */
export function queuedTo(program: Program, consuming: Node, [part, ...path]: readonly string[]): readonly Next[] {
  const receiver = receiverOf(program, consuming);
  const names = [
    ...eventsOf(program, consuming),
    ...(receiver === undefined ? [] : program.origins(receiver).flatMap((queue) => eventsOf(program, queue))),
  ];
  if (part !== 'data' || names.length === 0) return [];
  return program
    .callsNamed('add')
    .filter((add) => {
      const queue = receiverOf(program, add);
      return (
        queue !== undefined &&
        program.apis(queue).some((api) => QUEUES.test(api)) &&
        program.origins(queue).some((made) => eventsOf(program, made).some((name) => names.includes(name)))
      );
    })
    .slice(0, MAX_EMITS)
    .flatMap((add) =>
      givenAt(program, add, eventsOf(program, add).length > 0 ? 1 : 0, path, `is put into the queue ${names[0]}`),
    );
}

export const QUEUES = /^(bullmq\.(Queue|Worker)|bull(\.default)?)\(\)$/;

function givenAt(program: Program, call: Node, index: number, path: readonly string[], note: string): readonly Next[] {
  const value = program.valueOf(call);
  const given = program.argument(call, index);
  if (value.kind !== 'call' || given === undefined) return [];
  const place = { module: program.moduleOf(call), block: value.block, tests: [] };
  return [{ node: given, path, frames: undefined, place, note }];
}

const DECORATED = new WeakMap<Program, ReadonlyMap<Node, readonly string[]>>();

/** By method: the events it is decorated with. */
function decoratedIn(program: Program): ReadonlyMap<Node, readonly string[]> {
  const known = DECORATED.get(program);
  if (known) return known;
  const found = new Map<Node, readonly string[]>();
  for (const { facts, first } of program.modules.values()) {
    for (const { value, decorators } of facts.classes.flatMap(({ members }) => members)) {
      const events = decorators.flatMap((decorator) =>
        program.apis(first + decorator).includes('@nestjs/event-emitter.OnEvent()')
          ? eventsOf(program, first + decorator)
          : [],
      );
      if (value !== undefined && events.length > 0) found.set(first + value, events);
    }
  }
  DECORATED.set(program, found);
  return found;
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
