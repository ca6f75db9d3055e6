import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { audit } from '../engine/audit.ts';
import { load } from '../load/load.ts';
import type { Project } from '../load/project.ts';
import { advisoriesFor } from './advisories.ts';
import { auditRunOf } from './audit-run.ts';
import { SILENT } from './progress.ts';

let folder = '';
let project: Project;
let asked = 0;
const service = createServer((_, response) => {
  asked += 1;
  response.end('{}');
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'offline-'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "a", "dependencies": { "ms": "^2.0.0" } }');
  writeFileSync(
    join(folder, 'package-lock.json'),
    '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "ms": "^2.0.0" } }, "node_modules/ms": { "version": "2.0.0", "resolved": "https://registry.acme.io/ms/-/ms-2.0.0.tgz", "integrity": "sha512-AA==" } } }',
  );
  project = await load(folder);
  await new Promise<void>((resolve) => {
    service.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

const address = (): string => `http://127.0.0.1:${(service.address() as AddressInfo).port}`;

it('asks nobody when told to stay offline, and what was not asked is not checked', async () => {
  const advisories = await advisoriesFor(project, { advisories: address(), cache: false, offline: true }, SILENT);
  expect(asked).toBe(0);
  expect(advisories).toMatchObject({ state: 'unknown' });
  const wanted = rules.filter(({ id }) => id === 'dependencies/known-vulnerability');
  const result = await audit(project, wanted, {
    today: new Date('2026-11-22T00:00:00Z'),
    ...(advisories && { advisories }),
  });
  expect(result.findings).toEqual([]);
  expect(result.outcomes).toMatchObject([{ status: 'not checked', reason: expect.stringContaining('--offline') }]);
});

it('reads a file of advisories all the same', async () => {
  const file = join(folder, 'osv.json');
  writeFileSync(
    file,
    JSON.stringify([
      {
        id: 'GHSA-aaaa-bbbb-cccc',
        summary: 'It is slow',
        affected: [
          {
            package: { ecosystem: 'npm', name: 'ms' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.1' }] }],
          },
        ],
      },
    ]),
  );
  const advisories = await advisoriesFor(project, { advisories: file, cache: false, offline: true }, SILENT);
  expect(advisories).toMatchObject({ state: 'known', advisories: [{ package: 'ms', fixed: ['2.0.1'] }] });
});

it('refuses to look at a deployment', async () => {
  const flags = { ignores: true, cache: false, color: false, offline: true, url: ['https://shop.acme.io'] };
  await expect(auditRunOf([folder], flags as never, SILENT)).rejects.toMatchObject({ exitCode: 2 });
});
