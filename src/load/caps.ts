/** Limits of one load. What lies beyond each is a gap, never silence. */
export interface Caps {
  readonly files: number;
  /** Of everything read together. */
  readonly bytes: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** Of one lockfile: those of large monorepos are long, and cheap to read. */
  readonly lockfileBytes: number;
  /** Folders below the root. */
  readonly depth: number;
  readonly milliseconds: number;
}

const MEBIBYTE = 1024 * 1024;

export const CAPS: Caps = {
  files: 50_000,
  bytes: 400 * MEBIBYTE,
  fileBytes: MEBIBYTE,
  lockfileBytes: 32 * MEBIBYTE,
  depth: 32,
  milliseconds: 60_000,
};
