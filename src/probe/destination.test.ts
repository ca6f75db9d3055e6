import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { certificateOf } from './adversaries/certificate.ts';
import { PASSIVE } from './budget.ts';
import { destinationOf, hostOf, refusalOf } from './destination.ts';
import { addressKindOf } from './ip.ts';
import { probe } from './probe.ts';

describe('an address', () => {
  it.each([
    ['93.184.215.14', 'public'],
    ['127.8.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['100.64.0.1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['::1', 'loopback'],
    ['fd00:ec2::254', 'private'],
    ['fe80::1%eth0', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::7f00:1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'public'],
    ['no address', 'reserved'],
  ])('%s is %s', (address, kind) => {
    expect(addressKindOf(address)).toBe(kind);
  });
});

describe('a redirect', () => {
  it.each(['loopback', 'private', 'link-local', 'multicast', 'unspecified', 'reserved'] as const)(
    'from a public address to a %s one is refused',
    (kind) => {
      expect(refusalOf('public', kind)).toBe(`a redirect from a public to a ${kind} address`);
    },
  );

  it('between public addresses, and on the own machine, is followed', () => {
    expect(refusalOf('public', 'public')).toBeUndefined();
    expect(refusalOf('loopback', 'loopback')).toBeUndefined();
  });

  it('counts as leading where the least public of its addresses is', async () => {
    const found = await destinationOf('a.example', async () => ['93.184.215.14', '10.0.0.1'], 1000);
    expect(found).toMatchObject({ kind: 'private' });
  });

  it('from the own machine to the metadata of the cloud is withheld, and said so', async () => {
    const server = createServer((_, response) => {
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { documents } = await probe([url], { followOffsite: true });
    server.close();
    const [offsite] = documents.filter(({ path }) => path.endsWith('-offsite.http'));
    expect(offsite?.text).toContain('NO ANSWER withheld a redirect from a loopback to a link-local address');
  });
});

describe('a host', () => {
  it('is asked for once, whatever a resolver says the next time', async () => {
    const server = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answers = ['127.0.0.1', '169.254.169.254'];
    let asked = 0;
    const resolver = async (): Promise<string[]> => [answers[Math.min(asked++, 1)] ?? ''];
    const { documents, requests } = await probe([new URL(`http://rebinding.example:${port}/`)], { resolver });
    server.close();
    expect(asked).toBe(1);
    expect(requests).toBeGreaterThan(3);
    for (const { text } of documents) expect(text).toContain('# address: 127.0.0.1 loopback');
  });

  it.each([
    { listens: '127.0.0.1', first: '::1', second: '127.0.0.1' },
    { listens: '::1', first: '127.0.0.1', second: '::1' },
  ])('of both families is reached at $listens where it listens there alone', async ({ listens, first, second }) => {
    const server = createTlsServer(certificateOf({ names: ['two.example'] }), (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nX-A : 1\r\n\r\n'));
    });
    server.on('tlsClientError', () => {});
    const isHere = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(0, listens, () => resolve(true));
    });
    // a machine without IPv6 has nothing to show
    if (!isHere) return;
    const { port } = server.address() as AddressInfo;
    const resolver = async (): Promise<string[]> => [first, second];
    const { documents } = await probe([new URL(`https://two.example:${port}/`)], { resolver });
    server.close();
    const home = documents.find(({ path }) => path.endsWith('-home.http'));
    // what is wrong with the reply is seen over a bare socket, which must find the same way
    expect(home?.text).toContain('NO ANSWER malformed no field name');
    const handshake = documents.find(({ path }) => path.endsWith('-tls.http'));
    expect(handshake?.text).toContain('TLS established');
  });

  it('that sends us from https to http is not told who we are', async () => {
    const authority = certificateOf({ names: ['shop.example'], isAuthority: true });
    const heads = { plain: [] as string[], secure: [] as string[] };
    const plain = createServer((request, response) => {
      heads.plain.push(JSON.stringify(request.rawHeaders));
      response.end('ok');
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const target = `http://shop.example:${(plain.address() as AddressInfo).port}/`;
    const secure = createTlsServer(authority, (socket) => {
      socket.on('error', () => {});
      socket.once('data', (head) => {
        heads.secure.push(head.toString('latin1'));
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${target}\r\nContent-Length: 0\r\n\r\n`);
      });
    });
    secure.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const url = new URL(`https://shop.example:${(secure.address() as AddressInfo).port}/`);
    await probe([url], {
      resolver: async () => ['127.0.0.1'],
      ca: authority.cert,
      followOffsite: true,
      credentials: { headers: [['Authorization', 'Bearer canary-51f0c3']] },
    });
    plain.close();
    secure.close();
    // it was sent where it belongs, and the redirect was followed without it
    expect(heads.secure.some((head) => head.includes('canary-51f0c3'))).toBe(true);
    expect(heads.plain.length).toBeGreaterThan(0);
    for (const head of heads.plain) expect(head).not.toContain('canary-51f0c3');
  });

  it('is asked itself, whatever proxy the environment names', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('proxied');
    });
    const server = createServer((_, response) => response.end('direct'));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const { documents } = await probe([new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)], {});
    vi.unstubAllEnvs();
    proxy.close();
    server.close();
    expect(documents[0]?.text).toContain('direct');
    expect(seen).toEqual([]);
  });

  it('is the same with brackets and with a final dot', () => {
    expect(hostOf(new URL('http://[::1]:3000/'))).toBe('::1');
    expect(hostOf(new URL('http://localhost.:3000/'))).toBe('localhost');
  });

  it('whose name is not answered in time is given up, after the three seconds it has', async () => {
    const begin = Date.now();
    const resolver = (): Promise<string[]> => new Promise(() => {});
    const { documents, requests } = await probe([new URL('https://slow.example/')], { resolver });
    const took = Date.now() - begin;
    expect(PASSIVE.dnsMs).toBe(3000);
    expect(took).toBeGreaterThanOrEqual(PASSIVE.dnsMs - 10);
    expect(took).toBeLessThan(PASSIVE.dnsMs + 2000);
    expect(requests).toBe(0);
    expect(documents.map(({ text }) => text.split('\n').at(-2))).toEqual(['NO ANSWER timeout dns']);
  });

  it('whose name is answered late, but in time, is asked', async () => {
    const late = async (): Promise<string[]> => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return ['127.0.0.1'];
    };
    expect(await destinationOf('slow.example', late, 3000)).toMatchObject({ kind: 'loopback' });
    expect(await destinationOf('slow.example', late, 20)).toMatchObject({ cause: 'timeout', detail: 'dns' });
  });

  it('that does not resolve leaves a transcript', async () => {
    const resolver = async (): Promise<string[]> => {
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    };
    const { documents } = await probe([new URL('https://nowhere.example/')], { resolver });
    expect(documents.map(({ text }) => text.split('\n').at(-2))).toEqual(['NO ANSWER dns ENOTFOUND']);
  });
});
