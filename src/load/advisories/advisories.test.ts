import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { AdvisoryReport } from '../../document/advisory.ts';
import { advisoriesOn } from './advisories.ts';
import type { AdvisorySource } from './advisories.ts';

const PACKAGES = [
  { name: 'a', version: '1.0.0' },
  { name: 'a', version: '2.0.0' },
  { name: '@acme/private', version: '1.0.0' },
  { name: 'linked', version: '' },
];

const RECORD = {
  id: 'GHSA-2222-3333-4444',
  aliases: ['CVE-2026-1'],
  summary: 'Prototype pollution in a',
  database_specific: { severity: 'HIGH' },
  affected: [
    {
      package: { name: 'a', ecosystem: 'npm' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.4' }, { introduced: '3.0.0' }] }],
    },
  ],
};

type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serviceOf(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handler(request, Buffer.concat(parts), response));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (source: AdvisorySource): Promise<AdvisoryReport> =>
  advisoriesOn(PACKAGES, { timeoutMs: 500, now: new Date('2026-11-22T12:00:00Z'), ...source }, (name) =>
    name.startsWith('@acme/'),
  );

const json = (response: ServerResponse, value: unknown): void => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
};

/** OSV with one record, and what it was asked. */
async function osv(records: readonly unknown[]): Promise<{ at: string; asked: string[] }> {
  const asked: string[] = [];
  const at = await serviceOf((request, body, response) => {
    asked.push(`${request.method} ${request.url} ${body.toString()}`);
    if (request.url !== '/v1/querybatch')
      return json(
        response,
        records.find((record) => request.url?.endsWith((record as typeof RECORD).id)),
      );
    const { queries } = JSON.parse(body.toString()) as { queries: { version: string }[] };
    const vulns = records.map((record) => ({ id: (record as typeof RECORD).id }));
    return json(response, { results: queries.map(({ version }) => (version === '1.0.0' ? { vulns } : {})) });
  });
  return { at, asked };
}

describe('OSV', () => {
  it('is asked for names and versions alone, and believed about versions', async () => {
    const { at, asked } = await osv([RECORD]);
    expect(await ask({ kind: 'osv', at })).toMatchObject({
      state: 'known',
      skipped: ['@acme/private'],
      advisories: [
        {
          id: 'GHSA-2222-3333-4444',
          package: 'a',
          versions: ['1.0.0'],
          severity: 'high',
          fixed: ['1.0.4'],
          malicious: false,
        },
      ],
    });
    const pkg = { name: 'a', ecosystem: 'npm' };
    const queries = [
      { package: pkg, version: '1.0.0' },
      { package: pkg, version: '2.0.0' },
    ];
    expect(asked).toEqual([`POST /v1/querybatch ${JSON.stringify({ queries })}`, 'GET /v1/vulns/GHSA-2222-3333-4444 ']);
  });

  it('tells one hole once, and none that was withdrawn', async () => {
    const again = { ...RECORD, id: 'CVE-2026-1', aliases: ['GHSA-2222-3333-4444'] };
    const gone = { ...RECORD, id: 'GHSA-5555-5555-5555', aliases: [], withdrawn: '2026-01-01T00:00:00Z' };
    const { at } = await osv([again, RECORD, gone]);
    const report = await ask({ kind: 'osv', at });
    expect(report).toMatchObject({ state: 'known', advisories: [{ id: 'GHSA-2222-3333-4444' }] });
    expect(report.state === 'known' && report.advisories.length).toBe(1);
  });

  it('knows an attack by its name', async () => {
    const { at } = await osv([{ ...RECORD, id: 'MAL-2026-7', aliases: [] }]);
    expect(await ask({ kind: 'osv', at })).toMatchObject({ advisories: [{ id: 'MAL-2026-7', malicious: true }] });
  });

  it('is not asked again within a day', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'advisories-'));
    const { at, asked } = await osv([RECORD]);
    const first = await ask({ kind: 'osv', at, cache });
    expect(await ask({ kind: 'osv', at, cache, now: new Date('2026-11-23T11:00:00Z') })).toEqual(first);
    expect(asked.length).toBe(2);
    await ask({ kind: 'osv', at, cache, now: new Date('2026-11-23T13:00:00Z') });
    expect(asked.length).toBe(4);
  });
});

describe('the registry', () => {
  it('is asked by one compressed list', async () => {
    let asked = '';
    const at = await serviceOf((request, body, response) => {
      asked = `${request.method} ${request.url} ${gunzipSync(body).toString()}`;
      json(response, {
        a: [
          {
            id: 7,
            url: 'https://github.com/advisories/GHSA-2222-3333-4444',
            title: 'Bad',
            severity: 'critical',
            vulnerable_versions: '<2',
          },
        ],
      });
    });
    expect(await ask({ kind: 'registry', at: `${at}/npm` })).toMatchObject({
      state: 'known',
      advisories: [{ id: 'GHSA-2222-3333-4444', package: 'a', versions: ['1.0.0'], severity: 'critical' }],
    });
    expect(asked).toBe('POST /npm/-/npm/v1/security/advisories/bulk {"a":["1.0.0","2.0.0"]}');
  });
});

describe.each(['osv', 'registry'] as const)('no answer of %s is "none"', (kind) => {
  const answers: readonly (readonly [string, Handler, RegExp])[] = [
    ['an error', (_, __, response) => response.writeHead(500).end('{}'), /answered 500/],
    ['a refusal', (_, __, response) => response.writeHead(405).end(), /answered 405/],
    [
      'a redirect',
      (_, __, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /could not be reached/,
    ],
    ['no JSON', (_, __, response) => response.end('<html>'), /did not answer JSON/],
    ['half a JSON', (_, __, response) => response.end('{"results":['), /did not answer JSON/],
    ['another shape', (_, __, response) => response.end('[1]'), /another question|no list/],
    ['nothing for a long time', () => {}, /longer than 0.5 seconds/],
    ['a broken connection', (request) => request.socket.destroy(), /could not be reached/],
  ];
  it.each(answers)('%s', async (_, handler, reason) => {
    const report = await ask({ kind, at: await serviceOf(handler) });
    expect(report).toEqual({ state: 'unknown', reason: expect.stringMatching(reason) as string });
  });

  it('more than can be read', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, ' ');
    const at = await serviceOf((_, __, response) => {
      const more = (): void => {
        while (response.write(megabyte));
      };
      response.on('drain', more);
      more();
    });
    const report = await ask({ kind, at, timeoutMs: 10_000 });
    expect(report).toEqual({ state: 'unknown', reason: expect.stringMatching(/more than \d+ bytes/) as string });
  });

  it('an address where nobody listens', async () => {
    expect(await ask({ kind, at: 'http://127.0.0.1:9' })).toMatchObject({ state: 'unknown' });
  });

  it('and an empty answer is', async () => {
    const at = await serviceOf((_, __, response) => json(response, kind === 'osv' ? { results: [{}, {}] } : {}));
    expect(await ask({ kind, at })).toMatchObject({ state: 'known', advisories: [] });
  });
});

describe('a file of records', () => {
  const fileOf = (text: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'advisories-')), 'osv.json');
    writeFileSync(path, text);
    return path;
  };

  it.each([
    ['a list', JSON.stringify([RECORD])],
    ['an object', JSON.stringify({ vulns: [RECORD] })],
    ['one a line', `${JSON.stringify(RECORD)}\n${JSON.stringify({ ...RECORD, id: 'X-1', affected: [] })}\n`],
  ])('as %s', async (_, text) => {
    expect(await ask({ kind: 'file', at: fileOf(text) })).toMatchObject({
      state: 'known',
      advisories: [{ package: 'a' }],
    });
  });

  it.each([
    ['no JSON', 'PK\u0003'],
    ['another JSON', '{"a":1}'],
  ])('%s says nothing', async (_, text) => {
    expect(await ask({ kind: 'file', at: fileOf(text) })).toMatchObject({ state: 'unknown' });
  });

  it('that is not there says nothing', async () => {
    expect(await ask({ kind: 'file', at: '/nowhere/osv.json' })).toMatchObject({ state: 'unknown' });
  });
});
