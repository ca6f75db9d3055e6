import { connect } from 'node:tls';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import { codeOf, endpointOf, hostOf } from './destination.ts';
import type { Destination } from './destination.ts';
import type { Handshake, Pair } from './exchange.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';

/** What is offered to a server, one handshake each. */
export const OFFERS = [
  // the best both can do; h2 is asked for here alone, because over it field lines arrive joined
  { step: 'tls', offer: 'TLSv1.3', options: { minVersion: 'TLSv1.2', ALPNProtocols: ['h2', 'http/1.1'] } },
  { step: 'tls-1.2', offer: 'TLSv1.2', options: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } },
  // without the lower security level OpenSSL itself refuses these, which says nothing of the server
  {
    step: 'tls-1.1',
    offer: 'TLSv1.1',
    options: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  },
  {
    step: 'tls-1.0',
    offer: 'TLSv1',
    options: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
  },
] as const satisfies readonly { step: string; offer: string; options: ConnectionOptions }[];

export type Offer = (typeof OFFERS)[number];

/** One handshake, unverified so that a bad certificate can be described; nothing is sent over it. */
export function handshakeWith(
  url: URL,
  destination: Destination,
  { step, offer, options }: Offer,
  { ms, ca, signal }: { ms: number; ca?: string; signal: AbortSignal },
): Promise<Handshake> {
  return new Promise((resolve) => {
    const name = hostOf(url);
    let socket: TLSSocket | undefined;
    const finish = (state: Handshake['state'], detail: string, fields: readonly Pair[] = []): void => {
      clearTimeout(timer);
      socket?.destroy();
      resolve({ step, url, offer, state, detail, fields });
    };
    const timer = setTimeout(() => finish('unknown', 'timeout'), ms);
    signal.addEventListener('abort', () => finish('unknown', 'timeout'), { once: true });
    try {
      socket = connect({
        ...endpointOf(url, destination),
        rejectUnauthorized: false,
        ...(ca !== undefined && { ca }),
        ...options,
        ...('ALPNProtocols' in options && { ALPNProtocols: [...options.ALPNProtocols] }),
      });
    } catch (error) {
      finish('unknown', codeOf(error));
      return;
    }
    const established = socket;
    established.on('secureConnect', () => {
      finish('established', '', step === 'tls' ? fieldsOf(established, name) : sessionFieldsOf(established));
    });
    established.on('error', (error) => finish(...refusalOf(codeOf(error))));
    established.on('close', () => finish('refused', 'closed'));
  });
}

/** An alert or a reset is the server's answer; what OpenSSL refuses on our side is not. */
function refusalOf(code: string): [Handshake['state'], string] {
  if (/ALERT|^ECONNRESET$|^EPIPE$/.test(code)) return ['refused', code];
  if (/WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|INTERNAL_ERROR/.test(code)) return ['refused', code];
  return ['unknown', code];
}

function sessionFieldsOf(socket: TLSSocket): readonly Pair[] {
  const { name } = socket.getCipher();
  const key = socket.getEphemeralKeyInfo();
  const exchange =
    key && 'type' in key ? [key.type, 'name' in key ? key.name : undefined, key.size].filter(Boolean) : [];
  return [
    ['Protocol', socket.getProtocol() ?? ''],
    ['Cipher', name],
    ...(exchange.length > 0 ? [['Key-Exchange', exchange.join(' ')] as const] : []),
  ];
}

function fieldsOf(socket: TLSSocket, host: string): readonly Pair[] {
  const leaf = socket.getPeerCertificate(true);
  const fields: Pair[] = [...sessionFieldsOf(socket), ['ALPN', socket.alpnProtocol || 'none']];
  const problem = socket.authorizationError as unknown;
  fields.push(['Verified', problem ? `no, ${problemOf(problem)}` : 'yes']);
  if (Object.keys(leaf).length === 0) return fields;
  const chain = chainOf(leaf);
  return [
    ...fields,
    ['Certificate-Subject', nameOf(leaf.subject) || host],
    ['Certificate-Names', (leaf.subjectaltname ?? '').slice(0, 2000)],
    ['Certificate-Issuer', nameOf(leaf.issuer)],
    ['Not-Before', new Date(leaf.valid_from).toISOString()],
    ['Not-After', new Date(leaf.valid_to).toISOString()],
    ['Key', leaf.asn1Curve === undefined ? `RSA ${leaf.bits ?? 0}` : `EC ${leaf.bits ?? 0} ${leaf.asn1Curve}`],
    ['Signature', signatureAlgorithmOf(leaf.raw)],
    ['Chain', String(chain.length)],
  ];
}

const problemOf = (problem: unknown): string =>
  problem instanceof Error ? codeOf(problem) : (/^[A-Z\d_]{1,60}$/.exec(String(problem))?.[0] ?? 'unverified');

const nameOf = (name: PeerCertificate['subject'] | undefined): string =>
  name === undefined
    ? ''
    : [name.CN, name.O]
        .flat()
        .filter((part) => part !== undefined && part !== '')
        .join(', ');

function chainOf(leaf: PeerCertificate & { issuerCertificate?: PeerCertificate }): readonly PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  let certificate: (PeerCertificate & { issuerCertificate?: PeerCertificate }) | undefined = leaf;
  while (
    certificate &&
    chain.length < 10 &&
    !chain.some(({ fingerprint256 }) => fingerprint256 === certificate?.fingerprint256)
  ) {
    chain.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
