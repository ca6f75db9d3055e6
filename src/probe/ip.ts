import { BlockList, isIP, isIPv6 } from 'node:net';

/** Who can be behind an address. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'link-local' | 'multicast' | 'unspecified' | 'reserved';

const RANGES: readonly (readonly [AddressKind, string, number])[] = [
  ['unspecified', '0.0.0.0', 8],
  ['loopback', '127.0.0.0', 8],
  ['private', '10.0.0.0', 8],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['private', '100.64.0.0', 10], // carrier NAT, and what clouds use inside
  ['link-local', '169.254.0.0', 16], // instance metadata
  ['reserved', '192.0.0.0', 24],
  ['reserved', '198.18.0.0', 15],
  ['reserved', '192.88.99.0', 24],
  ['multicast', '224.0.0.0', 4],
  ['reserved', '240.0.0.0', 4],
  ['unspecified', '::', 128],
  ['loopback', '::1', 128],
  ['private', 'fc00::', 7], // fd00:ec2::254 among them
  ['link-local', 'fe80::', 10],
  ['private', 'fec0::', 10],
  ['multicast', 'ff00::', 8],
  ['reserved', '2001::', 32], // Teredo
  ['reserved', '2002::', 16], // 6to4 carries an IPv4 address
  ['reserved', '64:ff9b::', 96], // NAT64 carries an IPv4 address
  ['reserved', '64:ff9b:1::', 48],
];

const LISTS = RANGES.map(([kind, network, prefix]) => {
  const list = new BlockList();
  list.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
  return { kind, list };
});

export function addressKindOf(address: string): AddressKind {
  const family = isIP(address);
  if (family === 0) return 'reserved';
  const mapped = family === 6 ? mappedIpv4(address) : undefined;
  if (mapped !== undefined) return addressKindOf(mapped);
  return LISTS.find(({ list }) => list.check(address, family === 6 ? 'ipv6' : 'ipv4'))?.kind ?? 'public';
}

/** The IPv4 address inside `::ffff:a.b.c.d`, and inside the deprecated `::a.b.c.d`. */
function mappedIpv4(address: string): string | undefined {
  const host = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
  const groups = /^::(?:ffff:)?([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  if (!groups) return undefined;
  const high = Number.parseInt(groups[1] ?? '', 16);
  const low = Number.parseInt(groups[2] ?? '', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
