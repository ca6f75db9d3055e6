/** The categories in the order reports show equals, and what people call them. */
export const CATEGORY_TITLES = {
  injection: 'Injection',
  auth: 'Authentication and sessions',
  headers: 'Browser headers',
  transport: 'Transport',
  limits: 'Limits',
  secrets: 'Secrets',
  exposure: 'Exposure',
  config: 'Configuration',
  container: 'Containers',
  dependencies: 'Dependencies',
  lifecycle: 'Start and shutdown',
  runtime: 'Runtime',
  resilience: 'Resilience',
  database: 'Database',
  observability: 'Observability',
} as const;

export type Category = keyof typeof CATEGORY_TITLES;

export const CATEGORIES = Object.keys(CATEGORY_TITLES) as [Category, ...Category[]];

/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

export type Severity = (typeof SEVERITIES)[number];
