import type { Location } from '../../document/document.ts';
import type { Node } from '../program/program.ts';
import type { Slowness } from '../patterns/slowness.ts';
import type { SinkName } from './sink.ts';

/** One way from what a client sends to a place where it does harm. */
export interface Flow {
  /** What the client sends, in the user's own words: `req.query.host`. */
  readonly source: string;
  /** What it reaches, in the user's own words: `db.query`. */
  readonly into: string;
  readonly sink: Location;
  /** Spread into the problem: where it is, how it got there, and how sure that is. */
  readonly evidence: Evidence;
  readonly kind: 'text' | 'data';
  /** The framework object and the path below it the source is read from. */
  readonly from: { readonly shape: string; readonly path: readonly string[] };
}

export interface Evidence {
  readonly at: Location;
  readonly trail: readonly { readonly at: Location; readonly note: string }[];
  /** Names the place it comes from: what is checked there is in order wherever it goes. */
  readonly repair?: string;
  readonly confidence?: 'certain' | 'likely';
  readonly unsure?: string;
}

/** A part of a request, where it is read. */
export interface Received {
  readonly node: Node;
  /** The framework object it is read from. */
  readonly shape: string;
  /** `headers`, `authorization`; header names as they are written. */
  readonly path: readonly string[];
}

/** A pattern that takes more than linear time on text a client sends. */
export interface SlowMatch {
  readonly evidence: Evidence;
  /** The pattern, cut short. */
  readonly pattern: string;
  /** What is matched against it: `req.body.mail`; absent for the pattern of a schema or a route. */
  readonly source?: string;
  /** The text is part of a body, which may be long. */
  readonly isLong: boolean;
  readonly slowness: Slowness;
}

/** What clients send, followed to where it does harm. */
export interface Flows {
  /** Every way into a sink, one for each place, in document order. */
  readonly into: (sink: SinkName) => readonly Flow[];
  /** Every way of what a language model answers into a sink. */
  readonly fromModels: (sink: SinkName) => readonly Flow[];
  /** Patterns that are slow on what a client sends, in document order. */
  readonly slowMatches: () => readonly SlowMatch[];
  /** The part of a request a value is read from, as it is or as a piece of it; no check on the way counts. */
  readonly received: (node: Node) => Received | undefined;
}
