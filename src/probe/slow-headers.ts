import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Destination } from './destination.ts';
import { endpointOf } from './destination.ts';
import { silence } from './exchange.ts';
import type { Record } from './exchange.ts';
import { get, SLOW_HEADERS } from './plan.ts';
import type { Circumstances } from './visit.ts';

/** Opens one connection and sends a header byte every two seconds: how long does the server hold it open? */
export async function slowHeadersRecord(
  url: URL,
  destination: Destination,
  circumstances: Circumstances,
): Promise<Record> {
  const openMs = await openTime(url, destination, circumstances.deadline);
  const question = get('slow-headers', url, circumstances.run);
  const isOpen = openMs >= SLOW_HEADERS.forMs;
  return {
    kind: 'http',
    question,
    answer: isOpen
      ? silence('timeout', `still open after ${SLOW_HEADERS.forMs / 1000} s`)
      : silence('reset', `closed after ${Math.round(openMs / 1000)} s`),
    notes: [['open', `${Math.round(openMs / 1000)} s`]],
  };
}

function openTime(url: URL, destination: Destination, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const endpoint = endpointOf(url, destination);
    const socket: Socket =
      url.protocol === 'https:' ? connectTls({ ...endpoint, rejectUnauthorized: false }) : connect(endpoint);
    const start = Date.now();
    const finish = (): void => {
      clearInterval(drip);
      clearTimeout(end);
      socket.destroy();
      resolve(Date.now() - start);
    };
    let begun = false;
    const drip = setInterval(() => {
      if (begun) socket.write('x');
    }, SLOW_HEADERS.everyMs);
    const end = setTimeout(finish, SLOW_HEADERS.forMs);
    signal.addEventListener('abort', finish, { once: true });
    socket.on(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      begun = true;
      socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nX-Audit-Probe: `);
    });
    // an answer, too, ends the wait: the server has made up its mind
    socket.on('data', finish);
    socket.on('error', finish);
    socket.on('close', finish);
  });
}
