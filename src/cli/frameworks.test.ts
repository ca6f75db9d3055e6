import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditFlags } from './flags.ts';
import { probeReportOf } from './probe-command.ts';
import { SILENT } from './progress.ts';

/** Real servers of the frameworks the audit knows, on the loopback interface. */
const require = createRequire(import.meta.url);
const FLAGS: AuditFlags = { ignores: true, cache: false, color: false, active: true };
const PAGE = '<!doctype html><html><head><title>Shop</title></head><body>Hello</body></html>';

// Express prints every error it answers
beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function urlOf(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  open.push({ close: () => server.close() && server.closeAllConnections() });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What is found, without notes, and how it is scored. */
async function verdictOf(
  url: string,
): Promise<{ found: readonly string[]; letter: string; passed: readonly string[] }> {
  const { report } = await probeReportOf([url], FLAGS, SILENT);
  const found = report.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
  const passed = report.outcomes.filter(({ status }) => status === 'passed').map(({ rule }) => rule);
  return { found: [...new Set(found)].toSorted(), letter: report.score.letter, passed };
}

async function withNodeEnv<T>(mode: string, run: () => Promise<T>): Promise<T> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = mode;
  try {
    return await run();
  } finally {
    process.env['NODE_ENV'] = before;
  }
}

const EXPRESS = [
  { title: 'Express 4', express: require('express4') },
  { title: 'Express 5', express: require('express5') },
];

describe.each(EXPRESS)('$title', ({ express }) => {
  const helmet = require('helmet');

  it('says in the development mode that it is one, and names itself', async () => {
    await withNodeEnv('development', async () => {
      const app = express();
      app.use(express.json());
      app.get('/', (_: unknown, response: { send: (body: string) => void }) => response.send(PAGE));
      const { found } = await verdictOf(await urlOf(app));
      expect(found).toEqual([
        'config/node-env-not-production-live',
        'exposure/stack-trace-live',
        'headers/csp-missing-live',
        'headers/framing-allowed-live',
        'headers/nosniff-missing-live',
        'headers/powered-by-live',
      ]);
    });
  });

  it('has nothing to answer for with helmet first and in production', async () => {
    await withNodeEnv('production', async () => {
      const app = express();
      app.use(helmet());
      app.use(express.json());
      app.get('/', (_: unknown, response: { send: (body: string) => void }) => response.send(PAGE));
      const { found, letter, passed } = await verdictOf(await urlOf(app));
      expect(found).toEqual([]);
      expect(letter).toBe('A+');
      expect(passed).toContain('config/node-env-not-production-live');
    });
  });

  it('shows helmet that was registered after the routes', async () => {
    await withNodeEnv('production', async () => {
      const app = express();
      app.get('/', (_: unknown, response: { send: (body: string) => void }) => response.send(PAGE));
      app.use(helmet());
      const { found } = await verdictOf(await urlOf(app));
      expect(found).toContain('headers/csp-missing-live');
      expect(found).toContain('headers/powered-by-live');
    });
  });

  it('shows a rate limit that believes whatever it is told of the caller', async () => {
    const { rateLimit } = require('express-rate-limit');
    const limited = async (trust: boolean | number): Promise<readonly string[]> => {
      const app = express();
      app.set('trust proxy', trust);
      app.use(helmet());
      const quiet = { validate: false, standardHeaders: 'draft-8', legacyHeaders: false };
      app.use(rateLimit({ windowMs: 900_000, limit: 500, ...quiet }));
      app.get('/', (_: unknown, response: { send: (body: string) => void }) => response.send(PAGE));
      return (await verdictOf(await urlOf(app))).found;
    };
    expect(await limited(true)).toContain('limits/rate-limit-bypass-live');
    expect(await limited(false)).not.toContain('limits/rate-limit-bypass-live');
  });

  it('shows cors that repeats every origin, and not a list of them', async () => {
    const cors = require('cors');
    const allowed = async (options: unknown): Promise<readonly string[]> => {
      const app = express();
      app.use(helmet());
      app.use(cors(options));
      app.get('/', (_: unknown, response: { json: (body: unknown) => void }) => response.json({ ok: true }));
      return (await verdictOf(await urlOf(app))).found;
    };
    expect(await allowed({ origin: true, credentials: true })).toContain('headers/cors-reflected-live');
    expect(await allowed({ origin: ['https://app.example'], credentials: true })).not.toContain(
      'headers/cors-reflected-live',
    );
  });

  it('shows a session that scripts can read, and the project served as files', async () => {
    const session = require('express-session');
    const app = express();
    app.use(helmet());
    app.use(
      session({ secret: 'only-for-this-test', resave: false, saveUninitialized: true, cookie: { httpOnly: false } }),
    );
    app.get('/', (_: unknown, response: { send: (body: string) => void }) => response.send(PAGE));
    app.use(express.static(new URL('../..', import.meta.url).pathname));
    const { found } = await verdictOf(await urlOf(app));
    expect(found).toContain('auth/cookie-readable-by-scripts-live');
    expect(found).toContain('exposure/files-served-live');
  });
});

describe.each(['platform-express', 'platform-fastify'])('NestJS on @nestjs/%s', (platform) => {
  /** A controller and its module, decorated as TypeScript would. */
  const nestUrl = async (set: (app: { use: (middleware: unknown) => void }) => void): Promise<string> => {
    const { Controller, Get, Module } = require('@nestjs/common');
    const { NestFactory } = require('@nestjs/core');
    class Home {
      home(): object {
        return { ok: true };
      }
    }
    Controller()(Home);
    Get()(Home.prototype, 'home', Object.getOwnPropertyDescriptor(Home.prototype, 'home'));
    class Shop {
      readonly name = 'shop';
    }
    Module({ controllers: [Home] })(Shop);
    const { FastifyAdapter } = platform === 'platform-fastify' ? require('@nestjs/platform-fastify') : {};
    const app = await NestFactory.create(Shop, ...(FastifyAdapter ? [new FastifyAdapter()] : []), { logger: false });
    set(app);
    open.push(app);
    await app.listen(0, '127.0.0.1');
    return `${(await app.getUrl()).replace('[::1]', '127.0.0.1')}/`;
  };

  it('names Express where that is below, and lacks nosniff', async () => {
    const { found } = await verdictOf(await nestUrl(() => {}));
    const named = platform === 'platform-express' ? ['headers/powered-by-live'] : [];
    expect(found).toEqual(['headers/nosniff-missing-live', ...named]);
  });

  it.skipIf(platform === 'platform-fastify')('has nothing to answer for with helmet', async () => {
    const { found, letter } = await verdictOf(await nestUrl((app) => app.use(require('helmet')())));
    expect(found).toEqual([]);
    expect(letter).toMatch(/^A/);
  });
});

describe('frameworks that show no stack by themselves', () => {
  const json = { ok: true };
  const servers: Readonly<Record<string, () => Promise<string>>> = {
    fastify: async () => {
      const app = require('fastify')();
      app.get('/', async () => json);
      open.push(app);
      return `${await app.listen({ port: 0, host: '127.0.0.1' })}/`;
    },
    koa: async () => {
      const Koa = require('koa').default ?? require('koa');
      const app = new Koa();
      app.silent = true;
      app.use(async (context: { path: string; body: unknown }) => {
        if (context.path === '/') context.body = json;
      });
      return urlOf(app.callback());
    },
    hapi: async () => {
      const app = require('@hapi/hapi').server({ port: 0, host: '127.0.0.1' });
      app.route({ method: 'GET', path: '/', handler: () => json });
      await app.start();
      open.push({ close: () => app.stop({ timeout: 0 }) });
      return `${app.info.uri}/`;
    },
    hono: async () => {
      const { Hono } = require('hono');
      const app = new Hono();
      app.get('/', (context: { json: (body: unknown) => unknown }) => context.json(json));
      return urlOf(overFetch((request) => app.fetch(request)));
    },
  };

  it.each(Object.keys(servers))('%s: an API is asked for no page headers, and lacks nosniff alone', async (name) => {
    const { found } = await verdictOf((await servers[name]?.()) ?? '');
    expect(found).toEqual(['headers/nosniff-missing-live']);
  });
});

/** What the production server of Next.js 16 was seen to answer; building one takes longer than all tests here. */
describe('Next.js', () => {
  const nextUrl = (more: Readonly<Record<string, string>>): Promise<string> =>
    urlOf(({ url }, response) => {
      const isHome = url === '/';
      const page = isHome
        ? '<title>Shop</title></head><body><h1>Shop</h1><script>self.__next_f.push([0])</script>'
        : '<title>404: This page could not be found.</title></head><body><h1>404</h1>';
      response.writeHead(isHome ? 200 : 404, {
        Vary: 'rsc, next-router-state-tree, next-router-prefetch, Accept-Encoding',
        'x-nextjs-cache': 'HIT',
        'Cache-Control': isHome ? 's-maxage=31536000' : 'private, no-cache, no-store, max-age=0, must-revalidate',
        ETag: '"bhhu7ck8e92zi"',
        'Content-Type': 'text/html; charset=utf-8',
        ...more,
      });
      response.end(`<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/>${page}</body></html>`);
    });

  it('names itself and protects no page, unless told', async () => {
    const { found } = await verdictOf(await nextUrl({ 'X-Powered-By': 'Next.js' }));
    expect(found).toEqual([
      'headers/csp-missing-live',
      'headers/framing-allowed-live',
      'headers/nosniff-missing-live',
      'headers/powered-by-live',
    ]);
  });

  it('has nothing to answer for with the headers of its configuration', async () => {
    const { found, letter } = await verdictOf(
      await nextUrl({
        'Content-Security-Policy': "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
      }),
    );
    expect(found).toEqual([]);
    expect(letter).toBe('A+');
  });
});

/** node:http for what speaks fetch. */
function overFetch(answer: (request: Request) => Response | Promise<Response>): RequestListener {
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const method = incoming.method === 'TRACE' ? 'GET' : (incoming.method ?? 'GET');
    const request = new Request(`http://127.0.0.1${incoming.url ?? '/'}`, { method });
    void Promise.resolve(answer(request)).then(async (response) => {
      outgoing.writeHead(response.status, [...response.headers].flat());
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    });
  };
}
