import type { Location } from '../../document/document.ts';
import type { HandshakeFact, HttpFacts, Range } from '../../facts/http/http-facts.ts';
import { addressOf } from './address.ts';
import type { Address } from './address.ts';

/** A TLS handshake that was tried. */
export interface Handshake {
  /** `tls`: the best both sides can do; `tls-1.2`, `tls-1.1`, `tls-1.0`: that version alone. */
  readonly step: string;
  readonly url: Address;
  readonly state: 'established' | 'refused' | 'unknown';
  readonly line: Location;
  readonly protocol: string;
  readonly cipher: string;
  readonly alpn: string;
  /** The code of what is wrong with the certificate; undefined where it could be verified or was not looked at. */
  readonly fault?: string;
  /** Where one of its lines is; the state line where it has no such line. */
  readonly at: (field: string) => Location;
  readonly certificate?: Certificate;
}

export interface Certificate {
  /** As OpenSSL lists them: `DNS:app.example, DNS:www.app.example`. */
  readonly names: string;
  readonly subject: string;
  readonly issuer: string;
  /** Days from today; negative once it has expired. */
  readonly daysLeft: number;
  readonly lifetimeDays: number;
  readonly key: 'RSA' | 'EC' | 'other';
  readonly keyBits: number;
  readonly signature: string;
  readonly chain: number;
}

const DAY = 86_400_000;

export function handshakeOf(path: string, { step, request, reply }: HttpFacts, today: Date): Handshake | undefined {
  const url = addressOf(request.url);
  if (!url || reply.kind !== 'handshake') return undefined;
  const at = ([start, end]: Range): Location => ({ path, start, end });
  const value = (name: string): string | undefined => fieldOf(reply, name)?.value;
  const verified = value('Verified');
  const certificate = certificateOf(value, today);
  return {
    step,
    url,
    state: reply.state,
    line: at(reply.at),
    protocol: value('Protocol') ?? '',
    cipher: value('Cipher') ?? '',
    alpn: value('ALPN') ?? '',
    ...(verified?.startsWith('no') && { fault: verified.split(', ')[1] ?? 'unverified' }),
    at: (name) => at(fieldOf(reply, name)?.at ?? reply.at),
    ...(certificate && { certificate }),
  };
}

const fieldOf = ({ fields }: HandshakeFact, name: string): HandshakeFact['fields'][number] | undefined =>
  fields.find((field) => field.name.toLowerCase() === name.toLowerCase());

function certificateOf(value: (name: string) => string | undefined, today: Date): Certificate | undefined {
  const from = Date.parse(value('Not-Before') ?? '');
  const until = Date.parse(value('Not-After') ?? '');
  if (Number.isNaN(from) || Number.isNaN(until)) return undefined;
  const [kind = '', bits = ''] = (value('Key') ?? '').split(' ');
  return {
    names: value('Certificate-Names') ?? '',
    subject: value('Certificate-Subject') ?? '',
    issuer: value('Certificate-Issuer') ?? '',
    daysLeft: Math.floor((until - today.getTime()) / DAY),
    lifetimeDays: Math.round((until - from) / DAY),
    key: kind === 'RSA' || kind === 'EC' ? kind : 'other',
    keyBits: Number(bits) || 0,
    signature: value('Signature') ?? '',
    chain: Number(value('Chain') ?? 0),
  };
}
