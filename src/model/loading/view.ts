import { placeOf } from '../place.ts';
import { absent, defineView, present } from '../view.ts';
import { ModuleResolution } from '../program/module-resolution.ts';
import type { Module, Program } from '../program/program.ts';
import type { EarlierLoad, Load, Loading } from './loading.ts';

export const loading = defineView({
  name: 'loading',
  reads: [],
  needs: ['program'],
  build: ({ files }, { program }) => {
    if (program.state !== 'present') return absent('There is no code to look at.');
    const paths = new Set(files.map(({ path }) => path));
    return present(loadingOf(program.answer, new ModuleResolution((path) => paths.has(path))), program.gaps);
  },
});

const MAX_LOADS = 5000;

function loadingOf(program: Program, resolution: ModuleResolution): Loading {
  const loads = new Map<Module, readonly Load[]>();
  const importers = new Map<Module, Set<Module>>();
  const loaded = new Map<Module, Set<Module>>();
  for (const module of program.modules.values()) {
    const own = loadsOf(program, resolution, module);
    loads.set(module, own);
    for (const { target } of [...own, ...laterLoads(program, resolution, module)]) {
      if (!target || target === module) continue;
      addTo(importers, target, module);
      addTo(loaded, module, target);
    }
  }
  const of = (module: Module): readonly Load[] => loads.get(module) ?? [];
  const importersOf = (module: Module): readonly Module[] => [...(importers.get(module) ?? [])];
  const closure = (next: (module: Module) => Iterable<Module>): ((module: Module) => ReadonlySet<Module>) => {
    const known = new Map<Module, ReadonlySet<Module>>();
    return (module) => {
      const found = known.get(module) ?? reachedFrom(module, next);
      known.set(module, found);
      return found;
    };
  };
  const above = closure((module) => [...(importers.get(module) ?? [])].filter(({ path }) => placeOf(path) !== 'test'));
  const below = closure((module) => loaded.get(module) ?? []);
  const isComputed = ({ facts }: Module): boolean =>
    facts.imports.some(({ module, kind }) => module === undefined && kind !== 'type');
  return {
    of,
    importersOf,
    before: (module, offset) => {
      const roots = [...above(module)].filter((each) =>
        importersOf(each).every(({ path }) => placeOf(path) === 'test'),
      );
      return earlierLoads(of, roots, module, offset);
    },
    together: (a, b) => {
      const others = above(b);
      return [...above(a)].some((module) => others.has(module));
    },
    below,
    isOpen: (module) => [...above(module)].some((root) => [...below(root)].some(isComputed)),
  };
}

function loadsOf(program: Program, resolution: ModuleResolution, module: Module): readonly Load[] {
  const { imports, blocks, commonjs } = module.facts;
  const direct = imports.flatMap(({ module: specifier, kind, block, at }): readonly Load[] => {
    if (specifier === undefined || kind === 'type' || kind === 'dynamic') return [];
    if (blocks[block]?.function !== 0) return [];
    // TypeScript that becomes CommonJS keeps the order of the text; what Node itself loads does not
    const hoisted = kind !== 'require' && !commonjs;
    return [loadOf(program, resolution, module, specifier, at, hoisted)];
  });
  return [...direct.filter(({ hoisted }) => hoisted), ...direct.filter(({ hoisted }) => !hoisted)];
}

/** What functions of a module load when they run: they belong together all the same. */
function laterLoads(program: Program, resolution: ModuleResolution, module: Module): readonly Load[] {
  return module.facts.imports.flatMap(({ module: specifier, kind, at }) =>
    specifier === undefined || kind === 'type' ? [] : [loadOf(program, resolution, module, specifier, at, false)],
  );
}

function loadOf(
  program: Program,
  resolution: ModuleResolution,
  module: Module,
  specifier: string,
  at: Load['at'],
  hoisted: boolean,
): Load {
  const found = resolution.resolve(module.path, specifier);
  const target = found.kind === 'file' ? program.modules.get(found.path) : undefined;
  const name = found.kind === 'package' ? packageOf(specifier) : undefined;
  return { specifier, at, hoisted, ...(target && { target }), ...(name !== undefined && { package: name }) };
}

/** `@scope/name/deep/path` is `@scope/name`; `node:fs` is `fs`. */
export function packageOf(specifier: string): string {
  const parts = specifier.replace(/^node:/, '').split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/**
 * Loads modules as Node would, from each module nothing else loads, until the place is reached. Where several lead there,
 * the one that loads least before: it is enough that one program does it right.
 */
function earlierLoads(
  of: Loading['of'],
  roots: readonly Module[],
  module: Module,
  offset: number,
): readonly EarlierLoad[] {
  const ways = roots.flatMap((root) => {
    const way = loadsUntil(of, root, module, offset);
    return way ? [way] : [];
  });
  const [first, ...others] = ways.length > 0 ? ways : [loadsUntil(of, module, module, offset) ?? []];
  return others.reduce((least, way) => (way.length < least.length ? way : least), first ?? []);
}

function loadsUntil(of: Loading['of'], root: Module, goal: Module, offset: number): readonly EarlierLoad[] | undefined {
  const found: EarlierLoad[] = [];
  const visited = new Set<Module>();
  /** True as soon as the place is reached. */
  const visit = (module: Module): boolean => {
    visited.add(module);
    for (const load of of(module)) {
      if (module === goal && !load.hoisted && load.at[1] > offset) return true;
      if (found.length >= MAX_LOADS) return false;
      // what leads to the place is not over when it is reached
      if (load.target && !visited.has(load.target)) {
        if (visit(load.target)) return true;
      }
      found.push({ load, module });
    }
    return module === goal;
  };
  return visit(root) ? found : undefined;
}

function addTo(groups: Map<Module, Set<Module>>, key: Module, module: Module): void {
  const group = groups.get(key);
  if (group) group.add(module);
  else groups.set(key, new Set([module]));
}

function reachedFrom(start: Module, next: (module: Module) => Iterable<Module>): ReadonlySet<Module> {
  const found = new Set([start]);
  // a set visits what is added while it is walked
  for (const module of found) for (const each of next(module)) found.add(each);
  return found;
}
