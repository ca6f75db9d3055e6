import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { human } from '../report/human.ts';
import { observedExitCode, probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function portOf(answer: (socket: Socket) => void): Promise<number> {
  const own = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  server = own;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  return (own.address() as AddressInfo).port;
}

const plain = (socket: Socket): unknown => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
const nginx = (socket: Socket): unknown =>
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html><body>The plain HTTP request was sent to HTTPS port</body></html>',
  );

it.each([
  { title: 'no TLS', scheme: 'https', answer: plain, says: /It speaks no TLS at port \d+: ask http:\/\/127/ },
  { title: 'TLS alone, as nginx says it', scheme: 'http', answer: nginx, says: /\n {2}Ask https:\/\/127/ },
  { title: 'a closed door', scheme: 'http', answer: 'nobody', says: /Nothing listens at port \d+: start the service/ },
] as const)('A target with $title gets no score, and its user is told what to do', async ({ scheme, answer, says }) => {
  const port = await portOf(answer === 'nobody' ? () => {} : answer);
  if (answer === 'nobody') await new Promise((resolve) => server?.close(resolve));
  const flags = { ignores: true, cache: false, color: false };
  const { report, observation } = await probeReportOf([`${scheme}://127.0.0.1:${port}/`], flags, SILENT);
  expect(observation.unobserved.join('\n')).toMatch(says);
  expect(observedExitCode(0, observation)).toBe(3);
  const text = human(report, { color: false, width: 100, detail: 'normal' });
  expect(text).toContain('Nothing could be judged');
  expect(text).not.toContain('A+');
});
