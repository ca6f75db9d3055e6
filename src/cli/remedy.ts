import type { Exchange } from '../model/live/site.ts';

/** What to do about a target that did not answer; undefined where nobody can know. */
export function remedyOf({ url, silence, response }: Exchange): string | undefined {
  const other = url.scheme === 'https' ? 'http' : 'https';
  const own = url.port === (url.scheme === 'https' ? 443 : 80) ? '' : `:${url.port}`;
  const otherUrl = `${other}://${url.host.includes(':') ? `[${url.host}]` : url.host}${own}${url.path}`;
  if (response?.marks.some(({ name }) => name === 'tls-expected')) return `Ask ${otherUrl}.`;
  switch (silence?.cause) {
    case 'dns':
      return `Check how ${url.host} is spelt and whether this machine can resolve it, or give its address: --resolve ${url.host}:<address>.`;
    case 'refused':
      return `Nothing listens at port ${url.port}: start the service, or name the port it listens at.`;
    case 'unreachable':
      if (silence.detail.startsWith('ERR_PROXY'))
        return 'The proxy does not lead there: check its address, its login, and whether it lets this host through.';
      return 'No way leads there from this machine: check the network, the VPN and the firewall.';
    case 'timeout':
      return silence.detail === 'connect'
        ? 'No connection came about: a firewall drops it, or the address is wrong.'
        : 'It took the connection and kept silent: check that the service is well, and that the port is the one it answers at.';
    case 'tls':
      return /WRONG_VERSION|PACKET_LENGTH|HTTP_REQUEST/.test(silence.detail)
        ? `It speaks no TLS at port ${url.port}: ask ${otherUrl}.`
        : 'The handshake failed: it may ask for a client certificate, or offer no TLS 1.2.';
    case 'certificate':
      return 'Trust the authority that signed it: --cafile <file>.';
    case 'reset':
    case 'malformed':
      return url.scheme === 'http' ? `If it speaks TLS at port ${url.port}, ask ${otherUrl}.` : undefined;
    default:
      return undefined;
  }
}
