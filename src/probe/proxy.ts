import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** What stands between this machine and the hosts that are asked; only where the user names it. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** For `Proxy-Authorization`; never written down. */
  readonly authorization?: string;
}

interface Wanted {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
}
type Taker = (...taken: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

const proxyError = (code: string): Error => Object.assign(new Error('the proxy'), { code: `ERR_PROXY_${code}` });

/**
 * Connects by way of a proxy: through a tunnel for https (RFC 9110 §9.3.6); for http to the proxy itself, which is then
 * asked for whole URLs.
 */
export function connectorBy(proxy: Proxy, ms: number, secure: ConnectionOptions) {
  return ({ protocol, hostname, port }: Wanted, take: Taker): void => {
    const socket = connectTcp({ host: proxy.host, port: proxy.port, timeout: ms });
    const fail = (error: Error): void => {
      socket.destroy();
      take(error, null);
    };
    socket.once('error', () => fail(proxyError('UNREACHABLE')));
    socket.once('timeout', () => fail(proxyError('TIMEOUT')));
    socket.once('connect', () => {
      if (protocol !== 'https:') return handOver(socket, take);
      const target = `${hostname}:${port === '' ? 443 : port}`;
      const proof = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${proof}\r\n`);
      socket.once('data', (reply: Buffer) => {
        const status = /^HTTP\/1\.[01] (\d{3})/.exec(reply.toString('latin1', 0, 64))?.[1];
        if (status !== '200') return fail(proxyError(status ?? 'MALFORMED'));
        handOver(socket);
        const wrapped = connectTls({ ...secure, socket, servername: hostname, ALPNProtocols: ['http/1.1'] });
        wrapped.once('error', (error) => take(error, null));
        wrapped.once('secureConnect', () => handOver(wrapped, take));
      });
    });
  };
}

/** Without the listeners of the way there: the client has its own. */
function handOver(socket: Socket, take?: Taker): void {
  for (const event of ['error', 'timeout', 'data']) socket.removeAllListeners(event);
  socket.setTimeout(0);
  take?.(null, socket);
}
