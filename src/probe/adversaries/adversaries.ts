import type { Adversary } from './adversary.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { BODIES } from './bodies.ts';
import { CONNECTIONS } from './connections.ts';
import { HEADS } from './heads.ts';

/** Every server the probe must survive. */
export const ADVERSARIES: readonly Adversary[] = [...BODIES, ...HEADS, ...CONNECTIONS, ...BEHAVIOURS];
