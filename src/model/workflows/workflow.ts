import type { Location } from '../../document/document.ts';
import type { DataEntry, DataNode } from '../../facts/data/data-facts.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { ManagerCommand } from '../images/installs.ts';

/** What CI does: GitHub workflows, and the jobs of other systems as far as they run commands. */
export interface Workflows {
  readonly github: readonly Workflow[];
  /** Every script of every CI system, GitHub's included. */
  readonly scripts: readonly CiScript[];
  /** Node.js versions CI asks for by name. */
  readonly nodeVersions: readonly CiNodeVersion[];
  /** Files of bots that keep dependencies up to date, or of scanners that judge them. */
  readonly dependencyBots: readonly string[];
  /** Where a bot is told to keep base images up to date. */
  readonly imageBots: readonly Location[];
}

export interface Workflow {
  readonly path: string;
  readonly node: DataNode;
  /** The key `on`, or the start of the file. */
  readonly at: Location;
  readonly triggers: readonly { readonly name: string; readonly at: Location; readonly node?: DataNode }[];
  readonly permissions?: Permissions;
  readonly jobs: readonly Job[];
}

export interface Permissions {
  readonly at: Location;
  /** `write-all`, `read-all`, or scope → access. */
  readonly all?: string;
  readonly scopes: ReadonlyMap<string, string>;
}

export interface Job {
  readonly id: string;
  readonly at: Location;
  readonly node: DataNode;
  readonly permissions?: Permissions;
  /** A reusable workflow instead of steps. */
  readonly uses?: ActionReference;
  readonly condition?: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly at: Location;
  readonly uses?: ActionReference;
  readonly with: readonly DataEntry[];
  readonly condition?: string;
  readonly continues: boolean;
  /** The script of `run`, or of an action that runs its input as one. */
  readonly script?: CiScript;
}

export interface ActionReference {
  readonly text: string;
  readonly at: Location;
  /** `actions/checkout`; empty for local and image actions. */
  readonly name: string;
  readonly ref: string;
  readonly pinned: boolean;
}

export interface CiScript {
  readonly path: string;
  /** The script where it is one line, its key where it is longer. */
  readonly at: Location;
  /** As written; expressions are still in it. */
  readonly text: string;
  readonly commands: readonly ShellCommand[];
  /** Those of package managers. */
  readonly managers: readonly ManagerCommand[];
}

export interface CiNodeVersion {
  readonly at: Location;
  readonly version: string;
  /** One of several that are tried. */
  readonly matrix: boolean;
}
