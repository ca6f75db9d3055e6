import { entryOf, itemsOf, mapOf, scalarText, textAt } from '../deployments/data.ts';
import type { Source } from '../view.ts';
import { joined } from './module-resolution.ts';
import type { PathAliases } from './module-resolution.ts';

interface Alias {
  /** Folder below which it holds, empty for the root. */
  readonly folder: string;
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * Specifiers that lead to files of the project: `paths` and `baseUrl` of tsconfig.json and jsconfig.json, names of
 * workspace packages, `imports` of package.json, `_moduleAliases`.
 * Sources: https://www.typescriptlang.org/tsconfig/#paths, https://nodejs.org/api/packages.html#subpath-imports
 */
export function aliasesOf(source: Source): PathAliases {
  const aliases = [...ofCompilers(source), ...ofPackages(source)].toSorted(
    (a, b) => b.folder.length - a.folder.length || b.from.length - a.from.length,
  );
  const known = new Map<string, readonly Alias[]>();
  return {
    within: (folder) => {
      const cached = known.get(folder);
      if (cached) return cached;
      const own = aliases.filter((alias) => alias.folder === '' || `${folder}/`.startsWith(`${alias.folder}/`));
      known.set(folder, own);
      return own;
    },
  };
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function ofCompilers(source: Source): readonly Alias[] {
  return source.facts('json').flatMap(({ path, facts }): readonly Alias[] => {
    if (!/(^|\/)(ts|js)config[\w.-]*\.json$/.test(path)) return [];
    const folder = folderOf(path);
    const options = entryOf(facts.documents[0], 'compilerOptions');
    const baseUrl = textAt(options, 'baseUrl');
    const base = joined(folder, baseUrl ?? '.');
    const paths = mapOf(entryOf(options, 'paths')).map(({ key, value }) => ({
      folder,
      from: key,
      to: itemsOf(value).map((item) => joined(base, scalarText(item))),
    }));
    return baseUrl === undefined ? paths : [...paths, { folder, from: '*', to: [base === '' ? '*' : `${base}/*`] }];
  });
}

function ofPackages(source: Source): readonly Alias[] {
  return source.facts('manifest').flatMap(({ path, facts }): readonly Alias[] => {
    const [node] = facts.documents;
    const folder = folderOf(path);
    const name = textAt(node, 'name');
    const inside = (file: string): string => joined(folder, file);
    const own = ['imports', '_moduleAliases'].flatMap((field) =>
      mapOf(entryOf(node, field)).map(({ key, value }) => ({
        folder,
        from: key,
        to: textsBelow(value).map(inside),
      })),
    );
    const short = own.flatMap((alias) =>
      alias.from.endsWith('*') || alias.from.startsWith('#')
        ? []
        : [{ ...alias, from: `${alias.from}/*`, to: alias.to.map((each) => `${each}/*`) }],
    );
    if (name === undefined || name === '' || folder === '') return [...own, ...short];
    const main = ['source', 'module', 'main'].flatMap((field) => textAt(node, field) ?? []);
    const root = { folder: '', from: name, to: [...sourcesOf(folder, main), inside('src/index'), inside('index')] };
    const below = { folder: '', from: `${name}/*`, to: [inside('src/*'), inside('*')] };
    return [...own, ...short, root, below];
  });
}

/** `dist/index.js` is built from `src/index.ts`. */
const sourcesOf = (folder: string, files: readonly string[]): readonly string[] =>
  files.flatMap((file) => {
    const inner = file.replace(/^\.\//, '');
    const built = /^(?:dist|build|lib|out)\/(?:esm\/|cjs\/)?(.*?)\.[mc]?js$/.exec(inner);
    return [
      ...(built ? [joined(folder, `src/${built[1]}`), joined(folder, `${built[1]}`)] : []),
      joined(folder, inner),
    ];
  });

function textsBelow(node: ReturnType<typeof entryOf>, depth = 0): readonly string[] {
  if (!node || depth > 4) return [];
  if (node.kind === 'scalar') return [node.text];
  return node.kind === 'list'
    ? node.items.flatMap((item) => textsBelow(item, depth + 1))
    : mapOf(node).flatMap(({ value }) => textsBelow(value, depth + 1));
}
