import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateOf } from '../probe/adversaries/certificate.ts';
import type { CertificateWishes, Issued } from '../probe/adversaries/certificate.ts';
import type { AuditFlags } from './flags.ts';
import { ANSWERS } from './nginx/answers.ts';
import { FORWARDED, HOST, SAID } from './nginx/deployment.ts';
import type { Deployment } from './nginx/deployment.ts';
import { HEADERS } from './nginx/headers.ts';
import { PROGRAMS } from './nginx/programs.ts';
import { TRANSPORT } from './nginx/transport.ts';
import { probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const DEPLOYMENTS: readonly Deployment[] = [...TRANSPORT, ...HEADERS, ...ANSWERS, ...PROGRAMS];
const FLAGS: AuditFlags = { ignores: true, cache: false, color: false };
const DAY = 86_400_000;

describe.skipIf(!hasNginx())('behind nginx (skipped where nginx is not installed: apt-get install nginx-light)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-nginx-'));
  const authority = certificateOf({ names: ['Seaworthy test authority'], isAuthority: true });
  const between = certificateOf({ names: ['Seaworthy test middle'], isAuthority: true, issuer: authority });
  const ports = new Map<Deployment, number>();
  const programs: Server[] = [];
  const mode = process.env['NODE_ENV'];
  let nginx: ChildProcess | undefined;

  // one nginx for all of them, each at a port of its own
  beforeAll(async () => {
    // its worker runs as somebody else
    chmodSync(folder, 0o755);
    process.env['NODE_ENV'] = 'production';
    writeFileSync(join(folder, 'authority.pem'), authority.cert);
    for (const below of ['.git', 'static']) mkdirSync(join(folder, below));
    writeFileSync(join(folder, '.env'), 'DATABASE_URL=postgres://shop\nSESSION_SECRET=not-a-real-one\n');
    writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(folder, 'static', 'a.txt'), 'a');
    const servers: string[] = [];
    // the programs first: they would take a port that was found free
    const upstreams = new Map<Deployment, number>();
    for (const deployment of DEPLOYMENTS) {
      if (deployment.program) upstreams.set(deployment, await upstreamOf(deployment.program));
    }
    const free = await freePorts(DEPLOYMENTS.length);
    for (const [index, deployment] of DEPLOYMENTS.entries()) {
      const port = free[index] ?? 0;
      ports.set(deployment, port);
      const kind = deployment.certificate ?? 'good';
      const { key, cert } = issued(kind);
      writeFileSync(join(folder, `${kind}.key`), key);
      writeFileSync(join(folder, `${kind}.pem`), cert);
      servers.push(serverOf(folder, port, kind, deployment, upstreams.get(deployment)));
    }
    writeFileSync(join(folder, 'nginx.conf'), configOf(folder, servers));
    nginx = spawn(
      'nginx',
      ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log'), '-g', 'daemon off;'],
      { stdio: 'ignore' },
    );
    await listening([...ports.values()].at(-1) ?? 0);
  }, 60_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => nginx?.once('exit', resolve));
    nginx?.kill('SIGTERM');
    await ended;
    for (const program of programs) program.close();
    process.env['NODE_ENV'] = mode;
    rmSync(folder, { recursive: true, force: true });
  });

  const upstreamOf = async (program: NonNullable<Deployment['program']>): Promise<number> => {
    const server = createHttpServer(program());
    programs.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const made = new Map<string, Issued>();
  const issued = (kind: string): Issued => {
    const soon = new Date(Date.now() + 5 * DAY).toISOString().slice(0, 10);
    const wishes: Readonly<Record<string, Partial<CertificateWishes>>> = {
      expired: { from: '2019-01-01', until: '2020-01-01' },
      'not yet': { from: '2038-01-01', until: '2039-01-01' },
      soon: { until: soon },
      'other name': { names: ['blog.example'] },
      'other level': { names: ['*.example'] },
      'leaf alone': { issuer: between },
      'short key': { bits: 1024 },
    };
    const { issuer: _, ...alone } = { names: [HOST], issuer: authority, ...wishes[kind] };
    const wished = kind === 'self-signed' ? alone : { names: [HOST], issuer: authority, ...wishes[kind] };
    const certificate = made.get(kind) ?? certificateOf(wished);
    made.set(kind, certificate);
    return certificate;
  };

  it.each(DEPLOYMENTS)('$title', async (deployment) => {
    const flags = {
      ...FLAGS,
      ...trusting(folder),
      ...(deployment.active && { active: true as const, authorized: [HOST] }),
    };
    const { report } = await probeReportOf([`https://${HOST}:${ports.get(deployment) ?? 0}/`], flags, SILENT);
    const found = report.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
    expect([...new Set(found)].toSorted()).toEqual(deployment.finds);
    if (deployment.finds.length === 0) expect(report.score.letter).toMatch(/^A/);
  });
});

const trusting = (folder: string): Pick<AuditFlags, 'cafile' | 'resolve'> => ({
  cafile: join(folder, 'authority.pem'),
  resolve: [`${HOST}:127.0.0.1`],
});

function serverOf(
  folder: string,
  port: number,
  certificate: string,
  { block, passed = FORWARDED }: Deployment,
  upstream: number | undefined,
): string {
  const lines = block.map((line) => line.replaceAll('FOLDER', folder));
  const has = (start: string): boolean => lines.some((line) => line.startsWith(start));
  const home = has('location = / ') ? '' : `location = / { default_type "text/html; charset=utf-8"; ${SAID} }`;
  const answers =
    upstream === undefined
      ? `${home} location / { return 404; }`
      : `location / { proxy_pass http://127.0.0.1:${upstream}; ${passed} }`;
  return `
  server {
    listen 127.0.0.1:${port} ssl http2;
    server_name ${HOST};
    ssl_certificate "${folder}/${certificate}.pem";
    ssl_certificate_key "${folder}/${certificate}.key";
    ${has('server_tokens') ? '' : 'server_tokens off;'}
    ${has('ssl_protocols') ? '' : 'ssl_protocols TLSv1.2 TLSv1.3;'}
    ${lines.join('\n    ')}
    ${answers}
  }`;
}

const configOf = (folder: string, servers: readonly string[]): string => `
pid ${folder}/nginx.pid;
worker_processes 1;
events {}
http {
  access_log off;
  proxy_cache_path ${folder}/cache keys_zone=shared:1m;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
${servers.join('\n')}
}
`;

/** Held all at once, so that none is handed out twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listening(port: number): Promise<void> {
  const { connect } = await import('node:net');
  for (let attempt = 0; attempt < 200; attempt += 1) {
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
