import type { Source } from '../view.ts';
import type { PackageManager } from './installs.ts';
import { folderOf, joined } from './path.ts';

export interface Lockfile {
  readonly path: string;
  readonly name: string;
  readonly manager: PackageManager;
}

const MANAGERS: ReadonlyMap<string, PackageManager> = new Map([
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['yarn.lock', 'yarn'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
]);

/** The lockfiles in a folder; where it has none, those of the nearest folder above that does. */
export function lockfilesOf({ files }: Pick<Source, 'files'>, folder: string): readonly Lockfile[] {
  for (let at = folder; ; at = folderOf(at)) {
    const found = [...MANAGERS].flatMap(([name, manager]) => {
      const path = joined(at, name);
      return files.some((file) => file.path === path && file.tracked !== 'ignored') ? [{ path, name, manager }] : [];
    });
    if (found.length > 0 || at === '') return found;
  }
}
