import type { Instance, Layer, Path } from './registry.ts';

/**
 * The layers of an instance in the order requests meet them, which is the order of the code but for two frameworks.
 * Polka 0.x and restify from 7 on run all middleware before the one route that answers. `major` is that of the
 * framework, undefined where it is not known.
 * Sources: https://github.com/lukeed/polka/tree/v0.5.2#usebase-fn, http://restify.com/docs/server-api/#use
 */
export function runOrder(instance: Instance, major: number | undefined): readonly Layer[] {
  const { stack } = instance;
  if (!isSorted(instance, major)) return stack;
  const kept = instance.framework === 'polka' && major === 0 ? stack.flatMap(withFirstSegments) : stack;
  return kept.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Whether one route alone answers a request, so that its handlers never come before another's. */
export const answersAlone = (instance: Instance, major: number | undefined): boolean =>
  instance.framework === 'restify' || (instance.framework === 'polka' && isSorted(instance, major));

function isSorted({ framework, sorts }: Instance, major: number | undefined): boolean {
  if (sorts !== true) return false;
  return framework === 'polka' ? major === undefined || major < 1 : major === undefined || major >= 7;
}

const HOOKS = ['first', 'pre'];

function placeOf(layer: Layer): number {
  if (layer.kind === 'mount') return 5;
  if (layer.kind === 'route') return 4;
  if (layer.forErrors) return 6;
  const hook = HOOKS.indexOf(layer.hook ?? '');
  if (hook >= 0) return hook;
  return layer.paths.every((path) => path === '/') ? 2 : 3;
}

/** Polka 0.x compares what is registered with the first segment of the path: below more than one, nothing is run. */
function withFirstSegments(layer: Layer): readonly Layer[] {
  if (layer.kind === 'route') return [layer];
  const paths = layer.paths.filter(isFirstSegment);
  return paths.length > 0 ? [{ ...layer, paths }] : [];
}

const isFirstSegment = (path: Path): boolean => typeof path !== 'string' || /^\/?[^/]*$/.test(path);
