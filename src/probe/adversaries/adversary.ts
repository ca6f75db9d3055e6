import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that means no good, on a port of its own on the loopback interface. */
export interface Adversary {
  readonly title: string;
  readonly start: () => Promise<Running>;
  /** A word the transcript of the first request must contain: how the probe understood what happened. */
  readonly leaves: string | RegExp;
}

export interface Running {
  readonly url: string;
  /** What the server saw, for those that look out for leaks. */
  readonly seen?: readonly string[];
  readonly close: () => void;
}

/** Answers every connection by `answer`, byte by byte if it likes. */
export function onSocket(answer: (socket: Socket, request: string) => void): () => Promise<Running> {
  return () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (request) => answer(socket, request.toString('latin1')));
    });
    return listening(server);
  };
}

/** Sends these bytes to whoever asks, and closes. */
export const bytes = (reply: string | Buffer): (() => Promise<Running>) =>
  onSocket((socket) => socket.end(typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply));

export const onRequest =
  (answer: RequestListener): (() => Promise<Running>) =>
  () =>
    listening(createHttpServer(answer));

export async function listening(server: Server, scheme = 'http', seen?: readonly string[]): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ...(seen && { seen }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
