import type { Document, Tracked } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';

/** A target, read: the documents that count, the names of everything else, and what could not be read. */
export interface Project {
  /** Absolute path of the folder all document paths are relative to. */
  readonly root: string;
  /** In path order. */
  readonly documents: readonly Document[];
  /** Every file, read or not, in path order. */
  readonly files: readonly { readonly path: string; readonly tracked: Tracked; readonly bytes: number }[];
  readonly gaps: readonly Gap[];
}
