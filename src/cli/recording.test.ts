import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditFlags } from './flags.ts';
import { probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

// in pieces, so that no scanner takes this file for a leak
const KEY = ['sk', 'live', '51Hx8QzK2mNpR7tVwYb3Dc'].join('_');
const COOKIE = 's%3AqT2f0P8gYb1xAbCd.Zk1mT0p4cW5vcXJzdHV2d3h5ejAxMjM0NTY3ODk';
const LOGIN = 'login-canary-4f1b77';
const FLAGS: AuditFlags = { ignores: true, cache: false, color: false };

describe('a recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-recording-'));
  let server: Server;
  let url = '';
  beforeAll(async () => {
    process.env['SEAWORTHY_TEST_LOGIN'] = LOGIN;
    server = createServer((request, response) => {
      response.setHeader('Set-Cookie', `connect.sid=${COOKIE}; Path=/`);
      response.setHeader('Content-Type', 'text/html');
      // repeats what it is sent, in the clear and in base64
      const login = request.headers['x-login'] ?? '';
      response.end(
        `<!doctype html><script>k="${KEY}";l="${login}";m="${Buffer.from(String(login)).toString('base64')}"</script>`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
    delete process.env['SEAWORTHY_TEST_LOGIN'];
  });

  it('says the same when it is replayed, and holds no secret', async () => {
    const header = ['X-Login=env:SEAWORTHY_TEST_LOGIN'];
    const live = await probeReportOf([url], { ...FLAGS, header, record: folder }, SILENT);
    const replayed = await probeReportOf([], { ...FLAGS, replay: folder }, SILENT);
    const saidBy = ({ report }: typeof live): string[] =>
      report.findings.map(({ rule, message }) => `${rule} ${message}`).toSorted();
    expect(saidBy(live).join('\n')).toMatch(
      /exposure\/secret-in-response-live \S+ sends a [^\n]*Stripe[^\n]* to everybody\./,
    );
    expect(saidBy(replayed)).toEqual(saidBy(live));
    expect(replayed.report.score.value).toBe(live.report.score.value);

    const written = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const printed = JSON.stringify(live.report);
    for (const secret of [KEY, COOKIE, LOGIN, Buffer.from(LOGIN).toString('base64')]) {
      expect(written).not.toContain(secret);
      expect(printed).not.toContain(secret);
    }
  });
});
