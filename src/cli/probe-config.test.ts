import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditReport } from '../report/audit-report.ts';
import type { AuditFlags } from './flags.ts';
import { probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

/** `audit probe` obeys the configuration and the baseline of the folder it runs in, as `audit` does. */
const folder = mkdtempSync(join(tmpdir(), 'seaworthy-probe-config-'));
const FLAGS: AuditFlags = { ignores: true, cache: false, color: false };
const server = createServer((incoming, response) => {
  const isAllowed = incoming.headers.authorization === 'Bearer not-a-real-token-7f3a';
  response.writeHead(isAllowed || incoming.headers['x-audit-probe'] === undefined ? 200 : 401, {
    'Content-Type': 'text/html',
  });
  response.end('<!doctype html><title>Shop</title>');
});

beforeAll(async () => {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const reported = async (flags: Partial<AuditFlags> = {}): Promise<AuditReport> => {
  process.env['SEAWORTHY_TEST_TOKEN'] = 'not-a-real-token-7f3a';
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const all = { ...FLAGS, bearer: 'env:SEAWORTHY_TEST_TOKEN', ...flags };
  return (await probeReportOf([url], all, SILENT)).report;
};
const rulesOf = ({ findings }: AuditReport): readonly string[] => findings.map(({ rule }) => rule);

describe('audit probe in a folder', () => {
  it('with neither says what it finds, logged in by a token of the environment', async () => {
    const found = rulesOf(await reported());
    expect(found).toContain('headers/csp-missing-live');
    expect(rulesOf(await reported({ bearer: 'env:PATH' }))).not.toContain('headers/csp-missing-live');
  });

  it('with a configuration leaves out what it skips and breaks the gate it sets', async () => {
    writeFileSync(
      join(folder, 'audit.config.json'),
      JSON.stringify({ skip: ['headers/csp-missing-live'], gate: 'low' }),
    );
    const report = await reported();
    expect(rulesOf(report)).not.toContain('headers/csp-missing-live');
    expect(report.gate.status).toBe('broken');
    expect(rulesOf(await reported({ config: false }))).toContain('headers/csp-missing-live');
  });

  it('with a baseline lets the gate pass for what was known', async () => {
    writeFileSync(join(folder, 'audit.config.json'), JSON.stringify({ gate: 'low' }));
    const { findings, gate } = await reported();
    expect(gate.status).toBe('broken');
    const known = findings.map(({ rule, fingerprint, at }) => ({ rule, fingerprint, path: at.path }));
    writeFileSync(join(folder, 'audit-baseline.json'), JSON.stringify({ schema: 1, findings: known }));
    expect((await reported()).gate.status).toBe('held');
    expect((await reported({ baseline: false })).gate.status).toBe('broken');
  });
});
