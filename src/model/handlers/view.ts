import { absent, defineView, present } from '../view.ts';
import type { Code } from '../code/code.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { Handler, Handlers, Reach } from './handlers.ts';
import { Lifetimes } from './lifetimes.ts';
import { handlersOf } from './registered.ts';

export const handlers = defineView({
  name: 'handlers',
  reads: [],
  needs: ['program', 'code'],
  build: (_, { program, code }) => {
    if (program.state !== 'present' || code.state !== 'present') return absent('There is no code to look at.');
    return present(handlersIn(program.answer, code.answer), program.gaps);
  },
});

interface Arrival {
  readonly handler: Handler;
  /** The call that leads here, and the function it is in. */
  readonly from?: { readonly call: Node; readonly fn: Node };
}

function handlersIn(program: Program, code: Code): Handlers {
  const all = handlersOf(program, code);
  const arrivals = arrivalsOf(program, code, all);
  const isReached = (fn: FunctionRef | undefined): boolean => fn !== undefined && arrivals.has(fn.node);
  const lifetimes = new Lifetimes(program, code, isReached);
  return {
    all,
    reach: (node) => {
      const owner = code.ownerOf(node);
      return owner && reachOf(arrivals, owner.node);
    },
    isLongLived: (node) => lifetimes.isLongLived(node),
    describe: ({ handler, calls }) => {
      const name = handler.fn.fact.name;
      const registered =
        handler.registered === undefined ? undefined : program.describe(calleeOf(program, handler.registered));
      const what = name === undefined ? `the handler${registered ? ` given to \`${registered}\`` : ''}` : `\`${name}\``;
      const how = calls.length > 1 ? `, ${calls.length} calls below ${what}` : `, in ${what}`;
      return how.slice(2);
    },
  };
}

function calleeOf(program: Program, call: Node): Node {
  const value = program.valueOf(call);
  return value.kind === 'call' ? program.child(call, value.callee) : call;
}

/** Breadth first, so that the way reported is a shortest one. */
function arrivalsOf(program: Program, code: Code, all: readonly Handler[]): ReadonlyMap<Node, Arrival> {
  const arrivals = new Map<Node, Arrival>(all.map((handler) => [handler.fn.node, { handler }]));
  // a map visits what is added while it is walked
  for (const [node, { handler }] of arrivals) {
    const fn = program.functionAt(node);
    if (!fn) continue;
    for (const call of code.callsIn(fn)) {
      const value = program.valueOf(call);
      const handed =
        value.kind === 'call'
          ? value.args.flatMap((argument) => code.functionsIn(program.child(call, argument.value)))
          : [];
      for (const next of [...program.callees(call), ...handed]) {
        if (!arrivals.has(next.node)) arrivals.set(next.node, { handler, from: { call, fn: node } });
      }
    }
  }
  return arrivals;
}

function reachOf(arrivals: ReadonlyMap<Node, Arrival>, fn: Node): Reach | undefined {
  const start = arrivals.get(fn);
  if (!start) return undefined;
  const calls: Node[] = [];
  for (let arrival: Arrival | undefined = start; arrival?.from; arrival = arrivals.get(arrival.from.fn)) {
    calls.unshift(arrival.from.call);
  }
  return { handler: start.handler, calls };
}
