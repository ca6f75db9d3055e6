import type { Location } from '../../document/document.ts';

/** Something a file of the project says, and where. */
export interface Sign {
  readonly at: Location;
  /** In words for a message: `limit_req in nginx.conf`. */
  readonly note: string;
}

/** Something that hands requests on and gives up on them after a time. */
export interface Wait {
  readonly at: Location;
  /** For a sentence: `nginx`, `the router of Heroku`. */
  readonly name: string;
  /** Infinity where it cannot be seen. */
  readonly seconds: number;
  /** How long it keeps idle connections to the service, in seconds, where it tries no request again. */
  readonly keepsIdle?: number;
}

/** What starts instances of the service, with their number where it is written. */
export interface Instances extends Sign {
  readonly count?: number;
  /** Where the service starts them itself; else what deploys it does. */
  readonly byCode?: true;
}

/** What stands between clients and the service, and how many of it run, as far as the project says it. */
export interface Edge {
  /** Proxies, ingresses and platforms that hand requests on. */
  readonly proxies: readonly Sign[];
  /** What starts several instances of the service. */
  readonly instances: readonly Instances[];
  /** How long those that hand requests on wait for an answer. */
  readonly waits: readonly Wait[];
  /** What limits how often clients may ask, in front of the service. */
  readonly limits: readonly Sign[];
  /** What adds security headers, in front of the service. */
  readonly headers: readonly Sign[];
  /** What asks the service whether it lives: probes of pods, health checks of containers. */
  readonly probes: readonly Sign[];
}
