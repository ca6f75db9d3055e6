import type { Span } from '../../document/document.ts';

/** The versions of tools that `.nvmrc`, `.node-version` and `.tool-versions` ask for. */
export interface VersionFacts {
  readonly tools: readonly PinnedTool[];
}

export interface PinnedTool extends Span {
  /** `node`, `pnpm`, `yarn` … */
  readonly name: string;
  /** As written: `22.11.0`, `v20`, `lts/iron`, `node`. */
  readonly version: string;
}
