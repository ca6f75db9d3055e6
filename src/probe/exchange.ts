/** One thing to ask a server. */
export interface Question {
  /** What it is for: the last part of the transcript's path. */
  readonly step: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly Pair[];
  readonly body?: string;
  /** Instead of a body: this many bytes of JSON that hold nothing but the letter x. Never kept. */
  readonly size?: number;
  /** `with` sends what the user gave to log in; only ever to the asked origin. */
  readonly credentials?: 'with' | 'without';
}

export type Pair = readonly [name: string, value: string];

/** What came back, as it came. */
export type Answer = Reply | Silence;

export interface Reply {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  /** In order, names as sent, values decoded as latin1. */
  readonly headers: readonly Pair[];
  /** Decoded, cut at the budget. */
  readonly body: Uint8Array;
  /** Bytes on the wire that were read. */
  readonly wireBytes: number;
  /** Why the body is not whole, where it is not. */
  readonly cut?: string;
}

export interface Silence {
  readonly kind: 'silence';
  readonly cause: SilenceCause;
  /** The phase of a timeout, the code of an error: our words and codes, no text of the server's. */
  readonly detail: string;
}

export type SilenceCause =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'reset'
  | 'tls'
  | 'certificate'
  | 'malformed'
  | 'oversized'
  | 'withheld';

export const silence = (cause: SilenceCause, detail: string): Silence => ({ kind: 'silence', cause, detail });

/** A TLS handshake that was tried. */
export interface Handshake {
  readonly step: string;
  readonly url: URL;
  readonly offer: string;
  readonly state: 'established' | 'refused' | 'unknown';
  readonly detail: string;
  /** What was agreed and shown: `Protocol`, `Cipher`, `Certificate-Names` … */
  readonly fields: readonly Pair[];
}

/** A recorded exchange: everything its transcript is written from. */
export type Record =
  | { readonly kind: 'http'; readonly question: Question; readonly answer: Answer; readonly notes: readonly Pair[] }
  | { readonly kind: 'tls'; readonly handshake: Handshake; readonly notes: readonly Pair[] };
