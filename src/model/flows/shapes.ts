/** What an attacker can put into a part of a request: text only, or any data. */
export type SourceKind = 'text' | 'data';

/**
 * Objects frameworks hand to the code that answers requests, and the paths below them that hold what the client sent.
 * `name()` is the result of a method. The first path that is a prefix wins; `clean` paths are nothing a client chooses.
 */
export type Shape = keyof typeof SHAPES;

export interface SourcePath {
  readonly path: readonly string[];
  readonly kind: SourceKind | 'clean';
}

const paths = (kind: SourcePath['kind'], ...list: readonly string[]): readonly SourcePath[] =>
  list.map((path) => ({ path: path === '' ? [] : path.split('.'), kind }));

const UPLOAD = ['originalname', 'originalFilename', 'name', 'mimetype', 'buffer', 'data', 'fieldname', 'encoding'];

const uploads = (...holders: readonly string[]): readonly SourcePath[] =>
  holders.flatMap((holder) => [
    ...paths('text', ...UPLOAD.map((field) => `${holder}.${field}`)),
    ...paths('text', ...UPLOAD.map((field) => `${holder}.*.${field}`)),
    ...paths('text', ...UPLOAD.map((field) => `${holder}.*.*.${field}`)),
  ]);

const NODE_REQUEST: readonly SourcePath[] = [
  ...paths('clean', 'headers.content-length', 'headers.host.length'),
  ...paths('text', 'url', 'headers', 'rawHeaders', 'method', 'headersDistinct', 'stream()'),
];

const FETCH_REQUEST: readonly SourcePath[] = [
  ...paths('data', 'json()', 'formData()'),
  ...paths('text', 'text()', 'arrayBuffer()', 'blob()', 'headers', 'url', 'cookies', 'nextUrl', 'body'),
];

export const SHAPES = {
  'express-request': [
    ...uploads('file', 'files'),
    ...paths('data', 'body', 'query', 'rawBody', 'fields'),
    ...paths('text', 'params', 'cookies', 'originalUrl', 'path', 'hostname', 'host', 'subdomains', 'protocol'),
    ...paths('text', 'get()', 'header()', 'param()', 'baseUrl', 'xhr', 'href()', 'getQuery()', 'getPath()'),
    ...paths('data', 'allParams()', 'pathParams'),
    ...NODE_REQUEST,
  ],
  'express-response': [],
  'node-request': NODE_REQUEST,
  'node-response': [],
  'fastify-request': [
    ...paths('data', 'body', 'parts()', 'file()', 'files()', 'saveRequestFiles()'),
    ...paths('text', 'query', 'params', 'cookies', 'headers', 'url', 'originalUrl', 'hostname', 'host', 'protocol'),
    ...paths('text', 'raw.url', 'raw.headers', 'raw.stream()', 'req.url', 'req.headers'),
  ],
  'fastify-reply': [],
  'koa-context': [
    ...uploads('request.files', 'file', 'files', 'request.file'),
    ...paths('data', 'request.body', 'request.rawBody', 'request.fields'),
    ...paths('text', 'query', 'params', 'querystring', 'search', 'url', 'originalUrl', 'path', 'href', 'host'),
    ...paths('text', 'hostname', 'origin', 'header', 'headers', 'get()', 'cookies.get()', 'captures', 'subdomains'),
    ...paths('text', 'request.query', 'request.querystring', 'request.header', 'request.headers', 'request.url'),
    ...paths('text', 'request.path', 'request.host', 'request.hostname', 'request.href', 'request.get()'),
    ...paths('text', 'request.origin', 'request.search', 'request.params', 'req.url', 'req.headers', 'req.stream()'),
  ],
  'hapi-request': [
    ...paths('data', 'payload'),
    ...paths('text', 'query', 'params', 'headers', 'state', 'path', 'url', 'info.host', 'info.referrer', 'raw.req.url'),
  ],
  'hapi-toolkit': [],
  'hono-context': [
    ...paths('data', 'req.valid()', 'req.json()', 'req.parseBody()', 'req.formData()'),
    ...paths('text', 'req.query()', 'req.queries()', 'req.param()', 'req.header()', 'req.text()', 'req.url'),
    ...paths('text', 'req.path', 'req.raw', 'req.arrayBuffer()', 'req.blob()', 'getCookie()'),
  ],
  'elysia-context': [...paths('data', 'body'), ...paths('text', 'query', 'params', 'headers', 'cookie', 'path')],
  'h3-event': [
    ...paths('data', 'readBody()', 'readFormData()', 'readMultipartFormData()', 'readValidatedBody()'),
    ...paths(
      'text',
      'readRawBody()',
      'getQuery()',
      'getRouterParam()',
      'getRouterParams()',
      'getHeader()',
      'getHeaders()',
    ),
    ...paths('text', 'getRequestHeader()', 'getRequestHeaders()', 'getCookie()', 'parseCookies()', 'getRequestURL()'),
    ...paths(
      'text',
      'getRequestPath()',
      'getRequestHost()',
      'path',
      'node.req.url',
      'node.req.headers',
      'context.params',
    ),
  ],
  'adonis-context': [
    ...paths(
      'data',
      'request.input()',
      'request.all()',
      'request.body()',
      'request.only()',
      'request.except()',
      'request.qs()',
    ),
    ...paths(
      'text',
      'request.param()',
      'request.params()',
      'request.header()',
      'request.headers()',
      'request.url()',
      'params',
    ),
    ...paths('text', 'request.cookie()', 'request.plainCookie()', 'request.raw()', 'request.host()'),
  ],
  /** Arguments of a GraphQL resolver: the schema says which fields there are, scalars are never objects. */
  'graphql-arguments': paths('text', '*.*.*.*', '*.*.*', '*.*', '*', ''),
  /** What resolvers share, and what it is made of. */
  'graphql-context': [
    ...paths('text', 'req.headers', 'req.query', 'req.cookies', 'request.headers', 'headers', 'connectionParams'),
    ...paths('text', 'ctx.headers', 'ctx.query'),
  ],
  'fetch-request': FETCH_REQUEST,
  'fetch-arguments': [...FETCH_REQUEST, ...paths('text', 'params', 'searchParams', 'query')],
  /** The second argument of a Next.js route handler, the props of a page, a loader's argument. */
  'route-context': [
    ...paths('text', 'params', 'searchParams', 'query', 'url', 'cookies', 'req.headers', 'req.url', 'req.cookies'),
    ...FETCH_REQUEST.map(({ path, kind }) => ({ path: ['request', ...path], kind })),
  ],
  'lambda-event': [
    ...paths('clean', 'requestContext.authorizer', 'requestContext.stage', 'requestContext.requestId'),
    ...paths('data', 'arguments'),
    ...paths('text', 'body', 'queryStringParameters', 'multiValueQueryStringParameters', 'pathParameters', 'headers'),
    ...paths('text', 'multiValueHeaders', 'cookies', 'rawPath', 'rawQueryString', 'path', 'isBase64Encoded'),
    ...paths('text', 'requestContext.http.path', 'request.userAttributes', 'Records.*.s3.object.key'),
  ],
  socket: [
    ...paths('data', 'handshake.auth', 'handshake.query'),
    ...paths('text', 'handshake.headers', 'handshake.url'),
  ],
  /** The value itself is what the client sent. */
  data: paths('data', ''),
  text: paths('text', ''),
  /** Entries of an archive that was handed in, or the archive itself. */
  'archive-entry': paths(
    'text',
    '*.entryName',
    '*.fileName',
    'entryName',
    'fileName',
    'path',
    'name',
    'files.*.path',
    'files.*',
    '*.name',
  ),
  /** The name of an entry by itself. */
  'archive-name': paths('text', ''),
  /** What formidable answers: fields and files. */
  form: [...paths('data', '0'), ...uploads('1')],
  /** The header of a token nobody has verified yet. */
  'jwt-header': paths('text', 'kid', 'jku', 'x5u', 'header.kid', 'header.jku'),
  /** What a database yields; a source only where that is asked for. */
  stored: [],
  /** What a language model answers; a source only where that is asked for. */
  model: [],
  /** A value the framework has checked or made itself. */
  clean: [],
  /** Arguments of a tRPC procedure. */
  procedure: paths('data', 'input', 'rawInput', 'ctx.req.headers', 'args', 'params'),
} satisfies Readonly<Record<string, readonly SourcePath[]>>;

/** Whether a pending path lies in what the client sent; `*` in it may be any property. */
export function sourceKindAt(shape: Shape, path: readonly string[]): SourceKind | undefined {
  for (const source of SHAPES[shape] as readonly SourcePath[]) {
    if (!isPrefix(source.path, path)) continue;
    if (source.kind === 'text' && path.slice(source.path.length).filter(isName).length > 1) return undefined;
    return source.kind === 'clean' ? undefined : source.kind;
  }
  return undefined;
}

const FOR_OTHERS: ReadonlySet<string> = new Set(['redirect', 'html']);
const OWN_ADDRESS: ReadonlySet<string> = new Set(['originalUrl', 'path', 'baseUrl', 'rawPath']);
const OWN_HEADERS: ReadonlySet<string> = new Set(
  'headers header rawHeaders headersDistinct multiValueHeaders get() header() req.header() cookies cookie cookies.get() state method hostname host protocol subdomains origin'.split(
    ' ',
  ),
);

/**
 * Whether an attacker can put it into the request of someone else: no link and no form sets headers or cookies, and a
 * redirect to the address that was asked for leads nowhere else.
 */
export const isForged = (path: readonly string[], label: string): boolean =>
  !FOR_OTHERS.has(label) ||
  (!(label === 'redirect' && isOwnPlace(path)) &&
    !path.slice(0, 2).some((part) => OWN_HEADERS.has(part) || (label === 'redirect' && OWN_ADDRESS.has(part))));

/** `request.nextUrl.clone()`: the address that was asked for, unless it is what stands in its query. */
const isOwnPlace = (path: readonly string[]): boolean =>
  path[0] === 'nextUrl' && !path.some((part) => part.startsWith('search'));

/** A text has no properties: behind `params.id` there is nothing more to name. */
const isName = (part: string): boolean => /^[^*[\d]/.test(part) && !part.endsWith('()');

function isPrefix(prefix: readonly string[], path: readonly string[]): boolean {
  if (path.length < prefix.length) return false;
  return prefix.every((part, index) => part === path[index] || part === '*' || (path[index] === '**' && index > 0));
}
