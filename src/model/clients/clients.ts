import type { Node } from '../program/program.ts';

/**
 * Whether a call gives up: `bounded` by an option, a default or what is around it; `unbounded` where none of the places
 * a limit could come from has one; `unknown` where one of them cannot be seen.
 */
export type Deadline = 'bounded' | 'unbounded' | 'unknown';

/** A call of another service over HTTP. */
export interface Outbound {
  readonly call: Node;
  /** `axios`, `fetch`, `got` … */
  readonly library: string;
  /** Upper case; absent where it cannot be seen. */
  readonly method?: string;
  readonly deadline: Deadline;
  /** How long it waits as it is: for messages. */
  readonly waits: string;
}

export interface Clients {
  readonly outbound: readonly Outbound[];
}
