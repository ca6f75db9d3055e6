import type { Source } from '../view.ts';
import type { Build } from './builds.ts';
import type { DockerIgnore } from './docker-ignore.ts';
import { dockerIgnoreOf } from './docker-ignore.ts';
import { joined } from './path.ts';
import type { ProjectManifest } from './project-manifest.ts';
import type { Dockerfile } from './stage.ts';

/** From what builds it; else the folder of the Dockerfile if what it copies is there; else the root. */
export function contextOf(dockerfile: Dockerfile, builds: readonly Build[], { files }: Source): string {
  const said =
    builds.find(({ context, development }) => context !== undefined && !development) ??
    builds.find(({ context }) => context !== undefined);
  if (said?.context !== undefined) return said.context;
  // what works in a folder of the same name got the whole repository
  const inside = `/${dockerfile.folder}`;
  const works = dockerfile.stages
    .flatMap(({ instructions }) => instructions)
    .some(({ keyword, words }) => keyword === 'WORKDIR' && words[0]?.text.replace(/\/+$/, '').endsWith(inside));
  if (dockerfile.folder.includes('/') && works) return '';
  const sources = dockerfile.stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword, flags }) => keyword === 'COPY' && !flags.some(({ name }) => name === 'from'))
    .flatMap(({ words }) => words.slice(0, -1).map(({ text }) => joined('', text)))
    .filter((text) => text !== '' && !/[*$?]/.test(text));
  const copiedFrom = (folder: string): number =>
    sources.filter((text) =>
      files.some(({ path }) => path === joined(folder, text) || path.startsWith(`${joined(folder, text)}/`)),
    ).length;
  if (dockerfile.folder !== '' && sources.length > 0 && copiedFrom(dockerfile.folder) < copiedFrom('')) return '';
  if (
    dockerfile.folder !== '' &&
    !files.some(({ path }) => path === `${dockerfile.folder}/package.json`) &&
    /(^|\/)\.?(docker|build|deploy|deployment|ops|infra|ci|containers?)$/.test(dockerfile.folder)
  ) {
    return '';
  }
  return dockerfile.folder;
}

/** `COPY apps/api/package.json …` and the like say which package of a workspace an image is for. */
export function folderInContext(
  context: string,
  dockerfile: Dockerfile,
  manifests: readonly ProjectManifest[],
): string {
  if (manifests.some(({ folder }) => folder === dockerfile.folder)) return dockerfile.folder;
  return context;
}

/** The `.dockerignore` that counts: the Dockerfile's own, else that of the context. */
export function ignoreFor({ facts }: Source, dockerfile: Dockerfile, context: string): DockerIgnore {
  const files = facts('ignore-file');
  const own =
    files.find(({ path }) => path === `${dockerfile.path}.dockerignore`) ??
    files.find(({ path }) => path === joined(context, '.dockerignore'));
  return own ? dockerIgnoreOf(own.facts.patterns, own.path) : dockerIgnoreOf([]);
}
