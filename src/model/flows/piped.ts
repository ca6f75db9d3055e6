import type { Node, Program } from '../program/program.ts';
import type { Next } from './search.ts';

/** Operators of RxJS that hand on what they are given, changed by a function, or as it is. */
const CHANGING = /^rxjs(\/operators)?\.(map|mergeMap|switchMap|concatMap|exhaustMap|flatMap)(\(\))?$/;
const KEEPING =
  /^rxjs(\/operators)?\.(tap|delay|take|skip|distinct|debounceTime|throttleTime|catchError|retry)(\(\))?$/;
const GIVEN = /^rxjs(\/operators)?\.(map|mergeMap|switchMap|concatMap|exhaustMap|flatMap|tap|concatMap)$/;

/** Whether a call makes an operator whose function is given what flows through a pipe. */
export const isOperator = (apis: readonly string[]): boolean => apis.some((api) => GIVEN.test(api));

/** What the function of an operator is given: what the operators before it make of the source. */
export function pipedTo(program: Program, operator: Node, path: readonly string[]): readonly Next[] {
  return program.callsNamed('pipe').flatMap((pipe) => {
    const operators = argumentsOf(program, pipe);
    const position = operators.indexOf(operator);
    return position === -1 ? [] : through(program, pipe, operators.slice(0, position), path);
  });
}

/** What `subscribe` of an observable is given. */
export function subscribedTo(program: Program, observable: Node, path: readonly string[]): readonly Next[] {
  return program.definitions(observable).flatMap((node) => {
    const callee = calleeOf(program, node);
    const member = callee === undefined ? undefined : program.valueOf(callee);
    return member?.kind === 'member' && member.property === 'pipe'
      ? through(program, node, argumentsOf(program, node), path)
      : sourceOf(program, node, path);
  });
}

function through(program: Program, pipe: Node, operators: readonly Node[], path: readonly string[]): readonly Next[] {
  for (const operator of operators.toReversed()) {
    const apis = program.apis(operator);
    if (apis.some((api) => KEEPING.test(api))) continue;
    const change = apis.some((api) => CHANGING.test(api)) ? program.argument(operator, 0) : undefined;
    const functions =
      change === undefined ? [] : program.origins(change).flatMap((origin) => program.functionAt(origin) ?? []);
    // what a filter lets through is not known
    return functions.flatMap((fn) =>
      fn.fact.returns.map(({ value, block }) => ({
        node: fn.module.first + value,
        path,
        frames: undefined,
        place: { module: fn.module, block, tests: [] },
      })),
    );
  }
  const callee = calleeOf(program, pipe);
  const member = callee === undefined ? undefined : program.valueOf(callee);
  return callee !== undefined && member?.kind === 'member'
    ? subscribedTo(program, program.child(callee, member.object), path)
    : [];
}

/** `of(x)` and `from(list)`. */
function sourceOf(program: Program, node: Node, path: readonly string[]): readonly Next[] {
  const apis = program.apis(node);
  const common = { frames: undefined, place: undefined };
  if (apis.includes('rxjs.of()')) return argumentsOf(program, node).map((given) => ({ ...common, node: given, path }));
  const first = apis.includes('rxjs.from()') ? program.argument(node, 0) : undefined;
  return first === undefined ? [] : [{ ...common, node: first, path: ['*', ...path] }];
}

function calleeOf(program: Program, call: Node): Node | undefined {
  const value = program.valueOf(call);
  return value.kind === 'call' ? program.child(call, value.callee) : undefined;
}

function argumentsOf(program: Program, call: Node): readonly Node[] {
  const value = program.valueOf(call);
  return value.kind === 'call' ? value.args.map((argument) => program.child(call, argument.value)) : [];
}
