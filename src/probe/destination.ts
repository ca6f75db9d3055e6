import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Silence } from './exchange.ts';
import { silence } from './exchange.ts';
import { addressKindOf } from './ip.ts';
import type { AddressKind } from './ip.ts';

/** A host, resolved once. Every connection to it goes to these addresses, whatever a resolver says later. */
export interface Destination {
  readonly host: string;
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[];
  /** The least public of them. */
  readonly kind: AddressKind;
}

/** Resolves a host name; in tests and with `--resolve` the answer is given. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The bare host of a URL: no brackets, no final dot (`localhost.` is `localhost`). */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

export async function destinationOf(host: string, resolve: Resolver, dnsMs: number): Promise<Destination | Silence> {
  let found: readonly string[];
  try {
    found = isIP(host) ? [host] : await withinTime(resolve(host), dnsMs);
  } catch (error) {
    return error instanceof LateError ? silence('timeout', 'dns') : silence('dns', codeOf(error));
  }
  const addresses = found
    .filter((address) => isIP(address) !== 0)
    .map((address) => ({ address, family: isIP(address) === 6 ? (6 as const) : (4 as const) }));
  const kinds = addresses.map(({ address }) => addressKindOf(address));
  if (addresses.length === 0) return silence('dns', 'no address');
  return { host, addresses, kind: kinds.find((kind) => kind !== 'public') ?? 'public' };
}

class LateError extends Error {}

async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z\d_]{1,60}$/.test(code)) return code;
  return error instanceof Error ? error.name.slice(0, 40) : 'unknown';
}

/** A `lookup` for sockets that only ever answers with the pinned addresses. */
export const pinnedLookup =
  ({ addresses }: Destination): LookupFunction =>
  (_host, options, callback) => {
    const wanted = addresses.filter(({ family }) => !options.family || options.family === family);
    const [first] = wanted.length > 0 ? wanted : addresses;
    if (options.all) callback(null, [...(wanted.length > 0 ? wanted : addresses)]);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
  readonly autoSelectFamily: true;
  /** SNI; an address has none (RFC 6066 §3). */
  readonly servername?: string;
}

/** Where a bare socket connects to for a URL: one address after the other, of both families, until one answers. */
export function endpointOf(url: URL, destination: Destination): Endpoint {
  const host = hostOf(url);
  return {
    host,
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    lookup: pinnedLookup(destination),
    autoSelectFamily: true,
    ...(isIP(host) === 0 && { servername: host }),
  };
}

/**
 * Why a redirect may not be followed to a destination; undefined where it may. What the user typed is always visited:
 * this guards what a server makes us visit.
 */
export function refusalOf(from: AddressKind, to: AddressKind): string | undefined {
  if (to === 'public') return undefined;
  if (to === from && (to === 'loopback' || to === 'private')) return undefined;
  return `a redirect from a ${from} to a ${to} address`;
}
