import type { Node } from '../program/program.ts';
import type { Condition } from './app.ts';
import type { Frame, Ref } from './frame.ts';
import type { Instance } from './registry.ts';
import type { Walk } from './walk.ts';

/** How a framework's calls change the registry. */
export interface FrameworkReader {
  /** The instance a value is, where it is created by this framework. */
  readonly created: (ref: Ref, walk: Walk) => Instance | undefined;
  /** Reads a call on an instance or of the framework. True where nothing more is to be done with it. */
  readonly call: (site: Site, walk: Walk) => boolean;
}

/** A call as the walk meets it. */
export interface Site {
  readonly call: Node;
  readonly frame: Frame | undefined;
  readonly condition: Condition;
  /** The name of the method, where the callee is a member. */
  readonly methods: readonly string[];
  /** What it is called on. */
  readonly receivers: readonly Ref[];
  readonly apis: readonly string[];
}
