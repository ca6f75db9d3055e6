import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { Document } from '../../document/document.ts';
import { extract as extractData } from '../../facts/data/json.ts';
import { extract } from '../../facts/javascript/extract.ts';
import { modelOf } from '../model.ts';
import type { Apps, Route } from './app.ts';

/**
 * Routes and chains as the model sees them against the frameworks themselves: the same fixture is read by the model and
 * served by the framework, and every middleware writes its name into the answer.
 */
const FIXTURES = new URL('../../../fixtures/routes/', import.meta.url);

function appsOf(name: string, dependencies?: Readonly<Record<string, string>>): Apps {
  const text = readFileSync(new URL(name, FIXTURES), 'utf8');
  const document: Document = { path: name, text, language: 'javascript', tracked: 'tracked' };
  const facts = [{ ...document, ...extract(document) }];
  const wanted = JSON.stringify({ dependencies });
  const manifest: Document = { path: 'package.json', text: wanted, language: 'manifest', tracked: 'tracked' };
  const manifests = dependencies ? [{ ...manifest, ...extractData(manifest) }] : [];
  const model = modelOf({
    facts: (language) => (language === 'javascript' ? facts : language === 'manifest' ? manifests : []) as never,
    files: [{ path: name, tracked: 'tracked', bytes: text.length }],
    today: new Date('2026-11-22'),
    assume: 'service',
  });
  const view = model.view('apps');
  if (view.state !== 'present') throw new Error(view.reason);
  return view.answer;
}

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
const pathFor = (path: string): string => path.replaceAll(/:(\w+)/g, '$1');

/** What each route of the model answers with when the framework serves it: the middleware it went through. */
async function trailsFrom(
  listener: RequestListener,
  routes: readonly Route[],
): Promise<Map<string, readonly string[]>> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const trails = new Map<string, readonly string[]>();
  for (const route of routes) {
    if (route.method === 'HEAD' || route.path === undefined) continue;
    const method = route.method === 'ALL' ? 'POST' : route.method;
    const answer = await fetch(`http://127.0.0.1:${port}${pathFor(route.path)}`, { method });
    trails.set(nameOf(route), (await answer.json()) as readonly string[]);
  }
  server.close();
  return trails;
}

/** The names of the links a request goes through, without its handler and without what takes errors. */
const chainOf = (route: Route): readonly string[] =>
  route.chain.filter(({ forErrors, name }) => !forErrors && /^(?!answer$)\w+$/.test(name)).map(({ name }) => name);

interface ExpressLayer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
  readonly handle: { readonly stack?: readonly ExpressLayer[] };
}

/** `all` is one entry for each method Node.js knows. */
const methodsOf = ({ stack }: { readonly stack: readonly { readonly method?: string }[] }): readonly string[] => {
  const methods = [...new Set(stack.map(({ method }) => method?.toUpperCase() ?? 'ALL'))];
  return methods.length > 20 ? ['ALL'] : methods;
};

/** Counts the routes in the router's own stack, mounted routers included. */
function routesIn(stack: readonly ExpressLayer[]): readonly string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route) return methodsOf(route).map((method) => `${method} ${route.path}`);
    return handle.stack ? routesIn(handle.stack) : [];
  });
}

describe.each(['express4', 'express5'])('%s', (version) => {
  const { routes } = appsOf('express.js');

  it('is seen with all its routes', async () => {
    vi.doMock('express', () => import(version));
    vi.resetModules();
    const { app } = (await import(new URL('express.js', FIXTURES).pathname)) as {
      app: { router: { stack: readonly ExpressLayer[] }; _router?: { stack: readonly ExpressLayer[] } };
    };
    const own = routesIn((version === 'express4' ? app['_router'] : app.router)?.stack ?? []);
    // a route of a mounted router has its path without the prefix
    const seen = routes.map(({ method, path }) => ({ method, path: path ?? '?' }));
    expect(seen.length).toBeGreaterThanOrEqual(30);
    const unmatched = own.filter((each) => {
      const [method = '', path = ''] = each.split(' ');
      const at = seen.findIndex(
        (route) => route.method === method && (route.path === path || route.path.endsWith(path === '/' ? '' : path)),
      );
      if (at >= 0) seen.splice(at, 1);
      return at < 0;
    });
    expect(unmatched).toEqual([]);
    // a router that is mounted at two paths is one stack and two routes each; a mounted application hides its stack
    const hidden = ['GET /api/b', 'GET /api/b/:post', 'GET /sub/inner', 'GET /sub/inner/:deep'];
    expect(seen.map(nameOf).toSorted()).toEqual(hidden);
  });

  it('is seen with the chain each route really has', async () => {
    vi.doMock('express', () => import(version));
    vi.resetModules();
    const { app } = (await import(new URL('express.js', FIXTURES).pathname)) as { app: RequestListener };
    const trails = await trailsFrom(app, routes);
    const chains = new Map(
      routes.filter(({ method }) => method !== 'HEAD').map((route) => [nameOf(route), chainOf(route)]),
    );
    expect(chains).toEqual(trails);
  });
});

const fixture = async <T>(name: string): Promise<T> => (await import(new URL(name, FIXTURES).pathname)) as T;
const namesOf = (routes: readonly Route[]): readonly string[] => routes.map(nameOf).toSorted();
const chainsOf = (routes: readonly Route[]): Map<string, readonly string[]> =>
  new Map(routes.map((route) => [nameOf(route), chainOf(route)]));

interface Polka {
  readonly routes: Readonly<Record<string, readonly (readonly { readonly old: string }[])[]>>;
  readonly apps: Readonly<Record<string, Polka>>;
  readonly handler: RequestListener;
}
/** The routes in the router of a Polka application, and those of the applications mounted on it. */
const polkaRoutes = (app: Polka, base: string): readonly string[] => [
  ...Object.entries(app.routes).flatMap(([method, paths]) =>
    paths.map(([first]) => {
      const path = `${base}/${first?.old ?? ''}`.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
      return `${method === '*' ? 'ALL' : method} ${path}`;
    }),
  ),
  ...Object.entries(app.apps).flatMap(([path, inner]) => polkaRoutes(inner, `${base}${path}`)),
];
interface Restify {
  readonly router: { readonly getRoutes: () => Readonly<Record<string, { readonly method: string; path: string }>> };
  readonly server: Server;
}

describe.each([
  ['polka', '^0.5.2', ({ app }: { app: Polka }) => ({ own: polkaRoutes(app, ''), listener: app.handler })],
  [
    'restify',
    '^11.1.0',
    ({ server }: { server: Restify }) => ({
      own: Object.values(server.router.getRoutes()).map(nameOf),
      listener: listenerOf(server.server),
    }),
  ],
] as const)('%s', (name, version, servedBy) => {
  const { routes } = appsOf(`${name}.js`, { [name]: version });

  it('is seen with all its routes, each with the chain it really has', async () => {
    const { own, listener } = servedBy(await fixture<never>(`${name}.js`));
    expect(own.length).toBeGreaterThanOrEqual(30);
    expect(namesOf(routes)).toEqual(own.toSorted());
    expect(chainsOf(routes.filter(({ method }) => method !== 'HEAD'))).toEqual(await trailsFrom(listener, routes));
  });
});

describe('koa', () => {
  const { routes } = appsOf('koa.js');
  interface KoaFixture {
    readonly app: { callback: () => RequestListener };
    readonly routers: readonly { stack: readonly { path: string; methods: readonly string[] }[] }[];
  }

  it('is seen with all its routes', async () => {
    const { routers } = await fixture<KoaFixture>('koa.js');
    const own = routers.flatMap(({ stack }) =>
      stack.flatMap(({ path, methods }) =>
        methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path.replace(/(.)\/$/, '$1')}`),
      ),
    );
    expect(own.length).toBeGreaterThanOrEqual(30);
    expect(namesOf(routes)).toEqual(own.toSorted());
  });

  it('is seen with the chain each route really has', async () => {
    const { app } = await fixture<KoaFixture>('koa.js');
    expect(chainsOf(routes)).toEqual(await trailsFrom(app.callback(), routes));
  });
});

describe('hono', () => {
  const { routes } = appsOf('hono.js');
  interface HonoFixture {
    readonly app: {
      readonly routes: readonly { method: string; path: string; handler: { readonly name: string } }[];
      readonly fetch: never;
    };
  }

  it('is seen with all its routes', async () => {
    const { app } = await fixture<HonoFixture>('hono.js');
    const isHandler = ({ handler }: { readonly handler: { readonly name: string } }): boolean =>
      handler.name === 'answer';
    const own = app.routes.filter(isHandler).map(({ method, path }) => `${method} ${path}`);
    expect(own.length).toBeGreaterThanOrEqual(30);
    expect(namesOf(routes)).toEqual(own.toSorted());
  });

  it('is seen with the chain each route really has', async () => {
    const { app } = await fixture<HonoFixture>('hono.js');
    const { getRequestListener } = await import('@hono/node-server');
    expect(chainsOf(routes)).toEqual(await trailsFrom(getRequestListener(app.fetch), routes));
  });
});

describe('fastify', () => {
  const { routes } = appsOf('fastify.js');
  interface FastifyFixture {
    readonly app: {
      ready: () => Promise<void>;
      routing: RequestListener;
      hasRoute: (route: { method: string; url: string }) => boolean;
      printRoutes: (options: object) => string;
    };
  }

  it('is seen with all its routes', async () => {
    const { app } = await fixture<FastifyFixture>('fastify.js');
    await app.ready();
    expect(routes.length).toBeGreaterThanOrEqual(30);
    expect(routes.filter(({ method, path }) => !hasRoute(app, method, path ?? ''))).toEqual([]);
    expect(namesOf(routes)).toEqual(printedRoutes(app.printRoutes({ commonPrefix: false })));
  });

  it('is seen with the chain each route really has', async () => {
    const { app } = await fixture<FastifyFixture>('fastify.js');
    await app.ready();
    expect(chainsOf(routes)).toEqual(await trailsFrom(app.routing, routes));
  });
});

describe('hapi', () => {
  const { routes } = appsOf('hapi.js');
  interface HapiFixture {
    readonly server: {
      readonly table: () => readonly { readonly method: string; readonly path: string }[];
      readonly inject: (request: { method: string; url: string }) => Promise<{ readonly result: readonly string[] }>;
    };
  }
  /** Strategies answer by their own name; what options ask for has no function that could. */
  const stepsOf = (route: Route): readonly string[] =>
    chainOf({ ...route, chain: route.chain.map((link) => ({ ...link, name: link.name.replace(/^auth: /, '') })) });

  it('is seen with all its routes', async () => {
    const { server } = await fixture<HapiFixture>('hapi.js');
    const own = server.table().map(({ method, path }) => `${method === '*' ? 'ALL' : method.toUpperCase()} ${path}`);
    expect(own.length).toBeGreaterThanOrEqual(30);
    expect(namesOf(routes)).toEqual(own.toSorted());
  });

  it('is seen with the chain each route really has', async () => {
    const { server } = await fixture<HapiFixture>('hapi.js');
    for (const route of routes) {
      const url = (route.path ?? '').replaceAll(/\{(\w+)[*?]?\}/g, '$1');
      const method = route.method === 'ALL' ? 'POST' : route.method;
      const { result } = await server.inject({ method, url });
      expect([nameOf(route), stepsOf(route)]).toEqual([nameOf(route), result]);
    }
  });
});

/** What a server that does not listen would do with a request. */
const listenerOf =
  (server: Server): RequestListener =>
  (request, response) =>
    void server.emit('request', request, response);

describe('node:http', () => {
  const { routes } = appsOf('http.js');
  /** Node.js keeps no list of routes: these were read off the handler by hand. */
  const OWN = [
    'GET /',
    'GET /static/*',
    'POST /login',
    'POST /register',
    'GET /users',
    'POST /users',
    'GET /users/:1',
    'PUT /users/:1',
    'PATCH /users/:1',
    'DELETE /users/:1',
    'GET /things',
    'POST /things',
    'GET /things/first',
    'ALL /admin/one',
    'ALL /admin/two',
    'ALL /admin/three',
    'ALL /admin/four',
    'POST /late',
    'GET /a',
    'GET /b',
    'GET /c',
    'GET /d',
    'GET /orders/:order/lines/:2',
    'GET /reports',
    'POST /reports',
    'DELETE /reports',
    'PUT /reports/daily',
    'GET /reports/daily',
    'GET /reports/weekly',
    'GET /reports/monthly',
  ];

  it('is seen with all its routes', () => {
    expect(OWN.length).toBeGreaterThanOrEqual(30);
    expect(namesOf(routes)).toEqual(OWN.toSorted());
  });

  it('is seen with the chain each route really has', async () => {
    const { server } = await fixture<{ readonly server: Server }>('http.js');
    const trails = await trailsFrom(listenerOf(server), routes);
    // the last that is named answers, too
    const own = new Map(routes.map((route) => [nameOf(route), chainOf(route)]));
    expect(own).toEqual(trails);
  });
});

const ADAPTERS = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};

describe.each(Object.entries(ADAPTERS))('nest on %s', (_, adapterOf) => {
  const { routes } = appsOf('nest.ts');
  interface NestFixture {
    readonly build: (
      logger: unknown,
      adapter: unknown,
    ) => Promise<{
      readonly init: () => Promise<unknown>;
      readonly getHttpServer: () => Server;
      readonly getHttpAdapter: () => { readonly getInstance: () => { readonly ready?: () => Promise<unknown> } };
    }>;
  }

  /** `Mapped {/api/users, GET} (version: 1,2) route`: how NestJS tells of each route. */
  const mapped = (line: string): readonly string[] => {
    const [, path = '', method = '', versions] =
      /^Mapped \{(\S+), ([A-Z]+)\}(?: \(version: (\S+)\))? route$/.exec(line) ?? [];
    const below = path.startsWith('/api') ? path.slice('/api'.length) : path;
    return (versions ?? 'Neutral').split(',').map((version) => {
      const inner = version === 'Neutral' ? '' : `/v${version}`;
      return `${method} ${path === below ? '' : '/api'}${inner}${below}`;
    });
  };

  it('is seen with all its routes', async () => {
    const { build } = await fixture<NestFixture>('nest.ts');
    const own: string[] = [];
    const log = (line: unknown): void => {
      if (typeof line === 'string' && line.startsWith('Mapped')) own.push(...mapped(line));
    };
    const app = await build({ log, error: log, warn: log }, await adapterOf());
    await app.init();
    expect(own.length).toBeGreaterThanOrEqual(30);
    expect(namesOf(routes)).toEqual(own.toSorted());
  });

  it('is seen with the chain each route really has', async () => {
    const { build } = await fixture<NestFixture>('nest.ts');
    const app = await build(false, await adapterOf());
    await app.init();
    await app.getHttpAdapter().getInstance().ready?.();
    const steps = new Map(
      routes.map((route) => [nameOf(route), chainOf({ ...route, chain: route.chain.slice(0, -1) })]),
    );
    expect(steps).toEqual(await trailsFrom(listenerOf(app.getHttpServer()), routes));
  });
});

/** A plugin's route `/` exists with and without the final slash. */
const hasRoute = (
  app: { hasRoute: (route: { method: string; url: string }) => boolean },
  method: string,
  path: string,
): boolean => app.hasRoute({ method, url: path }) || app.hasRoute({ method, url: `${path}/` });

/** The tree of `printRoutes`: four columns for each level, each line a piece of the path: `│   └── :id (GET, HEAD)`. */
function printedRoutes(tree: string): readonly string[] {
  const found = new Set<string>();
  const pieces: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', piece = '', methods = ''] = /^(.*)── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    const depth = Math.floor(indent.length / 4);
    pieces.splice(depth, pieces.length, piece);
    const path = pieces.join('').replace(/(.)\/$/, '$1');
    for (const method of methods.split(', ')) if (method !== 'HEAD' && method !== '') found.add(`${method} ${path}`);
  }
  return [...found].toSorted();
}
