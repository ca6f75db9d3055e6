import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { Source } from '../view.ts';
import type { Base } from './base.ts';
import type { BuildCommand, BuiltStage, Layer } from './image.ts';
import type { ManagerCommand } from './installs.ts';
import { isInstall } from './installs.ts';
import type { Lockfile } from './lockfile.ts';
import { lockfilesOf } from './lockfile.ts';
import { joined } from './path.ts';
import type { ProjectManifest } from './project-manifest.ts';
import { stageNamed } from './stage.ts';

/** An install of the project's dependencies while an image is built. */
export interface Install {
  readonly layer: Layer;
  readonly build: BuildCommand;
  readonly at: Location;
  readonly manager: ManagerCommand;
  /** Whether devDependencies are left out; `unknown` where that depends on a version nobody names. */
  readonly omitsDev: 'yes' | 'no' | 'unknown';
  /** What leaves them out. */
  readonly omittedBy?: Location;
  readonly manifest?: ProjectManifest;
  /** Beside the package.json it installs for, or at the root of the workspace. */
  readonly lockfiles: readonly Lockfile[];
}

/** What a `node_modules` folder of a stage holds. */
export interface NodeModules {
  readonly state: 'full' | 'production' | 'unknown';
  /** What made it so. */
  readonly at: Location;
  readonly manifest?: ProjectManifest;
  /** The base of the stage it was installed in, where it was copied from there. */
  readonly copiedFrom?: Base;
}

export interface InstallContext {
  readonly source: Source;
  readonly manifests: readonly ProjectManifest[];
  readonly manifest: ProjectManifest | undefined;
  readonly context: string;
}

/** The installs of a stage and of those it starts from. */
export function installsOf(stage: BuiltStage, where: InstallContext): readonly Install[] {
  return stage.commands.flatMap((build, index) => {
    const { manager } = build;
    if (!manager || !isInstall(manager)) return [];
    const found = manifestFor(build, stage, index, where);
    const manifest = found === 'none' ? undefined : found;
    const { state, by } = omissionOf(build, manager, stage, manifest, where);
    return [
      {
        layer: build.layer,
        build,
        at: build.at,
        manager,
        omitsDev: state,
        ...(by && { omittedBy: by }),
        ...(manifest && { manifest }),
        lockfiles: found === 'none' ? [] : lockfilesOf(where.source, manifest?.folder ?? where.context),
      },
    ];
  });
}

/** `cd client && npm ci` and `npm ci --prefix client` are about another package.json; `none` if it is not in the repository. */
function manifestFor(
  build: BuildCommand,
  stage: BuiltStage,
  index: number,
  where: InstallContext,
): ProjectManifest | 'none' | undefined {
  const before = stage.commands.slice(0, index);
  const option = build.manager?.options
    .find(({ text }) => /^(--prefix|--cwd|--dir|-C)=/.test(text))
    ?.text.split('=')[1];
  const cd = before.findLast(({ layer, program }) => layer === build.layer && program === 'cd')?.words[1]?.text;
  const folder = option ?? cd;
  if (folder === undefined) return copiedManifest(build, stage, where) ?? where.manifest;
  if (folder.startsWith('/') || folder === '.') return where.manifest;
  const path = joined(where.context, folder);
  return where.manifests.find((manifest) => manifest.folder === path) ?? 'none';
}

/** `COPY client/package*.json ./` before `npm ci`: the package.json of a folder is the only one there. */
function copiedManifest(
  { layer }: BuildCommand,
  { copies, layers }: BuiltStage,
  { manifests, context }: InstallContext,
): ProjectManifest | undefined {
  const before = copies.filter(
    (copy) => layers.indexOf(copy.layer) < layers.indexOf(layer) && copy.layer.workdir === layer.workdir,
  );
  const folders = new Set(
    before
      .filter(({ from, destination }) => from === undefined && /^\.?\/?$/.test(destination))
      .flatMap(({ sources }) => sources)
      .flatMap((source) => /^(?:\.?\/)?(.*?)\/?package(?:\*|\*?\.json|-lock\.json)$/.exec(source)?.[1] ?? []),
  );
  const [folder = ''] = folders;
  if (folders.size !== 1 || folder === '' || before.some(({ broad }) => broad)) return undefined;
  return manifests.find((manifest) => manifest.folder === joined(context, folder));
}

function omissionOf(
  { layer, command }: BuildCommand,
  manager: ManagerCommand,
  stage: BuiltStage,
  manifest: ProjectManifest | undefined,
  where: InstallContext,
): { state: Install['omitsDev']; by?: Location } {
  const path = layer.stage.path;
  if (manager.includesDev) return { state: 'no' };
  if (manager.omitsDev) {
    const berry = manager.manager === 'yarn' && manager.verb !== 'focus' && isBerryInstall(manager, manifest, where);
    return berry ? { state: 'no' } : { state: 'yes', by: locationOf(path, manager.omitsDev) };
  }
  const own = command.env.find(({ name }) => name === 'NODE_ENV');
  const value = own?.value?.text ?? layer.scope.get('NODE_ENV');
  const by = own ? locationOf(path, own) : stage.env.get('NODE_ENV')?.at;
  const npmOmits = layer.scope.get('NPM_CONFIG_OMIT') === 'dev' || layer.scope.get('NPM_CONFIG_PRODUCTION') === 'true';
  if (manager.manager === 'npm' && npmOmits) return { state: 'yes', ...(by && { by }) };
  if (value !== 'production') return { state: 'no' };
  if (manager.manager === 'npm') return { state: 'yes', ...(by && { by }) };
  if (manager.manager === 'yarn')
    return isBerryInstall(manager, manifest, where) ? { state: 'no' } : { state: 'yes', ...(by && { by }) };
  if (manager.manager === 'bun') return { state: 'no' };
  const major = pnpmMajorOf(stage, manifest);
  if (major === undefined) return { state: 'unknown' };
  return major < 10 ? { state: 'yes', ...(by && { by }) } : { state: 'no' };
}

const isBerryInstall = (
  manager: ManagerCommand,
  manifest: ProjectManifest | undefined,
  where: InstallContext,
): boolean =>
  manager.options.some(({ text }) => /^--(immutable|immutable-cache|inline-builds)$/.test(text)) ||
  isBerry(manifest, where);

/** Yarn 2 and later ignore NODE_ENV and `--production`. */
export function isBerry(manifest: ProjectManifest | undefined, { source, context }: InstallContext): boolean {
  const declared = /^yarn@(\d+)/.exec(manifest?.packageManager ?? '')?.[1];
  if (declared !== undefined) return Number(declared) >= 2;
  return source.files.some(
    ({ path }) => path === joined(context, '.yarnrc.yml') || path === joined(manifest?.folder ?? '', '.yarnrc.yml'),
  );
}

/** From the packageManager field, or from what the image installs. */
function pnpmMajorOf({ commands }: BuiltStage, manifest: ProjectManifest | undefined): number | undefined {
  const asked = commands
    .flatMap(({ words }) => words.map(({ text }) => /^pnpm@v?(\d+)/.exec(text)?.[1]))
    .find((found) => found !== undefined);
  const major = asked ?? /^pnpm@(\d+)/.exec(manifest?.packageManager ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}

/**
 * The `node_modules` folders a stage ends up with, by the last part of their path: installs, prunes, copies and renames
 * in the order they take effect.
 */
export function nodeModulesOf(
  stage: BuiltStage,
  where: InstallContext,
  stageOf: (name: string, of: BuiltStage) => BuiltStage | undefined,
  depth = 0,
): ReadonlyMap<string, NodeModules> {
  const folders = new Map<string, NodeModules>();
  if (depth > 10) return folders;
  const installs = new Map(installsOf(stage, where).map((install) => [install.build.command, install]));
  for (const layer of stage.layers) {
    const { keyword } = layer.instruction;
    if (keyword === 'COPY' || keyword === 'ADD') copied(layer, folders, stage, where, stageOf, depth);
    if (keyword !== 'RUN') continue;
    for (const build of stage.commands.filter((command) => command.layer === layer)) {
      const install = installs.get(build.command);
      if (install) installed(install, folders);
      else changed(build, folders);
    }
  }
  return folders;
}

const DEFAULT = 'node_modules';

function installed({ manager, omitsDev, at, manifest }: Install, folders: Map<string, NodeModules>): void {
  if (
    manager.verb === 'fetch' ||
    manager.options.some(({ text }) => /^(--package-lock-only|--lockfile-only|--dry-run)$/.test(text))
  )
    return;
  const state = omitsDev === 'yes' ? 'production' : omitsDev === 'no' ? 'full' : 'unknown';
  folders.set(DEFAULT, { state, at, ...(manifest && { manifest }) });
}

/** `npm prune --omit=dev`, `pnpm deploy --prod`, `rm -rf node_modules`, `cp -R node_modules prod_node_modules`. */
function changed({ program, words, manager, at, layer }: BuildCommand, folders: Map<string, NodeModules>): void {
  const known = folders.get(DEFAULT);
  const production = manager?.omitsDev !== undefined || layer.scope.get('NODE_ENV') === 'production';
  if (manager?.verb === 'prune' && production && known) folders.set(DEFAULT, { ...known, state: 'production', at });
  if (manager?.verb === 'deploy') {
    const folder = manager.names.at(-1)?.text ?? '';
    folders.set(lastPart(folder), { state: manager.omitsDev ? 'production' : 'full', at });
  }
  const operands = words
    .slice(1)
    .filter(({ text }) => !text.startsWith('-'))
    .map(({ text }) => lastPart(text));
  if (program === 'rm') for (const name of operands) folders.delete(name);
  const [from = '', to = ''] = operands;
  const moved = folders.get(from);
  if ((program === 'cp' || program === 'mv') && moved) {
    folders.set(to, moved);
    if (program === 'mv') folders.delete(from);
  }
}

const lastPart = (path: string): string =>
  path
    .replace(/\/+(\*|\.)?$/, '')
    .split('/')
    .at(-1) ?? '';

function copied(
  layer: Layer,
  folders: Map<string, NodeModules>,
  stage: BuiltStage,
  where: InstallContext,
  stageOf: (name: string, of: BuiltStage) => BuiltStage | undefined,
  depth: number,
): void {
  const from = layer.instruction.flags.find(({ name }) => name === 'from')?.value;
  const source = from === undefined ? undefined : stageOf(from, stage);
  if (!source) return;
  const theirs = nodeModulesOf(source, where, stageOf, depth + 1);
  const at = layer.at;
  const words = layer.instruction.words.map(({ text }) => text);
  for (const path of words.slice(0, -1)) {
    const name = lastPart(path);
    const named = theirs.get(name);
    const destination = lastPart(words.at(-1) ?? '');
    if (named)
      folders.set(destination === 'node_modules' || !name.includes('node_modules') ? DEFAULT : name, {
        ...named,
        at,
        copiedFrom: named.copiedFrom ?? source.base,
      });
    else if (coversApp(path, source)) {
      const own = theirs.get(DEFAULT);
      if (own) folders.set(DEFAULT, { ...own, at, copiedFrom: own.copiedFrom ?? source.base });
    }
  }
}

/** Whether a path of a stage is the folder the project was installed in, or one above it. */
function coversApp(path: string, { layers, workdir }: BuiltStage): boolean {
  const folder = `/${joined(path.startsWith('/') ? '' : workdir, path.replace(/\/\*$/, ''))}`;
  const apps = layers.filter(({ instruction }) => instruction.keyword === 'RUN').map((layer) => layer.workdir);
  return [workdir, ...apps].some(
    (app) => app === folder || (folder !== '/' && app.startsWith(`${folder}/`)) || (folder === '/' && path === '/'),
  );
}

export const stageFinderOf =
  (stages: readonly BuiltStage[]) =>
  (name: string, { dockerfile, stage }: BuiltStage): BuiltStage | undefined => {
    const found = stageNamed(dockerfile.stages.slice(0, stage.index), name);
    return stages.find((built) => built.stage === found);
  };
