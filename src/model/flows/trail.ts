import type { Location } from '../../document/document.ts';
import type { Node, Program } from '../program/program.ts';
import { accessOf } from './access.ts';
import { SHAPES } from './shapes.ts';
import type { Shape, SourcePath } from './shapes.ts';
import type { Hit, State } from './state.ts';

const MAX_STEPS = 10;
const ORIGINS: Partial<Record<Shape, string>> = {
  stored: 'comes from the database',
  model: 'is what the model answers',
  'archive-entry': 'is chosen by whoever made the archive',
  'archive-name': 'is chosen by whoever made the archive',
};
const USUAL_NAMES: Partial<Record<Shape, string>> = {
  'express-request': 'req',
  'node-request': 'req',
  'fastify-request': 'request',
  'hapi-request': 'request',
  'koa-context': 'ctx',
  'hono-context': 'c',
  'lambda-event': 'event',
  'fetch-request': 'request',
};

/** What the client sends, as the code calls it: `req.query.host`. */
export function sourceName(program: Program, hit: Hit): string {
  const { state, role } = hit;
  // a wrapper hands the request on: the name it is read by is nearer to the code
  const read = accessOf(program, sourceAt(program, statesOf(hit))).root;
  const param = program.valueOf(read).kind === 'param' ? read : state.node;
  const value = program.valueOf(param);
  const fact =
    value.kind === 'param' ? program.moduleOf(param).facts.functions[value.function]?.params[value.index] : undefined;
  const path = shownPath(role.shape, state.path);
  const name = fact?.name ?? (value.kind === 'call' ? program.describe(param) : USUAL_NAMES[role.shape]);
  return name === undefined ? path.join('.') || 'The argument' : [name, ...path].join('.').replaceAll('.[', '[');
}

/** The part of the path that names the source, and one property more. */
function shownPath(shape: Shape, path: readonly string[]): readonly string[] {
  const source = (SHAPES[shape] as readonly SourcePath[]).find(({ path: prefix }) =>
    prefix.every((part, index) => part === path[index] || part === '*'),
  );
  const end = (source?.path.length ?? 1) + 1;
  const shown = path.slice(0, end);
  const stop = shown.findIndex((part, index) => index >= end - 1 && (part.startsWith('*') || part.endsWith('()')));
  return (stop === -1 ? shown : shown.slice(0, stop)).map((part) => (part.startsWith('[') ? '[…]' : part));
}

/** From the source by every step worth telling to the sink. */
export function trailOf(
  program: Program,
  hit: Hit,
  sink: Location,
  into: string,
): readonly { readonly at: Location; readonly note: string }[] {
  const states = statesOf(hit);
  const first = sourceAt(program, states);
  const steps = [
    {
      at: program.locationOf(first),
      note: `${sourceName(program, hit)} ${ORIGINS[hit.role.shape] ?? 'is chosen by the client'}`,
    },
  ];
  for (const [index, state] of states.entries()) {
    if (state.note === undefined) continue;
    // the note tells what becomes of this value: point at the value
    const step = { at: program.locationOf(state.node), note: state.note };
    if (index > 0 || state.node !== first) steps.push(step);
  }
  steps.push({ at: sink, note: `reaches ${into}` });
  const shown = distinct(steps);
  return shown.length > MAX_STEPS ? [...shown.slice(0, MAX_STEPS - 3), ...shown.slice(-3)] : shown;
}

/** From the source to the sink. */
function statesOf({ state }: Hit): readonly State[] {
  const states: State[] = [];
  for (let current: State | undefined = state; current; current = current.from) states.push(current);
  return states;
}

/** The whole expression that reads the source: `req.query.host` rather than `req`. */
function sourceAt(program: Program, states: readonly State[]): Node {
  let node = states[0]?.node ?? 0;
  for (const state of states.slice(1)) {
    const { kind } = program.valueOf(state.node);
    const isHandedOn = kind === 'param' && program.valueOf(node).kind === 'param';
    if (!isHandedOn && kind !== 'member' && kind !== 'call' && kind !== 'await' && kind !== 'element') break;
    if (kind === 'call' && state.path.length === 0 && program.valueOf(node).kind === 'member') break;
    node = state.node;
  }
  return node;
}

function distinct(
  steps: readonly { readonly at: Location; readonly note: string }[],
): { readonly at: Location; readonly note: string }[] {
  const shown: { readonly at: Location; readonly note: string }[] = [];
  for (const step of steps) {
    const last = shown.at(-1);
    if (last && last.at.path === step.at.path && last.at.start === step.at.start && last.at.end === step.at.end)
      continue;
    shown.push(step);
  }
  return shown;
}
