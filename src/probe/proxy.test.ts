import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { proxyChoiceOf } from '../cli/proxy-choice.ts';
import { certificateOf } from './adversaries/certificate.ts';
import { probe } from './probe.ts';

const open: Server[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A proxy that takes every host for this machine, and writes down what it was asked for. */
async function proxied(port: number, refuses = false): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>By way of the proxy</title>');
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    socket.on('error', () => {});
    if (refuses) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const target = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    target.on('error', () => {});
    target.pipe(socket).pipe(target);
    return undefined;
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, seen };
}

const authority = certificateOf({ names: ['authority'], isAuthority: true });
const secureServer = (): Server => {
  const page = '<!doctype html><title>Shop</title>';
  return createSecureServer(certificateOf({ names: ['shop.example'], issuer: authority }), (_, response) =>
    response.setHeader('Content-Type', 'text/html').end(page),
  );
};

it('A named proxy is tunnelled through, and what it hides is said', async () => {
  const { url, seen } = await proxied(await listening(secureServer()));
  const { documents, gaps } = await probe([new URL('https://shop.example/')], {
    ca: authority.cert,
    proxyOf: proxyChoiceOf(url),
  });
  expect(documents[0]?.text).toContain('<title>Shop</title>');
  expect(documents[0]?.text).not.toContain('# certificate');
  expect(seen).toContain('CONNECT shop.example:443 nobody');
  // its sibling over plain http, by its whole URL
  expect(seen).toContain('GET http://shop.example/ nobody');
  expect(gaps.map(({ message }) => message).join('\n')).toContain('was asked through a proxy');
  expect(documents.filter(({ path }) => /-tls/.test(path))).toEqual([]);
});

it('A proxy of the environment gets its password, and nobody else does', async () => {
  const { url, seen } = await proxied(0);
  vi.stubEnv('HTTP_PROXY', url.replace('http://', 'http://user:canary-77ab@'));
  vi.stubEnv('http_proxy', '');
  vi.stubEnv('NO_PROXY', '.inside.example, 127.0.0.1');
  vi.stubEnv('no_proxy', undefined);
  vi.stubEnv('http_proxy', undefined);
  const proxyOf = proxyChoiceOf('env');
  expect(proxyOf(new URL('http://api.inside.example/'))).toBeUndefined();
  const { documents } = await probe([new URL('http://shop.example/')], { proxyOf });
  const proof = Buffer.from('user:canary-77ab').toString('base64');
  expect(seen).toContain(`GET http://shop.example/ Basic ${proof}`);
  const written = documents.map(({ text }) => text).join('\n');
  expect(written).toContain('By way of the proxy');
  expect(written).not.toContain('canary-77ab');
  expect(written).not.toContain(proof);
});

it('A proxy that refuses is no host that is down', async () => {
  const { url } = await proxied(0, true);
  const { documents } = await probe([new URL('https://shop.example/')], { proxyOf: proxyChoiceOf(url) });
  expect(documents[0]?.text).toContain('NO ANSWER unreachable ERR_PROXY_403');
  expect(() => proxyChoiceOf('http://user:secret@proxy.example:3128')).toThrow('--proxy takes no password');
});
