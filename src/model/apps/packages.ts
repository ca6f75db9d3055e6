import type { Effect, EffectKind } from './effect.ts';

type Known = Pick<Effect, 'kind'> & Partial<Pick<Effect, 'headers' | 'format'>>;

/** Headers that browsers act on to protect a page, lower case. */
export const SECURITY_HEADERS = [
  'content-security-policy',
  'strict-transport-security',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'cross-origin-embedder-policy',
  'permissions-policy',
  'x-dns-prefetch-control',
  'x-permitted-cross-domain-policies',
  'origin-agent-cluster',
] as const;

/** What helmet writes unless told otherwise. Source: helmet 8, https://helmetjs.github.io */
const HELMET = [
  'content-security-policy',
  'strict-transport-security',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'x-dns-prefetch-control',
  'x-permitted-cross-domain-policies',
  'origin-agent-cluster',
  'x-powered-by',
] as const;

/** Single middlewares of helmet, under their names of now and before. */
export const HELMET_PARTS: Readonly<Record<string, string>> = {
  contentSecurityPolicy: 'content-security-policy',
  strictTransportSecurity: 'strict-transport-security',
  hsts: 'strict-transport-security',
  xFrameOptions: 'x-frame-options',
  frameguard: 'x-frame-options',
  xContentTypeOptions: 'x-content-type-options',
  noSniff: 'x-content-type-options',
  referrerPolicy: 'referrer-policy',
  crossOriginOpenerPolicy: 'cross-origin-opener-policy',
  crossOriginResourcePolicy: 'cross-origin-resource-policy',
  crossOriginEmbedderPolicy: 'cross-origin-embedder-policy',
  originAgentCluster: 'origin-agent-cluster',
  xDnsPrefetchControl: 'x-dns-prefetch-control',
  dnsPrefetchControl: 'x-dns-prefetch-control',
  xDownloadOptions: 'x-download-options',
  ieNoOpen: 'x-download-options',
  xPermittedCrossDomainPolicies: 'x-permitted-cross-domain-policies',
  permittedCrossDomainPolicies: 'x-permitted-cross-domain-policies',
  xPoweredBy: 'x-powered-by',
  hidePoweredBy: 'x-powered-by',
  xXssProtection: 'x-xss-protection',
  xssFilter: 'x-xss-protection',
};

/** Canonical path of the value that is registered → what it does. The first that matches counts. */
const TABLE: readonly (readonly [RegExp, Known])[] = [
  [
    /^(helmet|koa-helmet|@fastify\/helmet|fastify-helmet)(\.(helmet|default|fastifyHelmet))?(\(\))?$/,
    { kind: 'headers', headers: HELMET },
  ],
  [
    /^hono\/secure-headers\.secureHeaders\(\)$/,
    { kind: 'headers', headers: HELMET.filter((name) => name !== 'content-security-policy') },
  ],
  [
    /^@middy\/http-security-headers(\.default)?\(\)$/,
    { kind: 'headers', headers: HELMET.filter((name) => name !== 'content-security-policy') },
  ],
  [/^@middy\/http-cors(\.default)?\(\)$/, { kind: 'cors' }],
  [/^@middy\/validator(\.default)?\(\)$/, { kind: 'validator' }],
  [/^@middy\/http-error-handler(\.default)?\(\)$/, { kind: 'errors' }],
  [/^@middy\/http-\w+-body-parser(\.default)?\(\)$/, { kind: 'body', format: 'any' }],
  [/^(@middy\/[\w-]+|@aws-lambda-powertools\/[\w-]+(\/middleware)?)(\.\w+)?\(\)$/, { kind: 'none' }],
  [
    /^(next-auth\/middleware(\.(default|withAuth))?|@auth0\/nextjs-auth0(\/edge)?\.withMiddlewareAuthRequired)(\(\))?$/,
    { kind: 'auth' },
  ],
  [/^@auth0\/nextjs-auth0\.withApiAuthRequired\(\)$/, { kind: 'auth' }],
  [/^@clerk\/nextjs(\/server)?\.authMiddleware\(\)$/, { kind: 'auth' }],
  [/^@clerk\/nextjs\/server\.clerkMiddleware\(\)$/, { kind: 'identity' }],
  [/^(next-intl\/middleware(\.default)?|next-i18n-router\.\w+)\(\)$/, { kind: 'none' }],
  [/^blankie$/, { kind: 'headers', headers: ['content-security-policy'] }],
  [/^(helmet-csp|express-csp-header|koa-csp)\b.*\(\)$/, { kind: 'headers', headers: ['content-security-policy'] }],
  [/^(hsts|express-enforces-ssl-hsts)\(\)$/, { kind: 'headers', headers: ['strict-transport-security'] }],
  [/^(frameguard|x-frame-options)\(\)$/, { kind: 'headers', headers: ['x-frame-options'] }],
  [/^dont-sniff-mimetype\(\)$/, { kind: 'headers', headers: ['x-content-type-options'] }],
  [/^hide-powered-by\(\)$/, { kind: 'headers', headers: ['x-powered-by'] }],
  [/^lusca(\(\)|\.csrf\(\))$/, { kind: 'csrf' }],
  [/^lusca\.(xssProtection|p3p)\(\)$/, { kind: 'none' }],
  [
    /^(csurf|csrf-csrf\.doubleCsrf\(\)\.doubleCsrfProtection|csrf-sync\.csrfSync\(\)\.csrfSynchronisedProtection|koa-csrf|hono\/csrf\.csrf|tiny-csrf|@dr\.pogodin\/csurf|express-csrf-double-submit-cookie|@hapi\/crumb)(\(\))?$/,
    { kind: 'csrf' },
  ],
  [
    /^(express-rate-limit(\.(rateLimit|default|RateLimit))?|express-slow-down(\.slowDown)?|express-brute\(\)\.(prevent|getMiddleware\(\))|koa-ratelimit|koa2-ratelimit\.RateLimit\.middleware|@fastify\/rate-limit|fastify-rate-limit|hono-rate-limiter\.rateLimiter|hapi-rate-limit(or)?|express-limiter|limitrr|rate-limit|@arcjet\/node|express-throttle|express-throttle-bandwidth|koa-simple-ratelimit|restify\.plugins\.throttle|restify\.throttle|@hono-rate-limiter\/\w+\.\w+|ratelimit-koa)(\(\))?$/,
    { kind: 'limiter' },
  ],
  [/^(@nestjs\/throttler\.ThrottlerGuard)(\(\))?$/, { kind: 'limiter' }],
  [
    /^(body-parser|koa-bodyparser|@koa\/bodyparser|koa-body|koa-body-parsers|koa-better-body|raw-body)(\.\w+)?\(\)$/,
    { kind: 'body', format: 'any' },
  ],
  [/^(express|connect|polka)\.(json|urlencoded|raw|text)\(\)$/, { kind: 'body', format: 'any' }],
  [/^restify\.(plugins\.)?(bodyParser|jsonBodyParser|bodyReader)\(\)$/, { kind: 'body', format: 'any' }],
  [/^hono\/body-limit\.bodyLimit\(\)$/, { kind: 'body', format: 'any' }],
  [/^@fastify\/formbody$/, { kind: 'body', format: 'urlencoded' }],
  [/^(express-xml-bodyparser|body-parser-xml)(\(\))?/, { kind: 'body', format: 'any' }],
  [
    /^(multer(\(\))?\.\w+\(\)|multer\(\)|express-fileupload\(\)|connect-busboy\(\)|express-busboy\b.*|@fastify\/multipart|koa-multer\b.*|@koa\/multer\b.*|express-formidable\(\)|connect-multiparty\(\)|multiparty\b.*)$/,
    { kind: 'upload' },
  ],
  [
    /^(cors|@koa\/cors|kcors|koa2?-cors|kcors|@fastify\/cors|fastify-cors|hono\/cors\.cors|express-cors|restify-cors-middleware2?\(\)\.\w+)(\(\))?$/,
    { kind: 'cors' },
  ],
  [/^(cookie-parser|@fastify\/cookie|fastify-cookie|koa-cookie)(\.default)?(\(\))?$/, { kind: 'cookies' }],
  [
    /^(express-session|cookie-session|koa-session|koa-generic-session|@fastify\/session|fastify-session|@fastify\/secure-session|client-sessions|@hapi\/yar|iron-session\b.*|koa-session2|next-session)(\.default)?(\(\))?$/,
    { kind: 'session' },
  ],
  [
    /^passport\.(initialize|session)\(\)$|^(koa-passport|@fastify\/passport\b.*)\.(initialize|session|secureSession)\(\)$/,
    { kind: 'identity' },
  ],
  [
    /^(koa-passport|passport|@fastify\/passport\.default|@fastify\/passport)\.(authenticate|authorize)\(\)$/,
    { kind: 'auth' },
  ],
  [/^passport\.Passport\(\)\.authenticate\(\)$/, { kind: 'auth' }],
  [
    /^(express-jwt(\.expressjwt|\.jwt)?|koa-jwt|express-basic-auth|koa-basic-auth|express-oauth2-jwt-bearer\.auth|express-openid-connect\.(requiresAuth|auth)|connect-ensure-login\.ensureLoggedIn|ensureLoggedIn|@clerk\/express\.requireAuth|@clerk\/clerk-sdk-node\.ClerkExpressRequireAuth|supertokens-node\/recipe\/session\/framework\/\w+\.verifySession|hono\/(jwt\.jwt|basic-auth\.basicAuth|bearer-auth\.bearerAuth)|@auth0\/\w+\.\w*auth\w*|keycloak-connect\(\)\.protect|express-bearer-token-auth|restify-jwt-community|connect\.basicAuth|express\.basicAuth)\(\)$/,
    { kind: 'auth' },
  ],
  [/^@fastify\/bearer-auth(\.\w+)?$/, { kind: 'auth' }],
  [/^@nestjs\/passport\.AuthGuard\(\)(\(\))?$/, { kind: 'auth' }],
  [
    /^(connect-roles|express-jwt-permissions|accesscontrol-express|express-acl|express-jwt-authz|role-acl)\b.*/,
    { kind: 'role' },
  ],
  [/^express-oauth2-jwt-bearer\.(requiredScopes|claimEquals|claimIncludes)\(\)$/, { kind: 'role' }],
  [
    /^(@clerk\/express\.clerkMiddleware|@clerk\/clerk-sdk-node\.ClerkExpressWithAuth|express-bearer-token)\(\)$/,
    { kind: 'identity' },
  ],
  [
    /^(celebrate\.(celebrate|validate)|express-validation\.validate|express-validation|joi-express|zod-express-middleware\.\w+|express-zod-api\b.*|@hono\/\w+-validator\.\w+|hono\/validator\.validator|express-joi-validation\.createValidator\(\)\.\w+|koa-joi-router|express-openapi-validator\.middleware|express-json-validator-middleware\b.*|swagger-express-validator)(\(\))?$/,
    { kind: 'validator' },
  ],
  [
    /^express-validator(\/check|\/filter)?\.(body|param|query|check|header|cookie|checkSchema|oneOf)\(\)/,
    { kind: 'validator' },
  ],
  [/^(hono\/jwk\.jwk|@hono\/auth-js(\/\w+)?\.verifyAuth|@hono\/oidc-auth\.oidcAuthMiddleware)\(\)$/, { kind: 'auth' }],
  [/^@hono\/clerk-auth\.clerkMiddleware\(\)$/, { kind: 'identity' }],
  [/^hono-openapi(\/\w+)?\.(validator|resolver)\(\)$/, { kind: 'validator' }],
  [
    /^(@scalar\/[\w-]+|@hono\/(swagger-ui|sentry|trpc-server|graphql-server|auth-js|otel|prometheus)|stoker\/middlewares|hono-openapi|hono\/ip-restriction|koa2?-swagger-ui|redoc-express|express-basic-auth-safe|express-list-routes)(\.\w+)*(\(\))?$/,
    { kind: 'none' },
  ],
  [/^express-validator(\/filter)?\.sanitize\w*\(\)/, { kind: 'sanitizer' }],
  [/^trim-request\.\w+(\(\))?$/, { kind: 'sanitizer' }],
  [
    /^(express-expeditious|apicache(\(\))?\.middleware|express-status-monitor|route-cache\.cacheSeconds)\(\)$/,
    { kind: 'none' },
  ],
  [
    /^(express-mongo-sanitize|mongo-sanitize|xss-clean|express-xss-sanitizer\.xss|hpp|express-sanitizer|express-sanitize|@exortek\/express-mongo-sanitize|perfect-express-sanitizer\.clean|koa-mongo-sanitize)(\(\))?$/,
    { kind: 'sanitizer' },
  ],
  [
    /^(errorhandler|api-error-handler|strong-error-handler|express-error-handler|celebrate\.errors|celebrate\.errors\(\)|boom-express|koa-error|koa-onerror|koa-json-error|express-boom|@sentry\/node\.(Handlers\.errorHandler|expressErrorHandler|setupExpressErrorHandler)|@sentry\/node\.Handlers\.errorHandler|express-openapi-validator\.error)(\(\))?$/,
    { kind: 'errors' },
  ],
  [
    /^(express|koa|serve-static|koa-static|koa-mount|ecstatic|st|sirv|serve-index|@fastify\/static|fastify-static|connect|koa-send|serve-favicon|koa-favicon|express-static-gzip|restify\.plugins\.serveStatic\w*|hono\/\w+\.serveStatic|@hono\/node-server\/serve-static\.serveStatic|@hapi\/inert)(\.static)?(\(\))?$/,
    { kind: 'static' },
  ],
  [
    /^(http-proxy-middleware(\.(createProxyMiddleware|legacyCreateProxyMiddleware))?|express-http-proxy|koa-proxies?|koa-better-http-proxy|@fastify\/http-proxy|http-proxy\.createProxyServer\(\)\.\w+|@hapi\/h2o2|koa-http-proxy-middleware|hono\/proxy\.proxy)(\(\))?$/,
    { kind: 'proxy' },
  ],
  [
    /^(compression|shrink-ray(-current)?|koa-compress|@fastify\/compress|hono\/compress\.compress|express-compression|restify\.plugins\.gzipResponse)(\(\))?$/,
    { kind: 'compression' },
  ],
  [
    /^(morgan|pino-http|express-pino-logger|koa-pino-logger|koa-logger|koa-morgan|express-winston\.(logger|errorLogger)|hono\/logger\.logger|express-bunyan-logger|bunyan-middleware|koa-bunyan\w*|winston-express\w*|express-requests-logger|@logtail\/\w+|log4js\.connectLogger|http-log\w*|restify\.plugins\.auditLogger|hono-pino\.\w+|restify\.plugins\.requestLogger)(\.\w+)?(\(\))?$/,
    { kind: 'logging' },
  ],
  [
    /^(@godaddy\/terminus|express-healthcheck|express-actuator|@nestjs\/terminus|lightship|health-checkup|@fastify\/under-pressure|express-status-monitor|fastify-healthcheck)\b.*/,
    { kind: 'health' },
  ],
  [
    /^(express\.(query|response)|feature-policy|permissions-policy|ienoopen|x-xss-protection|response-time|connect-flash|express-flash|method-override|serve-favicon|connect-timeout(\.\w+)?|express-request-id|express-useragent(\.express)?|request-ip\.mw|i18next-http-middleware\.\w+|i18next-express-middleware\.\w+|i18n\.init|@sentry\/node\.(Handlers\.)?\w+|cls-rtracer\.\w+|express-prom-bundle|express-prometheus-middleware|swagger-ui-express\.(serve|setup|serveFiles|serveWithOptions)|express-ejs-layouts|express-http-context\.\w+|correlator\b.*|express-correlation-id|express-status-monitor|koa-conditional-get|koa-etag|koa-response-time|koa-x-request-id|koa-requestid|koa-request-id|koa-json|koa-views|@ladjs\/koa-views|koa-convert|koa-respond|koa-qs|koa-mount|koa-compose|koa-ssl|koa-sslify(\.default)?|express-sslify\.HTTPS|express-force-https|express-async-errors|express-enforces-ssl|express-actuator|express-list-endpoints|@opentelemetry\b.*|dd-trace\b.*|newrelic\b.*|applicationinsights\b.*|vhost|connect-livereload|webpack-dev-middleware|webpack-hot-middleware|connect-history-api-fallback|express-minify|express-minify-html|nocache|no-cache|express-partial-response|express-paginate\.middleware|express-device\.\w+|node-sass-middleware|less-middleware|stylus\.middleware|cookie-encrypter|multer|@fastify\/(sensible|swagger|swagger-ui|env|websocket|view|postgres|mongodb|redis|mysql|jwt|auth|basic-auth|csrf-protection|accepts|etag|circuit-breaker|caching|request-context|one-line-logger|routes|autoload|formbody|url-data|response-validation|middie|express|diagnostics-channel|schedule|awilix|type-provider-\w+)|fastify-plugin|fastify-(swagger|metrics|socket\.io|sensible|cron|jwt|auth|graceful-shutdown|print-routes|raw-body|multer|type-provider-zod)\b.*|hono\/(etag\.etag|pretty-json\.prettyJSON|request-id\.requestId|timing\.timing|timeout\.timeout|trailing-slash\.\w+|powered-by\.poweredBy|language\.\w+|cache\.cache|context-storage\.\w+|method-override\.\w+)|restify\.plugins\.(acceptParser|queryParser|dateParser|fullResponse|requestExpiry|conditionalRequest|jsonp|pre\.\w+|throttle|oauth2TokenParser|authorizationParser)|restify\.(acceptParser|queryParser|dateParser|fullResponse|jsonp|CORS|authorizationParser)|@hapi\/(vision|basic|cookie|jwt|good|bell|nes|glue)|hapi-(swagger|pino|auth-jwt2|auth-basic|auth-bearer-token)|blipp|apollo-server-\w+\b.*|graphql-http\b.*|express-graphql(\.graphqlHTTP)?|@apollo\/server\/express4\.expressMiddleware|@as-integrations\b.*|@trpc\/server\/adapters\/\w+\.\w+|graphql-upload\b.*|graphql-yoga\b.*|better-auth\/node\.toNodeHandler|uploadthing\/express\.\w+|koa-router\(\)\.allowedMethods|@koa\/router\(\)\.allowedMethods|bull-board\b.*|@bull-board\b.*|agendash\b.*|arena\b.*|express-promise-router)(\(\))*(\.\w+\(\))?$/,
    { kind: 'none' },
  ],
];

type PackageEffect = Known & { readonly package: string };

/** Few names are asked for again and again. */
const MAX_KNOWN = 20_000;
const knownEffects = new Map<string, PackageEffect | undefined>();

/** What a value that comes from a package does; undefined for a package nothing is known of. */
export function packageEffect(api: string): PackageEffect | undefined {
  if (knownEffects.has(api)) return knownEffects.get(api);
  if (knownEffects.size > MAX_KNOWN) knownEffects.clear();
  const effect = effectOf(api);
  knownEffects.set(api, effect);
  return effect;
}

function effectOf(api: string): PackageEffect | undefined {
  const part = /^(?:helmet|koa-helmet|lusca)\.(\w+)\(\)$/.exec(api);
  if (part?.[1] !== undefined) {
    const lusca: Readonly<Record<string, string>> = {
      csp: 'content-security-policy',
      xframe: 'x-frame-options',
      nosniff: 'x-content-type-options',
      hsts: 'strict-transport-security',
      referrerPolicy: 'referrer-policy',
    };
    const table = api.startsWith('lusca') ? lusca : HELMET_PARTS;
    const header = Object.hasOwn(table, part[1]) ? table[part[1]] : undefined;
    if (header !== undefined) return { kind: 'headers', headers: [header], package: packageOf(api) };
  }
  for (const [pattern, known] of TABLE) {
    if (!pattern.test(api)) continue;
    const format = /\.(json|urlencoded|raw|text)\(\)$/.exec(api)?.[1] as Effect['format'];
    return { ...known, ...(known.kind === 'body' && format && { format }), package: packageOf(api) };
  }
  // what writes lines or numbers requests protects nothing, whatever it is called in full
  if (/^(@[\w-]+\/)?[\w-]*(log(ger|ging)?|request-?id|response-?time|correlation-?id)(\.\w+)?\(\)$/.test(api))
    return { kind: 'logging', package: packageOf(api) };
  return undefined;
}

/** `@scope/name` or `name` at the start of a canonical path; a folder of the package stays. */
export const packageOf = (api: string): string => /^(@[^/]+\/[^/.()]+|[^/.()]+)/.exec(api)?.[0] ?? api;

/** Effects that a call inside a project's own middleware has on the request, by what is called. */
const CALL_EFFECTS: readonly (readonly [RegExp, EffectKind])[] = [
  [/^rate-limiter-flexible\.\w+\(\)\.(consume|penalty)$/, 'limiter'],
  [/^@upstash\/ratelimit\.Ratelimit\(\)\.limit$/, 'limiter'],
  [/^(jsonwebtoken\.verify|jose\.jwtVerify|passport\.authenticate|jwt-simple\.decode|express-jwt\b.*)$/, 'identity'],
  [
    /^(joi|@hapi\/joi|yup|zod|ajv|valibot|superstruct|class-validator)\b.*\.(validate|validateAsync|parse|parseAsync|safeParse|safeParseAsync|assert)$/,
    'validator',
  ],
  [/^express-validator(\/check)?\.(validationResult|matchedData)$/, 'validator'],
];

const knownCalls = new Map<string, readonly EffectKind[]>();

/** What a call inside a project's own middleware does with the request. */
export function callEffects(api: string): readonly EffectKind[] {
  const known = knownCalls.get(api);
  if (known) return known;
  if (knownCalls.size > MAX_KNOWN) knownCalls.clear();
  const found = CALL_EFFECTS.flatMap(([pattern, kind]) => (pattern.test(api) ? [kind] : []));
  knownCalls.set(api, found);
  return found;
}
