import type { Span } from '../../document/document.ts';
import type { ShellCommand } from '../shell/shell-facts.ts';

/** `web: node server.js` lines. */
export interface ProcfileFacts {
  readonly processes: readonly ProcfileProcess[];
}

export interface ProcfileProcess extends Span {
  readonly name: string;
  readonly nameAt: Span;
  readonly commands: readonly ShellCommand[];
}
