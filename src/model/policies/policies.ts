import type { Location } from '../../document/document.ts';

/** The header of a policy that reports and blocks nothing. */
export const REPORT_ONLY = 'content-security-policy-report-only';

/** What stands in a text for a part that is known only when it is sent: a nonce, a host of the settings. */
export const HOLE = '\u0000';

export interface PolicyDirective {
  /** `script-src` */
  readonly name: string;
  /** Lower case but for nonces; `HOLE` where something is put in. */
  readonly sources: readonly string[];
  readonly at: Location;
  /** It is taken out of those the package adds: `objectSrc: null`. */
  readonly removed?: true;
}

export type HeaderValue =
  /** It is switched off, or taken away. */
  | { readonly kind: 'off' }
  /** As it is sent. */
  | { readonly kind: 'text'; readonly text: string }
  /** A content security policy. `completed`: the package adds its own directives to these. */
  | { readonly kind: 'policy'; readonly directives: readonly PolicyDirective[]; readonly completed: boolean };

/** A security header, where code says what it is. */
export interface WrittenHeader {
  /** Lower case. */
  readonly name: string;
  readonly at: Location;
  readonly value: HeaderValue;
}

/** The security headers the code of the project sets, by packages or by hand. */
export interface Policies {
  readonly headers: readonly WrittenHeader[];
  /** Whether answers are pages: templates, files and markup, or nothing but data. */
  readonly answers: 'pages' | 'data' | 'unknown';
}
