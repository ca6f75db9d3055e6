/** Where a module specifier leads: a file of the project, a package, or nowhere that can be seen. */
export type Resolution =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'missing' };

/** Specifiers the project maps to its own files: tsconfig `paths`, workspace packages, package `imports`. */
export interface PathAliases {
  /** Tried in order; `prefix*` maps to `target*` where both end with the wildcard. Targets are project paths. */
  readonly within: (folder: string) => readonly { readonly from: string; readonly to: readonly string[] }[];
}

const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
const INDEXES = EXTENSIONS.slice(1).map((extension) => `/index${extension}`);

export class ModuleResolution {
  readonly #exists: (path: string) => boolean;
  readonly #aliases: PathAliases;
  readonly #known = new Map<string, Map<string, Resolution>>();

  constructor(exists: (path: string) => boolean, aliases: PathAliases = { within: () => [] }) {
    this.#exists = exists;
    this.#aliases = aliases;
  }

  resolve(from: string, specifier: string): Resolution {
    const folder = from.slice(0, Math.max(0, from.lastIndexOf('/')));
    let ofFolder = this.#known.get(folder);
    if (!ofFolder) this.#known.set(folder, (ofFolder = new Map()));
    const known = ofFolder.get(specifier);
    if (known) return known;
    const resolution = this.#resolve(folder, specifier);
    ofFolder.set(specifier, resolution);
    return resolution;
  }

  #resolve(folder: string, specifier: string): Resolution {
    if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
      const path = this.fileAt(specifier.startsWith('/') ? specifier.slice(1) : joined(folder, specifier));
      return path === undefined ? { kind: 'missing' } : { kind: 'file', path };
    }
    const aliased = this.#aliased(folder, specifier);
    if (aliased !== undefined) return { kind: 'file', path: aliased };
    return specifier.startsWith('#') ? { kind: 'missing' } : { kind: 'package', name: specifier };
  }

  /** The file a path without extension, a folder, or a path to a built file stands for. */
  fileAt(path: string): string | undefined {
    const clean = path.replace(/\/$/, '');
    const candidates = [...EXTENSIONS, ...INDEXES].map((ending) => clean + ending);
    const source = /^(.*)\.([mc]?)js(x?)$/.exec(clean);
    if (source) candidates.push(`${source[1]}.${source[2]}ts${source[3]}`, `${source[1]}.tsx`);
    return candidates
      .find((candidate) => candidate !== '' && this.#exists(candidate.replace(/^\//, '')))
      ?.replace(/^\//, '');
  }

  #aliased(folder: string, specifier: string): string | undefined {
    for (const { from, to } of this.#aliases.within(folder)) {
      const wild = from.endsWith('*');
      const prefix = wild ? from.slice(0, -1) : from;
      if (wild ? !specifier.startsWith(prefix) : specifier !== from) continue;
      for (const target of to) {
        const path = this.fileAt(wild ? target.replace('*', specifier.slice(prefix.length)) : target);
        if (path !== undefined) return path;
      }
    }
    return undefined;
  }
}

/** `a/b` and `../c` are `a/c`; never above the root. */
export function joined(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
