import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateOf } from '../probe/adversaries/certificate.ts';
import type { CertificateWishes, Issued } from '../probe/adversaries/certificate.ts';
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
  readonly certificate?: 'expired' | 'not yet' | 'soon' | 'other name' | 'leaf alone' | 'self-signed' | 'short key';
  /** With the checks that are sent only when asked for. */
  readonly active?: true;
  readonly finds: readonly string[];
}

const [HSTS = '', CSP = '', NOSNIFF = ''] = GOOD;
const page = (answer: string): string => `location = / { default_type "text/html; charset=utf-8"; ${answer} }`;
const SAID = 'return 200 "<!doctype html><title>Shop</title>";';
const and = (line: string): readonly string[] => [...GOOD, line];
const csp = (policy: string): readonly string[] => [
  HSTS,
  NOSNIFF,
  `add_header Content-Security-Policy "${policy}" always;`,
];

const DEPLOYMENTS: readonly Deployment[] = [
  { title: 'as it should be', block: GOOD, finds: [] },
  { title: 'as it should be, and looked at closely', block: GOOD, active: true, finds: [] },
  { title: 'as it should be, with everything else that is good', block: [...GOOD, 'add_header Referrer-Policy no-referrer always;', 'add_header X-Frame-Options DENY always;', 'add_header Cross-Origin-Opener-Policy same-origin always;', 'add_header Cross-Origin-Resource-Policy same-origin always;', 'add_header Permissions-Policy "camera=(), geolocation=(self)" always;', 'add_header Set-Cookie "__Host-sid=3f9ab6c1; Path=/; Secure; HttpOnly; SameSite=Lax";', 'add_header Cache-Control "private, no-store";'], finds: [] },
  // transport
  { title: 'no HSTS', block: GOOD.slice(1), finds: ['headers/hsts-missing'] },
  { title: 'HSTS for five minutes', block: ['add_header Strict-Transport-Security "max-age=300";', ...GOOD.slice(1)], finds: ['headers/hsts-short'] },
  { title: 'HSTS switched off', block: ['add_header Strict-Transport-Security "max-age=0";', ...GOOD.slice(1)], finds: ['headers/hsts-short'] },
  { title: 'HSTS misspelt', block: ['add_header Strict-Transport-Security "maxage=31536000";', ...GOOD.slice(1)], finds: ['headers/hsts-invalid'] },
  { title: 'HSTS separated by a comma', block: ['add_header Strict-Transport-Security "max-age=31536000, includeSubDomains";', ...GOOD.slice(1)], finds: ['headers/hsts-invalid'] },
  { title: 'HSTS that asks to be preloaded and cannot be', block: ['add_header Strict-Transport-Security "max-age=31536000; preload";', ...GOOD.slice(1)], finds: ['headers/hsts-preload-claim'] },
  { title: 'HSTS of two layers', block: and('add_header Strict-Transport-Security "max-age=600";'), finds: ['headers/header-conflict-live'] },
  { title: 'TLS 1.0 as well', block: [...GOOD, 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;', 'ssl_ciphers DEFAULT@SECLEVEL=0;'], finds: ['transport/tls-legacy'] },
  { title: 'TLS 1.1 as well', block: [...GOOD, 'ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;', 'ssl_ciphers DEFAULT@SECLEVEL=0;'], finds: ['transport/tls-legacy'] },
  { title: 'no forward secrecy', block: [...GOOD, 'ssl_protocols TLSv1.2;', 'ssl_ciphers AES128-SHA256;'], finds: ['transport/tls-weak'] },
  { title: 'a certificate that has expired', block: GOOD, certificate: 'expired', finds: ['transport/certificate-invalid'] },
  { title: 'a certificate of the future', block: GOOD, certificate: 'not yet', finds: ['transport/certificate-invalid'] },
  { title: 'a certificate that ends in days', block: GOOD, certificate: 'soon', finds: ['transport/certificate-expiring'] },
  { title: 'a certificate for another name', block: GOOD, certificate: 'other name', finds: ['transport/certificate-invalid'] },
  { title: 'a certificate nobody vouches for', block: GOOD, certificate: 'self-signed', finds: ['transport/certificate-invalid'] },
  { title: 'a leaf without its chain', block: GOOD, certificate: 'leaf alone', finds: ['transport/certificate-chain-incomplete'] },
  { title: 'a key of 1024 bits', block: [...GOOD, 'ssl_ciphers DEFAULT@SECLEVEL=0;'], certificate: 'short key', finds: ['transport/tls-weak'] },
  { title: 'back to http', block: [...GOOD, `location = / { return 302 http://${HOST}/plain; }`], finds: ['transport/redirect-downgrade'] },
  { title: 'a circle', block: [...GOOD, 'location = / { return 301 /; }'], finds: ['transport/redirect-broken'] },
  { title: 'an address of the inside', block: [...GOOD, 'location = / { return 302 https://10.1.2.3/; }'], finds: ['transport/redirect-internal-name'] },
  { title: 'a port of the inside', block: [...GOOD, `location = / { return 302 https://${HOST}:8443/; }`], finds: ['transport/redirect-internal-name'] },
  // headers
  {
    title: 'headers lost, because a location adds its own',
    block: [...GOOD, `location = / { add_header X-Own 1; default_type text/html; ${SAID} }`],
    finds: ['headers/csp-missing-live', 'headers/framing-allowed-live', 'headers/hsts-missing', 'headers/nosniff-missing-live'],
  },
  { title: 'headers on success alone, because always is missing', block: GOOD.map((line) => line.replace(' always', '')), finds: ['headers/error-page-bare-live'] },
  { title: 'no policy', block: [HSTS, NOSNIFF, 'add_header X-Frame-Options DENY always;'], finds: ['headers/csp-missing-live'] },
  { title: 'a policy that allows inline scripts', block: csp("default-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"), finds: ['headers/csp-unsafe-live'] },
  { title: 'a policy that allows every host', block: csp("default-src 'self'; script-src https:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"), finds: ['headers/csp-unsafe-live'] },
  { title: 'a policy without its semicolons', block: csp("default-src 'self' script-src 'none'; object-src 'none'; frame-ancestors 'none'"), finds: ['headers/csp-syntax'] },
  { title: 'a policy about everything but scripts', block: csp("frame-ancestors 'none'; upgrade-insecure-requests"), finds: ['headers/csp-no-script-control'] },
  { title: 'a policy that only reports', block: [HSTS, NOSNIFF, 'add_header X-Frame-Options DENY always;', CSP.replace('Policy', 'Policy-Report-Only')], finds: ['headers/csp-report-only'] },
  { title: 'frames for all', block: csp("default-src 'self'; object-src 'none'; base-uri 'none'"), finds: ['headers/framing-allowed-live'] },
  { title: 'frames for all, and a word no browser obeys', block: [...csp("default-src 'self'; object-src 'none'; base-uri 'none'"), 'add_header X-Frame-Options "ALLOW-FROM https://a.example" always;'], finds: ['headers/framing-allowed-live'] },
  { title: 'a wildcard that overrules the old header', block: [...csp("default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors *"), 'add_header X-Frame-Options DENY always;'], finds: ['headers/framing-allowed-live'] },
  { title: 'no nosniff', block: [HSTS, CSP], finds: ['headers/nosniff-missing-live'] },
  { title: 'nosniff misspelt', block: [HSTS, CSP, 'add_header X-Content-Type-Options "no-sniff" always;'], finds: ['headers/nosniff-missing-live'] },
  { title: 'the full address for everybody', block: and('add_header Referrer-Policy unsafe-url always;'), finds: ['headers/referrer-policy-unsafe-live'] },
  { title: 'a filter of old browsers', block: and('add_header X-XSS-Protection "1; mode=block" always;'), finds: ['headers/xss-protection-on-live'] },
  { title: 'an isolation no browser knows', block: and('add_header Cross-Origin-Resource-Policy SAME-ORIGIN always;'), finds: ['headers/policy-syntax-live'] },
  { title: 'permissions in the words of the past', block: and(`add_header Permissions-Policy "camera 'none'; microphone 'none'" always;`), finds: ['headers/policy-syntax-live'] },
  { title: 'permissions for everybody', block: and('add_header Permissions-Policy "camera=*" always;'), finds: ['headers/permissions-open-live'] },
  { title: 'everything cleared on every view', block: and(`add_header Clear-Site-Data '"cookies", "storage"';`), finds: ['headers/clear-site-data-everywhere'] },
  { title: 'any origin repeated, with credentials', block: [...GOOD, 'add_header Access-Control-Allow-Origin $http_origin always;', 'add_header Access-Control-Allow-Credentials true always;'], finds: ['headers/cors-reflected-live'] },
  { title: 'every origin, and credentials', block: [...GOOD, 'add_header Access-Control-Allow-Origin *;', 'add_header Access-Control-Allow-Credentials true;'], finds: ['headers/cors-broken-live'] },
  { title: 'a list of origins', block: and('add_header Access-Control-Allow-Origin "https://a.example, https://b.example";'), finds: ['headers/cors-broken-live'] },
  { title: 'a script over plain http', block: [...GOOD, page('return 200 "<!doctype html><title>Shop</title><script src=http://cdn.example.net/a.js></script>";')], finds: ['headers/integrity-missing-live', 'headers/mixed-content'] },
  { title: 'JSON called HTML', block: [...GOOD, `location = / { default_type text/html; return 200 '{"user":"<b>"}'; }`], finds: ['headers/json-as-html'] },
  // cookies
  { title: 'a session in the clear', block: and('add_header Set-Cookie "sid=3f9ab6c1; HttpOnly; SameSite=Lax";'), finds: ['auth/cookie-not-secure-live'] },
  { title: 'a session that scripts read', block: and('add_header Set-Cookie "sid=3f9ab6c1; Secure; SameSite=Lax";'), finds: ['auth/cookie-readable-by-scripts-live'] },
  { title: 'a cookie browsers drop', block: and('add_header Set-Cookie "__Host-sid=3f9ab6c1; Path=/shop; Secure; HttpOnly; SameSite=Lax";'), finds: ['auth/cookie-rejected'] },
  { title: 'SameSite=None in the clear', block: and('add_header Set-Cookie "theme=dark; SameSite=None";'), finds: ['auth/cookie-not-secure-live', 'auth/cookie-same-site-broken-live'] },
  { title: 'a session that is cached for all', block: [...GOOD, 'add_header Set-Cookie "sid=3f9ab6c1; Secure; HttpOnly; SameSite=Lax";', 'add_header Cache-Control "public, max-age=600";'], finds: ['auth/cookie-cached'] },
  // exposure
  { title: 'the version told', block: [...GOOD, 'server_tokens on;'], finds: ['exposure/server-version-live'] },
  { title: 'the framework told', block: and('add_header X-Powered-By Express;'), finds: ['headers/powered-by-live'] },
  { title: 'the machine behind told', block: and('add_header X-Backend-Server 10.0.3.7:3000;'), finds: ['exposure/internal-headers-live'] },
  { title: 'the queries told', block: and(`add_header Server-Timing 'db;desc="SELECT * FROM users";dur=3';`), finds: ['exposure/debug-headers-live'] },
  { title: 'a trace where something failed', block: [...GOOD, 'error_page 404 /oops;', 'location = /oops { internal; default_type text/plain; return 500 "Error: x\n    at load (/srv/shop/lib/db.js:12:9)"; }'], finds: ['exposure/stack-trace-live'] },
  { title: 'the environment served', block: [...GOOD, `location = /.env { root FOLDER; }`], active: true, finds: ['exposure/files-served-live'] },
  { title: 'the repository served', block: [...GOOD, `location /.git/ { root FOLDER; }`], active: true, finds: ['exposure/files-served-live'] },
  { title: 'folders listed', block: [...GOOD, `location /static/ { root FOLDER; autoindex on; }`], active: true, finds: ['exposure/debug-ui-live'] },
  { title: 'its own status shown', block: [...GOOD, 'location = /nginx_status { stub_status; }'], active: true, finds: ['exposure/debug-ui-live'] },
  { title: 'the name the caller gives', block: [...GOOD, `location = / { if ($http_x_forwarded_host) { return 302 https://$http_x_forwarded_host/; } default_type text/html; ${SAID} }`], active: true, finds: ['exposure/host-header-reflected-live'] },
]; // prettier-ignore

const FLAGS: AuditFlags = { ignores: true, cache: false, color: false };
const DAY = 86_400_000;

describe.skipIf(!hasNginx())('behind nginx (skipped where nginx is not installed: apt-get install nginx-light)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-nginx-'));
  const authority = certificateOf({ names: ['Seaworthy test authority'], isAuthority: true });
  const between = certificateOf({ names: ['Seaworthy test middle'], isAuthority: true, issuer: authority });
  const ports = new Map<Deployment, number>();
  let nginx: ChildProcess | undefined;

  // one nginx for all of them, each at a port of its own
  beforeAll(async () => {
    // its worker runs as somebody else
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'authority.pem'), authority.cert);
    for (const below of ['.git', 'static']) mkdirSync(join(folder, below));
    writeFileSync(join(folder, '.env'), 'DATABASE_URL=postgres://shop\nSESSION_SECRET=not-a-real-one\n');
    writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(folder, 'static', 'a.txt'), 'a');
    const servers: string[] = [];
    const free = await freePorts(DEPLOYMENTS.length);
    for (const [index, deployment] of DEPLOYMENTS.entries()) {
      const port = free[index] ?? 0;
      ports.set(deployment, port);
      const kind = deployment.certificate ?? 'good';
      const { key, cert } = issued(kind);
      writeFileSync(join(folder, `${kind}.key`), key);
      writeFileSync(join(folder, `${kind}.pem`), cert);
      servers.push(serverOf(folder, port, kind, deployment.block));
    }
    writeFileSync(join(folder, 'nginx.conf'), configOf(folder, servers));
    nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log'), '-g', 'daemon off;'], { stdio: 'ignore' }); // prettier-ignore
    await listening([...ports.values()].at(-1) ?? 0);
  }, 60_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => nginx?.once('exit', resolve));
    nginx?.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const made = new Map<string, Issued>();
  const issued = (kind: string): Issued => {
    const soon = new Date(Date.now() + 5 * DAY).toISOString().slice(0, 10);
    const wishes: Readonly<Record<string, Partial<CertificateWishes>>> = {
      expired: { from: '2019-01-01', until: '2020-01-01' },
      'not yet': { from: '2038-01-01', until: '2039-01-01' },
      soon: { until: soon },
      'other name': { names: ['blog.example'] },
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

function serverOf(folder: string, port: number, certificate: string, block: readonly string[]): string {
  const lines = block.map((line) => line.replaceAll('FOLDER', folder));
  const has = (start: string): boolean => lines.some((line) => line.startsWith(start));
  return `
  server {
    listen 127.0.0.1:${port} ssl http2;
    server_name ${HOST};
    ssl_certificate "${folder}/${certificate}.pem";
    ssl_certificate_key "${folder}/${certificate}.key";
    ${has('server_tokens') ? '' : 'server_tokens off;'}
    ${has('ssl_protocols') ? '' : 'ssl_protocols TLSv1.2 TLSv1.3;'}
    ${lines.join('\n    ')}
    ${has('location = / ') ? '' : `location = / { default_type "text/html; charset=utf-8"; ${SAID} }`}
    location / { return 404; }
  }`;
}

const configOf = (folder: string, servers: readonly string[]): string => `
pid ${folder}/nginx.pid;
worker_processes 1;
events {}
http {
  access_log off;
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
