import type { Budget } from './budget.ts';
import type { Resolver } from './destination.ts';
import type { Question } from './exchange.ts';
import type { Proxy } from './proxy.ts';
import type { Credentials } from './redact.ts';

export interface ProbeOptions {
  /** Sent to the asked origins alone, over verified https. */
  readonly credentials?: Credentials;
  /** Certificates to trust besides the usual ones, PEM. */
  readonly ca?: string;
  /** Addresses to use for a host, whatever a resolver says: `--resolve`. */
  readonly resolve?: ReadonlyMap<string, string>;
  /** What stands between us and a URL; nothing unless the user says so. */
  readonly proxyOf?: (url: URL) => Proxy | undefined;
  /** Follow redirects to other hosts, with GET, without credentials. */
  readonly followOffsite?: boolean;
  /** What the target is, where its answers do not tell. */
  readonly kind?: 'page' | 'api';
  /** The user says that the project at hand runs there. */
  readonly sameApp?: boolean;
  /** `none`: plain and safely crafted requests. `checks` and `limits` need leave of the host. */
  readonly active?: 'none' | 'checks' | 'limits';
  /** Hosts whose owner allows active checks; the own machine needs none. */
  readonly authorized?: ReadonlySet<string>;
  /** Paths to fetch besides, for each origin. */
  readonly routes?: readonly string[];
  /** Requests of the rate-limit burst. */
  readonly burst?: number;
  /** A path that takes JSON, for the ladder of body sizes. */
  readonly postPath?: string;
  readonly budget?: Partial<Budget>;
  /** Told of every request before it is sent. */
  readonly onAsk?: (question: Question) => void;
  /** Instead of the system's resolver. */
  readonly resolver?: Resolver;
  /** Instead of a random one; part of every made-up path. */
  readonly runId?: string;
}
