import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { entryOf, itemsOf, mapOf, scalarText, textAt } from '../deployments/data.ts';
import type { Manifest } from '../dependencies/manifests.ts';
import { joined } from '../program/module-resolution.ts';
import type { Source } from '../view.ts';
import { defineView, present } from '../view.ts';
import { startTargetsOf } from './start-targets.ts';

/** A file that a script starts, and that the TypeScript compiler writes elsewhere. */
export interface Misplaced {
  /** The script that starts it. */
  readonly at: Location;
  readonly started: string;
  readonly written: string;
  /** A source that moves the common root of all of them. */
  readonly because: string;
  readonly config: Location;
}

export const misplaced = defineView({
  name: 'misplaced',
  reads: ['json'],
  needs: ['manifests'],
  build: (source, { manifests }) =>
    present(manifests.state === 'present' ? manifests.answer.all.flatMap((each) => misplacedIn(each, source)) : []),
});

/**
 * Without `rootDir`, output mirrors the sources from their longest common folder on: one more file beside `src` moves
 * all of it. Source: https://www.typescriptlang.org/tsconfig/#rootDir; from TypeScript 6 on the compiler refuses this.
 */
function misplacedIn({ folder, scripts, dependencies }: Manifest, source: Source): readonly Misplaced[] {
  const range = dependencies.find(({ name }) => name === 'typescript')?.range ?? '';
  const compiled = scripts.find(({ name }) => name === 'build')?.programs;
  if (!/^[~^]?[345]\./.test(range) || !compiled) return [];
  const path = compiled.map((words) => configOf(words, source, folder)).find((each) => each !== undefined);
  const config = path === undefined ? undefined : configAt(source, path);
  if (path === undefined || !config) return [];
  const own = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const inputs = source.files.map((file) => file.path).filter((file) => config.takes(file, own));
  const out = joined(own, config.outDir);
  const root = commonFolder(inputs);
  return scripts.flatMap(({ name, at, commands }): readonly Misplaced[] => {
    if (!/^start(:prod(uction)?)?$/.test(name)) return [];
    return startTargetsOf(commands).flatMap((target) => {
      if (target.kind !== 'file' || target.preload) return [];
      const started = joined(folder, target.file).replace(/\.js$/, '');
      const rest = started.startsWith(`${out}/`) ? started.slice(out.length + 1) : undefined;
      if (rest === undefined || inputs.some((file) => stemOf(file) === joined(root, rest))) return [];
      const meant = joined(joined(folder, 'src'), rest);
      const because = inputs.find((file) => !file.startsWith(`${joined(folder, 'src')}/`));
      if (because === undefined || !inputs.some((file) => stemOf(file) === meant)) return [];
      const written = `${joined(out, meant.slice(root === '' ? 0 : root.length + 1))}.js`;
      return [{ at, started: `${started}.js`, written, because, config: config.at }];
    });
  });
}

const stemOf = (path: string): string => path.replace(/\.tsx?$/, '');

/** The configuration that `tsc` or `nest build` reads; undefined where options say more than it. */
function configOf(words: readonly string[], { files }: Source, folder: string): string | undefined {
  const has = (name: string): boolean => files.some(({ path }) => path === joined(folder, name));
  const [program, ...rest] = words;
  if (program === 'nest' && rest[0] === 'build' && rest.length === 1 && has('nest-cli.json'))
    return joined(folder, has('tsconfig.build.json') ? 'tsconfig.build.json' : 'tsconfig.json');
  const isPlain = rest.length === 0 || (rest.length === 2 && /^(-p|--project)$/.test(rest[0] ?? ''));
  if (program !== 'tsc' || !isPlain) return undefined;
  const named = rest[1] ?? 'tsconfig.json';
  return joined(folder, named.endsWith('.json') ? named : `${named}/tsconfig.json`);
}

interface Config {
  readonly at: Location;
  readonly outDir: string;
  readonly takes: (file: string, folder: string) => boolean;
}

/** Undefined where something may say more than can be seen. */
function configAt(source: Source, path: string, depth = 0): (Config & { readonly node: DataNode }) | undefined {
  const node = source.facts('json').find((document) => document.path === path)?.facts.documents[0];
  if (!node || depth > 3) return undefined;
  const options = entryOf(node, 'compilerOptions');
  const says = mapOf(options).map(({ key }) => key);
  const extended = textAt(node, 'extends');
  const isKnown = extended === undefined || extended.startsWith('.') || extended.startsWith('@tsconfig/');
  if (
    !isKnown ||
    entryOf(node, 'references') ||
    says.some((key) => /^(root|composite|outFile|allowJs|noEmit)/.test(key))
  )
    return undefined;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const base = extended?.startsWith('.')
    ? configAt(source, joined(folder, extended.endsWith('.json') ? extended : `${extended}.json`), depth + 1)
    : undefined;
  if (extended?.startsWith('.') && !base) return undefined;
  const outDir = textAt(options, 'outDir') ?? base?.outDir;
  if (outDir === undefined) return undefined;
  const listed = (key: string): readonly string[] | undefined => {
    const from = entryOf(node, key) ?? (base ? entryOf(base.node, key) : undefined);
    return from ? itemsOf(from).map(scalarText) : undefined;
  };
  const included = (listed('files') ?? []).length > 0 ? [] : (listed('include') ?? ['**/*']);
  const left = [...(listed('exclude') ?? ['node_modules']), outDir, 'node_modules'];
  return {
    node,
    at: locationOf(path, options ?? node),
    outDir,
    takes: (file, own) => {
      if (!/(?<!\.d)\.tsx?$/.test(file) || (own !== '' && !file.startsWith(`${own}/`))) return false;
      const inner = own === '' ? file : file.slice(own.length + 1);
      return included.some((glob) => covers(glob, inner)) && !left.some((glob) => covers(glob, inner));
    },
  };
}

/** Whether a pattern of `include` or `exclude` takes a path. What is harder than any project has takes none. */
function covers(glob: string, path: string): boolean {
  const clean = glob.replace(/^\.\//, '').replace(/\/+$/, '');
  const parts = clean.split('/');
  if (parts.filter((part) => part === '**').length > 3) return false;
  const isFolder = !/[*.]/.test(parts.at(-1) ?? '');
  return matches(isFolder ? [...parts, '**'] : parts, path.split('/'));
}

function matches([part, ...parts]: readonly string[], path: readonly string[]): boolean {
  if (part === undefined) return path.length === 0;
  if (part === '**') return path.some((_, index) => matches(parts, path.slice(index))) || parts.length === 0;
  const [name, ...inner] = path;
  if (name === undefined) return false;
  const [before = '', after] = part.split('*');
  const fits = after === undefined ? name === part : name.startsWith(before) && name.endsWith(after);
  return fits && matches(parts, inner);
}

function commonFolder(files: readonly string[]): string {
  const [first = '', ...others] = files.map((file) => file.slice(0, Math.max(0, file.lastIndexOf('/'))));
  const parts = first.split('/');
  while (parts.length > 0 && !others.every((each) => `${each}/`.startsWith(`${parts.join('/')}/`))) parts.pop();
  return parts.join('/');
}
