import type { Location } from '../../document/document.ts';

/** Something a file of the project says, and where. */
export interface Sign {
  readonly at: Location;
  /** In words for a message: `limit_req in nginx.conf`. */
  readonly note: string;
}

/** What stands between clients and the service, and how many of it run, as far as the project says it. */
export interface Edge {
  /** Proxies, ingresses and platforms that hand requests on. */
  readonly proxies: readonly Sign[];
  /** What starts several instances of the service. */
  readonly instances: readonly Sign[];
  /** What limits how often clients may ask, in front of the service. */
  readonly limits: readonly Sign[];
  /** What adds security headers, in front of the service. */
  readonly headers: readonly Sign[];
  /** What asks the service whether it lives: probes of pods, health checks of containers. */
  readonly probes: readonly Sign[];
}
