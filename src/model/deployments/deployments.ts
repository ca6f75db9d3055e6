import type { ProcfileProcess } from '../../facts/procfile/procfile-facts.ts';
import type { Gap } from '../../document/gap.ts';
import { isSampleFolder } from '../images/stage.ts';
import { absent, defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import type { ComposeFile, ComposeService } from './compose.ts';
import { composeFilesOf, isProductionFile, mergedService } from './compose.ts';
import type { HostAccess, PublishedStore, SecretLiteral, SecretObject, WeakStore } from './judged.ts';
import { hostAccessOf, publishedStoresOf, secretLiteralsOf, secretObjectsOf, weakStoresOf } from './judged.ts';
import { entryOf, nodeAt } from './data.ts';
import type { IngressBody } from './ingress-bodies.ts';
import { ingressBodiesOf } from './ingress-bodies.ts';
import type { DevMode, Keeper, PlainIngress, RootPod, Single, TightHeap, Unlimited, Unprobed } from './running.ts';
import {
  devModesOf,
  keepersOf,
  keyHoldersOf,
  plainIngressesOf,
  rootPodsOf,
  singlesOf,
  tightHeapsOf,
  unlimitedOf,
  unprobedOf,
} from './running.ts';
import type { KubernetesObject, Workload } from './kubernetes.ts';
import { kubernetesObjectsOf, workloadsOf } from './kubernetes.ts';

/** How the project says it is run: compose, Kubernetes, Procfile, and the files of platforms. */
export interface Deployments {
  readonly compose: readonly ComposeFile[];
  /** The services as production runs them: a base file with its production file laid over it. */
  readonly production: readonly ProductionService[];
  readonly kubernetes: readonly KubernetesObject[];
  readonly workloads: readonly Workload[];
  readonly processes: readonly (ProcfileProcess & { readonly path: string })[];
  readonly hostAccess: readonly HostAccess[];
  readonly keepers: readonly Keeper[];
  readonly publishedStores: readonly PublishedStore[];
  readonly weakStores: readonly WeakStore[];
  readonly secretLiterals: readonly SecretLiteral[];
  readonly secretObjects: readonly SecretObject[];
  readonly devModes: readonly DevMode[];
  readonly unlimited: readonly Unlimited[];
  readonly rootPods: readonly RootPod[];
  readonly unprobed: readonly Unprobed[];
  readonly singles: readonly Single[];
  readonly keyHolders: readonly Single[];
  readonly tightHeaps: readonly TightHeap[];
  readonly plainIngresses: readonly PlainIngress[];
  readonly ingressBodies: readonly IngressBody[];
  /** Some container has a memory limit. */
  readonly limitsMemory: boolean;
  /** Files of platforms that watch over processes by their own settings: fly.toml, render.yaml, task definitions … */
  readonly platformFiles: readonly string[];
}

export interface ProductionService extends ComposeService {
  /** Of a file that may well be a developer's, and holds stores and tools alone. */
  readonly beside: boolean;
  /** The files it was put together from, the base first. */
  readonly files: readonly string[];
  /** `likely`: the only compose file, which may well be a developer's. `certain`: a file for production exists. */
  readonly confidence: 'certain' | 'likely';
}

const PLATFORM_FILE =
  /(^|\/)(fly\.toml|render\.ya?ml|app\.ya?ml|railway\.(json|toml)|captain-definition|apprunner\.ya?ml|copilot\/.*manifest\.ya?ml|cloudbuild\.ya?ml|service\.ya?ml|.*task[-_]def[^/]*\.json|nomad[^/]*\.hcl|.*\.nomad(\.hcl)?|Chart\.ya?ml|kustomization\.ya?ml|skaffold\.ya?ml|serverless\.ya?ml|dokku[^/]*|\.do\/app\.ya?ml|heroku\.yml|app\.json|vercel\.json)$/i;

export const deployments = defineView({
  name: 'deployments',
  reads: ['yaml', 'procfile', 'dockerfile'],
  needs: [],
  build: (source) => {
    const found = deploymentsOf(source);
    const none =
      found.compose.length === 0 &&
      found.kubernetes.length === 0 &&
      found.processes.length === 0 &&
      found.platformFiles.length === 0;
    return none ? absent('No file of the project says how it is deployed.') : present(found, templateGaps(source));
  },
});

export function deploymentsOf(source: Source): Deployments {
  const compose = composeFilesOf(source);
  const kubernetes = kubernetesObjectsOf(source);
  const production = productionOf(compose);
  const workloads = workloadsOf(kubernetes);
  return {
    compose,
    production,
    kubernetes,
    workloads,
    hostAccess: hostAccessOf(compose, workloads),
    keepers: keepersOf(workloads),
    publishedStores: publishedStoresOf(production),
    weakStores: weakStoresOf(production),
    secretLiterals: secretLiteralsOf(compose, workloads, kubernetes),
    secretObjects: secretObjectsOf(kubernetes),
    limitsMemory:
      production.some(
        ({ node }) => entryOf(node, 'mem_limit') ?? nodeAt(node, 'deploy', 'resources', 'limits', 'memory'),
      ) ||
      workloads.some(({ containers }) => containers.some(({ node }) => nodeAt(node, 'resources', 'limits', 'memory'))),
    devModes: devModesOf(production),
    unlimited: unlimitedOf(
      production.filter((service) => !buildsAnother(service, source)),
      workloads,
      kubernetes,
    ),
    rootPods: rootPodsOf(workloads),
    unprobed: unprobedOf(workloads),
    singles: singlesOf(
      workloads,
      kubernetes,
      source.files.some(({ path }) => /(^|\/)(kustomization\.ya?ml|Chart\.ya?ml)$/i.test(path)),
    ),
    keyHolders: keyHoldersOf(workloads, kubernetes),
    tightHeaps: tightHeapsOf(production, workloads),
    plainIngresses: plainIngressesOf(kubernetes),
    ingressBodies: ingressBodiesOf(kubernetes),
    processes: source
      .facts('procfile')
      .flatMap(({ path, facts }) => facts.processes.map((process) => ({ ...process, path }))),
    platformFiles: source.files
      .map(({ path }) => path)
      .filter((path) => PLATFORM_FILE.test(path) && !isSampleFolder(path)),
  };
}

/** Whether what a service builds has no Node.js in it: its Dockerfile is here, and names none. */
function buildsAnother({ build }: ProductionService, source: Source): boolean {
  const dockerfile = source.facts('dockerfile').find(({ path }) => path === build?.dockerfile);
  return (
    dockerfile !== undefined &&
    !dockerfile.facts.instructions.some(
      ({ keyword, words, commands }) =>
        (keyword === 'FROM' && /node|bun|deno|\$/i.test(words[0]?.text ?? '')) ||
        [...words, ...commands.flatMap((command) => command.words)].some(({ text }) =>
          /(^|\/)(node|nodejs|npm|npx|yarn|pnpm|bun|pm2|pm2-runtime)$/.test(text),
        ),
    )
  );
}

const isBaseFile = (path: string): boolean => /(^|\/)(docker-)?compose\.ya?ml$/i.test(path);

function productionOf(files: readonly ComposeFile[]): readonly ProductionService[] {
  return files
    .filter(({ development }) => !development)
    .flatMap((file) => {
      const base = files.find(({ folder, path }) => folder === file.folder && isBaseFile(path));
      if (isProductionFile(file.path) && base && base !== file) return laidOver(base, file);
      const overlays = files.filter(({ folder, path }) => folder === file.folder && path !== file.path);
      // a base that a production file is laid over is judged together with it
      if (isBaseFile(file.path) && overlays.some(({ path }) => isProductionFile(path))) return [];
      const certain = isProductionFile(file.path) || overlays.some(({ development }) => development);
      return file.services.map((service) => ({
        ...service,
        files: [file.path],
        beside: file.beside && !certain,
        confidence: certain ? ('certain' as const) : ('likely' as const),
      }));
    });
}

function laidOver(base: ComposeFile, over: ComposeFile): readonly ProductionService[] {
  const files = [base.path, over.path];
  const added = over.services.filter(({ name }) => !base.services.some((service) => service.name === name));
  // a production file that names every image or build by itself is used alone
  const complete = over.services.every(({ image, build }) => image ?? build);
  const merged = complete
    ? over.services
    : [
        ...base.services.map((service) =>
          mergedService(
            service,
            over.services.find(({ name }) => name === service.name),
          ),
        ),
        ...added,
      ];
  return merged.map((service) => ({
    ...service,
    files: complete ? [over.path] : files,
    beside: false,
    confidence: 'certain' as const,
  }));
}

function templateGaps(source: Source): readonly Gap[] {
  const templates = source.facts('yaml').filter(({ facts, path }) => facts.template && /(^|\/)templates\//.test(path));
  if (templates.length === 0) return [];
  const first = templates[0]?.path ?? '';
  const more = templates.length > 1 ? ` and ${templates.length - 1} more` : '';
  return [
    {
      kind: 'unresolved',
      message: `${first}${more} are Helm templates: what they deploy is known only once they are rendered.`,
    },
  ];
}
