import type { Range } from '../../facts/javascript/module-facts.ts';
import type { Module } from '../program/program.ts';

/** One import as it is carried out. */
export interface Load {
  readonly specifier: string;
  /** The module of the project it loads; absent for packages. */
  readonly target?: Module;
  /** The package it loads, without a path below it: `pg`, `@scope/name`, `fs`. */
  readonly package?: string;
  readonly at: Range;
  /** Carried out before anything else in the module, wherever it stands in the text. */
  readonly hoisted: boolean;
}

/** A load that is over before some place in a module is reached, and the imports that led to it. */
export interface EarlierLoad {
  readonly load: Load;
  readonly module: Module;
}

/** In which order modules are loaded. */
export interface Loading {
  /** What a module loads when it is itself loaded, in order; neither types nor what functions load later. */
  readonly of: (module: Module) => readonly Load[];
  readonly importersOf: (module: Module) => readonly Module[];
  /**
   * Everything loaded before the place `offset` of a module is reached: by the module itself, by what it loads, and,
   * where another module loads it, by that one before.
   */
  readonly before: (module: Module, offset: number) => readonly EarlierLoad[];
  /** Some module loads both, at once or later: they run in one process. Tests do not count. */
  readonly together: (a: Module, b: Module) => boolean;
  /** All a module loads, at once or later, and what that loads; the module itself among it. */
  readonly below: (module: Module) => ReadonlySet<Module>;
  /** Some module that runs in its process loads what only the run decides: `require(name)`. */
  readonly isOpen: (module: Module) => boolean;
}
