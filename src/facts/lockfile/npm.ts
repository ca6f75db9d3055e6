import type { Span } from '../../document/document.ts';
import { integrityOf, originOf, sourceOf } from './origin.ts';
import { DEPENDENCY_KINDS } from './lockfile-facts.ts';
import type { LockedImporter, LockedPackage, LockfileFacts, PackageId, Requirement } from './lockfile-facts.ts';

type Json = Readonly<Record<string, unknown>>;

/** package-lock.json and npm-shrinkwrap.json, versions 1 to 3. Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */
export function npmLockOf(text: string): LockfileFacts | undefined {
  const root = objectOf(JSON.parse(text.replace(/^\uFEFF/, ' ')));
  if (!root) return undefined;
  const format = String(root['lockfileVersion'] ?? 1);
  const packages = objectOf(root['packages']);
  const places = new Places(text);
  const tree = packages ? treeOf(packages, places) : treeOfOldest(objectOf(root['dependencies']), places);
  return { manager: 'npm', format, ...tree };
}

type Tree = Pick<LockfileFacts, 'packages' | 'importers'>;

const objectOf = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] => Object.entries(objectOf(value) ?? {});

const stringOf = (node: Json, key: string): string | undefined => {
  const value = Object.hasOwn(node, key) ? node[key] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** Where keys stand. They are asked for in the order of the text, so that it is read once. */
class Places {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next place of a key, with its quotes. */
  key(key: string): Span {
    const written = `${JSON.stringify(key)}:`;
    let start = this.#text.indexOf(written, this.#at);
    if (start === -1) start = this.#text.indexOf(written);
    if (start === -1) return { start: this.#at, end: this.#at };
    this.#at = start + written.length;
    return { start, end: this.#at - 1 };
  }

  /** The value of the next member of this name and value, without its quotes. */
  value(key: string, value: string): Span {
    const member = this.#text.indexOf(`"${key}"`, this.#at);
    const start = member === -1 ? -1 : this.#text.indexOf(value, member);
    return start === -1 ? { start: this.#at, end: this.#at } : { start, end: start + value.length };
  }
}

function treeOf(packagesOf: Json, places: Places): Tree {
  const entries = Object.entries(packagesOf).flatMap(([key, value]) => {
    const node = objectOf(value);
    return node ? [{ key, node, isInstalled: key.includes('node_modules/') }] : [];
  });
  const installed = entries.filter(({ isInstalled }) => isInstalled);
  const idOf = new Map(installed.map(({ key }, id) => [key, id]));
  const packages = installed.map(({ key, node }): LockedPackage => {
    const at = places.key(key);
    const path = node['link'] === true ? (stringOf(node, 'resolved') ?? key) : key;
    return {
      name: stringOf(node, 'name') ?? nameOfPath(key),
      version: stringOf(node, 'version') ?? '',
      at,
      ...fetched(node, places),
      ...flagsOf(node),
      needs: namesNeeded(node).flatMap((name) => resolved(idOf, path, name) ?? []),
    };
  });
  const importers = entries
    .filter(({ isInstalled }) => !isInstalled)
    .map(({ key, node }): LockedImporter => ({ folder: key, requires: requirementsOf(node, idOf, key) }));
  return { packages, importers };
}

/** `node_modules/a/node_modules/@b/c` → `@b/c`. */
const nameOfPath = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function fetched(node: Json, places: Places): Pick<LockedPackage, 'source' | 'origin' | 'integrity'> {
  const address = stringOf(node, 'resolved') ?? '';
  const origin = address === '' ? undefined : originOf(address, places.value('resolved', address));
  const integrity = integrityOf(stringOf(node, 'integrity') ?? '');
  return {
    source: node['link'] === true ? 'workspace' : sourceOf(address),
    ...(origin && { origin }),
    ...(integrity && { integrity }),
  };
}

function flagsOf(node: Json): Partial<LockedPackage> {
  const deprecated = stringOf(node, 'deprecated');
  const license = stringOf(node, 'license');
  const engines = objectOf(node['engines']);
  const range = engines && stringOf(engines, 'node');
  const is = (...flags: readonly string[]): boolean => flags.some((flag) => node[flag] === true);
  return {
    ...(is('dev', 'devOptional') && { dev: true as const }),
    ...(is('optional', 'devOptional') && { optional: true as const }),
    ...(is('inBundle', 'bundled') && { bundled: true as const }),
    ...(is('hasInstallScript') && { installScript: true as const }),
    ...(deprecated !== undefined && { deprecated: deprecated.slice(0, 300) }),
    ...(license !== undefined && { license }),
    ...(range !== undefined && { engines: range }),
  };
}

const namesNeeded = (node: Json): readonly string[] =>
  ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    membersOf(node[kind]).map(([name]) => name),
  );

/** The folder Node.js would find a package in, from another one. */
function resolved(idOf: ReadonlyMap<string, PackageId>, from: string, name: string): PackageId | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const id = idOf.get(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`);
    if (id !== undefined || folder === '') return id;
  }
}

const parentOf = (folder: string): string => {
  const nested = folder.lastIndexOf('/node_modules/');
  if (nested !== -1) return folder.slice(0, nested);
  const slash = folder.startsWith('node_modules/') ? -1 : folder.lastIndexOf('/');
  return slash === -1 ? '' : folder.slice(0, slash);
};

const requirementsOf = (node: Json, idOf: ReadonlyMap<string, PackageId>, folder: string): readonly Requirement[] =>
  DEPENDENCY_KINDS.flatMap((kind) =>
    membersOf(node[kind]).map(([name, range]): Requirement => {
      const target = resolved(idOf, folder, name);
      return { name, range: typeof range === 'string' ? range : '', kind, ...(target !== undefined && { target }) };
    }),
  );

/** Version 1: packages inside packages, and nothing about who asked. */
function treeOfOldest(root: Json | undefined, places: Places): Tree {
  const packages: (LockedPackage & { readonly wants: readonly string[]; readonly path: string })[] = [];
  const visit = (dependencies: Json | undefined, folder: string, depth: number): void => {
    if (depth > 40) return;
    for (const [name, value] of Object.entries(dependencies ?? {})) {
      const node = objectOf(value);
      if (!node) continue;
      const path = `${folder}node_modules/${name}`;
      const version = stringOf(node, 'version') ?? '';
      const isAddress = /[:/]/.test(version);
      packages.push({
        name,
        version: isAddress ? '' : version,
        at: places.key(name),
        ...fetched(node, places),
        ...(isAddress && { source: sourceOf(version) }),
        ...flagsOf(node),
        ...(depth === 0 && { asked: [name] }),
        needs: [],
        wants: membersOf(node['requires']).map(([wanted]) => wanted),
        path,
      });
      visit(objectOf(node['dependencies']), `${path}/`, depth + 1);
    }
  };
  visit(root, '', 0);
  const idOf = new Map(packages.map(({ path }, id) => [path, id]));
  return {
    packages: packages.map(({ wants, path, ...found }) => ({
      ...found,
      needs: wants.flatMap((name) => resolved(idOf, path, name) ?? []),
    })),
    importers: [],
  };
}
