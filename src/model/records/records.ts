import type { Location } from '../../document/document.ts';
import type { Received } from '../flows/flows.ts';
import type { FunctionRef, Node } from '../program/program.ts';

/** A call that reads or changes records which a client picks. */
export interface Taking {
  readonly call: Node;
  /** `order`: the model or table, in lower case and in the singular; empty where it cannot be seen. */
  readonly table: string;
  /** What the client names: a record, or the one it belongs to. */
  readonly by: 'record' | 'owner';
  /** The column, where it is named: `userId`. */
  readonly column?: string;
  readonly at: Location;
  readonly from: Received;
  readonly writes: boolean;
  /** Its records are accounts: who somebody is. */
  readonly isPeople: boolean;
  /** May bring more than one record. */
  readonly lists: boolean;
}

/** Whose records are, as far as the program says: what is asked of databases, and by what. */
export interface Records {
  /** What a function takes in its own code, not in what it calls. */
  readonly takenIn: (fn: FunctionRef) => readonly Taking[];
  /** Why the records of a model belong to somebody: it has a column for that, or is asked by one. */
  readonly ownerOf: (table: string) => { readonly at: Location; readonly note: string } | undefined;
  /** Functions that answer fields of GraphQL. */
  readonly resolvers: readonly { readonly fn: FunctionRef; readonly field?: string }[];
}
