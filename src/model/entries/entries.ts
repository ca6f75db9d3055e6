import { locationOf } from '../../document/document.ts';
import type { Gap } from '../../document/gap.ts';
import { entryOf, mapOf, textAt } from '../deployments/data.ts';
import type { Deployments } from '../deployments/deployments.ts';
import type { Images } from '../images/images.ts';
import { placeOf } from '../place.ts';
import type { Answer, Source } from '../view.ts';
import { defineView, present } from '../view.ts';
import { Discovery } from './discovery.ts';
import type { Start } from './discovery.ts';
import type { Entries, LostEntry } from './entry.ts';
import { addPlatformEntries } from './platforms.ts';
import { filesNamedBy } from './source-files.ts';

/** The modules that a deployment, a script or a package starts, with the place that says so. */
export const entries = defineView({
  name: 'entries',
  reads: ['manifest', 'json', 'yaml', 'shell'],
  needs: ['images', 'deployments'],
  build: (source, { images, deployments }) => {
    const found = entriesOf(source, answerOf(images), answerOf(deployments));
    return present(found, found.lost.map(gapOf));
  },
});

const answerOf = <T>(answer: Answer<T>): T | undefined => (answer.state === 'present' ? answer.answer : undefined);

const gapOf = ({ at, evidence, framework }: LostEntry): Gap => ({
  kind: 'unresolved',
  at,
  message:
    framework === undefined
      ? `${evidence}, which is no module of the project that can be found.`
      : `${evidence}: what that framework loads is not followed.`,
});

export function entriesOf(source: Source, images?: Images, deployments?: Deployments): Entries {
  const discovery = new Discovery(source);
  if (images) addImages(discovery, images);
  if (deployments) addDeployments(discovery, deployments, images);
  addPlatformEntries(discovery);
  addScripts(discovery);
  addPackages(discovery);
  return discovery.found;
}

function addImages(discovery: Discovery, { shipped }: Images): void {
  const production = shipped.filter(({ development }) => !development);
  for (const image of production.length > 0 ? production : shipped) {
    const { start, context, manifest, workdir, dockerfile } = image;
    if (!start || placeOf(dockerfile.path) !== 'product') continue;
    discovery.commands(start.commands, {
      kind: 'image',
      at: start.at,
      says: `The image of ${dockerfile.path}`,
      confidence: 'certain',
      workdir,
      folders: [...new Set([context, manifest?.folder ?? context, dockerfile.folder, ''])],
    });
  }
}

function addDeployments(discovery: Discovery, deployments: Deployments, images: Images | undefined): void {
  const contextOf = (dockerfile: string | undefined): readonly string[] => {
    const image = images?.shipped.find((each) => each.dockerfile.path === dockerfile);
    return image ? [image.context, image.manifest?.folder ?? image.context] : [];
  };
  const workdirOf = (dockerfile: string | undefined): string =>
    images?.shipped.find((each) => each.dockerfile.path === dockerfile)?.workdir ?? '/';
  for (const { path, name, build, command, entrypoint, confidence } of deployments.production) {
    const given = command ?? entrypoint;
    if (!given || placeOf(path) !== 'product') continue;
    const start: Start = {
      kind: 'compose',
      at: locationOf(path, given.at),
      says: `The service ${name} of ${path}`,
      confidence,
      workdir: workdirOf(build?.dockerfile),
      folders: [...new Set([...contextOf(build?.dockerfile), build?.context ?? '', ''])],
    };
    if (command && entrypoint) discovery.words([...entrypoint.words, ...command.words], start);
    else discovery.commands(given.commands, start);
  }
  for (const { path, containers, development } of deployments.workloads) {
    for (const { name, command, entrypoint } of development ? [] : containers) {
      const given = entrypoint ?? command;
      if (!given) continue;
      const at = locationOf(path, given.at);
      const says = `The container ${name} of ${path}`;
      const folders = [...new Set((images?.shipped ?? []).map(({ context }) => context).concat(''))];
      const start: Start = { kind: 'kubernetes', at, says, confidence: 'certain', workdir: '/app', folders };
      if (command && entrypoint) discovery.words([...entrypoint.words, ...command.words], start);
      else discovery.commands(given.commands, start);
    }
  }
  for (const process of deployments.processes) {
    if (process.name === 'release') continue;
    discovery.commands(process.commands, {
      kind: 'procfile',
      at: locationOf(process.path, process),
      says: `${process.name} of ${process.path}`,
      confidence: 'certain',
      folders: [process.path.slice(0, Math.max(0, process.path.lastIndexOf('/')))],
    });
  }
}

/** Scripts whose name says that they start the product itself. */
const START_SCRIPT =
  /^(start|serve|server|prod|production)([:_-](prod|production|server|api|web|app|worker|workers|service|all|node|dist|deploy|heroku|docker))*$/;

const isProduct = (path: string): boolean => placeOf(path) === 'product' && !/[\w-](examples?|samples?)\//.test(path);

function addScripts(discovery: Discovery): void {
  const hasRoot = discovery.manifests.some(({ folder }) => folder === '');
  for (const { path, folder, scripts } of discovery.manifests) {
    if (!isProduct(path)) continue;
    for (const { name, at, commands } of scripts) {
      if (!START_SCRIPT.test(name)) continue;
      discovery.commands(commands, {
        kind: 'script',
        at,
        says: `The ${name} script of ${path}`,
        confidence: 'likely',
        // a manifest that is copied to the root when the project is installed names the files of the root
        folders: hasRoot ? [folder] : [folder, ''],
      });
    }
  }
  for (const { path } of discovery.source.files) {
    if (!/(^|\/)(ecosystem|pm2|process)([\w.-]*)\.(c?js|json|ya?ml)$/.test(path) || placeOf(path) !== 'product')
      continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const at = locationOf(path, { start: 0, end: 0 });
    discovery.ecosystem(path.slice(folder === '' ? 0 : folder.length + 1), {
      kind: 'pm2',
      at,
      says: path,
      confidence: 'certain',
      folders: [folder],
    });
  }
}

/** `bin`, and `main` and `exports` of packages. */
function addPackages(discovery: Discovery): void {
  for (const { path, facts } of discovery.source.facts('manifest')) {
    const [node] = facts.documents;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (!isProduct(path)) continue;
    for (const field of ['bin', 'main', 'module', 'exports'] as const) {
      const value = entryOf(node, field);
      if (!value) continue;
      for (const file of filesNamedBy(value)) {
        const module = discovery.files.moduleAt(folder, file);
        if (module === undefined) continue;
        const kind = field === 'bin' ? 'bin' : 'main';
        const at = locationOf(path, value);
        discovery.add(module, { kind, at, says: `${field} of ${path}`, confidence: 'weak', folders: [folder] }, file);
      }
    }
  }
}

/** Whether a package is published for others to import; one that is deployed must say so twice. */
export function isPublished(node: Parameters<typeof entryOf>[0], deployed: boolean): boolean {
  const signs = ['files', 'publishConfig', 'exports', 'types', 'typings', 'module'].filter(
    (field) => entryOf(node, field) !== undefined,
  );
  const builds = mapOf(entryOf(node, 'scripts')).some(({ key }) => /^(prepublish|prepublishOnly|prepack)$/.test(key));
  const isPrivate = textAt(node, 'private') === 'true';
  const named = textAt(node, 'name') !== undefined && (textAt(node, 'main') ?? entryOf(node, 'exports')) !== undefined;
  return signs.length + Number(builds) >= 2 || (!isPrivate && named && !deployed);
}
