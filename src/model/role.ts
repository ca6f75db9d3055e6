/**
 * What a piece of code is deployed as. A package may hold several roles; each owns the modules reachable from its
 * entries.
 */
export const ROLES = ['service', 'worker', 'function', 'cli', 'library', 'frontend'] as const;

export type Role = (typeof ROLES)[number];
