import type { Node, Program } from '../program/program.ts';
import { isFrom, lastName } from './api-path.ts';
import { ContentTypes } from './content-types.ts';
import type { Requests } from './requests.ts';
import { accessOf } from './access.ts';
import { argumentSites } from './command-arguments.ts';
import { comparedSites } from './comparisons.ts';
import { dispatchedSites } from './dispatch.ts';
import { pollutedSites } from './pollution.ts';
import { countedSites } from './loops.ts';
import { propertySites } from './properties.ts';
import { returnedSites } from './returned.ts';
import { DECLARED_SINKS, isCallTo } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { templateSites } from './templates.ts';
import { uploadSites } from './uploads.ts';
import { urlPathSites } from './url-paths.ts';
import { writtenSites } from './written.ts';
import { textsIn } from './site.ts';
import type { Site } from './site.ts';
import { SINKS } from './sinks.ts';
import type { SinkArgument, SinkName, SinkRow } from './sink.ts';

const BY_NAME: ReadonlyMap<string, readonly SinkRow[]> = (() => {
  const groups = new Map<string, SinkRow[]>();
  for (const row of SINKS) {
    for (const name of row.calls) {
      const group = groups.get(name);
      if (group) group.push(row);
      else groups.set(name, [row]);
    }
  }
  return groups;
})();

/** Every sink of the program, by what it does. */
export function sitesOf(
  program: Program,
  requests: Requests,
  { versions, declared, templates = [] }: Surroundings = {},
): ReadonlyMap<SinkName, readonly Site[]> {
  const sites = new Map<SinkName, Site[]>();
  const usesDocuments = [...program.modules.values()].some(({ facts }) =>
    facts.imports.some(({ module }) => /^(mongodb|mongoose|monk|mongojs|nedb|@nestjs\/mongoose)$/.test(module ?? '')),
  );
  const contentTypes = new ContentTypes(program);
  const others = [
    ...writtenSites(program, requests, contentTypes),
    ...returnedSites(program, requests, contentTypes),
    ...propertySites(program),
    ...pollutedSites(program),
    ...argumentSites(program),
    ...uploadSites(program),
    ...dispatchedSites(program),
    ...countedSites(program),
    ...comparedSites(program),
    ...declaredSites(program, declared),
    ...templateSites(program, requests, templates),
  ];
  for (const site of others) sites.set(site.row.sink, [...(sites.get(site.row.sink) ?? []), site]);
  for (const call of program.calls) {
    for (const { row, guessed } of rowsAt(program, requests, call, usesDocuments)) {
      if (row.sink === 'html' && !contentTypes.isPage(call, row)) continue;
      if (row.before && !isBefore(row.before, program.moduleOf(call).path, versions)) continue;
      for (const argument of row.args) {
        for (const site of sitesAt(program, call, row, argument, guessed)) {
          const group = sites.get(row.sink);
          if (group) group.push(site);
          else sites.set(row.sink, [site]);
        }
      }
    }
  }
  sites.set('url-path', [...urlPathSites(program, sites.get('url') ?? [])]);
  return sites;
}

const isBefore = (
  [name, major]: NonNullable<SinkRow['before']>,
  path: string,
  versions: Surroundings['versions'],
): boolean => (versions?.([name], path) ?? major) < major;

/** Arguments of calls the user calls sinks. */
function declaredSites(program: Program, declared: Surroundings['declared']): readonly Site[] {
  const sinks = declared?.sinks ?? [];
  if (sinks.length === 0) return [];
  return program.calls.flatMap((call) =>
    sinks.flatMap(({ call: name, argument = 0, kind }) =>
      isCallTo(program, call, name)
        ? sitesAt(program, call, { ...DECLARED_SINKS[kind], calls: [], args: [] }, { index: argument }, false)
        : [],
    ),
  );
}

function rowsAt(
  program: Program,
  requests: Requests,
  call: Node,
  usesDocuments: boolean,
): readonly { readonly row: SinkRow; readonly guessed: boolean }[] {
  const value = program.valueOf(call);
  if (value.kind !== 'call' || value.args.length === 0) return [];
  const calleeNode = program.child(call, value.callee);
  const callee = program.valueOf(calleeNode);
  const apis = program.apis(calleeNode);
  const found = new Map<SinkRow, boolean>();
  for (const api of apis) {
    for (const row of BY_NAME.get(lastName(api)) ?? []) {
      if (
        row.from?.some((root) => isFrom(api, root)) &&
        (!row.through || row.through.test(api)) &&
        applies(program, call, row)
      )
        found.set(row, false);
    }
  }
  if (callee.kind !== 'member' || callee.property === undefined) return rowsIn(found);
  const object = program.child(calleeNode, callee.object);
  const rows = BY_NAME.get(callee.property) ?? [];
  const root = rootOf(program, object);
  const role = rows.some(({ on }) => on) ? requests.roleOfValue(responderOf(program, root)) : undefined;
  const outer = rows.some(({ below }) => below) ? requests.roleOfValue(accessOf(program, root).root) : undefined;
  for (const row of rows) {
    const shape = row.below ? outer?.shape : role?.shape;
    if (shape && row.on?.includes(shape) && applies(program, call, row)) found.set(row, false);
  }
  if (found.size > 0 || apis.length > 0 || role || value.tagged) return rowsIn(found);
  if (program.callees(call).length > 0) return [];
  for (const row of rows) {
    if (row.sink === 'query-object' || row.sink === 'query-code' || row.sink === 'record') {
      if (!usesDocuments) continue;
    }
    if (isGuess(program, call, object, row) && applies(program, call, row)) found.set(row, true);
  }
  return rowsIn(found);
}

/** `ctx` of `ctx.response`, which answers for it. */
function responderOf(program: Program, node: Node): Node {
  const value = program.valueOf(node);
  return value.kind === 'member' && value.property === 'response' ? program.child(node, value.object) : node;
}

const rowsIn = (found: ReadonlyMap<SinkRow, boolean>): readonly { row: SinkRow; guessed: boolean }[] =>
  [...found].map(([row, guessed]) => ({ row, guessed }));

/** A receiver we cannot see is the one meant, by its name or by the text it is given. */
function isGuess(program: Program, call: Node, object: Node, { text, receiver, args }: SinkRow): boolean {
  const name = nameOf(program, object);
  const isCalled = receiver !== undefined && receiver.test(name);
  if (!text) return isCalled;
  const index = args[0]?.index;
  const first = typeof index === 'number' ? program.argument(call, index) : undefined;
  const texts = first === undefined ? [] : textsIn(program, first);
  return texts.some((each) => text.test(each)) || (isCalled && texts.length === 0);
}

/** The last name of an expression: `pool` of `this.db.pool`. */
export function nameOf(program: Program, node: Node): string {
  const value = program.valueOf(node);
  switch (value.kind) {
    case 'member':
      return value.property ?? '';
    case 'global':
    case 'variable':
      return value.name;
    case 'call':
      return `${nameOf(program, program.child(node, value.callee))}()`;
    case 'await':
    case 'typed':
      return nameOf(program, program.child(node, value.value));
    case 'param':
      return program.describe(node);
    case 'import':
      return value.name === '=' || value.name === 'default' || value.name === '*'
        ? (value.module.split('/').at(-1) ?? '')
        : value.name;
    default:
      return '';
  }
}

/** Where a chain of calls starts: `res` of `res.status(200).type('html')`. */
export function rootOf(program: Program, node: Node): Node {
  let current = node;
  for (let count = 0; count < 16; count += 1) {
    const value = program.valueOf(current);
    if (value.kind === 'await' || value.kind === 'typed') current = program.child(current, value.value);
    else if (value.kind === 'call') {
      const callee = program.valueOf(program.child(current, value.callee));
      if (callee.kind !== 'member') return current;
      current = program.child(program.child(current, value.callee), callee.object);
    } else return current;
  }
  return current;
}

function applies(program: Program, call: Node, { when, unless }: SinkRow): boolean {
  if (unless) {
    const value = program.valueOf(call);
    const positions =
      unless.index === undefined && value.kind === 'call' ? [...value.args.keys()] : [unless.index ?? 0];
    const options = positions.map((index) => program.argument(call, index)).filter((node) => node !== undefined);
    if (options.some((node) => program.property(node, unless.has).length > 0)) return false;
  }
  if (!when) return true;
  const argument = program.argument(call, when.index);
  if (argument === undefined) return false;
  let nodes: readonly Node[] = [argument];
  for (const name of when.path ?? []) nodes = nodes.flatMap((node) => program.property(node, name));
  const { is = [], api } = when;
  return nodes.some(
    (node) =>
      (program.constants(node)?.some((each) => is.includes(each as string | boolean)) ?? false) ||
      (api !== undefined &&
        [node, program.argument(node, 0) ?? node].some((each) => program.apis(each).some((path) => api.test(path)))),
  );
}

function sitesAt(
  program: Program,
  call: Node,
  row: SinkRow,
  argument: SinkArgument,
  guessed: boolean,
): readonly Site[] {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return [];
  const { index, path = [] } = argument;
  const positions =
    index === 'all' ? value.args.map((_, each) => each) : [index === 'last' ? value.args.length - 1 : index];
  return positions.flatMap((position) => {
    const use = value.args[position];
    if (!use) return [];
    const node = program.child(call, use.value);
    if (path.length > 0 && path[0] !== '**' && isSimple(program, node)) return [];
    if (row.notHandedOn && program.origins(node).some((origin) => program.valueOf(origin).kind === 'function'))
      return [];
    if (row.notHandedOn && /^(param|either|variable)$/.test(program.valueOf(node).kind)) return [];
    const spread = use.spread ? ['*'] : [];
    return [
      {
        row,
        module: program.moduleOf(call),
        block: value.block,
        into: program.describe(program.child(call, value.callee)),
        value: node,
        path: [...spread, ...path],
        at: program.locationIn(program.moduleOf(call), use.at),
        guessed,
      },
    ];
  });
}

/** A text or number has no properties to look into. */
const isSimple = (program: Program, node: Node): boolean => {
  const { kind } = program.valueOf(node);
  return kind === 'literal' || kind === 'join' || kind === 'function' || kind === 'regex' || kind === 'undefined';
};
