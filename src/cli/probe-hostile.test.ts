import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '../probe/adversaries/behaviours.ts';
import { HEADS } from '../probe/adversaries/heads.ts';
import { human } from '../report/human.ts';
import { json } from '../report/json.ts';
import { exitCodeOf } from './audit-command.ts';
import type { AuditFlags } from './flags.ts';
import { observedExitCode, probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

const FLAGS: AuditFlags = { ignores: true, cache: false, color: false };
const TERMINAL = { color: false, width: 100, detail: 'verbose' } as const;

/** What a probe of a server prints and ends with, whatever the server did. */
async function outcomeOf(url: string): Promise<{ text: string; data: string; code: number }> {
  const { report, observation } = await probeReportOf([url], FLAGS, SILENT);
  const code = observedExitCode(exitCodeOf(report), observation);
  return { text: human(report, TERMINAL), data: json(report), code };
}

function expectCivil({ text, data, code }: { text: string; data: string; code: number }): void {
  expect([0, 1, 3]).toContain(code);
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(() => JSON.parse(data)).not.toThrow();
  expect(data).not.toMatch(/(?!\n)\p{Cc}/u);
}

/** Without those that are outlasted alone: the clock of a whole probe is longer than a test. */
const QUICK = [...HEADS, ...BEHAVIOURS].filter(({ title }) => !/drip|patience/.test(title));

describe.each(QUICK)('$title', ({ start }) => {
  it('ends in a report and an exit code', async () => {
    const running = await start();
    try {
      expectCivil(await outcomeOf(running.url));
    } finally {
      running.close();
    }
  });
});

/** A small random generator whose run can be repeated from its seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 404 Not Found\r\n',
  'HTTP/1.0 500 \r\n',
  'HTTP/1.1 301 Moved\r\n',
  'HTTP/2 200\r\n',
  'Content-Type: text/html\r\n',
  'Content-Type: application/json\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Encoding: gzip\r\n',
  'Location: /\r\n',
  'Location: http://\u0000/\r\n',
  'Set-Cookie: a=b; Domain=.com; SameSite=\u00ff\r\n',
  'Set-Cookie: =;;;=\r\n',
  'Content-Security-Policy: ;,;default-src\r\n',
  'Strict-Transport-Security: max-age="\r\n',
  'X-Frame-Options\r\n',
  ': empty\r\n',
  '__proto__: x\r\n',
  'Retry-After: 1e9\r\n',
  'RateLimit: "a";r=;t=\r\n',
  'RateLimit-Policy: 1;w=\r\n',
  'Permissions-Policy: a=(\r\n',
  'Access-Control-Allow-Origin: null\r\n',
  '\r\n',
  '\r\n\r\n',
  '\u001b[2J',
  '\u0000',
  '\u009b',
  '<!doctype html><script>',
  '{"a":[',
  '5\r\nhello\r\n0\r\n\r\n',
  '<meta http-equiv=',
];

function replyFrom(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let text = random() < 0.8 ? pick(PIECES.slice(0, 5)) : '';
  const count = Math.floor(random() * 14);
  for (let i = 0; i < count; i += 1)
    text += random() < 0.1 ? String.fromCharCode(Math.floor(random() * 256)) : pick(PIECES);
  if (random() < 0.7) text += '\r\n<!doctype html>';
  return Buffer.from(text, 'latin1');
}

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);

describe(`replies at random, seed ${SEED}`, () => {
  let reply: Buffer = Buffer.alloc(0);
  let server: Server;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(reply));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
  });

  it(
    `end in a report and an exit code, ${RUNS} times`,
    async () => {
      const random = randomFrom(SEED);
      const { port } = server.address() as AddressInfo;
      const codes = new Map<number, number>();
      for (let run = 0; run < RUNS; run += 1) {
        reply = replyFrom(random);
        const outcome = await outcomeOf(`http://127.0.0.1:${port}/`);
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
        expectCivil(outcome);
      }
      // both kinds were met: replies that are HTTP, and replies that are not
      expect(codes.get(3) ?? 0).toBeGreaterThan(0);
      expect(RUNS - (codes.get(3) ?? 0)).toBeGreaterThan(0);
    },
    RUNS * 500,
  );
});
