import type { Gap } from '../../document/gap.ts';
import { locationOf } from '../../document/document.ts';
import type { Source } from '../view.ts';
import { absent, defineView, present } from '../view.ts';
import type { Deployments } from '../deployments/deployments.ts';
import { deploymentsOf } from '../deployments/deployments.ts';
import type { Build } from './builds.ts';
import { buildsOf } from './builds.ts';
import { contextOf, folderInContext, ignoreFor } from './build-context.ts';
import type { DockerIgnore } from './docker-ignore.ts';
import type { Deployed } from './deployed.ts';
import { deployedAs } from './deployed.ts';
import type { MissingEnvFile } from './env-files.ts';
import { missingEnvFilesOf } from './env-files.ts';
import type { BuiltHere, BuiltStage } from './image.ts';
import { builtStageOf } from './image.ts';
import { imageReferenceOf } from './image-reference.ts';
import { managerCommandOf, programOf } from './installs.ts';
import type { Install, InstallContext, NodeModules } from './node-install.ts';
import { installsOf, nodeModulesOf, stageFinderOf } from './node-install.ts';
import type { InstallInputs } from './install-inputs.ts';
import { installInputsOf } from './install-inputs.ts';
import { nativePackagesOf } from './native-packages.ts';
import type { HealthCheck } from './running.ts';
import { healthChecksOf, isOneOff, isWatched, nodeEnvIn, servesRequests, startsOf } from './running.ts';
import type { ToolFetch } from './tool-fetches.ts';
import { toolFetchesOf } from './tool-fetches.ts';
import type { MissingTool, ToolRun } from './tools-run.ts';
import { missingInHooks, missingToolsOf, toolsRunBy } from './tools-run.ts';
import type { BakedSecret, CopiedSecretFile, Passed, RegistryToken } from './context-leaks.ts';
import { bakedSecretsOf, copiedSecretFilesOf, passedBy, registryTokensOf } from './context-leaks.ts';
import type { Copy } from './copies.ts';
import { joined } from './path.ts';
import type { Lockfile } from './lockfile.ts';
import { lockfilesOf } from './lockfile.ts';
import type { ProjectManifest } from './project-manifest.ts';
import { manifestAbove, manifestsOf } from './project-manifest.ts';
import { buildsOfFile, partsOf, shippedStagesOf } from './shipped.ts';
import type { Dockerfile, Stage } from './stage.ts';
import { dockerfileOf } from './stage.ts';
import type { EntryScript, Start, StartContext } from './start.ts';
import { startOfImage } from './start.ts';

/** The container images the project builds. */
export interface Images {
  readonly dockerfiles: readonly Dockerfile[];
  /** Every stage of every Dockerfile, evaluated. */
  readonly stages: readonly BuiltStage[];
  /** The same, with what each is for. */
  readonly uses: readonly StageUse[];
  readonly bakedSecrets: readonly BakedSecret[];
  readonly registryTokens: readonly RegistryToken[];
  readonly copiedSecretFiles: readonly CopiedSecretFile[];
  /** What becomes an image. */
  readonly shipped: readonly Image[];
  /** What is shipped to run in production: not for development or tests, and not only to build other images from. */
  readonly production: readonly Image[];
}

/** `shipped`: it is in an image that runs in production; `builder`: something is copied from it, or nobody knows. */
export interface StageUse {
  readonly built: BuiltStage;
  readonly use: 'shipped' | 'builder' | 'development';
}

export interface Image extends BuiltStage {
  /** How it is known that this stage becomes an image. */
  readonly because: 'target' | 'command' | 'last';
  /** It is for development or tests, by its name or that of its file. */
  readonly development: boolean;
  /** Another image of the project starts from it. */
  readonly isBase: boolean;
  /** Node.js is in it. */
  readonly node: boolean;
  /** The stages it starts or copies from, evaluated. */
  readonly parts: readonly BuiltStage[];
  /** Installs of dependencies in it and in the stages it is made from, each once. */
  readonly installs: readonly Install[];
  /** What of the project is there at each of them. */
  readonly inputs: readonly InstallInputs[];
  /** Programs of dependencies that its own RUN instructions start. */
  readonly tools: readonly ToolRun[];
  /** Its `node_modules`, where it has one. */
  readonly nodeModules?: NodeModules;
  readonly start?: Start;
  /** What runs in production, deployments that say otherwise included. */
  readonly starts: readonly Start[];
  readonly deployed: readonly Deployed[];
  /** It answers requests, by its ports or by what it depends on. */
  readonly serves: boolean;
  /** Something outside the image asks it how it is, or may. */
  readonly watched: boolean;
  /** Tools fetched in no fixed version, in it and the stages it is made from, and when it starts. */
  readonly toolFetches: readonly ToolFetch[];
  /** Tools of devDependencies that are called after an install that left them out. */
  readonly missingTools: readonly MissingTool[];
  readonly missingEnvFiles: readonly MissingEnvFile[];
  /** What deployments and start commands make of NODE_ENV. */
  readonly nodeEnvElsewhere: 'production' | 'unknown' | 'not set';
  /** The programs its health checks call, the image's own and those of deployments. */
  readonly healthChecks: readonly HealthCheck[];
  /** It does one thing and ends: a command line tool, a job. */
  readonly job: boolean;
  /** Its dependencies of which the code depends on the C library. */
  readonly native: readonly string[];
  /** Folder of the build context. */
  readonly context: string;
  readonly ignore: DockerIgnore;
  readonly manifest?: ProjectManifest;
  /** The lockfiles beside the manifest, or at the root of its workspace. */
  readonly lockfiles: readonly Lockfile[];
  /** COPY and ADD of the whole build context, in it and the stages it is made from. */
  readonly broadCopies: readonly Copy[];
  /** What its ignore file should keep out and does not. */
  readonly passedBy: Passed;
  /** Every file of the project below the build context, relative to it. */
  readonly contextFiles: readonly { readonly path: string; readonly tracked: string }[];
}

export const images = defineView({
  name: 'images',
  reads: [
    'dockerfile',
    'dotenv',
    'ignore-file',
    'ini',
    'yaml',
    'json',
    'manifest',
    'shell',
    'procfile',
    'lockfile',
    'hcl',
  ],
  needs: [],
  build: (source) => {
    const files = source.facts('dockerfile');
    if (files.length === 0) return absent('The project has no Dockerfile.');
    const found = imagesOf(source);
    return present(found, baseGaps(found));
  },
});

function imagesOf(source: Source): Images {
  const builds = buildsOf(source);
  const dockerfiles = source
    .facts('dockerfile')
    .map((facts) => dockerfileOf(facts, globalArgsFor(facts.path, builds)))
    .filter(({ stages }) => stages.length > 0);
  const builtHere = finderOf(dockerfiles, builds);
  const evaluated = new Map<Stage, BuiltStage>();
  for (const dockerfile of dockerfiles) {
    const args = argsOf(buildsOfFile(builds, dockerfile));
    for (const stage of dockerfile.stages)
      evaluated.set(stage, builtStageOf(dockerfile, stage, builtHere, source.today, args));
  }
  const deployments = deploymentsOf(source);
  const manifests = manifestsOf(source);
  const shared: Shared = { source, builds, manifests, deployments, evaluated, dockerfiles };
  const shipped = dockerfiles.flatMap((dockerfile) =>
    shippedStagesOf(dockerfile, buildsOfFile(builds, dockerfile)).map(({ stage, because }) =>
      imageOf(shared, dockerfile, stage, because),
    ),
  );
  const stages = [...evaluated.values()];
  const uses = stages.map((built) => ({ built, use: useOf(built, shipped) }));
  const production = shipped.filter(({ development, isBase }) => !development && !isBase);
  return {
    dockerfiles,
    stages,
    uses,
    bakedSecrets: bakedSecretsOf(uses),
    registryTokens: registryTokensOf(uses, production, source),
    copiedSecretFiles: copiedSecretFilesOf(source, production),
    shipped,
    production,
  };
}

const runsNoScripts = (source: Source): boolean =>
  source
    .facts('ini')
    .some(({ facts }) => facts.entries.some(({ name, value }) => name === 'ignore-scripts' && value?.text !== 'false'));

/** `Dockerfile.base`, `base.Dockerfile`, `base/Dockerfile` */
const isBaseName = (path: string): boolean => /(^|[/._-])base([/._-]|$)/i.test(path);

function useOf({ stage, dockerfile }: BuiltStage, shipped: readonly Image[]): StageUse['use'] {
  const running = shipped.filter(({ development, isBase }) => !development && !isBase);
  if (running.some(({ chain }) => chain.includes(stage))) return 'shipped';
  if (dockerfile.development || stage.development) return 'development';
  return 'builder';
}

const globalArgsFor = (path: string, builds: readonly Build[]): Build['args'] =>
  argsOf(builds.filter(({ dockerfile, context }) => (dockerfile ?? joined(context ?? '', 'Dockerfile')) === path));

/** Arguments that every build passes alike; one that builds disagree on is known only when the image is built. */
function argsOf(builds: readonly Build[]): Build['args'] {
  const args = new Map<string, string | undefined>();
  for (const build of builds.filter(({ development }) => !development)) {
    for (const [name, value] of build.args)
      args.set(name, args.has(name) && args.get(name) !== value ? undefined : value);
  }
  return args;
}

function finderOf(dockerfiles: readonly Dockerfile[], builds: readonly Build[]): BuiltHere {
  return (reference) => {
    for (const dockerfile of dockerfiles) {
      const own = buildsOfFile(builds, dockerfile);
      const build = own.find(({ tags }) =>
        tags.some((tag) => {
          if (tag.includes('$')) return false;
          const built = imageReferenceOf(tag);
          return built.repository === reference.repository && (built.tag ?? 'latest') === (reference.tag ?? 'latest');
        }),
      );
      if (!build) continue;
      const target = typeof build.target === 'object' ? build.target.name.toLowerCase() : undefined;
      const stage =
        target === undefined
          ? dockerfile.stages.at(-1)
          : dockerfile.stages.find(({ name }) => name?.toLowerCase() === target);
      if (stage) return { dockerfile, stage };
    }
    return undefined;
  };
}

interface Shared {
  readonly source: Source;
  readonly builds: readonly Build[];
  readonly manifests: readonly ProjectManifest[];
  readonly deployments: Deployments;
  readonly evaluated: ReadonlyMap<Stage, BuiltStage>;
  readonly dockerfiles: readonly Dockerfile[];
}

function imageOf(shared: Shared, dockerfile: Dockerfile, stage: Stage, because: Image['because']): Image {
  const { source, builds, manifests, deployments, evaluated } = shared;
  const built = evaluated.get(stage) as BuiltStage;
  const own = buildsOfFile(builds, dockerfile);
  const context = contextOf(dockerfile, own, source);
  const manifest = manifestAbove(manifests, folderInContext(context, dockerfile, manifests));
  const where: InstallContext = { source, manifests, manifest, context };
  const parts = [...partsOf(dockerfile, stage)].map((part) => evaluated.get(part)).filter((part) => part !== undefined);
  const startContext = startContextOf(source, manifest);
  const start = startOfImage(built, startContext);
  const deployed = deployedAs({
    dockerfile,
    stage,
    builds: own,
    deployments,
    only: shared.dockerfiles.filter(({ development }) => !development).length === 1,
  });
  const starts = startsOf(start, deployed, startContext);
  const installs = distinctInstalls([built, ...parts].flatMap((part) => installsOf(part, where)));
  const ignore = ignoreFor(source, dockerfile, context);
  const nodeModules = nodeModulesOf(built, where, stageFinderOf([...evaluated.values()])).get('node_modules');
  const contextFiles = filesBelow(source, context);
  const lockfiles = lockfilesOf(source, manifest?.folder ?? context);
  const hasManifest = manifest !== undefined || contextFiles.some(({ path }) => /(^|\/)package\.json$/.test(path));
  const inputs = distinctInputs(
    [built, ...parts].flatMap((part) => installInputsOf(part, installs, context, ignore, hasManifest)),
  );
  const broadCopies = [built, ...parts].flatMap(({ copies }) => copies.filter(({ broad }) => broad));
  return {
    ...built,
    because,
    development: dockerfile.development || stage.development,
    isBase:
      (isBaseName(dockerfile.path) && !built.cmd && !built.entrypoint) ||
      [...evaluated.values()].some(
        (other) => other.stage !== stage && other.stage.path !== stage.path && other.chain.includes(stage),
      ),
    node: runsNode(built),
    parts,
    installs,
    inputs,
    tools: toolsRunBy(built, manifest),
    ...(nodeModules && { nodeModules }),
    ...(start && { start }),
    starts,
    deployed,
    serves: servesRequests(built, deployed, manifest),
    watched: isWatched(deployed, deployments),
    toolFetches: toolFetchesOf([built, ...parts], starts, manifest),
    missingTools: [built, ...parts].flatMap((part) => [
      ...missingToolsOf(part, installs, manifest, manifests),
      // a package.json from elsewhere has scripts of its own
      ...(runsNoScripts(source)
        ? []
        : missingInHooks(
            part,
            inputs.flatMap(({ install, manifestCopy }) => (manifestCopy ? [install] : [])),
          )),
    ]),
    missingEnvFiles: missingEnvFilesOf(starts, built.copies, ignore, deployed),
    nodeEnvElsewhere: nodeEnvIn(starts, deployed),
    healthChecks: healthChecksOf(built, deployed),
    job: isOneOff(built, deployed, manifest),
    native: nativePackagesOf(source, manifest, lockfiles),
    context,
    ignore,
    ...(manifest && { manifest }),
    lockfiles,
    broadCopies,
    passedBy: passedBy({ ignore, contextFiles, context, inputs, ...(manifest && { manifest }) }, broadCopies),
    contextFiles,
  };
}

const filesBelow = ({ files }: Source, folder: string): Image['contextFiles'] =>
  files
    .filter(({ path }) => folder === '' || path.startsWith(`${folder}/`))
    .map(({ path, tracked }) => ({ path: folder === '' ? path : path.slice(folder.length + 1), tracked }));

const distinctInstalls = (installs: readonly Install[]): readonly Install[] => [
  ...new Map(installs.map((install) => [install.build.command, install])).values(),
];

const distinctInputs = (inputs: readonly InstallInputs[]): readonly InstallInputs[] => [
  ...new Map(inputs.map((input) => [input.install.build.command, input])).values(),
];

function startContextOf(source: Source, manifest: ProjectManifest | undefined): StartContext {
  const scripts = source.facts('shell');
  const scriptAt = (path: string): EntryScript | undefined => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === '' || name.includes('$')) return undefined;
    const found = scripts.filter((script) => script.path === name || script.path.endsWith(`/${name}`));
    const [script] = found;
    if (!script || found.length > 1) return undefined;
    const { commands } = script.facts;
    const passesOn = commands.some(
      ({ words }) =>
        words.some(({ text }) => text === '$@' || text === '$*') &&
        /^(exec|gosu|su-exec|tini|dumb-init)$/.test(words[0]?.text.split('/').pop() ?? ''),
    );
    return { path: script.path, commands, passesOn };
  };
  return { manifest, scriptAt };
}

function runsNode(built: BuiltStage): boolean {
  const { base } = built;
  if (base.node || ['node', 'bun'].includes(base.family)) return true;
  if (base.family === 'server') return false;
  const commands = built.commands.map(({ command }) => command);
  const installs = commands.some(
    ({ words }) =>
      words.some(({ text }) => /^(nodejs(-\d+|\d+)?|nodejs=.*)$/.test(text)) ||
      words.some(({ text }) => /nodesource\.com\/setup_|nvm-sh\/nvm/.test(text)),
  );
  const runs = [built.cmd, built.entrypoint].some((layer) =>
    layer?.instruction.commands.some((command) => /^(node|npm|npx|yarn|pnpm|bun)$/.test(programOf(command))),
  );
  return installs || runs || commands.some((command) => managerCommandOf(command)?.verb === 'ci');
}

function baseGaps({ shipped }: Images): readonly Gap[] {
  return shipped
    .filter(
      ({ base, baseUnknown, development }) => !development && (base.family === 'unknown' || baseUnknown.length > 0),
    )
    .map(({ baseAt, reference }) => ({
      kind: 'unresolved',
      message: `What ${reference.text} brings is not known: nothing here builds it.`,
      at: locationOf(baseAt.path, baseAt),
    }));
}
