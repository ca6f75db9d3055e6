import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../engine/finding.ts';
import { auditRunOf } from './audit-run.ts';
import type { AuditFlags } from './flags.ts';
import { SILENT } from './progress.ts';

/** The same text is audited as a project and run as a server: what both say must meet. */
const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'seaworthy-correlation-'));
const PACKAGE = `{ "name": "shop", "version": "3.4.1", "scripts": { "start": "node app.js" }, "dependencies": { "express": "^5.1.0", "helmet": "^8.0.0" } }`;
const before = process.env['NODE_ENV'];

beforeAll(() => {
  process.env['NODE_ENV'] = 'production';
  // Express prints every error it answers
  vi.spyOn(console, 'error').mockImplementation(() => {});
  mkdirSync(join(folder, 'public'));
  writeFileSync(join(folder, 'public', 'about.html'), '<!doctype html><title>About</title><p>We sell boats.');
});
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
afterAll(() => {
  process.env['NODE_ENV'] = before;
  rmSync(folder, { recursive: true, force: true });
});

const listening = (server: Server): Promise<number> => {
  open.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
};

/** Runs the text of `app.js` with the real Express 5 and helmet; its `listen` takes any free port. */
async function portOf(code: string): Promise<number> {
  const express = require('express5');
  let app: RequestListener = () => {};
  const own = Object.assign(() => {
    const made = express();
    made.listen = () => undefined;
    app = made;
    return made;
  }, express);
  const load = (name: string): unknown => (name === 'express' ? own : require(name));
  // eslint-disable-next-line no-new-func
  new Function('require', '__dirname', code)(load, folder);
  return listening(createServer(app));
}

async function findingsOf(
  code: string,
  url: (port: number) => string | Promise<string>,
  flags: Partial<AuditFlags> = {},
): Promise<readonly Finding[]> {
  writeFileSync(join(folder, 'package.json'), PACKAGE);
  writeFileSync(join(folder, 'app.js'), code);
  const port = await portOf(code);
  const base: AuditFlags = { ignores: true, cache: false, color: false, history: false, url: [await url(port)] };
  const { result } = await auditRunOf([folder], { ...base, ...flags }, SILENT);
  return result.findings;
}

const direct = (port: number): string => `http://127.0.0.1:${port}/`;
const HEAD = `
const express = require('express');
const helmet = require('helmet');
const app = express();
`;
const ROUTES = `
app.get('/', (req, res) => res.send('<!doctype html><title>Shop</title>'));
app.get('/cart', (req, res) => res.send('<!doctype html><title>Cart</title>'));
app.get('/api/items', (req, res) => res.json([]));
app.listen(3000);
`;
const notRun = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ rule }) => rule === 'headers/helmet-absent-live');

describe('a project and its deployment', () => {
  it('agree where helmet comes first', async () => {
    const found = await findingsOf(`${HEAD}app.use(helmet());${ROUTES}`, direct);
    expect(notRun(found)).toBeUndefined();
    expect(found.filter(({ rule }) => rule.startsWith('headers/'))).toEqual([]);
  });

  it('show the line of helmet that comes after the routes, and the paths it misses', async () => {
    const code = `${HEAD}${ROUTES.replace('app.listen(3000);', '')}app.use(helmet());\napp.listen(3000);\n`;
    const found = notRun(await findingsOf(code, direct, { path: ['/cart'] }));
    expect(found?.message).toBe(
      'helmet() does not run for /, /cart: they answer with X-Powered-By and without its headers.',
    );
    expect(found?.confidence).toBe('certain');
    expect(code.split('\n')[(found?.at.start.line ?? 0) - 1]).toBe('app.use(helmet());');
  });

  it('are asked for every path the code says it has, and no other', async () => {
    const asked: string[] = [];
    const code = `${HEAD}app.use(helmet());app.get('/logout', (req, res) => res.end());app.get('/cart/:id', (req, res) => res.end());${ROUTES}`;
    const listen = async (port: number): Promise<string> =>
      direct(
        await listening(
          createServer((incoming, outgoing) => {
            asked.push(`${incoming.method} ${incoming.url}`);
            request({ port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
              outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
              answer.pipe(outgoing);
            }).end();
          }),
        ),
      );
    await findingsOf(code, listen, { routes: true });
    expect(asked).toContain('GET /cart');
    expect(asked).toContain('GET /api/items');
    expect(asked.filter((line) => /logout|cart\/|:/.test(line))).toEqual([]);
  });

  it('show files that are served before helmet, and where it does run', async () => {
    const code = `${HEAD}app.use(express.static(__dirname + '/public'));\napp.use(helmet());\n${ROUTES}`;
    const found = notRun(await findingsOf(code, direct, { path: ['/about.html'] }));
    expect(found?.message).toBe(
      'helmet() does not run for /about.html: it answers with X-Powered-By and without its headers. It does for /.',
    );
  });

  it('show helmet that is mounted for a part', async () => {
    const code = `${HEAD}app.use('/api', helmet());\n${ROUTES}`;
    const found = notRun(await findingsOf(code, direct, { path: ['/api/items'] }));
    expect(found?.message).toContain('does not run for /:');
    expect(found?.message).toContain('It does for /api/items.');
  });

  it('show an error handler that stands before the parser it is for', async () => {
    const handler = 'app.use((error, req, res, next) => { res.status(400).json({ error: "no" }); });';
    const early = `${HEAD}app.use(helmet());app.get('/cart', (req, res) => res.send('<!doctype html>'));\n${handler}\napp.use(express.json());\napp.listen(3000);\n`;
    const seen = (findings: readonly Finding[]): Finding | undefined =>
      findings.find(({ rule }) => rule === 'lifecycle/error-middleware-bypassed-live');
    const cart = async (port: number): Promise<string> => `${direct(port)}cart`;
    const found = seen(await findingsOf(early, cart, { active: true }));
    expect(found?.message).toContain('with the error page of Express');
    expect(early.split('\n')[(found?.at.start.line ?? 0) - 1]).toBe(handler);
    const late = `${HEAD}app.use(express.json());${ROUTES.replace('app.listen', `${handler}app.listen`)}`;
    expect(seen(await findingsOf(late, cart, { active: true }))).toBeUndefined();
  });

  it('make up for helmet that is missing where a proxy sets the headers', async () => {
    const found = await findingsOf(
      `${HEAD}${ROUTES}`,
      proxied({
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'Content-Security-Policy': "default-src 'self'",
      }),
    );
    const missing = found.find(({ rule }) => rule === 'headers/helmet-missing');
    expect(missing?.mitigated).toContain('something in front sets them');
    const alone = await findingsOf(`${HEAD}${ROUTES}`, direct);
    expect(alone.find(({ rule }) => rule === 'headers/helmet-missing')).toMatchObject({ confidence: 'certain' });
    expect(alone.find(({ rule }) => rule === 'headers/helmet-missing')?.mitigated).toBeUndefined();
  });

  it.each([
    { version: '3.4.1', says: 'the same version', isKnown: true },
    { version: '3.4.2', says: 'another version', isKnown: false },
  ])('know the program by $says', async ({ version, isKnown }) => {
    const found = await findingsOf(
      `${HEAD}${ROUTES}`,
      async () => {
        const server = createServer((asked, response) => {
          const isVersion = asked.url === '/version';
          response.setHeader('X-Powered-By', 'Express').setHeader('X-Content-Type-Options', 'nosniff');
          response.setHeader('Content-Security-Policy', "default-src 'self'").setHeader('X-Frame-Options', 'DENY');
          response.setHeader('Content-Type', isVersion ? 'application/json' : 'text/html');
          response.end(isVersion ? JSON.stringify({ version }) : '<!doctype html><title>Shop</title>');
        });
        return direct(await listening(server));
      },
      { path: ['/version'] },
    );
    const missing = found.find(({ rule }) => rule === 'headers/helmet-missing');
    expect(missing?.mitigated !== undefined).toBe(isKnown);
  });

  it('only guess where another program answers', async () => {
    const found = await findingsOf(`${HEAD}${ROUTES}`, async () => {
      const other = createServer((_, response) => {
        response.setHeader('X-Content-Type-Options', 'nosniff').setHeader('X-Frame-Options', 'DENY');
        response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Other</title>');
      });
      return direct(await listening(other));
    });
    expect(found.find(({ rule }) => rule === 'headers/helmet-missing')?.mitigated).toBeUndefined();
  });
});

/** A proxy that takes `X-Powered-By` away and sets headers of its own. */
const proxied =
  (headers: Readonly<Record<string, string>>) =>
  async (port: number): Promise<string> => {
    const proxy = createServer((incoming, outgoing) => {
      const asked = request(
        { port, path: incoming.url, method: incoming.method, headers: incoming.headers },
        (answer) => {
          const { 'x-powered-by': _, ...kept } = answer.headers;
          outgoing.writeHead(answer.statusCode ?? 502, { ...kept, ...headers });
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(asked);
    });
    return direct(await listening(proxy));
  };

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasNginx())('a project behind nginx (skipped where nginx is not installed)', () => {
  it.each([
    {
      title: 'that sets what the code lacks',
      lines:
        'add_header X-Content-Type-Options nosniff always; add_header X-Frame-Options DENY always; proxy_hide_header X-Powered-By;',
      code: `${HEAD}${ROUTES}`,
      seen: (found: readonly Finding[]) => found.find(({ rule }) => rule === 'headers/helmet-missing')?.mitigated,
      says: 'something in front sets them',
    },
    {
      title: 'that takes away what the code sets',
      lines: [
        'Content-Security-Policy',
        'X-Content-Type-Options',
        'X-Frame-Options',
        'Strict-Transport-Security',
        'Referrer-Policy',
        'Cross-Origin-Opener-Policy',
        'Cross-Origin-Resource-Policy',
        'Origin-Agent-Cluster',
        'X-DNS-Prefetch-Control',
        'X-Download-Options',
        'X-Permitted-Cross-Domain-Policies',
        'X-XSS-Protection',
      ]
        .map((name) => `proxy_hide_header ${name};`)
        .join(' '),
      code: `${HEAD}app.use(helmet());\n${ROUTES}`,
      seen: (found: readonly Finding[]) => notRun(found)?.message,
      says: 'something in front takes them away',
    },
  ])('$title', async ({ lines, code, seen, says }) => {
    let end = (): void => {};
    const found = await findingsOf(code, async (port) => {
      const own = createServer();
      const front = await listening(own);
      open.pop();
      await new Promise((resolve) => own.close(resolve));
      const config = join(folder, 'nginx.conf');
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join(' ');
      writeFileSync(
        config,
        `pid ${folder}/nginx.pid; events {} http { access_log off; server_tokens off; ${temporary} server { listen 127.0.0.1:${front}; location / { proxy_pass http://127.0.0.1:${port}; ${lines} } } }`,
      );
      const nginx = spawn('nginx', ['-p', folder, '-c', config, '-e', join(folder, 'error.log'), '-g', 'daemon off;'], {
        stdio: 'ignore',
      });
      end = () => nginx.kill('SIGTERM');
      await after(700);
      return direct(front);
    });
    end();
    expect(seen(found)).toContain(says);
  });
});
