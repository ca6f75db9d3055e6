import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { scalarOf } from '../deployments/data.ts';
import { managerCommandOf } from '../images/installs.ts';
import { defineView, present } from '../view.ts';
import type { Source } from '../view.ts';

/** A setting of a package manager in a file of the project: `.npmrc`, `.yarnrc.yml`, `pnpm-workspace.yaml`, `npm config set`. */
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
  reads: ['ini', 'yaml', 'dockerfile', 'shell'],
  needs: [],
  build: (source) => present([...npmSettings(source), ...yamlSettings(source), ...settingsByCommand(source)]),
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

/** `npm config set strict-ssl false`, in an image or a script. */
const settingsByCommand = (source: Source): readonly RegistrySetting[] =>
  [
    ...source.facts('dockerfile').map(({ path, facts }) => ({
      path,
      commands: facts.instructions.flatMap(({ commands }) => commands),
    })),
    ...source.facts('shell').map(({ path, facts }) => ({ path, commands: facts.commands })),
  ].flatMap(({ path, commands }) =>
    commands.flatMap((command) => {
      const asked = managerCommandOf(command);
      if (asked?.verb !== 'config' || asked.manager === 'bun') return [];
      const words = asked.names.map(({ text }) => text).filter((text) => text !== 'set');
      const [name = '', value] = words.flatMap((text) => (/^[\w.-]+=/.test(text) ? text.split('=', 2) : [text]));
      if (value === undefined) return [];
      const at = locationOf(path, command);
      return [{ path, folder: folderOf(path), manager: asked.manager, name: kebab(name), value, at }];
    }),
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
