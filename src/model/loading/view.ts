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
    before: (module, offset) => earlierLoads(of, importersOf, module, offset),
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

function earlierLoads(
  of: Loading['of'],
  importersOf: Loading['importersOf'],
  module: Module,
  offset: number,
): readonly EarlierLoad[] {
  const found: EarlierLoad[] = [];
  const inside = new Set<Module>([module]);
  const collect = (from: Module, load: Load): void => {
    if (found.length >= MAX_LOADS) return;
    found.push({ load, module: from });
    if (!load.target || inside.has(load.target)) return;
    inside.add(load.target);
    for (const next of of(load.target)) collect(load.target, next);
  };
  const climbed = new Set<Module>();
  const climb = (at: Module, end: number): void => {
    if (climbed.has(at)) return;
    climbed.add(at);
    for (const load of of(at)) if (load.hoisted || load.at[1] <= end) collect(at, load);
    for (const importer of importersOf(at)) {
      const load = of(importer).find(({ target }) => target === at);
      if (!load) continue;
      for (const earlier of of(importer)) {
        if (earlier === load) break;
        collect(importer, earlier);
      }
      climbEarlier(importer);
    }
  };
  // what was loaded before the importer itself, not what it loads after this module
  const climbEarlier = (at: Module): void => {
    if (climbed.has(at)) return;
    climbed.add(at);
    for (const importer of importersOf(at)) {
      const load = of(importer).find(({ target }) => target === at);
      if (!load) continue;
      for (const earlier of of(importer)) {
        if (earlier === load) break;
        collect(importer, earlier);
      }
      climbEarlier(importer);
    }
  };
  climb(module, offset);
  return found;
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
