import type { Location } from '../../document/document.ts';
import type { Copy } from './copies.ts';
import { takes } from './copies.ts';
import type { DockerIgnore } from './docker-ignore.ts';
import type { BuiltStage } from './image.ts';
import type { Install } from './node-install.ts';

/** What of the project is in a stage when dependencies are installed. */
export interface InstallInputs {
  readonly install: Install;
  /** Whether the lockfile is there; `unknown` where files come from elsewhere. */
  readonly lockfile: 'copied' | 'not copied' | 'ignored' | 'unknown';
  /** The name of the lockfile. */
  readonly lockfileName?: string;
  /** The copy that brings package.json. */
  readonly manifestCopy?: Location;
  /** The copy of the whole project that precedes the first install of its stage. */
  readonly sourceBefore?: Location;
  /** Where the project itself is not here: the lockfile its copies name or take along, empty where only package.json is. */
  readonly expected?: string;
}

export function installInputsOf(
  stage: BuiltStage,
  installs: readonly Install[],
  context: string,
  ignore: DockerIgnore,
  hasManifest: boolean,
): readonly InstallInputs[] {
  const own = installs.filter(({ layer }) => stage.layers.includes(layer));
  const [first] = own;
  return own.map((install) => {
    const before = stage.copies.filter(
      ({ layer }) => stage.layers.indexOf(layer) < stage.layers.indexOf(install.layer),
    );
    const bound = install.layer.instruction.flags.some(
      ({ name, options }) => name === 'mount' && options['type'] === 'bind',
    );
    const broad = before.find((copy) => copy.broad);
    const manifestPath = relative(context, install.manifest?.path ?? 'package.json') ?? 'package.json';
    const manifestCopy = before.findLast((copy) => takes(copy, manifestPath));
    const state = lockfileState(install, stage, before, bound, context, ignore);
    const alone = !hasManifest && install.lockfiles.length === 0 && manifestCopy !== undefined && !bound;
    const expected = alone ? expectedLockfile(install, before) : undefined;
    const unmatched = expected === '' && install.manager.frozen && install.manager.verb !== 'fetch';
    return {
      install,
      ...(unmatched ? { lockfile: 'not copied', lockfileName: LOCKFILES[install.manager.manager][0] } : state),
      ...(expected !== undefined && { expected }),
      ...(manifestCopy && { manifestCopy: manifestCopy.at }),
      ...(broad && install === first && !bound && { sourceBefore: broad.at }),
    };
  });
}

const LOCKFILES = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
} as const;

/** The lockfile of the manager that the copies from the build context take along; undefined where that cannot be told. */
function expectedLockfile({ manager }: Install, before: readonly Copy[]): string | undefined {
  const [first] = LOCKFILES[manager.manager];
  if (
    before.some((copy) => copy.from !== undefined || copy.sources.some((source) => !isFileName(source) && !copy.broad))
  )
    return undefined;
  return LOCKFILES[manager.manager].find((name) => before.some((copy) => takes(copy, name))) === undefined ? '' : first;
}

/** `package.json`, `*.lock`, `package*`: no folder that may hold anything. */
const isFileName = (source: string): boolean => /(^|\/)\.?[\w*?[\]-]+\.[\w*?.[\]-]+$|\*$/.test(source);

function lockfileState(
  { manager, lockfiles, layer }: Install,
  stage: BuiltStage,
  before: readonly Copy[],
  bound: boolean,
  context: string,
  ignore: DockerIgnore,
): Pick<InstallInputs, 'lockfile' | 'lockfileName'> {
  const own = lockfiles.filter((lockfile) => lockfile.manager === manager.manager);
  const fetched = stage.commands.some(
    ({ layer: other, program }) =>
      stage.layers.indexOf(other) <= stage.layers.indexOf(layer) && /^(git|curl|wget|svn|tar|unzip)$/.test(program),
  );
  const paths = own.map(({ path }) => relative(context, path));
  if (
    own.length === 0 ||
    bound ||
    fetched ||
    before.length === 0 ||
    before.some(({ from }) => from !== undefined) ||
    paths.includes(undefined)
  ) {
    return { lockfile: 'unknown' };
  }
  const name = own[0]?.name;
  const copied = paths.filter((path) => path !== undefined && before.some((copy) => takes(copy, path)));
  const state =
    copied.length === 0
      ? 'not copied'
      : copied.every((path) => path !== undefined && ignore.ignores(path))
        ? 'ignored'
        : 'copied';
  return { lockfile: state, ...(name !== undefined && { lockfileName: name }) };
}

/** Undefined for a path outside the folder. */
function relative(folder: string, path: string): string | undefined {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}
