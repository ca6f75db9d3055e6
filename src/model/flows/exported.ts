import type { FunctionFact } from '../../facts/javascript/module-facts.ts';
import type { Node, Program } from '../program/program.ts';
import type { Shape } from './shapes.ts';

const NAMED_HANDLERS = /^(handler|lambdaHandler|main)$/;
const ROUTE_EXPORTS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

interface ExportedParam {
  readonly index: number;
  readonly shape: Shape;
  readonly via?: 'named';
}

/** What a framework calls an exported function with, by its name and the path of its file. */
export function exportedParams(
  { params }: FunctionFact,
  name: string,
  path: string,
  isServerAction: boolean,
): readonly ExportedParam[] {
  if (isServerAction) return params.map((_, index) => ({ index, shape: 'data' }));
  if (/(^|\/)route\.[mc]?[jt]sx?$/.test(path) && ROUTE_EXPORTS.has(name)) {
    return [
      { index: 0, shape: 'fetch-request' },
      { index: 1, shape: 'route-context' },
    ];
  }
  if (/(^|\/)pages\/api\//.test(path) && (name === 'default' || name === '=')) {
    return [
      { index: 0, shape: 'express-request' },
      { index: 1, shape: 'express-response' },
    ];
  }
  // endpoints of Astro
  if (/(^|\/)src\/pages\/.+\.[jt]s$/.test(path) && ROUTE_EXPORTS.has(name))
    return [{ index: 0, shape: 'route-context' }];
  if (name === 'getServerSideProps' || name === 'loader' || name === 'action')
    return [{ index: 0, shape: 'route-context' }];
  if (NAMED_HANDLERS.test(name) && params[0]?.name === 'event')
    return [{ index: 0, shape: 'lambda-event', via: 'named' }];
  const isPage = /(^|\/)(page|layout)\.[jt]sx$/.test(path) && name === 'default';
  return isPage || /(^|\/)\+(server|page\.server)\.[jt]s$/.test(path) ? [{ index: 0, shape: 'route-context' }] : [];
}

/** The functions in `export const actions = { default: async ({ request }) => … }` of SvelteKit. */
export function formActions(program: Program, exported: Node, name: string, path: string): readonly Node[] {
  const value = program.valueOf(exported);
  const isActions = name === 'actions' && /(^|\/)\+page\.server\.[jt]s$/.test(path);
  return isActions && value.kind === 'object'
    ? value.properties.map((each) => program.child(exported, each.value))
    : [];
}
