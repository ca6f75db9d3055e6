import { satisfies, valid, validRange } from 'semver';
import type { Location, Tracked } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { LockedImporter, LockedPackage, LockfileFacts, PackageId } from '../../facts/lockfile/lockfile-facts.ts';
import { mapOf, nodeAt } from '../deployments/data.ts';
import { absent, defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import type { Dependency, Manifest, Manifests } from './manifests.ts';

/** What the project installs: each package.json with the lockfile that decides its versions. */
export interface Lockfiles {
  /** In path order. */
  readonly all: readonly Lockfile[];
  /** Manifests that install something, each with its lockfile where it has one. */
  readonly projects: readonly LockedProject[];
  /** Lockfiles of bun in its binary format, which nothing but bun reads. */
  readonly binary: readonly Location[];
  /** Lines of .gitignore that keep lockfiles out of the repository. */
  readonly ignored: readonly { readonly at: Location; readonly folder: string }[];
}

export interface Lockfile {
  readonly path: string;
  readonly folder: string;
  readonly tracked: Tracked;
  readonly manager: LockfileFacts['manager'];
  readonly format: string;
  readonly packages: readonly LockedPackage[];
  /** Packages a production install brings, as far as that is known. */
  readonly production: ReadonlySet<PackageId>;
  /** Packages some package.json asks for itself, with what asks. */
  readonly direct: ReadonlyMap<PackageId, Dependency>;
  readonly at: Location;
  readonly locationOf: (found: LockedPackage) => Location;
}

export interface LockedProject {
  readonly manifest: Manifest;
  /** The manifest of the workspace it is installed with; itself where it stands alone. */
  readonly root: Manifest;
  /** Lockfiles beside the root: none, one, or several that contradict each other. */
  readonly lockfiles: readonly Lockfile[];
  readonly requirements: readonly LockedRequirement[];
}

/** A dependency of a package.json and what the lockfile makes of it. */
export interface LockedRequirement {
  readonly dependency: Dependency;
  readonly lockfile: Lockfile;
  readonly target?: LockedPackage;
  /** The range the lockfile was made for, in formats that keep it. */
  readonly lockedRange?: string;
  /** `missing`: the lockfile does not know it; `outside`: what it pins is outside the range. */
  readonly state: 'locked' | 'missing' | 'outside' | 'unknown';
}

export const lockfiles = defineView({
  name: 'lockfiles',
  reads: ['lockfile', 'ignore-file'],
  needs: ['manifests'],
  build: (source, { manifests }) => {
    if (manifests.state !== 'present') return absent(manifests.state === 'absent' ? manifests.reason : '');
    const known = manifests.answer;
    const files = source.facts('lockfile').filter(({ path }) => !path.includes('node_modules/'));
    const all = files.map((document) => lockfileOf(document, known));
    const byPath = new Map(files.map(({ path, facts }) => [path, facts]));
    const projects = known.all
      .filter(({ kind, dependencies }) => kind !== 'fragment' && dependencies.length > 0)
      .map((manifest) => projectOf(manifest, known, all, byPath));
    const binary = source.files.flatMap(({ path }) =>
      /(^|\/)bun\.lockb$/.test(path) ? [locationOf(path, { start: 0, end: 0 })] : [],
    );
    return present({ all, projects, binary, ignored: ignoredIn(source) }, [
      ...manifests.gaps,
      ...files.flatMap(({ gaps }) => gaps),
    ]);
  },
});

const LOCKFILE_PATTERN =
  /^(?:\*\*\/|\/)?(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|\*\.lock|\*-lock\.\*|\*lock\*)$/;

const ignoredIn = (source: Source): Lockfiles['ignored'] =>
  source
    .facts('ignore-file')
    .filter(({ path }) => /(^|\/)\.gitignore$/.test(path))
    .flatMap(({ path, facts }) =>
      facts.patterns
        .filter(({ text, negated }) => !negated && LOCKFILE_PATTERN.test(text))
        .map((pattern) => ({ at: locationOf(path, pattern), folder: folderOf(path) })),
    );

type LockfileDocument = ReturnType<Source['facts']>[number] & { readonly facts: LockfileFacts };

function lockfileOf({ path, tracked, facts }: LockfileDocument, manifests: Manifests): Lockfile {
  const folder = folderOf(path);
  const importers = facts.importers.length > 0 ? facts.importers : importersFrom(folder, facts, manifests);
  const direct = new Map<PackageId, Dependency>();
  const roots: PackageId[] = [];
  for (const { folder: below, requires } of importers) {
    const manifest = manifests.all.find((known) => known.folder === joined(folder, below));
    for (const { name, kind, target } of requires) {
      if (target === undefined) continue;
      const dependency = manifest?.dependencies.find((known) => known.name === name);
      if (dependency) direct.set(target, dependency);
      // yarn does not say which are for development: only the manifest does
      if ((dependency?.kind ?? kind) !== 'devDependencies') roots.push(target);
    }
  }
  return {
    path,
    folder,
    tracked,
    manager: facts.manager,
    format: facts.format,
    packages: facts.packages,
    production: importers.length > 0 ? reached(facts, roots) : withoutDev(facts),
    direct,
    at: locationOf(path, { start: 0, end: 0 }),
    locationOf: ({ at }) => locationOf(path, at),
  };
}

/** Formats that do not list the packages of the repository leave it to the manifests beside them. */
const importersFrom = (folder: string, facts: LockfileFacts, manifests: Manifests): readonly LockedImporter[] => {
  const asked = new Map(facts.packages.flatMap(({ asked: descriptors = [] }, id) => descriptors.map((of) => [of, id])));
  return manifests.all
    .filter((manifest) => manifest.folder === folder || manifests.workspaceOf(manifest).folder === folder)
    .map((manifest) => ({
      folder: manifest.folder.slice(folder === '' ? 0 : folder.length + 1),
      requires: manifest.dependencies.map(({ name, range, kind }) => {
        const target = asked.get(`${name}@${range}`) ?? asked.get(name);
        return { name, range, kind, ...(target !== undefined && { target: Number(target) }) };
      }),
    }));
};

function reached({ packages }: LockfileFacts, roots: readonly PackageId[]): ReadonlySet<PackageId> {
  const seen = new Set<PackageId>();
  const open = [...roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(packages[id]?.needs ?? []));
  }
  return seen;
}

const withoutDev = ({ packages }: LockfileFacts): ReadonlySet<PackageId> =>
  new Set(packages.flatMap(({ dev }, id) => (dev ? [] : [id])));

function projectOf(
  manifest: Manifest,
  manifests: Manifests,
  all: readonly Lockfile[],
  facts: ReadonlyMap<string, LockfileFacts>,
): LockedProject {
  const own = all.filter(({ folder }) => folder === manifest.folder);
  const root = own.length > 0 ? manifest : manifests.workspaceOf(manifest);
  const beside = own.length > 0 ? own : all.filter(({ folder }) => folder === root.folder);
  const [lockfile] = beside;
  const requirements =
    lockfile && beside.length === 1 ? requirementsOf(manifest, lockfile, facts.get(lockfile.path), manifests) : [];
  return { manifest, root, lockfiles: beside, requirements };
}

function requirementsOf(
  manifest: Manifest,
  lockfile: Lockfile,
  facts: LockfileFacts | undefined,
  manifests: Manifests,
): readonly LockedRequirement[] {
  if (!facts) return [];
  const importers = facts.importers.length > 0 ? facts.importers : importersFrom(lockfile.folder, facts, manifests);
  const importer = importers.find(({ folder }) => joined(lockfile.folder, folder) === manifest.folder);
  if (!importer) return [];
  const locked = new Map(importer.requires.map((requirement) => [requirement.name, requirement]));
  return manifest.dependencies.map((dependency) => {
    const found = locked.get(dependency.name);
    const target = found?.target === undefined ? undefined : facts.packages[found.target];
    const keepsRanges = facts.importers.length > 0;
    return {
      dependency,
      lockfile,
      state:
        facts.overrides?.some((key) => isOf(key, dependency.name)) || isAskedTwice(manifest, dependency)
          ? 'unknown'
          : stateOf(dependency, target, keepsRanges ? found?.range : undefined, lockfile, manifests),
      ...(target && { target }),
      ...(keepsRanges && found && { lockedRange: found.range }),
    };
  });
}

/** What `npm ci` and the frozen installs of the others would say; see the documentation of each. */
function stateOf(
  { name, range, kind }: Dependency,
  target: LockedPackage | undefined,
  lockedRange: string | undefined,
  { manager, folder, packages }: Lockfile,
  { all }: Manifests,
): LockedRequirement['state'] {
  if (kind === 'peerDependencies' || packages.length === 0) return 'unknown';
  const root = all.find((manifest) => manifest.folder === folder);
  if (REPLACED_BY.some((keys) => isReplaced(root, keys, name))) return 'unknown';
  if (/^(?:workspace|file|link|portal|patch|catalog):|^(?:\.|\/|~)/.test(range)) return 'unknown';
  if (manager === 'pnpm') return lockedRange === undefined ? 'missing' : lockedRange === range ? 'locked' : 'outside';
  if (!target) return kind === 'optionalDependencies' ? 'unknown' : 'missing';
  if (validRange(range) === null || valid(target.version) === null) return 'unknown';
  return satisfies(target.version, range, { includePrerelease: true }) ? 'locked' : 'outside';
}

const REPLACED_BY: readonly (readonly string[])[] = [['overrides'], ['resolutions'], ['pnpm', 'overrides']];

/** A field of the root that replaces the version of a package, whoever asks for it. */
const isReplaced = (root: Manifest | undefined, keys: readonly string[], name: string): boolean =>
  mapOf(nodeAt(root?.node, ...keys)).some(({ key }) => isOf(key, name));

/** Which of two ranges for the same package counts, each manager decides for itself. */
const isAskedTwice = ({ dependencies }: Manifest, { name }: Dependency): boolean =>
  dependencies.filter((other) => other.name === name).length > 1;

const isOf = (key: string, name: string): boolean =>
  key === name || key.startsWith(`${name}@`) || key.endsWith(`/${name}`);

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const joined = (folder: string, below: string): string => [folder, below].filter((part) => part !== '').join('/');
