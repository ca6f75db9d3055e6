import type { Location } from '../../document/document.ts';
import type { Code } from '../code/code.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { Hole, Origins } from './cors.ts';
import { ANYBODY, NULL, strangersLike } from './strangers.ts';
import { patternOf, Trial, UNKNOWN } from './trial.ts';

/** Whether one origin gets in; words the code compares it with are added to those known. */
type Admits = (origin: string, words: Set<string>) => boolean | 'star' | typeof UNKNOWN;

const UNSEEN: Origins = { kind: 'unknown' };

/** Whom an `origin` option lets in: a text, a pattern, a list of them, a flag or a function. */
export function originsOf(program: Program, code: Code, node: Node): Origins {
  const origins = program.origins(node);
  if (origins.length !== 1) return UNSEEN;
  const [only] = origins;
  const value = only === undefined ? undefined : program.valueOf(only);
  if (only === undefined || !value) return UNSEEN;
  if (value.kind === 'literal' && value.value === true) return { kind: 'any' };
  if (value.kind === 'array') {
    const parts = value.items.map((item) =>
      item.spread ? UNSEEN : originsOf(program, code, program.child(only, item.value)),
    );
    return together(parts);
  }
  const constant = program.constants(only)?.[0];
  if (constant === '*') return { kind: 'star' };
  if (constant === NULL)
    return { kind: 'holes', holes: [{ at: program.locationOf(node), check: `'${NULL}'`, lets: NULL }] };
  if (constant !== undefined) return { kind: 'closed' };
  const fn = code.functionsIn(only)[0];
  const admits = patternOf(program, only) ? byPattern(program, only) : fn && byFunction(program, code, fn);
  return admits
    ? tried(admits, (lets) => ({ at: program.locationOf(node), check: nameOf(program, only, fn), lets }))
    : UNSEEN;
}

/** Whom a header lets in that code writes: the conditions around the call count. */
export function originsWritten(program: Program, call: Node, text: Node, at: Location): Origins {
  const module = program.moduleOf(call);
  const value = program.valueOf(call);
  const block = value.kind === 'call' ? value.block : undefined;
  const admits: Admits = (origin, words) => {
    const trial = new Trial(program, origin);
    const reached = block === undefined ? UNKNOWN : trial.reaches(module, block);
    const sent = reached === false ? '' : trial.of(text);
    for (const word of trial.words) words.add(word);
    if (reached === false) return false;
    return reached === UNKNOWN || sent === UNKNOWN ? UNKNOWN : sent === '*' ? 'star' : sent === origin;
  };
  return tried(admits, (lets) => ({ at, check: 'The condition around it', lets }));
}

function together(parts: readonly Origins[]): Origins {
  const holes = parts.flatMap((part) => (part.kind === 'holes' ? part.holes : []));
  const [first, ...others] = holes;
  for (const kind of ['any', 'star'] as const) if (parts.some((part) => part.kind === kind)) return { kind };
  if (first) return { kind: 'holes', holes: [first, ...others] };
  return parts.some(({ kind }) => kind === 'unknown') ? UNSEEN : { kind: 'closed' };
}

/** Tries strangers one after the other: somebody, then those like the words that were met. */
function tried(admits: Admits, hole: (lets: string) => Hole): Origins {
  const words = new Set<string>();
  const anybody = admits(ANYBODY, words);
  if (anybody === 'star') return { kind: 'star' };
  if (anybody === true) return { kind: 'any' };
  const done = new Set([ANYBODY]);
  for (let round = 0; round < 3; round += 1) {
    const next = [...strangersLike(words), NULL].filter((each) => !done.has(each));
    if (next.length === 0) break;
    for (const origin of next) {
      done.add(origin);
      if (admits(origin, words) === true) return { kind: 'holes', holes: [hole(origin)] };
    }
  }
  return anybody === UNKNOWN ? UNSEEN : { kind: 'closed' };
}

function byPattern(program: Program, node: Node): Admits {
  const pattern = patternOf(program, node);
  return (origin, words) => {
    const trial = new Trial(program, origin);
    const outcome = pattern ? trial.matches(pattern, origin) : UNKNOWN;
    for (const word of trial.words) words.add(word);
    return outcome === UNKNOWN ? UNKNOWN : outcome === true;
  };
}

/** `(origin, callback) => callback(null, …)`, `async (origin) => …`, `(ctx) => ctx.get('Origin')` */
function byFunction(program: Program, code: Code, fn: FunctionRef): Admits {
  const answers = answersOf(program, code, fn);
  const isOfContext = /^(ctx|context|c)$/.test(fn.fact.params[0]?.name ?? '');
  return (origin, words) => {
    const trial = new Trial(program, origin);
    if (!isOfContext) trial.bind(fn, 0);
    const outcome = answers.length > 0 ? said(program, trial, answers) : trial.result(fn);
    for (const word of trial.words) words.add(word);
    if (outcome === UNKNOWN) return UNKNOWN;
    return outcome === '*' ? 'star' : outcome === true || outcome === origin;
  };
}

/** Calls of the callback a function is handed, in it and in the functions inside it. */
function answersOf(program: Program, code: Code, fn: FunctionRef): readonly Node[] {
  const callback = fn.fact.params[1];
  if (!callback || /^(c|ctx|context|req|request)$/.test(callback.name ?? '')) return [];
  const param = fn.module.first + callback.value;
  return code.callsIn(fn).filter((call) => {
    const value = program.valueOf(call);
    return (
      value.kind === 'call' &&
      program.origins(program.child(call, value.callee)).some((each) => program.origins(param).includes(each))
    );
  });
}

/** What the first of several answers that is reached says. */
function said(program: Program, trial: Trial, answers: readonly Node[]): ReturnType<Trial['of']> {
  let isUnsure = false;
  for (const call of answers) {
    const value = program.valueOf(call);
    const reached = value.kind === 'call' ? trial.reaches(program.moduleOf(call), value.block) : UNKNOWN;
    if (reached === UNKNOWN) isUnsure = true;
    if (reached !== true || isUnsure) continue;
    const [error, allowed] = [0, 1].map((index) => {
      const given = program.argument(call, index);
      return given === undefined ? undefined : trial.of(given);
    });
    return error ? false : allowed;
  }
  return isUnsure ? UNKNOWN : false;
}

function nameOf(program: Program, node: Node, fn: FunctionRef | undefined): string {
  const pattern = patternOf(program, node);
  if (pattern) return `/${pattern.pattern.slice(0, 60)}/${pattern.flags}`;
  return fn?.fact.name === undefined || fn.fact.name === 'origin' ? 'The check' : fn.fact.name;
}
