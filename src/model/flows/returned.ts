import type { Location } from '../../document/document.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import { lastName } from './api-path.ts';
import type { ContentTypes } from './content-types.ts';
import { paramNode } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Shape } from './shapes.ts';
import { textsIn } from './site.ts';
import type { Site } from './site.ts';

const MARKUP = /<[a-z!/]/i;
const ROUTES = /^@nestjs\/common\.(Get|Post|Put|Patch|Delete|All|Options)$/;

/** What handlers return, where their framework sends it: pages, and places to go to. */
export function returnedSites(program: Program, requests: Requests, contentTypes: ContentTypes): readonly Site[] {
  const returned = [...program.modules.values()].flatMap((module) => {
    const decorated = decoratedIn(program, module);
    return module.facts.functions.flatMap((fact, id): readonly Site[] => {
      if (fact.returns.length === 0) return [];
      const fn = program.functionIn(module, id);
      if (!fn) return [];
      const decorators = decorated.get(fn.node) ?? [];
      if (decorators.some((api) => ROUTES.test(api))) return ofNest(program, fn, decorators);
      const [first, second] = [paramNode(fn, 0), paramNode(fn, 1)];
      const shape = first === undefined ? undefined : requests.roleOf(first)?.shape;
      return shape ? ofHandler(program, contentTypes, fn, shape, second) : [];
    });
  });
  return returned;
}

function ofHandler(
  program: Program,
  contentTypes: ContentTypes,
  fn: FunctionRef,
  shape: Shape,
  second: Node | undefined,
): readonly Site[] {
  switch (shape) {
    case 'hapi-request':
      return sites(program, fn, 'html', [], (node) => isMarkup(program, node));
    case 'fastify-request':
      return sites(
        program,
        fn,
        'html',
        [],
        (node) => second !== undefined && contentTypes.isPageBefore(second, node) && isText(program, node),
      );
    case 'lambda-event':
      return [
        ...sites(program, fn, 'html', ['body'], (node) => contentTypes.isPageObject(node)),
        ...['Location', 'location'].flatMap((name) =>
          sites(program, fn, 'redirect', ['headers', name], (node) =>
            program.property(node, 'headers').some((headers) => program.property(headers, name).length > 0),
          ),
        ),
      ];
    case 'route-context':
      return sites(
        program,
        fn,
        'redirect',
        ['redirect', 'destination'],
        (node) => program.property(node, 'redirect').length > 0,
      );
    default:
      return [];
  }
}

function ofNest(program: Program, fn: FunctionRef, decorators: readonly string[]): readonly Site[] {
  if (decorators.includes('@nestjs/common.Redirect')) return sites(program, fn, 'redirect', ['url'], () => true);
  if (decorators.includes('@nestjs/common.Render')) return [];
  return sites(program, fn, 'html', [], (node) => isMarkup(program, node));
}

const isMarkup = (program: Program, node: Node): boolean => textsIn(program, node).some((text) => MARKUP.test(text));

const isText = (program: Program, node: Node): boolean =>
  program.origins(node).some((origin) => program.valueOf(origin).kind === 'join');

function sites(
  program: Program,
  fn: FunctionRef,
  sink: 'html' | 'redirect',
  path: readonly string[],
  isSent: (node: Node) => boolean,
): readonly Site[] {
  return fn.fact.returns.flatMap(({ value, block, at }): readonly Site[] => {
    const node = program.nodeIn(fn.module, value);
    if (!isSent(node)) return [];
    return [
      {
        row: { sink, label: sink },
        module: fn.module,
        block,
        into: `what ${fn.fact.name ?? 'the handler'} returns`,
        value: node,
        path,
        at: placeOf(program, node, path) ?? program.locationIn(fn.module, at),
        guessed: false,
      },
    ];
  });
}

/** Where the part that is sent is written, if it is written in the same object. */
function placeOf(program: Program, node: Node, [name, ...rest]: readonly string[]): Location | undefined {
  const value = program.valueOf(node);
  if (name === undefined) return program.locationOf(node);
  const property = value.kind === 'object' ? value.properties.find((each) => each.name === name) : undefined;
  if (!property) return undefined;
  const inner = program.child(node, property.value);
  const place = rest.length > 0 ? placeOf(program, inner, rest) : undefined;
  return place ?? program.locationIn(program.moduleOf(node), property.at);
}

/** By the method of a class: what it is decorated with. */
function decoratedIn(program: Program, module: FunctionRef['module']): ReadonlyMap<Node, readonly string[]> {
  const found = new Map<Node, readonly string[]>();
  for (const { members } of module.facts.classes) {
    for (const { value, decorators } of members) {
      if (value === undefined || decorators.length === 0) continue;
      const apis = decorators.flatMap((decorator) => {
        const node = program.nodeIn(module, decorator);
        const call = program.valueOf(node);
        return program.apis(call.kind === 'call' ? program.child(node, call.callee) : node);
      });
      if (apis.some((api) => lastName(api) !== '')) found.set(program.nodeIn(module, value), apis);
    }
  }
  return found;
}
