import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { scalarOf } from '../deployments/data.ts';
import { defineView, present } from '../view.ts';
import type { Source } from '../view.ts';

/** A setting of a package manager in a file of the project: `.npmrc`, `.yarnrc.yml`, `pnpm-workspace.yaml`. */
export interface RegistrySetting {
  readonly path: string;
  readonly folder: string;
  readonly manager: 'npm' | 'pnpm' | 'yarn';
  /** As npm writes it, in kebab case: `strict-ssl`. */
  readonly name: string;
  readonly value: string;
  readonly at: Location;
}

export const registrySettings = defineView({
  name: 'registrySettings',
  reads: ['ini', 'yaml'],
  needs: [],
  build: (source) => present([...npmSettings(source), ...yamlSettings(source)]),
});

const npmSettings = (source: Source): readonly RegistrySetting[] =>
  source
    .facts('ini')
    .filter(({ path }) => /(^|\/)\.npmrc$/.test(path))
    .flatMap(({ path, facts }) =>
      facts.entries.map((entry) => ({
        path,
        folder: folderOf(path),
        manager: 'npm' as const,
        name: kebab(entry.name),
        value: entry.value?.text ?? 'true',
        at: locationOf(path, entry),
      })),
    );

const yamlSettings = (source: Source): readonly RegistrySetting[] =>
  source.facts('yaml').flatMap(({ path, facts }) => {
    const manager = /(^|\/)\.yarnrc\.ya?ml$/.test(path)
      ? 'yarn'
      : /(^|\/)pnpm-workspace\.ya?ml$/.test(path)
        ? 'pnpm'
        : undefined;
    const [node] = facts.documents;
    if (!manager || node?.kind !== 'map') return [];
    return node.entries.flatMap(({ key, keyAt, value }) => {
      const scalar = scalarOf(value);
      const at = locationOf(path, { start: keyAt.start, end: value.end });
      return scalar ? [{ path, folder: folderOf(path), manager, name: kebab(key), value: scalar.text, at }] : [];
    });
  });

/** `enableStrictSsl` and `strict_ssl` → `enable-strict-ssl`, `strict-ssl`. */
const kebab = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
