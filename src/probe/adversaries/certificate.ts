import { createSign, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

export interface CertificateWishes {
  /** Host names and addresses. */
  readonly names: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly bits?: number;
  readonly hash?: 'sha1' | 'sha256';
  /** Signs it; without one it signs itself. */
  readonly issuer?: Issued;
  readonly isAuthority?: boolean;
}

export interface Issued {
  readonly key: string;
  readonly cert: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

/** An X.509 certificate and its key, made on the spot (RFC 5280 §4.1), good or bad as wished. */
export function certificateOf(wishes: CertificateWishes): Issued {
  const { names, from = '2020-01-01', until = '2040-01-01', bits = 2048, hash = 'sha256', issuer } = wishes;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const name = names[0] ?? '';
  const algorithm = sequence(oid(hash === 'sha1' ? '2a864886f70d010105' : '2a864886f70d01010b'), Buffer.from([5, 0]));
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1, ...serialOf(name)])),
    algorithm,
    commonName(issuer?.name ?? name),
    sequence(time(from), time(until)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(alternativeNames(names), ...(wishes.isAuthority ? [authority()] : []))),
  );
  const signature = createSign(hash)
    .update(body)
    .sign(issuer?.privateKey ?? privateKey);
  const der = sequence(body, algorithm, element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').replaceAll(/(.{64})(?!$)/g, '$1\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    privateKey,
    name,
  };
}

const serialOf = (name: string): readonly number[] => [...Buffer.from(name.slice(0, 8).padEnd(8, 'x'))];

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));
const time = (day: string): Buffer => element(0x17, Buffer.from(`${day.slice(2).replaceAll('-', '')}000000Z`));
const commonName = (name: string): Buffer =>
  sequence(element(0x31, sequence(oid('550403'), element(0x0c, Buffer.from(name)))));

function alternativeNames(names: readonly string[]): Buffer {
  const parts = names.map((name) =>
    isIP(name) === 4 ? element(0x87, Buffer.from(name.split('.').map(Number))) : element(0x82, Buffer.from(name)),
  );
  return sequence(oid('551d11'), element(0x04, sequence(...parts)));
}

const authority = (): Buffer =>
  sequence(
    oid('551d13'),
    element(0x01, Buffer.from([255])),
    element(0x04, sequence(element(0x01, Buffer.from([255])))),
  );
