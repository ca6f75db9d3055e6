import type { Location, Tracked } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataMap } from '../../facts/data/data-facts.ts';
import { DEPENDENCY_KINDS } from '../../facts/lockfile/lockfile-facts.ts';
import type { DependencyKind } from '../../facts/lockfile/lockfile-facts.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import { entryOf, itemsOf, mapOf, scalarOf, scalarText, textAt } from '../deployments/data.ts';
import { programWordsOf } from '../images/installs.ts';
import { placeOf } from '../place.ts';
import { absent, defineView, present } from '../view.ts';
import type { Source } from '../view.ts';

/** The package.json files of the project. */
export interface Manifests {
  /** In path order, without those of tests, examples and templates. */
  readonly all: readonly Manifest[];
  /** The one at the root. */
  readonly root?: Manifest;
  /** Folders with a file, such as .nvmrc, that says which Node.js is meant; empty for the root. */
  readonly pinnedFolders: readonly string[];
  /** Places where a package.json is not JSON. */
  readonly broken: readonly Location[];
  /** The nearest one above a file or folder. */
  readonly above: (path: string) => Manifest | undefined;
  /** The manifest of the workspace a manifest belongs to; itself where it belongs to none. */
  readonly workspaceOf: (manifest: Manifest) => Manifest;
}

export interface Manifest {
  readonly path: string;
  /** Without a final `/`; empty for the root. */
  readonly folder: string;
  readonly tracked: Tracked;
  readonly node: DataMap;
  readonly name?: string;
  readonly private: boolean;
  /** `"type": "module"`: its .js and .ts files are ES modules. */
  readonly isModule: boolean;
  /**
   * `application`: is started; `library`: is published for others to depend on; `workspace`: only holds others;
   * `fragment`: says too little to be a package (`{ "type": "module" }`).
   */
  readonly kind: 'application' | 'library' | 'workspace' | 'fragment';
  readonly scripts: readonly Script[];
  readonly dependencies: readonly Dependency[];
  readonly packageManager?: { readonly name: string; readonly version: string; readonly at: Location };
  /** `engines.node`. */
  readonly engines?: { readonly range: string; readonly at: Location };
  /** `volta.node`, `devEngines.runtime`. */
  readonly pinned: readonly { readonly by: string; readonly version: string; readonly at: Location }[];
  /** Globs of the workspaces it is the root of. */
  readonly workspaces: readonly string[];
  /** Where to point when something is missing: its name, or the start of the file. */
  readonly at: Location;
}

export interface Script {
  readonly name: string;
  readonly text: string;
  readonly at: Location;
  readonly commands: readonly ShellCommand[];
  /** The words of each command, without `env`, `cross-env` and the like before it. */
  readonly programs: readonly (readonly string[])[];
}

export interface Dependency {
  readonly name: string;
  readonly range: string;
  readonly kind: DependencyKind;
  readonly nameAt: Location;
  /** The range with its quotes. */
  readonly at: Location;
}

export const manifests = defineView({
  name: 'manifests',
  reads: ['manifest', 'yaml', 'version-file'],
  needs: [],
  build: (source) => {
    const all = manifestsOf(source);
    const facts = source.facts('manifest');
    if (facts.length === 0) return absent('The project has no package.json.');
    const broken = facts.flatMap(({ path, facts: { broken: at } }) => (at ? [locationOf(path, at)] : []));
    const gaps = facts.flatMap((document) => document.gaps);
    const root = all.find(({ folder }) => folder === '');
    const pinnedFolders = source
      .facts('version-file')
      .flatMap(({ path, facts: { tools } }) => (tools.some(({ name }) => name === 'node') ? [folderOf(path)] : []));
    return present(
      { all, pinnedFolders, broken, above: above(all), workspaceOf: workspaceOf(all), ...(root && { root }) },
      gaps,
    );
  },
});

function manifestsOf(source: Source): readonly Manifest[] {
  const pnpm = pnpmWorkspaces(source);
  return source.facts('manifest').flatMap(({ path, tracked, facts }) => {
    const [node] = facts.documents;
    if (node?.kind !== 'map' || placeOf(path) !== 'product' || path.includes('node_modules/')) return [];
    return [manifestOf(path, tracked, node, pnpm)];
  });
}

/** Globs of pnpm-workspace.yaml, by folder. */
const pnpmWorkspaces = (source: Source): ReadonlyMap<string, readonly string[]> =>
  new Map(
    source
      .facts('yaml')
      .filter(({ path }) => /(^|\/)pnpm-workspace\.ya?ml$/.test(path))
      .map(({ path, facts }) => [folderOf(path), itemsOf(entryOf(facts.documents[0], 'packages')).map(scalarText)]),
  );

function manifestOf(
  path: string,
  tracked: Tracked,
  node: DataMap,
  pnpm: ReadonlyMap<string, readonly string[]>,
): Manifest {
  const folder = folderOf(path);
  const name = textAt(node, 'name');
  const scripts = scriptsOf(path, node);
  const workspaces = [...workspacesOf(node), ...(pnpm.get(folder) ?? [])];
  const engines = scalarOf(entryOf(entryOf(node, 'engines'), 'node'));
  const packageManager = packageManagerOf(path, node);
  const nameAt = node.entries.find(({ key }) => key === 'name');
  const isPrivate = textAt(node, 'private') === 'true';
  return {
    path,
    folder,
    tracked,
    node,
    private: isPrivate,
    isModule: textAt(node, 'type') === 'module',
    kind: kindOf(node, isPrivate, scripts, workspaces),
    scripts,
    dependencies: dependenciesOf(path, node),
    pinned: pinnedOf(path, node),
    workspaces,
    at: locationOf(path, nameAt ? { start: nameAt.keyAt.start, end: nameAt.value.end } : { start: 0, end: 1 }),
    ...(name !== undefined && { name }),
    ...(engines && { engines: { range: engines.text, at: locationOf(path, engines) } }),
    ...(packageManager && { packageManager }),
  };
}

const scriptsOf = (path: string, node: DataMap): readonly Script[] =>
  mapOf(entryOf(node, 'scripts')).flatMap(({ key, value }) => {
    const scalar = scalarOf(value);
    if (!scalar) return [];
    const commands = commandsAt(scalar);
    const programs = commands.map((command) => programWordsOf(command).map(({ text }) => text));
    return [{ name: key, text: scalar.text, at: locationOf(path, value), commands, programs }];
  });

const dependenciesOf = (path: string, node: DataMap): readonly Dependency[] =>
  DEPENDENCY_KINDS.flatMap((kind) =>
    mapOf(entryOf(node, kind)).flatMap(({ key, keyAt, value }) => {
      if (value.kind !== 'scalar') return [];
      return [{ name: key, range: value.text, kind, nameAt: locationOf(path, keyAt), at: locationOf(path, value) }];
    }),
  );

const workspacesOf = (node: DataMap): readonly string[] => {
  const field = entryOf(node, 'workspaces');
  return itemsOf(field?.kind === 'map' ? entryOf(field, 'packages') : field).map(scalarText);
};

function packageManagerOf(path: string, node: DataMap): Manifest['packageManager'] {
  const field = scalarOf(entryOf(node, 'packageManager'));
  const [, name, version] = /^(npm|pnpm|yarn|bun)@(\d[^+\s]*)/.exec(field?.text ?? '') ?? [];
  return field && name && version ? { name, version, at: locationOf(path, field) } : undefined;
}

function pinnedOf(path: string, node: DataMap): Manifest['pinned'] {
  const volta = scalarOf(entryOf(entryOf(node, 'volta'), 'node'));
  const runtime = entryOf(entryOf(node, 'devEngines'), 'runtime');
  const runtimes = runtime?.kind === 'list' ? runtime.items : runtime ? [runtime] : [];
  const asked = runtimes.find((entry) => textAt(entry, 'name') === 'node');
  const version = scalarOf(entryOf(asked, 'version'));
  return [
    ...(volta ? [{ by: 'volta', version: volta.text, at: locationOf(path, volta) }] : []),
    ...(version ? [{ by: 'devEngines', version: version.text, at: locationOf(path, version) }] : []),
  ];
}

function kindOf(
  node: DataMap,
  isPrivate: boolean,
  scripts: readonly Script[],
  workspaces: readonly string[],
): Manifest['kind'] {
  const has = (key: string): boolean => entryOf(node, key) !== undefined;
  const starts = scripts.some(({ name }) => /^(start|serve|prod|start:prod|production)$/.test(name));
  if (starts) return 'application';
  if (workspaces.length > 0) return 'workspace';
  if (!has('name') && !has('dependencies') && !has('scripts')) return 'fragment';
  if (!isPrivate && (has('files') || has('exports') || has('publishConfig') || has('types') || has('module'))) {
    return 'library';
  }
  return isPrivate || !has('main') ? 'application' : 'library';
}

function above(all: readonly Manifest[]): Manifests['above'] {
  const byFolder = new Map(all.map((manifest) => [manifest.folder, manifest]));
  return (path) => {
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const found = byFolder.get(folder);
      if (found || folder === '') return found;
    }
  };
}

function workspaceOf(all: readonly Manifest[]): Manifests['workspaceOf'] {
  const roots = all.filter(({ workspaces }) => workspaces.length > 0);
  return (manifest) =>
    roots.find(
      ({ folder, workspaces }) =>
        folder !== manifest.folder &&
        isBelow(manifest.folder, folder) &&
        isMatched(manifest.folder.slice(folder === '' ? 0 : folder.length + 1), workspaces),
    ) ?? manifest;
}

const isBelow = (folder: string, above_: string): boolean => above_ === '' || folder.startsWith(`${above_}/`);

function isMatched(folder: string, globs: readonly string[]): boolean {
  const hits = (glob: string): boolean => globPattern(glob.replace(/^\.\//, '').replace(/\/$/, '')).test(folder);
  return (
    globs.some((glob) => !glob.startsWith('!') && hits(glob)) &&
    !globs.some((glob) => glob.startsWith('!') && hits(glob.slice(1)))
  );
}

/** `packages/*`, `apps/**`: the part of glob syntax workspaces are written in. */
const globPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .slice(0, 200)
      .replaceAll(/[.+^$()|[\]\\{}]/g, '\\$&')
      .replaceAll(/\*\*\/?|\*|\?/g, (star) => (star.startsWith('**') ? '.*' : '[^/]*'))}$`,
  );

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
