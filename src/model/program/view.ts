import type { Gap } from '../../document/gap.ts';
import type { DocumentFacts } from '../../facts/facts.ts';
import { absent, defineView, present } from '../view.ts';
import { aliasesOf } from './aliases.ts';
import { Apis } from './apis.ts';
import { callsByApi, callsByName } from './calls-by.ts';
import { definitionsOf } from './definitions.ts';
import { Constants } from './constants.ts';
import { Fields } from './fields.ts';
import { Graph, emptySlots } from './graph.ts';
import { linkageOf } from './link.ts';
import { NO_LINKAGE } from './linkage.ts';
import { ModuleResolution } from './module-resolution.ts';
import type { PathAliases } from './module-resolution.ts';
import { Imports } from './imports.ts';
import { Origins } from './origins.ts';
import { Owners } from './owners.ts';
import type { FunctionRef, Node, Program } from './program.ts';

/** Rounds of linking: each sees through one more layer of parameters and aliases. */
const ROUNDS = 3;
/** A round that finds callers for this few functions more is the last: what the next would add is not worth its time. */
const ENOUGH = 1.02;

export const program = defineView({
  name: 'program',
  reads: ['javascript', 'json', 'manifest'],
  needs: [],
  build: (source) => {
    const { facts, files } = source;
    const documents = facts('javascript');
    if (documents.length === 0) return absent('There is no JavaScript or TypeScript to look at.');
    const paths = new Set(files.map(({ path }) => path));
    const answer = programOf(documents, (path) => paths.has(path), aliasesOf(source));
    return present(answer, answer.gaps);
  },
});

export function programOf(
  documents: readonly DocumentFacts<'javascript'>[],
  exists: (path: string) => boolean,
  aliases?: PathAliases,
): Program {
  const graph = new Graph(documents);
  const owners = new Owners(graph);
  const resolution = new ModuleResolution(exists, aliases);
  let linkage = NO_LINKAGE;
  let origins = new Origins(graph, owners, resolution, linkage);
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = linkage.callers.size;
    linkage = linkageOf(graph, origins);
    origins = new Origins(graph, owners, resolution, linkage);
    if (linkage.callers.size < before * ENOUGH) break;
  }
  const apis = new Apis(graph, origins, owners, linkage);
  const constants = new Constants(graph, origins, apis);
  const fields = new Fields(graph, owners, origins, linkage);
  const byApi = lazily(() => callsByApi(graph, apis));
  const byName = lazily(() => callsByName(graph));
  const imports = new Imports(graph, resolution, constants, origins, apis);
  const describe = describerOf(graph);
  const callees = emptySlots<readonly FunctionRef[]>(graph.size);
  const gaps: readonly Gap[] = [
    ...documents.flatMap((document) => document.gaps),
    ...missingModules(graph, resolution),
  ];
  return {
    modules: graph.modules,
    gaps,
    importsOf: (path) => imports.of(path),
    loadedAt: (call) => imports.loadedAt(call),
    resolveImport: (from, specifier) => {
      const found = resolution.resolve(from, specifier);
      return found.kind === 'file' ? found.path : undefined;
    },
    moduleOf: (node) => graph.moduleOf(node),
    valueOf: (node) => graph.valueOf(node),
    nodesOf: (kind) => graph.nodesOf(kind),
    child: (node, id) => graph.child(node, id),
    nodeIn: (module, id) => module.first + id,
    locationOf: (node) => graph.locationOf(node),
    locationIn: (module, range) => graph.locationIn(module, range),
    origins: (node) => origins.of(node),
    definitions: (node) => definitionsOf(graph, origins, node),
    apis: (node) => apis.of(node),
    constants: (node) => constants.of(node),
    functionAt: (node) => graph.functionAt(node),
    enclosing: (node) => graph.enclosing(node),
    calls: graph.calls,
    callsTo: (...wanted) => byApi().of(wanted),
    callsNamed: (...names) => byName().of(names),
    callees: (call) => (callees[call] ??= origins.calleesOf(call)),
    callers: (fn) => (linkage.callers.get(fn) ?? []).map(({ call }) => call),
    handedTo: (fn) => linkage.handedTo.get(fn) ?? [],
    argument: (call, index) => graph.argument(call, index),
    property: (node, name) => origins.of(node).flatMap((origin) => origins.property(origin, name)),
    fields: (node, name) => fields.of(node, name),
    classOf: (node) => origins.classOfInstance(node)?.node,
    callSites: (fn) => linkage.callers.get(fn) ?? [],
    functionIn: (module, id) => graph.functionIn(module, id),
    moduleAt: (node, specifier) => origins.moduleAt(node, specifier),
    writesTo: (origin) => linkage.writes.get(origin) ?? [],
    blocks: (node) => graph.blocks(node),
    describe,
  };
}

/** Relative imports that lead to no file we know. */
function missingModules(graph: Graph, resolution: ModuleResolution): readonly Gap[] {
  return [...graph.modules.values()].flatMap((module) =>
    module.facts.imports.flatMap(({ module: specifier, kind, at: [start, end] }): readonly Gap[] => {
      if (specifier === undefined || kind === 'type' || resolution.resolve(module.path, specifier).kind !== 'missing')
        return [];
      return [
        {
          kind: 'unresolved',
          message: `${specifier} is imported but not part of the project.`,
          at: { path: module.path, start, end },
        },
      ];
    }),
  );
}

function describerOf(graph: Graph): (node: Node) => string {
  const describe = (node: Node, depth = 0): string => {
    const value = graph.valueOf(node);
    if (depth > 6) return '…';
    switch (value.kind) {
      case 'param':
        return (
          graph.moduleOf(node).facts.functions[value.function]?.params[value.index]?.name ??
          `argument ${value.index + 1}`
        );
      case 'member': {
        const object = describe(graph.child(node, value.object), depth + 1);
        return value.property === undefined ? `${object}[…]` : `${object}.${value.property}`;
      }
      case 'call':
        return `${value.new ? 'new ' : ''}${describe(graph.child(node, value.callee), depth + 1)}(${value.args.length > 0 ? '…' : ''})`;
      case 'global':
      case 'variable':
        return value.name;
      case 'import':
        return value.name === '=' || value.name === '*' || value.name === 'default'
          ? (value.module.split('/').at(-1) ?? value.module)
          : value.name;
      case 'await':
      case 'typed':
        return describe(graph.child(node, value.value), depth + 1);
      case 'either':
        return describe(graph.child(node, value.options[0] ?? 0), depth + 1);
      case 'element':
        return `an element of ${describe(graph.child(node, value.of), depth + 1)}`;
      case 'this':
        return 'this';
      case 'function':
        return graph.functionAt(node)?.fact.name ?? 'a function';
      case 'literal':
        return typeof value.value === 'string' ? `'${value.value.slice(0, 40)}'` : String(value.value);
      default:
        return 'a value';
    }
  };
  const known = emptySlots<string>(graph.size);
  return (node) => (known[node] ??= describe(node));
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
