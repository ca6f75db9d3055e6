import type { RequestListener } from 'node:http';

/** The name under which every deployment is asked. */
export const HOST = 'shop.seaworthy-test.example';

export const GOOD = [
  'add_header Strict-Transport-Security "max-age=31536000" always;',
  "add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'\" always;",
  'add_header X-Content-Type-Options nosniff always;',
];

/** A deployment behind nginx: what its server block says besides, and what is found. */
export interface Deployment {
  readonly title: string;
  readonly block: readonly string[];
  readonly certificate?:
    | 'expired'
    | 'not yet'
    | 'soon'
    | 'other name'
    | 'other level'
    | 'leaf alone'
    | 'self-signed'
    | 'short key';
  /** What answers behind nginx, in production; without one nginx answers alone. */
  readonly program?: () => RequestListener;
  /** Directives of the location that passes requests on; `FORWARDED` unless told. */
  readonly passed?: string;
  /** With the checks that are sent only when asked for. */
  readonly active?: true;
  readonly finds: readonly string[];
}

export const [HSTS = '', CSP = '', NOSNIFF = ''] = GOOD;
export const page = (answer: string): string => `location = / { default_type "text/html; charset=utf-8"; ${answer} }`;
export const SAID = 'return 200 "<!doctype html><title>Shop</title>";';
export const and = (line: string): readonly string[] => [...GOOD, line];
export const csp = (policy: string): readonly string[] => [
  HSTS,
  NOSNIFF,
  `add_header Content-Security-Policy "${policy}" always;`,
];

/** What a proxy should tell of the visitor. */
export const FORWARDED =
  'proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;';
