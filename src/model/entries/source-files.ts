import { entryOf, itemsOf, mapOf, scalarText, textAt } from '../deployments/data.ts';
import { ModuleResolution, joined } from '../program/module-resolution.ts';
import type { ProjectManifest } from '../images/project-manifest.ts';
import type { Source } from '../view.ts';

/** Folders that hold what is built. */
const OUTPUT = /^(\.\/)?(dist|build|built|lib|out|output|\.output|compiled|dist-server|server-dist|production)(\/|$)/;
const EXTENSION = /\.[mc]?[jt]sx?$/;

/** Finds the source module of a path that a start command names, whether it is built or not. */
export class SourceFiles {
  readonly #resolution: ModuleResolution;
  readonly #exists: (path: string) => boolean;
  readonly #outputs: readonly { readonly output: string; readonly sources: readonly string[] }[];

  constructor(source: Source, manifests: readonly ProjectManifest[]) {
    const paths = new Set(source.files.map(({ path }) => path));
    this.#exists = (path) => paths.has(path);
    this.#resolution = new ModuleResolution(this.#exists);
    this.#outputs = [...tsconfigOutputs(source), ...scriptOutputs(manifests)].toSorted(
      (a, b) => b.output.length - a.output.length,
    );
  }

  /** The module for a file named relative to a folder; its source where the file itself is built. */
  moduleAt(folder: string, file: string): string | undefined {
    const path = joined(folder, file);
    for (const candidate of [...this.#beforeBuild(folder, path), path]) {
      const found = this.#resolution.fileAt(candidate);
      if (found !== undefined && this.#isModule(found)) return found;
    }
    return undefined;
  }

  /** A file without extension is a module too, where a command starts it: `bin/www`. */
  #isModule(path: string): boolean {
    return EXTENSION.test(path) || !/\.\w+$/.test(path);
  }

  /** A path in an image: the folders it may stand below in the project are tried in turn. */
  moduleInImage(folders: readonly string[], workdir: string, file: string): string | undefined {
    const inner = file.startsWith(`${workdir}/`) ? file.slice(workdir.length + 1) : file;
    if (!inner.startsWith('/')) {
      for (const folder of folders) {
        const found = this.moduleAt(folder, inner);
        if (found !== undefined) return found;
      }
    }
    const parts = inner.split('/').filter((part) => part !== '' && part !== '.');
    for (let from = 1; from < parts.length; from += 1) {
      for (const folder of folders) {
        const found = this.moduleAt(folder, parts.slice(from).join('/'));
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  fileAt(folder: string, file: string): string | undefined {
    const path = joined(folder, file);
    return this.#exists(path) ? path : undefined;
  }

  #beforeBuild(folder: string, path: string): readonly string[] {
    const known = this.#outputs.flatMap(({ output, sources }) =>
      path.startsWith(`${output}/`) ? sources.map((each) => joined(each, path.slice(output.length + 1))) : [],
    );
    const inner = folder === '' ? path : path.slice(folder.length + 1);
    const guess = OUTPUT.exec(inner);
    if (!guess) return known;
    const rest = inner.slice(guess[0].length).replace(EXTENSION, '');
    const application = /^apps\/([\w-]+)\/(?:src\/)?main$/.exec(rest);
    const guesses = [
      `src/${rest}`,
      rest,
      ...(application ? [`apps/${application[1]}/src/main`] : []),
      ...(rest.startsWith('src/') ? [] : [`source/${rest}`, `server/${rest}`, `app/${rest}`]),
      ...(/\bmain$|\bindex$|\bserver$/.test(rest) ? [`src/${rest.slice(rest.lastIndexOf('/') + 1)}`] : []),
    ];
    return [...known.map((each) => each.replace(EXTENSION, '')), ...guesses.map((guessed) => joined(folder, guessed))];
  }
}

function tsconfigOutputs(source: Source): readonly { output: string; sources: readonly string[] }[] {
  return source.facts('json').flatMap(({ path, facts }) => {
    if (!/(^|\/)tsconfig[\w.-]*\.json$/.test(path)) return [];
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const options = entryOf(facts.documents[0], 'compilerOptions');
    const output = textAt(options, 'outDir');
    if (output === undefined) return [];
    const root = textAt(options, 'rootDir') ?? textAt(options, 'baseUrl');
    const included = itemsOf(entryOf(facts.documents[0], 'include'))
      .map(scalarText)
      .map((glob) => glob.replace(/\/?\*.*$/, ''))
      .filter((each) => !EXTENSION.test(each));
    const sources = [...(root === undefined ? [] : [root]), ...included, 'src', '.'];
    return [{ output: joined(folder, output), sources: sources.map((each) => joined(folder, each)) }];
  });
}

/** `babel src -d lib`, `swc src --out-dir dist`. */
const scriptOutputs = (
  manifests: readonly ProjectManifest[],
): readonly { output: string; sources: readonly string[] }[] =>
  manifests.flatMap(({ folder, scripts }) =>
    scripts.flatMap(({ commands }) =>
      commands.flatMap(({ words }) => {
        const texts = words.map(({ text }) => text);
        if (!texts.some((word) => /^(babel|swc)$/.test(word))) return [];
        const flag = texts.findIndex((word) => /^(-d|--out-dir|--outDir)$/.test(word));
        const output = texts[flag + 1];
        const input = texts.find(
          (word, index) => index > 0 && !word.startsWith('-') && word !== output && word !== 'swc',
        );
        if (flag < 0 || output === undefined || input === undefined) return [];
        return [{ output: joined(folder, output), sources: [joined(folder, input)] }];
      }),
    ),
  );

/** All texts of a `bin`, `main` or `exports` field. */
export function filesNamedBy(node: ReturnType<typeof entryOf>, depth = 0): readonly string[] {
  if (!node || depth > 6) return [];
  if (node.kind === 'scalar') return node.text === '' ? [] : [node.text];
  if (node.kind === 'list') return node.items.flatMap((item) => filesNamedBy(item, depth + 1));
  return mapOf(node).flatMap(({ key, value }) => (key === 'types' ? [] : filesNamedBy(value, depth + 1)));
}
