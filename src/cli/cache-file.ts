import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the facts of a project are kept: with the user, not in the project, which could bring forged ones along.
 */
export const cacheFileOf = (root: string): string => fileOf(root, 'facts');

/** Where the result of the last run over a project is kept. */
export const resultFileOf = (root: string): string => fileOf(root, 'result');

const fileOf = (root: string, what: string): string =>
  join(cacheFolder(), `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.${what}`);

/** The folder of this user that is ours. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'seaworthy');
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'seaworthy');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'seaworthy');
}
