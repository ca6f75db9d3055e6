const NAMES: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'RSA with MD5',
  '2a864886f70d010105': 'RSA with SHA-1',
  '2a864886f70d01010a': 'RSA-PSS',
  '2a864886f70d01010b': 'RSA with SHA-256',
  '2a864886f70d01010c': 'RSA with SHA-384',
  '2a864886f70d01010d': 'RSA with SHA-512',
  '2a8648ce3d0401': 'ECDSA with SHA-1',
  '2a8648ce3d040302': 'ECDSA with SHA-256',
  '2a8648ce3d040303': 'ECDSA with SHA-384',
  '2a8648ce3d040304': 'ECDSA with SHA-512',
  '2b6570': 'Ed25519',
};

/**
 * How a certificate is signed (RFC 5280 §4.1.1.2): Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, … }.
 * Node tells it only from version 24 on. `unknown` for anything else.
 */
export function signatureAlgorithmOf(der: Uint8Array): string {
  const certificate = elementAt(der, 0);
  const body = certificate && elementAt(der, certificate.start);
  const algorithm = body && elementAt(der, body.end);
  const identifier = algorithm && elementAt(der, algorithm.start);
  if (!identifier || der[algorithm.start] !== 0x06) return 'unknown';
  const hex = Buffer.from(der.subarray(identifier.start, identifier.end)).toString('hex');
  return Object.hasOwn(NAMES, hex) ? (NAMES[hex] ?? 'unknown') : 'unknown';
}

/** Where the content of the DER element at an offset is. */
function elementAt(der: Uint8Array, offset: number): { start: number; end: number } | undefined {
  const first = der[offset + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  let length = 0;
  for (let i = 0; i < count; i += 1) length = length * 256 + (der[offset + 2 + i] ?? 0);
  return { start: offset + 2 + count, end: offset + 2 + count + length };
}
