import type { CookieValue } from '../../document/cookie-value.ts';
import type { SecretFact } from '../secrets/secret-fact.ts';

/**
 * What the transcript of one exchange says: plain JSON.
 *
 * A transcript is text. Lines that start with `#` are notes of the probe (`# address: 203.0.113.7`), then come the
 * request, an empty line, and the reply, each in the form of HTTP/1.1:
 *
 *     GET https://app.example/ HTTP/1.1
 *     Accept: text/html
 *
 *     HTTP/1.1 200 OK
 *     Content-Type: text/html
 *
 *     <!doctype html>…
 *
 * A TLS handshake reads `TLS https://app.example/ TLSv1.1` and is answered by `TLS established`, `TLS refused` or
 * `TLS unknown`, with what was agreed in header lines. Where nothing usable came back the reply is one line:
 * `NO ANSWER refused connect ECONNREFUSED`.
 */
export interface HttpFacts {
  /** What the exchange was made for: the last part of the path, `live/03-foreign-origin.http` → `foreign-origin`. */
  readonly step: string;
  readonly notes: readonly Field[];
  readonly request: RequestFact;
  readonly reply: ResponseFact | HandshakeFact | SilenceFact;
}

/** Half-open range of UTF-16 offsets in the transcript. */
export type Range = readonly [start: number, end: number];

/** One field line, in the order and the case it was sent in. */
export interface Field {
  readonly name: string;
  /** Without surrounding white space. */
  readonly value: string;
  /** The whole line. */
  readonly at: Range;
  readonly valueAt: Range;
}

export interface RequestFact {
  readonly method: string;
  /** As written; absolute. */
  readonly url: string;
  /** The third word of the request line: `HTTP/1.1`, or the TLS version a handshake offers. */
  readonly offer: string;
  /** The request line. */
  readonly at: Range;
  readonly fields: readonly Field[];
}

export interface ResponseFact {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  /** The status line: where a missing header is reported. */
  readonly at: Range;
  readonly fields: readonly Field[];
  readonly cookies: readonly CookieFact[];
  readonly body: BodyFact;
  readonly policies: readonly PolicyFact[];
  readonly structured: readonly StructuredFact[];
  /** Of every host the exchange names. */
  readonly domains: readonly DomainFact[];
}

/** One content security policy as a browser reads it (CSP3 §2.2.1): of equal directives the first counts. */
export interface PolicyFact {
  readonly disposition: 'enforce' | 'report';
  readonly from: 'header' | 'meta';
  /** Why a browser makes nothing of it: the place of a meta element. */
  readonly ignored?: 'after a script' | 'outside the head' | 'report-only in a meta element';
  /** The value of the field, or the meta element. */
  readonly at: Range;
  readonly text: string;
  readonly directives: readonly DirectiveFact[];
  /** Directives that a browser ignores because one of the same name came first. */
  readonly repeated: readonly DirectiveFact[];
  /** Directives that a browser skips whole, for a character outside ASCII (CSP3 §2.2.1). */
  readonly unreadable: readonly DirectiveFact[];
  /** Allowed script sources from which an attacker's script can be run. */
  readonly gadgets: readonly string[];
}

export interface DirectiveFact {
  /** In lower case. */
  readonly name: string;
  /** Keywords and schemes in lower case, anything else as written. */
  readonly values: readonly { readonly text: string; readonly at: Range }[];
  readonly at: Range;
}

/** A structured field (RFC 9651), its lines joined. */
export interface StructuredFact {
  /** In lower case. */
  readonly name: string;
  /** Undefined where it does not follow the grammar, so that a browser ignores all of it. */
  readonly members: readonly StructuredMember[] | undefined;
}

export interface StructuredMember {
  /** Of a dictionary; empty in lists and items. */
  readonly name: string;
  readonly values: readonly { readonly text: string; readonly isToken: boolean }[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

export interface DomainFact {
  readonly host: string;
  /** The registrable domain, private suffixes (`github.io`) respected; the host itself where there is none. */
  readonly site: string;
  /** True where anybody may register names below it: no cookie can be set for it. */
  readonly suffix: boolean;
}

export interface HandshakeFact {
  readonly kind: 'handshake';
  /** `refused` by the server; `unknown`: this client could not offer it, or the connection failed otherwise. */
  readonly state: 'established' | 'refused' | 'unknown';
  readonly detail: string;
  readonly at: Range;
  readonly fields: readonly Field[];
}

export const SILENCES = [
  'dns', // the name does not resolve
  'refused', // nothing listens there
  'unreachable', // no route
  'timeout', // `detail` begins with the phase: dns, connect, tls, headers, body
  'reset', // closed or reset before a whole response
  'tls', // no TLS session: the port speaks something else, or demands what we do not have
  'certificate', // TLS, but the certificate cannot be verified
  'malformed', // bytes that are not HTTP
  'oversized', // more header bytes than any browser takes
  'withheld', // not asked: out of scope, out of budget, or an address we refuse to visit
] as const;

/** Why there is no response. */
export interface SilenceFact {
  readonly kind: 'silence';
  readonly cause: (typeof SILENCES)[number];
  readonly detail: string;
  readonly at: Range;
}

export interface CookieFact {
  readonly name: string;
  /** What the value looks like; never the value. */
  readonly value: CookieValue;
  /** Attributes in order, names in lower case; of equal ones the last counts (RFC 6265 §5.3). */
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly at: Range }[];
  /** Bytes of name and value together. */
  readonly size: number;
  /** The whole `Set-Cookie` line. */
  readonly at: Range;
  readonly nameAt: Range;
}

export interface BodyFact {
  readonly at: Range;
  /** What it is by its own first characters, whatever the header says. */
  readonly looksLike: 'nothing' | 'html' | 'json' | 'text';
  /** Length of the body as sent, in bytes, where the probe noted it; else the characters recorded. */
  readonly bytes: number;
  /** Of HTML alone. */
  readonly html?: HtmlFacts;
  /** Of a JSON object: the names of its members; of an array: `[]`. */
  readonly members?: readonly string[];
  /** Of a JSON object: the text of its own member `version`. */
  readonly version?: string;
  /** Stack frames, source paths, database errors. */
  readonly leaks: readonly LeakFact[];
  /** Tokens, private keys and URLs with a password, in the form of their issuer; never the value. */
  readonly secrets: readonly SecretFact[];
  /** Recognised by its words: pages of frameworks, of edges that challenge, of tools. */
  readonly marks: readonly MarkFact[];
  /** A release of Node.js that names itself, in metrics or below a trace. */
  readonly nodeVersion?: { readonly text: string; readonly at: Range };
  /** Of a security.txt (RFC 9116). */
  readonly securityTxt?: SecurityTxtFact;
}

export interface SecurityTxtFact {
  readonly contacts: number;
  /** As written; absent without the field. */
  readonly expires?: string;
}

export interface LeakFact {
  readonly kind: 'stack-frame' | 'source-path' | 'database-error' | 'resolver-trace' | 'private-address';
  readonly at: Range;
}

export interface MarkFact {
  readonly name: string;
  readonly at: Range;
}

export interface HtmlFacts {
  readonly title: string;
  readonly elements: readonly ElementFact[];
}

/** An element that loads, frames, sends or declares something; in document order. */
export interface ElementFact {
  readonly tag: string;
  /** Names in lower case; of equal ones the first counts. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  /** The start tag. */
  readonly at: Range;
  /** False once `<body>` or content that implies it has begun. */
  readonly inHead: boolean;
}
