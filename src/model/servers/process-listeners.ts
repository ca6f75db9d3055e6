import type { Code } from '../code/code.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { ProcessListener } from './servers.ts';

const ON = /^process\.(on|once|addListener|prependListener|prependOnceListener)$/;
const EXIT = /^process\.(exit|abort|reallyExit|kill)$/;
const CLOSING =
  /^(close|stop|end|quit|disconnect|destroy|shutdown|terminate|drain|closeAllConnections|forceFlush|flush|\$disconnect|exit|kill)(Async|All|Gracefully)?$/;
const LOGGING = /^(log|info|warn|error|debug|trace|fatal|verbose|notice|http|silly|child|success|write)$/;

/** Listeners on the process, one for each event a call listens for. */
export function processListenersOf(program: Program, code: Code): readonly ProcessListener[] {
  return program.callsTo(ON).flatMap((call) => {
    const argument = code.argument(call, 1);
    const [fn] = argument.state === 'given' ? code.functionsIn(argument.value) : [];
    const done = doneBy(program, code, argument.state === 'given' ? argument.value : undefined, fn);
    return eventsOf(program, code, call).map((event) => ({ event, call, ...(fn && { fn }), ...done }));
  });
}

function doneBy(
  program: Program,
  code: Code,
  listener: Node | undefined,
  fn: FunctionRef | undefined,
): Pick<ProcessListener, 'exits' | 'closes' | 'unseen' | 'deadlines'> {
  // `process.on('SIGTERM', process.exit)`
  if (!fn) return { exits: [], closes: [], unseen: listener === undefined ? [] : [listener], deadlines: [] };
  const calls = code.runs(fn).flatMap((each) => code.callsIn(each));
  const exits = calls.filter((call) => code.apiOf(call).some((api) => EXIT.test(api)));
  return {
    exits,
    deadlines: exits.flatMap((exit) => deadlinesOf(program, code, exit)),
    closes: calls.filter((call) => isClosing(program, call)),
    unseen: calls.filter((call) => isUnseen(program, code, call)),
  };
}

/** `setTimeout(() => process.exit(1), 30_000)` */
function deadlinesOf(program: Program, code: Code, exit: Node): ProcessListener['deadlines'] {
  const owner = code.ownerOf(exit);
  return (owner ? program.handedTo(owner.node) : []).flatMap(({ call, index }) => {
    if (index !== 0 || !code.apiOf(call).some((api) => /^(timers\.)?setTimeout$/.test(api))) return [];
    const delay = program.argument(call, 1);
    const [milliseconds, ...others] = (delay === undefined ? undefined : program.constants(delay)) ?? [];
    return typeof milliseconds === 'number' && others.length === 0 ? [{ call, milliseconds }] : [];
  });
}

function isClosing(program: Program, call: Node): boolean {
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
  if (callee?.kind !== 'member' || callee.property === undefined || !CLOSING.test(callee.property)) return false;
  const object = program.valueOf(
    program.child(program.child(call, value.kind === 'call' ? value.callee : 0), callee.object),
  );
  return !(object.kind === 'global' && object.name === 'process');
}

/** Neither a function of the program nor a call of a package we could name. */
function isUnseen(program: Program, code: Code, call: Node): boolean {
  if (program.callees(call).length > 0) return false;
  const apis = code.apiOf(call);
  if (apis.length > 0) return apis.every((api) => api.includes('.*')) || isOfUnknownGlobal(program, call);
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
  return !(callee?.kind === 'member' && callee.property !== undefined && LOGGING.test(callee.property));
}

/** The events a call listens for; `undefined` for one that cannot be seen. */
function eventsOf(program: Program, code: Code, call: Node): readonly (string | undefined)[] {
  const argument = code.argument(call, 0);
  if (argument.state !== 'given') return [undefined];
  const value = program.valueOf(argument.value);
  const list = value.kind === 'element' ? program.origins(program.child(argument.value, value.of)) : [];
  if (list.some((array) => grows(program, code, array))) return [undefined];
  const constants = program.constants(argument.value) ?? eachOf(program, code, argument.value);
  return constants ? constants.map(String) : [undefined];
}

/** `signals.push('SIGTERM')`: it holds more than it was made with. */
const grows = (program: Program, code: Code, array: Node): boolean =>
  program.callsNamed('push', 'unshift').some((call) => code.receiversOf(call).includes(array));

/** The items of the array whose `forEach` runs the function this is a parameter of. */
function eachOf(program: Program, code: Code, node: Node): readonly (string | number | boolean | null)[] | undefined {
  const value = program.valueOf(node);
  if (value.kind !== 'param' || value.index !== 0) return undefined;
  const owner = code.ownerOf(node);
  const handed = owner ? program.handedTo(owner.node) : [];
  const items = handed.flatMap(({ call }) =>
    code.receiversOf(call).flatMap((receiver) => {
      const array = program.valueOf(receiver);
      return array.kind === 'array' && !grows(program, code, receiver)
        ? array.items.map((item) => program.constants(program.child(receiver, item.value)))
        : [undefined];
    }),
  );
  const known = items.filter((item) => item !== undefined);
  return items.length > 0 && known.length === items.length ? known.flat() : undefined;
}

const GLOBALS =
  /^(console|process|Promise|JSON|Object|Array|String|Number|Boolean|Math|Date|Symbol|Map|Set|WeakMap|WeakSet|Reflect|\w*Error|Buffer|URL|URLSearchParams|AbortController|AbortSignal|Intl|BigInt|RegExp|Proxy|performance|structuredClone|queueMicrotask|fetch|(set|clear)(Timeout|Interval|Immediate)|parseInt|parseFloat|isNaN|require)$/;

/** A method of a global that is not the language's or Node's own: somebody put it there. */
function isOfUnknownGlobal(program: Program, call: Node): boolean {
  return program.origins(call).some((origin) => {
    let node = origin;
    for (let depth = 0; depth < 12; depth += 1) {
      const value = program.valueOf(node);
      const [next] = program.origins(
        value.kind === 'call'
          ? program.child(node, value.callee)
          : value.kind === 'member'
            ? program.child(node, value.object)
            : node,
      );
      if (next === undefined || next === node) return value.kind === 'global' && !GLOBALS.test(value.name);
      node = next;
    }
    return false;
  });
}
