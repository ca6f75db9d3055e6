import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import { entryOf, mapOf, scalarOf, scalarText, textAt } from '../deployments/data.ts';
import type { Source } from '../view.ts';
import { folderOf } from './path.ts';

/** What building and starting an image needs to know of a package.json. */
export interface ProjectManifest {
  readonly path: string;
  readonly folder: string;
  readonly name?: string;
  readonly scripts: readonly Script[];
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** `pnpm@10.4.1`, as the field says. */
  readonly packageManager?: string;
  readonly main?: string;
  /** It is a command line tool: it has a `bin`. */
  readonly bin: boolean;
}

export interface Script {
  readonly name: string;
  readonly at: Location;
  readonly text: string;
  readonly commands: readonly ShellCommand[];
}

export const manifestsOf = (source: Source): readonly ProjectManifest[] =>
  source.facts('manifest').flatMap(({ path, facts }) => {
    const [node] = facts.documents;
    if (node?.kind !== 'map') return [];
    const names = (key: string): ReadonlySet<string> => new Set(mapOf(entryOf(node, key)).map((entry) => entry.key));
    const packageManager = textAt(node, 'packageManager');
    const main = textAt(node, 'main');
    const name = textAt(node, 'name');
    return [
      {
        path,
        folder: folderOf(path),
        scripts: mapOf(entryOf(node, 'scripts')).map(({ key, value }) => ({
          name: key,
          at: locationOf(path, value),
          text: scalarText(value),
          commands: scalarOf(value) ? commandsAt(value as never) : [],
        })),
        dependencies: names('dependencies'),
        devDependencies: names('devDependencies'),
        bin: entryOf(node, 'bin') !== undefined,
        ...(packageManager !== undefined && { packageManager }),
        ...(main !== undefined && { main }),
        ...(name !== undefined && { name }),
      },
    ];
  });

/** The package.json nearest above a folder. */
export function manifestAbove(manifests: readonly ProjectManifest[], folder: string): ProjectManifest | undefined {
  for (let at = folder; ; at = folderOf(at)) {
    const found = manifests.find((manifest) => manifest.folder === at);
    if (found || at === '') return found;
  }
}
