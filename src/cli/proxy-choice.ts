import { AuditError } from '../document/audit-error.ts';
import type { ProbeOptions } from '../probe/options.ts';
import type { Proxy } from '../probe/proxy.ts';

type Choice = NonNullable<ProbeOptions['proxyOf']>;

/** `--proxy http://host:port`, or `--proxy env` for what the environment says. */
export function proxyChoiceOf(from: string): Choice {
  if (from !== 'env') {
    const proxy = proxyAt(from, 'argument');
    return () => proxy;
  }
  const variable = (name: string): string => process.env[name.toLowerCase()] ?? process.env[name] ?? '';
  const direct = variable('NO_PROXY')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  return (url) => {
    const named = variable(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
    return named === '' || direct.some((entry) => isNamedBy(entry, url)) ? undefined : proxyAt(named, 'environment');
  };
}

/** `*`, a host, a domain and all below it, each with or without a port. */
function isNamedBy(entry: string, { hostname, port, protocol }: URL): boolean {
  const [name = '', own] = entry
    .toLowerCase()
    .replace(/^\*?\./, '')
    .split(/:(?=\d+$)/);
  const actual = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  if (own !== undefined && own !== actual) return false;
  return name === '*' || hostname === name || hostname.endsWith(`.${name}`);
}

function proxyAt(text: string, from: 'argument' | 'environment'): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' || url.hostname === '')
    throw new AuditError(
      2,
      'A proxy must be a URL of http.',
      'Write --proxy http://proxy.example:3128, or --proxy env.',
    );
  const { username, password, hostname, port } = url;
  if (username !== '' && from === 'argument')
    throw new AuditError(
      2,
      '--proxy takes no password: a command line is read by others.',
      'Put the whole URL into HTTPS_PROXY and HTTP_PROXY, and write --proxy env.',
    );
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || 80,
    ...(username !== '' && { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` }),
  };
}
