import type { Ref } from './frame.ts';
import type { Site } from './site.ts';
import type { Walk } from './walk.ts';

/** A folder `@fastify/autoload` loads, as it does. Source: https://github.com/fastify/fastify-autoload */
export interface AutoloadedFolder {
  /** Modules whose hooks hold for the plugins of this folder. */
  readonly hooks: readonly string[];
  readonly plugins: readonly string[];
  readonly folders: readonly AutoloadedFolder[];
  /** Hooks hold for the folders in it, too. */
  readonly cascades: boolean;
  /** What the path of its routes begins with. */
  readonly prefix: string;
  /** What that of all its folders begins with: of `options: { prefix }`. */
  readonly base: string;
}

const AUTOLOAD = /^(@fastify\/autoload|fastify-autoload)(\.\w+)?$/;
const HOOKS = /^[_.]?auto_?hooks?\.[mc]?[jt]s$/i;
const SCRIPT = /\.[mc]?[jt]s$/;
const IGNORED = /\.(test|spec|d)\.[mc]?[jt]s$/;
const MAX_DEPTH = 8;

export const isAutoload = (plugin: Ref, walk: Walk): boolean =>
  walk.program.apis(plugin.node).some((api) => AUTOLOAD.test(api));

/** `register(autoload, { dir, options: { prefix } })`; undefined where the folder cannot be seen. */
export function autoloadedBy(site: Site, walk: Walk): readonly AutoloadedFolder[] | undefined {
  const argument = walk.program.argument(site.call, 1);
  const options = argument === undefined ? [] : walk.resolver.refs(argument, site.frame);
  const first = (name: string, from: readonly Ref[] = options): unknown =>
    from
      .flatMap((ref) => walk.resolver.property(ref, name))
      .flatMap(({ node, frame }) => walk.resolver.constants(node, frame) ?? [])[0];
  const texts = options
    .flatMap((ref) => walk.resolver.property(ref, 'dir'))
    .flatMap(({ node, frame }) => walk.resolver.constants(node, frame) ?? []);
  const path = walk.program.moduleOf(site.call).path;
  const here = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const prefix = first(
    'prefix',
    options.flatMap((ref) => walk.resolver.property(ref, 'options')),
  );
  const given = {
    hooks: first('autoHooks') === true,
    cascades: first('cascadeHooks') === true,
    named: first('dirNameRoutePrefix') !== false,
    params: first('routeParams') === true,
    base: typeof prefix === 'string' ? prefix : '/',
  };
  const found = texts.flatMap((text) => {
    if (typeof text !== 'string') return [];
    const folder = text.startsWith('/') ? text.slice(1) : `${here}/${text}`.replace(/^\//, '');
    return [folderAt(folder, given.base, given, [...walk.program.modules.keys()], 0)];
  });
  return found.length > 0 ? found : undefined;
}

interface Given {
  readonly hooks: boolean;
  readonly cascades: boolean;
  readonly named: boolean;
  readonly params: boolean;
  readonly base: string;
}

/** `_id` and `a-__id` with `routeParams`. */
const parameterIn = (name: string): string =>
  name.includes('__') ? name.replaceAll('__', ':') : name.replace(/^_/, ':');

function folderAt(
  folder: string,
  prefix: string,
  given: Given,
  paths: readonly string[],
  depth: number,
): AutoloadedFolder {
  const inside = paths.filter((path) => path.startsWith(`${folder}/`)).toSorted();
  const names = inside.map((path) => path.slice(folder.length + 1));
  const files = names.filter((name) => !name.includes('/') && SCRIPT.test(name) && !IGNORED.test(name));
  const folders = new Set(names.filter((name) => name.includes('/')).map((name) => name.slice(0, name.indexOf('/'))));
  const plugins = files.filter((name) => !HOOKS.test(name));
  // a folder with an index is that index; what lies beside it is its own affair
  const index = plugins.filter((name) => name.startsWith('index.'));
  const at = (name: string): string => `${folder}/${name}`;
  return {
    hooks: given.hooks ? files.filter((name) => HOOKS.test(name)).map(at) : [],
    plugins: (index.length > 0 ? index : plugins).map(at),
    cascades: given.cascades,
    prefix,
    base: given.base,
    folders: [...folders]
      .filter((name) => depth < MAX_DEPTH && name !== 'node_modules')
      .map((name) => {
        const part = given.named ? `/${given.params ? parameterIn(name) : name}` : '';
        return folderAt(at(name), `${prefix}${part}`, given, paths, depth + 1);
      }),
  };
}
