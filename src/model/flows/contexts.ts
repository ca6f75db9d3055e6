import type { FunctionRef, Node, Program } from '../program/program.ts';
import { frameOf, pushed } from './state.ts';
import type { Frame } from './state.ts';

/** Calls of a function that calls what it is given, told apart by what they give it. */
const MAX_GIVERS = 24;

/** What a call runs, seen from a stack: `run(x)` in `via(run, x)` runs what this call of `via` was given. */
export function calleesIn(program: Program, call: Node, frames: Frame | undefined): readonly FunctionRef[] {
  const given = givenCallee(program, call);
  const frame = given && frameOf(frames, given.fn);
  const argument = frame && program.argument(frame.call, given.index);
  const functions =
    argument === undefined ? [] : program.origins(argument).flatMap((origin) => program.functionAt(origin) ?? []);
  return functions.length > 0 ? functions : program.callees(call);
}

/**
 * The stacks in which a call runs `fn`: where it calls a parameter, those of the calls that gave it `fn`. The empty
 * stack, which stands for any, otherwise.
 */
export function framesAround(program: Program, call: Node, fn: Node): readonly (Frame | undefined)[] {
  const given = givenCallee(program, call);
  if (!given) return [undefined];
  const givers = program
    .callSites(given.fn)
    .slice(0, MAX_GIVERS)
    .filter(({ call: giver }) => {
      const argument = program.argument(giver, given.index);
      return argument !== undefined && program.origins(argument).includes(fn);
    });
  return givers.length > 0 ? givers.map(({ call: giver }) => pushed(undefined, giver, given.fn)) : [undefined];
}

/** The parameter a call calls. */
function givenCallee(program: Program, call: Node): { readonly fn: Node; readonly index: number } | undefined {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const callee = program.child(call, value.callee);
  const param = program.valueOf(callee);
  if (param.kind !== 'param' || param.rest) return undefined;
  const fn = program.functionIn(program.moduleOf(callee), param.function);
  return fn && { fn: fn.node, index: param.index };
}
