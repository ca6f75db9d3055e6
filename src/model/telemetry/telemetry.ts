import type { Node } from '../program/program.ts';

/** Where tracing begins: from here on modules that are loaded are observed. */
export interface TracingStart {
  /** `OpenTelemetry`, `Sentry` … */
  readonly vendor: string;
  readonly call: Node;
  /** The place in module code where it happens: the call itself, or that of the function it is in. */
  readonly site: Node;
  /** Some start command loads its module before everything else (`--require`, `--import`). */
  readonly isPreloaded: boolean;
}

export interface Telemetry {
  readonly starts: readonly TracingStart[];
  /** What start commands load before everything else, as it is written there. */
  readonly preloads: readonly string[];
}
