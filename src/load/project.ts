import type { Document, Tracked } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';

/** A target, read: the documents that count, the names of everything else, and what could not be read. */
export interface Project {
  /** Absolute path of the folder all document paths are relative to. */
  readonly root: string;
  /** In path order. */
  readonly documents: readonly Document[];
  /** Every file, read or not, in path order. */
  readonly files: readonly ProjectFile[];
  readonly gaps: readonly Gap[];
}

export interface ProjectFile {
  readonly path: string;
  readonly tracked: Tracked;
  readonly bytes: number;
  /** Why the file is no document, or only one of text; absent where it was read as what it is. */
  readonly unread?: Unread;
}

export type Unread =
  | 'binary'
  | 'minified' // a document of language text: searched for secrets only
  | 'generated' // as above: says that it is generated, and is too long to have been written
  | 'translation' // a document of language text: sentences, by the thousand files
  | 'large'
  | 'vendored' // somebody else's code, copied in
  | 'link' // a symbolic link, or below one
  | 'special' // a folder, socket, device or pipe where a file was expected
  | 'unreadable' // no permission
  | 'capped'; // a limit of the whole run was reached before it
