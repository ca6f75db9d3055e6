/** The categories of rules: a folder below `rules/`, and a line of the score. */
export const CATEGORIES = [
  'injection',
  'auth',
  'headers',
  'transport',
  'limits',
  'secrets',
  'exposure',
  'config',
  'container',
  'dependencies',
  'lifecycle',
  'runtime',
  'resilience',
  'database',
  'observability',
] as const;

export type Category = (typeof CATEGORIES)[number];
