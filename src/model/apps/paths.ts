import type { Path } from './registry.ts';

export const textOf = (path: Path): string | undefined => (typeof path === 'string' ? path : undefined);

/** `/api` and `/users/` are `/api/users`. */
export function joinedPath(prefix: string | undefined, path: string | undefined): string | undefined {
  if (prefix === undefined || path === undefined) return undefined;
  const whole = `${prefix}/${path}`.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return whole === '' ? '/' : whole;
}

/** Stands for a part of a path that cannot be seen, and for no other. */
export const unseen = (order: number): string => `{unseen ${order}}`;
const isUnseen = (segment: string): boolean => segment.startsWith('{unseen');

const isParameter = (segment: string): boolean => /^[:{]/.test(segment) || /^\(.*\)$/.test(segment);
const isWild = (segment: string): boolean => segment.includes('*') || segment === '(.*)' || segment.includes('.*');

/**
 * Whether middleware at a path meets every request of a route: `all`, `some` where the route's parameters decide,
 * `none`. With `exact`, the paths must be the same and not only begin alike.
 */
export function coverage(scope: string | undefined, route: string | undefined, exact = false): 'all' | 'some' | 'none' {
  if (scope === '/' && !exact) return 'all';
  if (scope === undefined || route === undefined) return 'some';
  const wanted = segmentsOf(scope);
  const given = segmentsOf(route);
  let certain = true;
  for (const [index, segment] of wanted.entries()) {
    if (isWild(segment)) return certain ? 'all' : 'some';
    const other = given[index];
    if (other === undefined) return 'none';
    if (isUnseen(segment) || isUnseen(other)) {
      if (segment === other) continue;
      return 'some';
    }
    if (isWild(other)) return 'some';
    if (segment.toLowerCase() === other.toLowerCase() || isParameter(segment)) {
      if (/[?+(]/.test(segment.slice(1)) && segment !== other) certain = false;
      continue;
    }
    if (!isParameter(other)) return 'none';
    certain = false;
  }
  if (exact && given.length !== wanted.length) return 'none';
  return certain ? 'all' : 'some';
}

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((segment) => segment !== '');
