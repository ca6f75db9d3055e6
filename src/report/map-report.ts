/** What was understood of a project, as every map is drawn from it. */
export interface MapReport {
  readonly entries: readonly MapEntry[];
  readonly apps: readonly MapApp[];
  readonly gaps: readonly MapGap[];
}

/** `path:line` */
export type MapPlace = string;

export interface MapEntry {
  readonly path: string;
  readonly role: string;
  readonly evidence: string;
  readonly confidence: 'certain' | 'likely' | 'weak';
  readonly listensAt?: MapPlace;
  /** Modules it loads, itself included. */
  readonly modules: number;
}

export interface MapApp {
  readonly framework: string;
  readonly major?: number;
  readonly at: MapPlace;
  readonly serving: 'yes' | 'no' | 'unknown';
  /** Middleware, hooks and guards in the order requests meet them. */
  readonly links: readonly MapLink[];
  readonly routes: readonly MapRoute[];
}

export interface MapLink {
  readonly name: string;
  readonly at: MapPlace;
  readonly does: readonly string[];
  readonly scope?: string;
  readonly condition: 'always' | 'production' | 'development' | 'sometimes';
}

export const PROTECTIONS = ['headers', 'auth', 'role', 'limiter', 'body', 'validator', 'csrf', 'errors'] as const;
export type ProtectionName = (typeof PROTECTIONS)[number];

/** `unknown`: something on the way cannot be seen and may do it. */
export type MapProtection = 'present' | 'conditional' | 'unknown' | 'absent';

export interface MapRoute {
  readonly method: string;
  readonly path: string;
  readonly at: MapPlace;
  readonly protections: Readonly<Record<ProtectionName, MapProtection>>;
  readonly chain: readonly string[];
}

export interface MapGap {
  readonly message: string;
  readonly at?: MapPlace;
}
