import type { Pair, Question } from './exchange.ts';

/** An origin no site has (RFC 6761): whoever lets it in lets everybody in. */
export const FOREIGN_ORIGIN = 'https://audit-probe.invalid';

/** What one run calls itself and its made-up paths; owners can filter their logs by it. */
export interface Run {
  readonly id: string;
}

export const commonHeaders = ({ id }: Run): readonly Pair[] => [
  ['Accept', 'text/html,application/json;q=0.9,*/*;q=0.8'],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['User-Agent', 'seaworthy-probe/1'],
  ['X-Audit-Probe', id],
];

export function get(step: string, url: URL, run: Run, more: readonly Pair[] = []): Question {
  return { step, method: 'GET', url, headers: [...commonHeaders(run), ...more] };
}

/** The other scheme of the asked host; undefined where it has no port of its own. */
export function siblingOf(asked: URL): Question['url'] | undefined {
  const sibling = new URL('/', asked);
  if (asked.protocol === 'https:') {
    if (asked.port !== '') return undefined;
    sibling.protocol = 'http:';
  } else {
    // on a port of its own the service may speak TLS just there
    sibling.protocol = 'https:';
    sibling.port = asked.port === '' ? '' : asked.port;
  }
  return sibling;
}

/** What is asked of every origin, besides the URL itself, its redirects and its sibling: safe requests, crafted or not. */
export const originSteps = (page: URL, run: Run): readonly Question[] => [
  get('missing', new URL(`/audit-probe-${run.id}`, page), run),
  get('missing-script', new URL(`/audit-probe-${run.id}.js`, page), run),
  get('foreign-origin', page, run, [['Origin', FOREIGN_ORIGIN]]),
  {
    step: 'preflight',
    method: 'OPTIONS',
    url: page,
    headers: [
      ...commonHeaders(run),
      ['Origin', FOREIGN_ORIGIN],
      ['Access-Control-Request-Method', 'PUT'],
      ['Access-Control-Request-Headers', 'content-type'],
    ],
  },
  get('security-txt', new URL('/.well-known/security.txt', page), run),
  get('robots', new URL('/robots.txt', page), run),
];

/** The first script and the first style sheet of the page's own origin. */
export function assetsOf(html: string, page: URL): { script?: URL; style?: URL } {
  const script = firstLink(html, /<script\b[^>]{0,500}?\ssrc\s{0,5}=\s{0,5}["']?([^"'\s>]{1,500})/gi, page);
  const style = firstLink(
    html,
    /<link\b[^>]{0,500}?\shref\s{0,5}=\s{0,5}["']?([^"'\s>]{1,500}\.css[^"'\s>]{0,200})/gi,
    page,
  );
  return { ...(script && { script }), ...(style && { style }) };
}

function firstLink(html: string, pattern: RegExp, page: URL): URL | undefined {
  for (const [, link = ''] of html.slice(0, 256 * 1024).matchAll(pattern)) {
    if (!URL.canParse(link, page.href)) continue;
    const url = new URL(link, page);
    if (url.origin === page.origin) return url;
  }
  return undefined;
}

/** Paths that no deployment serves on purpose, or only inside. Each is one GET of its first two kilobytes. */
const EXPOSED = [
  '/.env',
  '/.env.production',
  '/.git/HEAD',
  '/.git/config',
  '/package.json',
  '/package-lock.json',
  '/Dockerfile',
  '/docker-compose.yml',
  '/.npmrc',
  '/server.js',
  '/app.js',
  '/node_modules/.package-lock.json',
  '/npm-debug.log',
  '/static/',
  '/uploads/',
  '/metrics',
  '/health',
  '/healthz',
  '/readyz',
  '/livez',
  '/api-docs/',
  '/docs',
  '/swagger.json',
  '/openapi.json',
  '/status',
  '/nginx_status',
  '/admin/queues',
  '/adminer',
  '/json/list',
] as const;

const KIBIBYTE = 1024;
const INTROSPECTION = '{__schema{queryType{name}}}';

/** Opt-in: more GETs, one TRACE, one malformed POST to a made-up path, one GraphQL query. */
export function activeSteps(page: URL, run: Run): readonly Question[] {
  const madeUp = new URL(`/.well-known/audit-probe-${run.id}`, page);
  const origins: readonly (readonly [string, string])[] = [
    ['origin-null', 'null'],
    ['origin-suffix', `https://${page.hostname}.audit-probe.invalid`],
    ['origin-prefix', `https://audit-probe${page.hostname}`],
    ['origin-http', `http://${page.hostname}`],
  ];
  return [
    { ...get('bad-json', madeUp, run, [['Content-Type', 'application/json']]), method: 'POST', body: '{"x":' },
    get('bad-escape', new URL('/%ff', page), run),
    { ...get('method-override', madeUp, run, [['X-HTTP-Method-Override', 'REPORT']]), method: 'POST' },
    get('header-size', page, run, [['X-Audit-Padding', 'x'.repeat(64 * KIBIBYTE)]]),
    { ...get('trace', new URL('/', page), run, [['X-Audit-Canary', `canary-${run.id}`]]), method: 'TRACE' },
    ...origins.map(([step, origin]) => get(step, page, run, [['Origin', origin]])),
    get('forwarded-host', page, run, [['X-Forwarded-Host', 'audit-probe.invalid']]),
    ...EXPOSED.map((path) => get('exposed', new URL(path, page), run, [['Range', 'bytes=0-2047']])),
    get('graphql', new URL(`/graphql?query=${encodeURIComponent(INTROSPECTION)}`, page), run),
    {
      ...get('graphql-post', new URL('/graphql', page), run, [['Content-Type', 'application/json']]),
      method: 'POST',
      body: JSON.stringify({ query: INTROSPECTION }),
    },
  ];
}

/** Sent one after the other where the page names a rate limit: does the caller's own word choose whom it counts? */
export const forwardedForSteps = (page: URL, run: Run): readonly Question[] => [
  get('rate-before', page, run),
  get('forwarded-for', page, run, [['X-Forwarded-For', '203.0.113.77']]),
];

/** Bytes of body: what Express, then Fastify, Koa and hapi take unless told otherwise, and well above. */
const LADDER = [64 * KIBIBYTE, 128 * KIBIBYTE, 1100 * KIBIBYTE, 5200 * KIBIBYTE] as const;

/** Sent one after the other until one is refused, to a path that does not exist. */
export const bodyLadderSteps = (page: URL, run: Run, path?: string): readonly Question[] =>
  LADDER.map((size) => ({
    ...get('body-limit', new URL(path ?? `/.well-known/audit-probe-${run.id}`, page), run, [
      ['Content-Type', 'application/json'],
    ]),
    method: 'POST',
    size,
  }));

export const BURST = { requests: 120, most: 300 } as const;
export const SLOW_HEADERS = { everyMs: 2000, forMs: 130_000 } as const;
