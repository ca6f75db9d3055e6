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
const ENDINGS = [...EXTENSIONS, ...EXTENSIONS.slice(1).map((extension) => `/index${extension}`)];

export class ModuleResolution {
  readonly #exists: (path: string) => boolean;
  readonly #aliases: PathAliases;
  readonly #known = new Map<string, Map<string, Resolution>>();
  readonly #files = new Map<string, string | undefined>();

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
    const known = this.#files.get(path);
    if (known !== undefined || this.#files.has(path)) return known;
    const found = this.#fileAt(path.replace(/^\//, '').replace(/\/$/, ''));
    this.#files.set(path, found);
    return found;
  }

  #fileAt(clean: string): string | undefined {
    for (const ending of ENDINGS) {
      const candidate = clean + ending;
      if (candidate !== '' && this.#exists(candidate)) return candidate;
    }
    const source = /^(.*)\.([mc]?)js(x?)$/.exec(clean);
    if (!source) return undefined;
    return [`${source[1]}.${source[2]}ts${source[3]}`, `${source[1]}.tsx`].find((path) => this.#exists(path));
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
