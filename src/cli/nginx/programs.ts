import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { GOOD } from './deployment.ts';
import type { Deployment } from './deployment.ts';

const require = createRequire(import.meta.url);

interface Incoming extends IncomingMessage {
  readonly protocol: string;
  readonly hostname: string;
  readonly get: (name: string) => string | undefined;
}
interface Outgoing extends ServerResponse {
  readonly send: (body: string) => void;
  readonly json: (body: unknown) => void;
  readonly redirect: (url: string) => void;
  readonly set: (name: string, value: string) => Outgoing;
}
type Handler = (request: Incoming, response: Outgoing) => void;
type Application = RequestListener & {
  readonly disable: (setting: string) => void;
  readonly set: (setting: string, value: unknown) => void;
  readonly use: (middleware: unknown) => void;
  readonly get: (path: string, handler: Handler) => void;
};

const PAGE = '<!doctype html><title>Shop</title>';
const showing: Handler = (_, response) => response.send(PAGE);

/** Express 5, which does not name itself, and what it answers at `/`. */
const express =
  (home: Handler, setUp: (app: Application) => void = () => {}): (() => RequestListener) =>
  () => {
    const app: Application = require('express5')();
    app.disable('x-powered-by');
    setUp(app);
    app.get('/', home);
    return app;
  };

const counting = (trust: boolean | number): ((app: Application) => void) => {
  return (app) => {
    app.set('trust proxy', trust);
    app.use(require('express-rate-limit').rateLimit({ windowMs: 900_000, limit: 500, validate: false }));
  };
};

interface KoaContext {
  readonly path: string;
  body: unknown;
  status: number;
}

/** A Koa that takes no notice of its errors. */
const koa = (answer: (context: KoaContext) => void): (() => RequestListener) => {
  return () => {
    const Koa = require('koa').default ?? require('koa');
    const app = new Koa();
    app.silent = true;
    app.use(async (context: KoaContext) => answer(context));
    return app.callback();
  };
};

const NAMED_BY_CALLER = 'proxy_set_header Host $host; proxy_set_header X-Forwarded-For $http_x_forwarded_for;';

/** Programs and an nginx that do not fit together. */
export const PROGRAMS: readonly Deployment[] = [
  {
    title: 'a program that trusts the one proxy in front',
    block: GOOD,
    active: true,
    program: express(showing, counting(1)),
    finds: [],
  },
  {
    title: 'a program that believes everybody',
    block: GOOD,
    active: true,
    program: express(showing, counting(true)),
    passed: NAMED_BY_CALLER,
    finds: ['limits/rate-limit-bypass-live'],
  },
  {
    title: 'a program that does not know of TLS',
    block: GOOD,
    program: express((request, response) =>
      request.url === '/'
        ? response.redirect(`${request.protocol}://${request.get('host')}/login`)
        : response.send(PAGE),
    ),
    finds: ['transport/redirect-downgrade'],
  },
  {
    title: 'a page that names whatever host the caller names',
    block: GOOD,
    active: true,
    program: express(
      (request, response) => response.send(`${PAGE}<link rel="canonical" href="https://${request.hostname}/">`),
      (app) => app.set('trust proxy', true),
    ),
    finds: ['exposure/host-header-reflected-live'],
  },
  {
    title: 'a program that does not learn its host',
    block: GOOD,
    passed: ' ',
    program: express((request, response) =>
      response.send(`${PAGE}<script src="http://${request.get('host')}/app.js"></script>`),
    ),
    finds: ['headers/integrity-missing-live', 'headers/mixed-content'],
  },
  {
    title: 'frames forbidden by one and allowed by the other',
    block: [...GOOD, 'add_header X-Frame-Options DENY always;'],
    program: express((_, response) => response.set('X-Frame-Options', 'SAMEORIGIN').send(PAGE)),
    finds: ['headers/header-conflict-live'],
  },
  {
    title: 'isolation said twice',
    block: [...GOOD, 'add_header Cross-Origin-Opener-Policy same-origin always;'],
    program: express((_, response) => response.set('Cross-Origin-Opener-Policy', 'same-origin').send(PAGE)),
    finds: ['headers/policy-syntax-live'],
  },
  {
    title: 'every origin allowed twice',
    block: [...GOOD, 'add_header Access-Control-Allow-Origin * always;'],
    program: express((_, response) => response.set('Access-Control-Allow-Origin', '*').json({ ok: true })),
    finds: ['headers/cors-broken-live'],
  },
  {
    title: 'sessions out of the cache of nginx',
    block: [...GOOD, 'add_header X-Cache-Status $upstream_cache_status always;'],
    passed: 'proxy_cache shared; proxy_cache_valid 200 10m; proxy_ignore_headers Set-Cookie Cache-Control;',
    program: express((_, response) =>
      response
        .set('Cache-Control', 'no-store')
        .set('Set-Cookie', 'sid=3f9ab6c1; Secure; HttpOnly; SameSite=Lax')
        .send(PAGE),
    ),
    finds: ['auth/cookie-cached'],
  },
  {
    title: 'a cookie larger than a browser keeps',
    block: GOOD,
    passed: 'proxy_buffer_size 16k; proxy_buffers 4 16k;',
    program: express((_, response) =>
      response.set('Set-Cookie', `cart=${'x'.repeat(5000)}; Secure; HttpOnly; SameSite=Lax`).send(PAGE),
    ),
    finds: ['auth/cookie-rejected'],
  },
  {
    title: 'Koa that serves its own folder',
    block: GOOD,
    active: true,
    program: koa((context) => {
      if (context.path === '/') context.body = PAGE;
      if (context.path === '/package.json') context.body = { name: 'shop', dependencies: { koa: '^3.0.0' } };
    }),
    finds: ['exposure/files-served-live'],
  },
  {
    title: 'a folder listed as hapi lists it',
    block: GOOD,
    active: true,
    program: koa((context) => {
      if (context.path === '/') context.body = PAGE;
      if (context.path === '/static/')
        context.body =
          '<html><head><title>/static/</title></head><body><h1>Directory: /static/</h1><ul><li><a href="/static/a.txt">a.txt</a></li></ul></body></html>';
    }),
    finds: ['exposure/debug-ui-live'],
  },
  {
    title: 'an error that shows where it was thrown',
    block: GOOD,
    program: koa((context) => {
      context.body = PAGE;
      if (context.path === '/') return;
      context.status = 500;
      context.body = { error: 'no such table', stack: 'Error: no such table\n    at query (/srv/shop/db.js:12:9)' };
    }),
    finds: ['exposure/stack-trace-live'],
  },
];
