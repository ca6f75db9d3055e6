import type { Role } from '../model/role.ts';
import type { GateOptions } from '../score/gate.ts';
import type { ProbeFlags } from './probe-flags.ts';

/** What the command line says, as commander hands it over. */
export interface AuditFlags extends ProbeFlags {
  /** Deployments to look at besides. */
  readonly url?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly gate?: GateOptions['level'];
  readonly minScore?: number;
  readonly minCoverage?: number;
  readonly assume?: Role;
  /** `true`: since the last commit. */
  readonly changed?: string | true;
  readonly format?: readonly string[];
  /** A file; `false` where the project's own is not to be read. */
  readonly config?: string | false;
  readonly baseline?: string | false;
  readonly ignores: boolean;
  /** Whom to ask for known holes; `true`: OSV. */
  readonly advisories?: string | true;
  /** Ask nobody for anything. */
  readonly offline?: boolean;
  /** `true`: all of it; `false`: none; absent: as much as a few seconds allow. */
  readonly history?: boolean;
  readonly cache: boolean;
  readonly color: boolean;
  readonly timing?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}
