import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSIVE } from '../probe/budget.ts';

/** Of a busy machine, to start and to report. */
const SLACK_MS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'probe-process-'));
const build = fileURLToPath(new URL('../../scripts/build.js', import.meta.url));
beforeAll(async () => {
  await execa(process.execPath, [build, join(folder, 'dist')]);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sockets = new Set<Socket>();
const servers: Server[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

/** Keeps every socket open, and goes on by `answer`. A FIN of the other side is not answered either. */
async function urlOf(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('the process', () => {
  it.concurrent.each([
    { never: 'says a word', answer: (): void => {} },
    { never: 'ends its head', answer: (socket: Socket): void => void socket.write('HTTP/1.1 200 OK\r\nX-A: ') },
    {
      never: 'ends its bodies',
      answer: (socket: Socket): void =>
        void socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n<!doctype html>'),
    },
  ])(
    'ends of its own, within its time, though a server never $never and keeps every socket',
    async ({ answer }) => {
      const url = await urlOf(answer);
      const begin = Date.now();
      const { exitCode, isTerminated, stdout } = await execa(
        process.execPath,
        [join(folder, 'dist/audit.js'), 'probe', url],
        { cwd: folder, reject: false, timeout: PASSIVE.totalMs + 2 * SLACK_MS },
      );
      expect(Date.now() - begin).toBeLessThan(PASSIVE.totalMs + SLACK_MS);
      expect(isTerminated).toBe(false);
      expect([0, 1, 3]).toContain(exitCode);
      expect(stdout).not.toMatch(/(?![\n\t])\p{Cc}/u);
      expect(sockets.size).toBeGreaterThan(0);
    },
    PASSIVE.totalMs + 3 * SLACK_MS,
  );
});
