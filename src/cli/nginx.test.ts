import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateOf } from '../probe/adversaries/certificate.ts';
import type { Issued } from '../probe/adversaries/certificate.ts';
import type { AuditFlags } from './flags.ts';
import { probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

const HOST = 'shop.seaworthy-test.example';

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const GOOD = [
  'add_header Strict-Transport-Security "max-age=31536000" always;',
  "add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'\" always;",
  'add_header X-Content-Type-Options nosniff always;',
];

/** A deployment behind nginx: what its server block says besides, and what is found. */
interface Deployment {
  readonly title: string;
  readonly block: readonly string[];
  readonly certificate?: 'expired' | 'other name' | 'leaf alone' | 'short key';
  readonly finds: readonly string[];
}

const DEPLOYMENTS: readonly Deployment[] = [
  { title: 'as it should be', block: GOOD, finds: [] },
  { title: 'no HSTS', block: GOOD.slice(1), finds: ['headers/hsts-missing'] },
  { title: 'HSTS for five minutes', block: ['add_header Strict-Transport-Security "max-age=300";', ...GOOD.slice(1)], finds: ['headers/hsts-short'] },
  { title: 'HSTS misspelt', block: ['add_header Strict-Transport-Security "maxage=31536000";', ...GOOD.slice(1)], finds: ['headers/hsts-invalid'] },
  {
    title: 'headers lost, because a location adds its own',
    block: [...GOOD, 'location = / { add_header X-Own 1; default_type text/html; return 200 "<!doctype html><title>a</title>"; }'],
    finds: ['headers/csp-missing-live', 'headers/framing-allowed-live', 'headers/hsts-missing', 'headers/nosniff-missing-live'],
  },
  { title: 'TLS 1.1 as well', block: [...GOOD, 'ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;', 'ssl_ciphers DEFAULT@SECLEVEL=0;'], finds: ['transport/tls-legacy'] },
  { title: 'no forward secrecy', block: [...GOOD, 'ssl_protocols TLSv1.2;', 'ssl_ciphers AES128-SHA256;'], finds: ['transport/tls-weak'] },
  { title: 'a certificate that has expired', block: GOOD, certificate: 'expired', finds: ['transport/certificate-invalid'] },
  { title: 'a certificate for another name', block: GOOD, certificate: 'other name', finds: ['transport/certificate-invalid'] },
  { title: 'a leaf without its chain', block: GOOD, certificate: 'leaf alone', finds: ['transport/certificate-chain-incomplete'] },
  { title: 'a key of 1024 bits', block: [...GOOD, 'ssl_ciphers DEFAULT@SECLEVEL=0;'], certificate: 'short key', finds: ['transport/tls-weak'] },
  { title: 'the version told', block: [...GOOD, 'server_tokens on;'], finds: ['exposure/server-version-live'] },
  {
    title: 'back to http',
    block: [...GOOD, `location = / { return 302 http://${HOST}/plain; }`],
    finds: ['transport/redirect-downgrade'],
  },
  { title: 'a circle', block: [...GOOD, 'location = / { return 301 /; }'], finds: ['transport/redirect-broken'] },
  { title: 'an address of the inside', block: [...GOOD, 'location = / { return 302 https://10.1.2.3/; }'], finds: ['transport/redirect-internal-name'] },
]; // prettier-ignore

const FLAGS: AuditFlags = { ignores: true, cache: false, color: false };

describe.skipIf(!hasNginx())('behind nginx (skipped where nginx is not installed: apt-get install nginx-light)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-nginx-'));
  const authority = certificateOf({ names: ['Seaworthy test authority'], isAuthority: true });
  const between = certificateOf({ names: ['Seaworthy test middle'], isAuthority: true, issuer: authority });
  let nginx: ChildProcess | undefined;
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    writeFileSync(join(folder, 'authority.pem'), authority.cert);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const filesOf = ({ certificate }: Deployment): Issued & { chain: string } => {
    const wishes = {
      expired: { names: [HOST], from: '2019-01-01', until: '2020-01-01' },
      'other name': { names: ['blog.example'] },
      'leaf alone': { names: [HOST], issuer: between },
      'short key': { names: [HOST], bits: 1024 },
      good: { names: [HOST] },
    }[certificate ?? 'good'];
    const issued = certificateOf({ issuer: authority, ...wishes });
    return { ...issued, chain: issued.cert };
  };

  const start = async (deployment: Deployment): Promise<void> => {
    const { key, chain } = filesOf(deployment);
    writeFileSync(join(folder, 'key.pem'), key);
    writeFileSync(join(folder, 'chain.pem'), chain);
    writeFileSync(join(folder, 'nginx.conf'), configOf(folder, port, deployment.block));
    nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log'), '-g', 'daemon off;'], { stdio: 'ignore' }); // prettier-ignore
    await listening(port);
  };

  it.each(DEPLOYMENTS)('$title', async (deployment) => {
    await start(deployment);
    try {
      const { report } = await probeReportOf([`https://${HOST}:${port}/`], { ...FLAGS, ...trusting(folder) }, SILENT);
      const found = report.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
      expect([...new Set(found)].toSorted()).toEqual(deployment.finds);
      if (deployment.finds.length === 0) expect(report.score.letter).toMatch(/^A/);
    } finally {
      const ended = new Promise((resolve) => nginx?.once('exit', resolve));
      nginx?.kill('SIGTERM');
      await ended;
    }
  });
});

const trusting = (folder: string): Pick<AuditFlags, 'cafile' | 'resolve'> => ({
  cafile: join(folder, 'authority.pem'),
  resolve: [`${HOST}:127.0.0.1`],
});

function configOf(folder: string, port: number, block: readonly string[]): string {
  const hasPage = block.some((line) => line.startsWith('location = /'));
  return `
pid ${folder}/nginx.pid;
worker_processes 1;
events {}
http {
  access_log off;
  ${block.some((line) => line.startsWith('server_tokens')) ? '' : 'server_tokens off;'}
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl http2;
    server_name ${HOST};
    ssl_certificate ${folder}/chain.pem;
    ssl_certificate_key ${folder}/key.pem;
    ${block.some((line) => line.startsWith('ssl_protocols')) ? '' : 'ssl_protocols TLSv1.2 TLSv1.3;'}
    ${block.join('\n    ')}
    ${hasPage ? '' : 'location = / { default_type "text/html; charset=utf-8"; return 200 "<!doctype html><title>Shop</title>"; }'}
    location / { return 404; }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number): Promise<void> {
  const { connect } = await import('node:net');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await after(50);
  }
  throw new Error('nginx did not start');
}
