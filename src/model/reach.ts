import type { Mentions } from '../facts/javascript/mentions.ts';
import { isDeployed } from './entries/entry.ts';
import type { Entries } from './entries/entry.ts';
import { SourceFiles } from './entries/source-files.ts';
import { manifestsOf } from './images/project-manifest.ts';
import { aliasesOf } from './program/aliases.ts';
import { joined, ModuleResolution } from './program/module-resolution.ts';
import type { Source } from './view.ts';

/**
 * The modules that the entries of a project may load, found by what modules mention: more than they really load, never
 * less. Undefined where that cannot be said, so that all modules count: nothing says what is started, or a framework
 * or a module of the root loads by names it computes.
 */
export function reachableFrom(
  { entries, lost }: Entries,
  source: Source,
  mentionsOf: (path: string) => Mentions | undefined,
): ReadonlySet<string> | undefined {
  if (!entries.some(isDeployed) || lost.some(({ framework }) => framework !== undefined)) return undefined;
  const neighbours = new Neighbours(source);
  const reached = new Set<string>();
  const open = entries.map(({ path }) => path);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    const mentions = mentionsOf(path);
    if (!mentions) continue;
    reached.add(path);
    const next = neighbours.of(path, mentions);
    if (!next) return undefined;
    open.push(...next);
  }
  return reached;
}

class Neighbours {
  readonly #paths: readonly string[];
  readonly #folders: ReadonlySet<string>;
  readonly #resolution: ModuleResolution;
  readonly #files: SourceFiles;
  /** By folder, then by name. */
  readonly #named = new Map<string, Map<string, readonly string[]>>();

  constructor(source: Source) {
    this.#paths = source.files.map(({ path }) => path);
    this.#folders = new Set(this.#paths.flatMap(foldersOf));
    const known = new Set(this.#paths);
    this.#resolution = new ModuleResolution((path) => known.has(path), aliasesOf(source));
    this.#files = new SourceFiles(source, manifestsOf(source));
  }

  /** Undefined where it may load anything. */
  of(path: string, { names, computes }: Mentions): readonly string[] | undefined {
    const here = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const files = names.flatMap((name) => this.#filesNamed(path, here, name));
    if (!computes) return files;
    const folders = names.flatMap((name) => this.#foldersNamed(here, name));
    // a loader names its folders, or loads what lies beside it
    if (folders.length === 0 && here === '') return undefined;
    const within = [...folders, ...(here === '' ? [] : [here])].map((folder) => `${folder}/`);
    return [...files, ...this.#paths.filter((each) => within.some((folder) => each.startsWith(folder)))];
  }

  #filesNamed(from: string, here: string, name: string): readonly string[] {
    let ofFolder = this.#named.get(here);
    if (!ofFolder) this.#named.set(here, (ofFolder = new Map()));
    let files = ofFolder.get(name);
    if (!files) ofFolder.set(name, (files = this.#lookedUp(from, here, name)));
    return files;
  }

  #lookedUp(from: string, here: string, name: string): readonly string[] {
    const found = this.#resolution.resolve(from, name);
    const candidates = [
      found.kind === 'file' ? found.path : undefined,
      this.#files.moduleAt(here, name),
      this.#resolution.fileAt(joined(here, name)),
      this.#resolution.fileAt(joined('', name)),
    ];
    return candidates.filter((path) => path !== undefined);
  }

  #foldersNamed(here: string, name: string): readonly string[] {
    const fixed = name.replace(/\/?[^/]*[*{].*$/, '');
    if (fixed === '' || /^\.*\/?$/.test(fixed)) return [];
    return [joined(here, fixed), joined('', fixed)].filter((folder) => this.#folders.has(folder));
  }
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
