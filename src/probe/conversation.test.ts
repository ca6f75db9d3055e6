import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ACTIVE, PASSIVE } from './budget.ts';
import { Client } from './client.ts';
import { Conversation } from './conversation.ts';
import type { Destination } from './destination.ts';
import { get } from './plan.ts';
import { probe } from './probe.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function portOf(answer: RequestListener, address = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(answer);
  open.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

const HERE: Destination = { host: 'shop.example', addresses: [{ address: '127.0.0.1', family: 4 }], kind: 'public' };

/** A conversation with a stranger, who happens to be on this machine. */
function conversationAt(budget = PASSIVE): Conversation {
  const deadline = AbortSignal.timeout(15_000);
  const options = { budget, deadline, allowed: 100, isLoopback: false, notes: [], onAsk: () => {} };
  return new Conversation(new Client(HERE, { budget, deadline, verify: true }), { ...options, credentials: () => [] });
}

describe('a stranger', () => {
  it('is asked by four at once, and ten times a second', async () => {
    let running = 0;
    let most = 0;
    const port = await portOf((_, response) => {
      running += 1;
      most = Math.max(most, running);
      setTimeout(() => {
        running -= 1;
        response.end('x');
      }, 450);
    });
    const conversation = conversationAt();
    const start = Date.now();
    const url = new URL(`http://shop.example:${port}/`);
    await Promise.all(Array.from({ length: 12 }, () => conversation.ask(get('again', url, { id: 'a' }))));
    await conversation.close();
    expect(most).toBe(PASSIVE.concurrency);
    expect(Date.now() - start).toBeGreaterThanOrEqual((11 * 1000) / PASSIVE.rate);
  });

  it('that fails three times is left alone, and not after two', async () => {
    const port = await portOf((_, response) => response.writeHead(500).end());
    const conversation = conversationAt();
    const url = new URL(`http://shop.example:${port}/`);
    for (const isTroubled of [false, false, true]) {
      await conversation.ask(get('again', url, { id: 'a' }));
      expect(conversation.isTroubled).toBe(isTroubled);
    }
    await conversation.close();
  });

  it('that asks for patience gets it', async () => {
    const seen: number[] = [];
    const port = await portOf((_, response) => {
      seen.push(Date.now());
      response.writeHead(seen.length === 1 ? 429 : 200, { 'Retry-After': '1' }).end();
    });
    const conversation = conversationAt();
    const url = new URL(`http://shop.example:${port}/`);
    for (let times = 0; times < 2; times += 1) await conversation.ask(get('again', url, { id: 'a' }));
    await conversation.close();
    expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

const SECRET = 'canary-0f92be';

describe('a probe that is logged in', () => {
  it('says so where it was sent, and in no crafted request', async () => {
    const told: string[] = [];
    const untold: string[] = [];
    const note = ({ method, url = '', headers }: IncomingMessage): void => {
      (headers['x-secret'] === undefined ? untold : told).push(`${method} ${url}`);
    };
    const port = await portOf((request, response) => {
      note(request);
      response
        .writeHead(request.url === '/account' ? 200 : 404, { 'Content-Type': 'text/html' })
        .end('<!doctype html>');
    });
    const credentials = { headers: [['X-Secret', SECRET]] as const };
    const url = new URL(`http://127.0.0.1:${port}/account`);
    await probe([url], { credentials, active: 'checks', runId: 'a' });
    expect(told).toEqual(['GET /account']);
    expect(untold).toContain('OPTIONS /account');
    expect(untold).toContain('TRACE /');
    expect(untold).toContain('POST /.well-known/audit-probe-a');
    expect(untold).toContain('GET /.env');
    expect(told.length + untold.length).toBeLessThanOrEqual(ACTIVE.requests);
  });
});

describe('a probe with active checks', () => {
  it('stops at its sixty requests where a server leads it on, and says so', async () => {
    let asked = 0;
    const port = await portOf((request, response) => {
      asked += 1;
      const hop = /^\/(\d*)$/.exec(request.url ?? '')?.[1];
      // ten redirects, then a page that has everything a probe looks after
      if (hop !== undefined && Number(hop) < 10) {
        response.writeHead(302, { Location: `/${Number(hop) + 1}` }).end();
      } else if (request.url === '/a.js') {
        response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('0\n//# sourceMappingURL=a.js.map');
      } else {
        response.writeHead(200, { 'Content-Type': 'text/html', 'RateLimit-Limit': '5' });
        response.end('<!doctype html><link rel=stylesheet href=/a.css><script src=/a.js></script>');
      }
    });
    const { requests, gaps } = await probe([new URL(`http://127.0.0.1:${port}/`)], { active: 'checks' });
    expect(ACTIVE.requests).toBe(60);
    expect(requests).toBe(60);
    // Node refuses the oversized header of its own, before anybody counts
    expect(asked).toBe(59);
    expect(gaps).toContainEqual({
      kind: 'capped',
      message: expect.stringMatching(
        /^\d+ requests to 127\.0\.0\.1:\d+ were not sent: the request budget is used up\.$/,
      ),
    });
  });

  it('needs fewer where a server does not', async () => {
    const port = await portOf((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'RateLimit-Limit': '5' });
      response.end('<!doctype html><link rel=stylesheet href=/a.css><script src=/a.js></script>');
    });
    const { requests, gaps } = await probe([new URL(`http://127.0.0.1:${port}/`)], { active: 'checks' });
    expect(requests).toBeLessThan(ACTIVE.requests);
    expect(gaps).toEqual([]);
  });
});

describe('a name with addresses of both kinds', () => {
  it('is asked once over each, and what differs can be told apart', async (context) => {
    const page = (name: string): RequestListener => {
      return (_, response) => response.writeHead(200, { 'Content-Type': 'text/html', 'X-Machine': name }).end('<p>');
    };
    const port = await portOf(page('four'));
    try {
      await portOf(page('six'), '::1', port);
    } catch {
      // this machine has no IPv6
      context.skip();
    }
    const { documents } = await probe([new URL(`http://shop.example:${port}/`)], {
      resolver: async () => ['127.0.0.1', '::1'],
    });
    const textOf = (step: string): string | undefined => documents.find(({ path }) => path.includes(`-${step}.`))?.text;
    expect(textOf('ipv4')).toContain('X-Machine: four');
    expect(textOf('ipv6')).toContain('X-Machine: six');
  });

  it('and one with those of one kind alone, IPv6 too, is not asked again', async (context) => {
    let port = 0;
    try {
      port = await portOf((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'), '::1');
    } catch {
      context.skip();
    }
    const { documents } = await probe([new URL(`http://[::1]:${port}/`)]);
    expect(documents[0]?.text).toContain('HTTP/1.1 200 OK');
    expect(documents.filter(({ path }) => /-ipv[46]\./.test(path))).toEqual([]);
  });
});
