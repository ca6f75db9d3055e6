import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { Next } from './search.ts';

const RUNS =
  /^async(\.default)?\.(waterfall|series|parallel|parallelLimit|auto)$|^async\/(waterfall|series|parallel|auto)$/;

/** One of the functions that are run one after another, or beside each other; `end`: what is called with the results. */
interface Task {
  readonly method: string;
  readonly position: number | 'end';
  readonly tasks: readonly { readonly name: string; readonly fn: FunctionRef; readonly isLast: boolean }[];
}

/** What `next(null, value)` and what tasks return gives to a parameter of a task of the package `async`, or of its end. */
export function givenByTasks(
  program: Program,
  fn: FunctionRef,
  index: number,
  path: readonly string[],
): readonly Next[] {
  const task = tasksOf(program).get(fn.node);
  if (!task) return [];
  const { method, position, tasks } = task;
  if (method === 'waterfall') {
    const before = tasks[position === 'end' ? tasks.length - 1 : position - 1];
    const given = position === 'end' ? index : index + 1;
    return before && given > 0 ? yieldedBy(program, before, given, path) : [];
  }
  const takesResults = position === 'end' ? index === 1 : method === 'auto' && index === 0;
  const [name, ...rest] = path;
  if (!takesResults || name === undefined) return [];
  return tasks
    .filter((each) => each.name === name || name.startsWith('*'))
    .flatMap((each) => yieldedBy(program, each, 1, rest));
}

/** Argument `index` of the calls of a task's callback, or what it returns. */
function yieldedBy(
  program: Program,
  { fn, isLast }: Task['tasks'][number],
  index: number,
  path: readonly string[],
): readonly Next[] {
  const { module, fact } = fn;
  const note = 'is handed on by a task';
  if (fact.async)
    return fact.returns.map(({ value, block }) => ({
      node: module.first + value,
      path,
      frames: undefined,
      place: { module, block, tests: [] },
      note,
    }));
  const callback = isLast ? fact.params.at(-1) : fact.params[0];
  return (callback ? (callsIn(program).get(module.first + callback.value) ?? []) : []).flatMap(
    (call): readonly Next[] => {
      const value = program.valueOf(call);
      const node = program.argument(call, index);
      if (value.kind !== 'call' || node === undefined) return [];
      return [{ node, path, frames: undefined, place: { module, block: value.block, tests: [] }, note }];
    },
  );
}

const TASKS = new WeakMap<Program, ReadonlyMap<Node, Task>>();

function tasksOf(program: Program): ReadonlyMap<Node, Task> {
  const known = TASKS.get(program);
  if (known) return known;
  const found = new Map<Node, Task>();
  for (const call of program.callsTo(RUNS)) {
    const value = program.valueOf(call);
    const list = program.argument(call, 0);
    if (value.kind !== 'call' || list === undefined) continue;
    const method =
      /waterfall|series|parallel|auto/.exec(program.apis(program.child(call, value.callee)).join(' '))?.[0] ?? '';
    const tasks = program.origins(list).flatMap((origin) => tasksIn(program, origin));
    tasks.forEach(({ fn }, position) => found.set(fn.node, { method, position, tasks }));
    const end = program.argument(call, value.args.length - 1);
    for (const fn of end === undefined || end === list ? [] : functionsOf(program, end))
      found.set(fn.node, { method, position: 'end', tasks });
  }
  TASKS.set(program, found);
  return found;
}

function tasksIn(program: Program, origin: Node): Task['tasks'] {
  const value = program.valueOf(origin);
  const ofNode = (name: string, node: Node): Task['tasks'] => {
    // `['get', 'put', (results, callback) => …]`: a task of `auto` that waits for others
    const waiting = program.origins(node).map((each) => ({ each, value: program.valueOf(each) }));
    const last = waiting.flatMap(({ each, value: array }) =>
      array.kind === 'array' ? array.items.slice(-1).map((item) => program.child(each, item.value)) : [],
    );
    return [node, ...last].flatMap((each) =>
      functionsOf(program, each).map((fn) => ({ name, fn, isLast: each !== node || fn.fact.params.length > 1 })),
    );
  };
  if (value.kind === 'array')
    return value.items.flatMap((item, index) => ofNode(String(index), program.child(origin, item.value)));
  if (value.kind !== 'object') return [];
  return value.properties.flatMap(({ name, value: inner }) =>
    name === undefined ? [] : ofNode(name, program.child(origin, inner)),
  );
}

const functionsOf = (program: Program, node: Node): readonly FunctionRef[] =>
  program.origins(node).flatMap((origin) => program.functionAt(origin) ?? []);

const CALLS = new WeakMap<Program, ReadonlyMap<Node, readonly Node[]>>();

/** Calls of parameters, by the parameter. */
function callsIn(program: Program): ReadonlyMap<Node, readonly Node[]> {
  const known = CALLS.get(program);
  if (known) return known;
  const found = new Map<Node, Node[]>();
  for (const call of program.calls) {
    const value = program.valueOf(call);
    if (value.kind !== 'call') continue;
    const callee = program.child(call, value.callee);
    if (program.valueOf(callee).kind === 'param') found.set(callee, [...(found.get(callee) ?? []), call]);
  }
  CALLS.set(program, found);
  return found;
}
