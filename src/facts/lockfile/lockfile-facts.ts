import type { Span } from '../../document/document.ts';

/** What a lockfile pins, and who asked for it. */
export interface LockfileFacts {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** As the file calls it: `3`, `9.0`, `classic`, `8`. */
  readonly format: string;
  readonly packages: readonly LockedPackage[];
  /** The packages of the repository itself. Empty for formats that do not list them. */
  readonly importers: readonly LockedImporter[];
  /** Packages whose versions the lockfile says are replaced, whoever asks for them. */
  readonly overrides?: readonly string[];
}

/** Index into `packages`. */
export type PackageId = number;

export interface LockedPackage {
  readonly name: string;
  /** Empty where there is none: links, some git dependencies. */
  readonly version: string;
  /** Its key in the file. */
  readonly at: Span;
  readonly source: PackageSource;
  /** Absent where the file does not say: then it is the registry the package manager is set to. */
  readonly origin?: Origin;
  /** The strongest of the algorithms a checksum is given for. */
  readonly integrity?: 'sha512' | 'sha384' | 'sha256' | 'sha1' | 'other';
  readonly dev?: true;
  readonly optional?: true;
  /** Comes inside the archive of another package. */
  readonly bundled?: true;
  readonly installScript?: true;
  readonly deprecated?: string;
  readonly license?: string;
  /** Versions of Node.js it says it needs. */
  readonly engines?: string;
  /** What asks for it, in formats that look packages up so: `left-pad@^1.0.0`. */
  readonly asked?: readonly string[];
  readonly needs: readonly PackageId[];
}

export type PackageSource = 'registry' | 'git' | 'archive' | 'file' | 'workspace';

/** Where a package is fetched from. User and password of the address are left out. */
export interface Origin {
  readonly at: Span;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  /** A full commit hash, for git. */
  readonly commit?: string;
}

export interface LockedImporter {
  /** Relative to the folder of the lockfile; empty for that folder. */
  readonly folder: string;
  readonly requires: readonly Requirement[];
}

export interface Requirement {
  readonly name: string;
  readonly range: string;
  readonly kind: DependencyKind;
  readonly target?: PackageId;
}

export type DependencyKind = 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies';

export const DEPENDENCY_KINDS: readonly DependencyKind[] = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];
