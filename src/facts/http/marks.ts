import type { BodyFact, LeakFact, MarkFact } from './http-facts.ts';

/** Bodies are searched this far: what a page leaks it leaks early, and every pattern here is linear. */
const MAX_SEARCHED = 262_144;
const MAX_OF_A_KIND = 3;

const LEAKS: readonly (readonly [LeakFact['kind'], RegExp])[] = [
  // `at name (path:line:column)`, plain, in HTML or inside a JSON string
  [
    'stack-frame',
    /\bat (?:[^\n()<>"\\/]{1,120} )?\(?(?:file:\/\/)?(?:\/|[A-Za-z]:\\{1,2}|node:|app:\/|webpack:\/)[^\s()<>"':]{1,300}:\d{1,6}:\d{1,6}\)?/g,
  ],
  [
    'source-path',
    /(?:file:\/\/)?\/(?:[\w.@+-]{1,60}\/){1,12}node_modules\/[\w.@/-]{1,120}|\/usr\/src\/app\/[\w.@/-]{1,120}/g,
  ],
  [
    'database-error',
    /\b(?:Sequelize\w{0,40}Error|Mongo(?:Server|Network|Bulk)?Error|PrismaClient\w{0,40}Error|QueryFailedError|ER_(?:PARSE_ERROR|BAD_FIELD_ERROR|NO_SUCH_TABLE|DUP_ENTRY|ACCESS_DENIED_ERROR)|SQLITE_(?:ERROR|CONSTRAINT|BUSY|READONLY)\w{0,20}|ORA-\d{5}|SQLSTATE\[?\w{5})/g,
  ],
  ['resolver-trace', /"stacktrace"\s{0,20}:\s{0,20}\[\s{0,20}"/g],
  [
    'private-address',
    /(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\w.])|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.svc\.cluster\.local\b/g,
  ],
];

/** What a body is known by. A mark says only that these words are there. */
const MARKS: readonly (readonly [string, RegExp])[] = [
  ['express-error-page', /<title>Error<\/title>\s{0,9}<\/head>\s{0,9}<body>\s{0,9}<pre>/],
  ['express-cannot', /<pre>Cannot [A-Z]{3,10} /],
  ['express-hidden-error', /<pre>(?:Bad Request|Internal Server Error|Payload Too Large|URI malformed)<\/pre>/],
  ['fastify-not-found', /"message":"Route [A-Z]{3,10}:[^"]{1,300} not found"/],
  ['nest-not-found', /"message":"Cannot [A-Z]{3,10} [^"]{1,300}","error":"Not Found","statusCode":404/],
  ['hapi-not-found', /^\{"statusCode":404,"error":"Not Found","message":"Not Found"\}$/],
  ['koa-not-found', /^Not Found$/],
  ['hono-not-found', /^404 Not Found$/],
  ['next-not-found', /"page":"\/_(?:error|not-found)"|<title>404: This page could not be found/],
  ['next-development', /_next\/webpack-hmr|\/_next\/static\/(?:chunks\/)?development\/|"buildId":"development"/],
  ['vite-client', /\/@vite\/client/],
  ['webpack-dev-server', /webpack-dev-server|__webpack_hmr|sockjs-node/],
  ['react-development', /react(?:-dom)?\.development\.js/],
  ['livereload', /\/livereload\.js|:35729\//],
  ['directory-listing', /<title>(?:Index of \/|listing directory |Directory listing for \/)|<h1>Directory: \//],
  ['challenge-cloudflare', /<title>(?:Just a moment\.\.\.|Attention Required! \| Cloudflare)/],
  [
    'challenge-script',
    /\/cdn-cgi\/challenge-platform\/|_Incapsula_Resource|\/_sec\/cp_challenge|px-captcha|captcha-delivery\.com/,
  ],
  ['parked', /There's nothing here, yet\.|no such app|NoSuchBucket|This domain is parked|DEPLOYMENT_NOT_FOUND/i],
  ['method-overridden', /\bCannot REPORT \/|"Route REPORT:\//],
  ['tls-expected', /The plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port/],
  ['metrics', /^# HELP [\w:]{1,200} [^\n]{0,500}\n# TYPE [\w:]{1,200} /m],
  ['dotenv', /^[A-Z_][A-Z\d_]{1,60}=[^\n]{0,500}\r?\n(?:[^\n]{0,500}\n){0,5}?[A-Z_][A-Z\d_]{1,60}=/m],
  ['git-head', /^(?:ref: refs\/[\w./-]{1,200}|[\da-f]{40})\s{0,3}$/],
  ['git-config', /^\[core\]\s/m],
  ['dockerfile', /^FROM [\w./:@${}-]{1,200}(?: AS [\w-]{1,60})?\s{0,5}$/im],
  ['compose', /^services:\s{0,5}$/m],
  ['npmrc-token', /_authToken\s{0,5}=/],
  ['npm-debug-log', /^0 (?:info|verbose) (?:it worked if it ends with ok|cli )/m],
  [
    'server-source',
    /require\(['"](?:express|fastify|koa|@hapi\/hapi)['"]\)|from ['"](?:express|fastify|koa|@hapi\/hapi|hono)['"]/,
  ],
  ['swagger-ui', /swagger-ui(?:-bundle)?\.(?:js|css)|id="swagger-ui"/],
  ['graphql-ui', /graphql-playground|GraphiQL|embeddable-sandbox\.umd|apollo-server-landing-page/],
  ['status-monitor', /express-status|Express Status/],
  ['bull-board', /<title>Bull Dashboard|bull-board/i],
  ['nginx-status', /^Active connections: \d{1,9}\s{1,5}server accepts handled requests/],
  ['adminer', /<title>[^<]{0,60}Adminer/],
  ['source-map-link', /\/\/[#@] sourceMappingURL=(?!data:)[^\s'"]{1,300}\s{0,5}$/],
  ['source-map', /^\s{0,20}\{[^]{0,2000}"version"\s{0,5}:\s{0,5}3\b/],
  ['source-map-content', /"sourcesContent"\s{0,5}:\s{0,5}\[\s{0,5}"/],
  ['npm-manifest', /^\s{0,20}\{[^]{0,2000}"(?:dependencies|devDependencies|scripts)"\s{0,5}:\s{0,5}\{/],
  ['npm-lockfile', /^\s{0,20}\{[^]{0,500}"lockfileVersion"\s{0,5}:/],
  ['openapi', /^\s{0,20}\{[^]{0,500}"(?:openapi|swagger)"\s{0,5}:\s{0,5}"\d/],
  ['canary', /x-audit-canary\s?:\s?canary-/i],
  ['private-key', /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----/],
];

export function leaksIn(body: string, offset: number): readonly LeakFact[] {
  const searched = body.slice(0, MAX_SEARCHED);
  return LEAKS.flatMap(([kind, pattern]) => {
    const found: LeakFact[] = [];
    for (const match of searched.matchAll(pattern)) {
      const start = offset + match.index;
      found.push({ kind, at: [start, start + match[0].length] });
      if (found.length === MAX_OF_A_KIND) break;
    }
    return found;
  });
}

export function marksIn(body: string, offset: number): readonly MarkFact[] {
  const searched = body.length > MAX_SEARCHED ? body.slice(0, MAX_SEARCHED) : body;
  // a source map is named in the last line, however long the script is
  const tail = body.slice(-1000);
  return MARKS.flatMap(([name, pattern]): MarkFact[] => {
    const text = name === 'source-map-link' ? tail : searched;
    const match = pattern.exec(text);
    if (!match) return [];
    const start = offset + match.index + (text === tail ? body.length - tail.length : 0);
    return [{ name, at: [start, start + match[0].trimEnd().length] }];
  });
}

const NODE_VERSION =
  /\bnodejs_version_info\{[^}\n]{0,200}version="v?(\d{1,3}\.\d{1,3}\.\d{1,3})"|(?:^|\n)Node\.js v(\d{1,3}\.\d{1,3}\.\d{1,3})\b/;

/** What `prom-client` counts, and the last line of a crash. */
export function nodeVersionIn(body: string, offset: number): BodyFact['nodeVersion'] {
  const match = NODE_VERSION.exec(body.slice(0, MAX_SEARCHED));
  if (!match) return undefined;
  const start = offset + match.index + (match[0].startsWith('\n') ? 1 : 0);
  return { text: match[1] ?? match[2] ?? '', at: [start, offset + match.index + match[0].length] };
}
