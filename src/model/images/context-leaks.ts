import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { Word } from '../../facts/word.ts';
import { isSecretName, secretValueOf } from '../../facts/secret-name.ts';
import type { Source } from '../view.ts';
import type { Copy } from './copies.ts';
import { takes } from './copies.ts';
import type { BuildCommand, BuiltStage, Layer } from './image.ts';
import type { Image, StageUse } from './images.ts';
import { joined } from './path.ts';

/** A secret that a layer or the history of an image keeps. */
export interface BakedSecret {
  readonly name: string;
  readonly at: Location;
  /** `kept`: a build argument copied into the environment. `used`: one that RUN reads. */
  readonly how: 'literal' | 'kept' | 'used';
  readonly use: StageUse['use'];
}

export function bakedSecretsOf(uses: readonly StageUse[]): readonly BakedSecret[] {
  return uses.flatMap(({ built, use }) => {
    if (use === 'development') return [];
    const own = built.layers.filter(({ stage }) => stage === built.stage);
    return own.flatMap((layer) => bakedBy(layer, own, use));
  });
}

function bakedBy(layer: Layer, all: readonly Layer[], use: StageUse['use']): readonly BakedSecret[] {
  const { keyword, pairs } = layer.instruction;
  if (keyword !== 'ARG' && keyword !== 'ENV') return [];
  return pairs.flatMap(({ name, value, start, end }): readonly BakedSecret[] => {
    const at = locationOf(layer.stage.path, { start, end });
    const named = isSecretName(name);
    const state = value?.secret ? 'literal' : secretValueOf(value?.text ?? '');
    if (state === 'literal' && (named || value?.secret !== undefined))
      return [{ name, at, how: 'literal' as const, use }];
    if (!named) return [];
    // what an argument of the same stage gave stays in the environment
    if (keyword === 'ENV' && state === 'reference') {
      const kept = all.some(
        ({ instruction }) =>
          instruction.keyword === 'ARG' &&
          instruction.pairs.some((arg) => value?.text.includes(arg.name) && isSecretName(arg.name)),
      );
      return kept ? [{ name, at, how: 'kept' as const, use }] : [];
    }
    const later = all.slice(all.indexOf(layer) + 1);
    const used =
      keyword === 'ARG' &&
      later.some(({ instruction }) => instruction.keyword === 'RUN' && instruction.variables.includes(name));
    return used ? [{ name, at, how: 'used' as const, use }] : [];
  });
}

/** A registry token that a layer keeps. */
export interface RegistryToken {
  readonly at: Location;
  readonly how: string;
  readonly use: StageUse['use'];
  /** Written and removed in the same layer. */
  readonly sameLayer: boolean;
}

const AUTH = /(_authToken|_auth|_password|npmAuthToken|npmAuthIdent)\b/;

export function registryTokensOf(
  uses: readonly StageUse[],
  images: readonly Image[],
  { facts }: Source,
): readonly RegistryToken[] {
  const withAuth = facts('ini')
    .filter(({ facts: { entries } }) =>
      entries.some(
        ({ name, value }) =>
          AUTH.test(name) &&
          value !== undefined &&
          (value.secret !== undefined || secretValueOf(value.text) === 'literal'),
      ),
    )
    .map(({ path }) => path);
  const written = uses.flatMap(({ built, use }) =>
    use === 'development'
      ? []
      : built.commands
          .filter(({ layer }) => layer.stage === built.stage)
          .flatMap((command) => tokenWritten(command, built, use)),
  );
  const copied = images.flatMap((image) =>
    [image, ...image.parts].flatMap((built) =>
      built.copies.flatMap((copy) => {
        const file = withAuth.find((path) => {
          const relative = relativeTo(image.context, path);
          return relative !== undefined && takes(copy, relative) && !image.ignore.ignores(relative);
        });
        if (file === undefined) return [];
        const use = image.chain.includes(copy.layer.stage) ? ('shipped' as const) : ('builder' as const);
        return [{ at: copy.at, how: `${file} holds a registry token, and is copied.`, use, sameLayer: false }];
      }),
    ),
  );
  return distinct([...copied, ...written]);
}

function tokenWritten(
  { command, words, layer, manager }: BuildCommand,
  built: BuiltStage,
  use: StageUse['use'],
): readonly RegistryToken[] {
  const auth =
    words.find(({ text, verbatim }) => AUTH.test(text) && /\$\w|\$\{/.test(text) && verbatim !== true) ??
    words.find(({ text, secret }) => AUTH.test(text) && secret);
  const asArgument = manager?.verb === 'config' && words.some(({ text }) => AUTH.test(text));
  const toFile = command.redirects.some(
    ({ operator, target }) => operator.startsWith('>') && /npmrc|yarnrc/.test(target?.text ?? ''),
  );
  if (!asArgument && !(auth && toFile)) return [];
  const removed = built.commands.some(
    (other) =>
      other.layer === layer && other.program === 'rm' && other.words.some(({ text }) => /npmrc|yarnrc/.test(text)),
  );
  if (removed && use === 'shipped') return [];
  return [
    {
      at: locationOf(layer.stage.path, command),
      how: 'A registry token is written into a layer of the image.',
      use,
      sameLayer: removed,
    },
  ];
}

/** A file that holds secrets, and the copy that takes it along. */
export interface CopiedSecretFile {
  readonly at: Location;
  readonly file: string;
  readonly explicit: boolean;
  readonly use: StageUse['use'];
}

const SECRET_FILE =
  /(^|\/)(\.env([._-](?!license$)[\w.-]+)?|id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.git-credentials|kubeconfig|[\w.-]*service-?account[\w.-]*\.json|[\w.-]+\.(pem|key|p12|pfx|jks|keystore|kdbx))$|(^|\/)\.(aws|ssh|kube|gnupg|git)(\/|$)/i;
const HARMLESS =
  /\.(example|sample|template|tmpl|dist|defaults?|schema|test|ci|enc|encrypted|vault|d\.ts|js|ts|md)$|(^|[/._-])(example|sample|template)[._-]|(^|[/._-])(ca|cacert|cert|certs|certificate|chain|fullchain|bundle|public|pub|rds-combined-ca-bundle|global-bundle|dhparams?)([._-][\w.-]*)?\.(pem|key)$/i;
const BESIDE = /(^|\/)(tests?|specs?|__tests__|fixtures?|__fixtures__|examples?|mocks?|e2e|docs?|node_modules)\//i;

const isSecretFile = (path: string): boolean => SECRET_FILE.test(path) && !HARMLESS.test(path);

export function copiedSecretFilesOf({ facts }: Source, images: readonly Image[]): readonly CopiedSecretFile[] {
  const empty = new Set(
    facts('dotenv')
      .filter(({ facts: { entries } }) => entries.every(({ name, value }) => saysNothing(name, value)))
      .map(({ path }) => path),
  );
  const found = images.flatMap((image) => {
    const files = image.contextFiles
      .map(({ path }) => path)
      .filter((path) => isSecretFile(path) && !BESIDE.test(path) && !empty.has(joined(image.context, path)));
    return [image, ...image.parts].flatMap((built) =>
      built.copies.flatMap((copy) => {
        if (copy.from !== undefined) return [];
        const use = image.chain.includes(copy.layer.stage) ? ('shipped' as const) : ('builder' as const);
        const named = copy.broad
          ? undefined
          : copy.sources.find(
              (source) => isSecretFile(joined('', source)) && !image.ignore.ignores(joined('', source)),
            );
        if (named !== undefined) return [{ at: copy.at, file: named, explicit: true, use }];
        const swept = files.find((path) => takes(copy, path) && !image.ignore.ignores(path));
        return swept === undefined ? [] : [{ at: copy.at, file: swept, explicit: false, use }];
      }),
    );
  });
  return distinct(found);
}

/** Without a value, or made for browsers. */
const saysNothing = (name: string, value: Word | undefined): boolean =>
  (value?.secret === undefined && (value?.text ?? '').trim() === '') ||
  /^(VITE|NEXT_PUBLIC|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP)_/.test(name);

/** What an ignore file lets through that no image should hold. */
export interface Passed {
  /** The lines to append. */
  readonly lines: readonly string[];
  /** Modules of the machine that builds replace those the image installed. */
  readonly overwritesModules: boolean;
  /** Nothing but tests and the like. */
  readonly minor: boolean;
}

export function passedBy(
  {
    ignore,
    contextFiles,
    context,
    inputs,
    manifest,
  }: Pick<Image, 'ignore' | 'contextFiles' | 'context' | 'inputs' | 'manifest'>,
  broad: readonly Copy[],
): Passed {
  const paths = contextFiles.map(({ path }) => path);
  const nested = nestedPackageIn(paths);
  const passes = (path: string): boolean => !ignore.ignores(path);
  const modules = passes('node_modules/a/index.js');
  // a nested package whose own folder is kept out cannot bring modules in
  const nestedModules =
    nested !== undefined && passes(`${nested}package.json`) && passes(`${nested}node_modules/a/index.js`);
  const lines = [
    ...(modules ? ['node_modules'] : nestedModules ? ['**/node_modules'] : []),
    // a context below the root has no .git of its own
    ...(context === '' && passes('.git/config') ? ['.git'] : []),
    ...(passes('.env') ? ['.env'] : []),
  ];
  // an .env nobody speaks of is only a precaution
  const onlyPrecaution = lines.every((line) => line === '.env') && !usesDotenv(manifest, paths);
  const installedBefore = broad.some((copy) =>
    inputs.some(
      ({ install }) =>
        install.layer.stage === copy.layer.stage && install.layer.instruction.start < copy.layer.instruction.start,
    ),
  );
  const minor = ['test', 'tests', '__tests__', 'coverage', 'e2e', 'cypress'].filter((folder) =>
    contextFiles.some(({ path }) => path.startsWith(`${folder}/`) && passes(path)),
  );
  return { lines: [...lines, ...minor], overwritesModules: modules && installedBefore, minor: onlyPrecaution };
}

/** The folder of a package of a workspace, or of one with a lockfile of its own: someone installs in it. */
function nestedPackageIn(paths: readonly string[]): string | undefined {
  const workspace = paths.some((path) =>
    /^(pnpm-workspace\.yaml|lerna\.json|turbo\.json|nx\.json|rush\.json)$/.test(path),
  );
  const folders = paths
    .filter((path) => /.\/package\.json$/.test(path) && !BESIDE.test(path))
    .map((path) => path.slice(0, -'package.json'.length));
  const locked = (folder: string): boolean =>
    ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'].some((name) => paths.includes(`${folder}${name}`));
  return folders.find(
    (folder) =>
      workspace ||
      locked(folder) ||
      /^(packages|apps|services|libs|modules|client|frontend|server|backend|web|api)\//.test(folder),
  );
}

function usesDotenv(manifest: Image['manifest'], paths: readonly string[]): boolean {
  const named = [...(manifest?.dependencies ?? []), ...(manifest?.devDependencies ?? [])].some((name) =>
    /dotenv|env-cmd|^(next|vite|react-scripts|nuxt|@nestjs\/config)$/.test(name),
  );
  return (
    named ||
    paths.some((path) => /(^|\/)\.env(\.|$)/.test(path)) ||
    (manifest?.scripts.some(({ text }) => /\.env\b/.test(text)) ?? false)
  );
}

function relativeTo(folder: string, path: string): string | undefined {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

const distinct = <T extends { readonly at: Location }>(found: readonly T[]): readonly T[] =>
  [...new Map(found.toReversed().map((item) => [`${item.at.path}:${item.at.start}`, item])).values()].toReversed();
