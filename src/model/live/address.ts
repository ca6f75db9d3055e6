/** A URL of http or https, taken apart. */
export interface Address {
  readonly href: string;
  readonly scheme: 'http' | 'https';
  /** In lower case, without port, brackets or a final dot. */
  readonly host: string;
  readonly port: number;
  readonly origin: string;
  readonly path: string;
  readonly query: string;
}

export function addressOf(url: string, base?: string): Address | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const { href, protocol, hostname, port, origin, pathname, search } = new URL(url, base);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const scheme = protocol === 'https:' ? 'https' : 'http';
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return {
    href,
    scheme,
    host,
    port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
    origin,
    path: pathname,
    query: search,
  };
}

export const isIpAddress = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':');

/** Loopback, private and link-local addresses, and names that only ever mean such: nobody outside can reach them. */
export function isLocal(host: string): boolean {
  if (/(?:^|\.)localhost$|\.local$|\.internal$|\.home\.arpa$/.test(host)) return true;
  if (host.includes(':')) {
    const mapped = /^::ffff:(?:([\da-f]{1,4}):([\da-f]{1,4})|(\d+\.\d+\.\d+\.\d+))$/.exec(host);
    if (mapped) return isLocal(mapped[3] ?? dotted(mapped[1] ?? '', mapped[2] ?? ''));
    return /^(?:::1$|::$|f[cd]|fe[89ab])/.test(host);
  }
  return /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$/.test(
    host,
  );
}

function dotted(high: string, low: string): string {
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
}

/** Names and addresses that mean something only inside somebody's network, a container's bare name among them. */
export const isInternalName = (host: string): boolean =>
  isLocal(host) || /\.(?:svc|cluster\.local|lan|corp|intranet)$/.test(host) || !/[.:]/.test(host);
