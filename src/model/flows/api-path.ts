/** The last name of a canonical API path: `query` of `pg.Pool().query`; empty for a package that is itself called. */
export function lastName(api: string): string {
  const at = api.lastIndexOf('.');
  const name = at === -1 ? '' : api.slice(at + 1);
  // the dot of `socket.io` belongs to the package; `lodash.merge` is the function of `lodash` as well
  return /^[\w$*]+$/.test(name) && !isPackageDot(api, at) ? name : '';
}

const DOTTED = ['socket.io', 'socket.io-client', 'node.extend', 'uWebSockets.js', 'object.assign', 'string.prototype'];

const isPackageDot = (api: string, at: number): boolean =>
  DOTTED.some((name) => api === name && name.lastIndexOf('.') === at);

/** The value comes from this package: the package itself, or something reached from it. */
export function isFrom(api: string, root: string): boolean {
  if (!api.startsWith(root)) return false;
  const next = api[root.length];
  return next === undefined || next === '.' || next === '(' || next === '/' || next === '@';
}
