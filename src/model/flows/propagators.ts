import { isFrom, lastName } from './api-path.ts';

/**
 * How an argument becomes part of a call's result. `same`: the result is the argument. `flat`: the result is made of the
 * argument's text. `deep`: of the text of everything in it. `values`: the result's elements are the argument's
 * properties. `keys`: its elements are the argument's property names. `entries`: pairs of both.
 */
export type Passing = 'same' | 'flat' | 'deep' | 'values' | 'keys' | 'entries' | 'items';

interface Propagator {
  readonly from: readonly string[];
  readonly calls: readonly string[];
  /** Argument positions; all of them by default. */
  readonly args?: readonly number[];
  readonly passing: Passing;
}

const PROPAGATORS: readonly Propagator[] = [
  { from: ['JSON'], calls: ['parse', 'rawJSON'], args: [0], passing: 'flat' },
  {
    from: ['JSON5', 'json5', 'jsonc-parser', 'destr', 'secure-json-parse'],
    calls: ['parse', ''],
    args: [0],
    passing: 'flat',
  },
  {
    from: ['JSON', 'util', 'safe-stable-stringify', 'fast-safe-stringify'],
    calls: ['stringify', 'inspect', ''],
    args: [0],
    passing: 'deep',
  },
  {
    from: [
      'decodeURIComponent',
      'decodeURI',
      'unescape',
      'atob',
      'btoa',
      'String',
      'encodeURI',
      'encodeURIComponent',
      'escape',
      'structuredClone',
      'Object',
    ],
    calls: [''],
    args: [0],
    passing: 'same',
  },
  // a token is read, not verified
  {
    from: ['jsonwebtoken', 'jose', 'jwt-decode'],
    calls: ['decode', 'decodeJwt', 'decodeProtectedHeader', 'jwtDecode', ''],
    args: [0],
    passing: 'flat',
  },
  { from: ['Buffer'], calls: ['from', ''], args: [0], passing: 'flat' },
  { from: ['Buffer'], calls: ['concat'], args: [0], passing: 'deep' },
  { from: ['buffer.Buffer'], calls: ['from'], args: [0], passing: 'flat' },
  {
    from: ['querystring', 'qs', 'query-string', 'url', 'cookie'],
    calls: ['parse', 'decode', 'unescape', 'parseUrl', 'fileURLToPath', 'domainToASCII'],
    args: [0],
    passing: 'flat',
  },
  {
    from: ['querystring', 'qs', 'query-string', 'url'],
    calls: ['stringify', 'encode', 'escape', 'format'],
    args: [0],
    passing: 'deep',
  },
  { from: ['url'], calls: ['resolve'], passing: 'flat' },
  { from: ['URL', 'url.URL'], calls: ['', 'URL'], passing: 'flat' },
  { from: ['Request'], calls: [''], args: [0], passing: 'same' },
  { from: ['URLSearchParams', 'url.URLSearchParams'], calls: ['', 'URLSearchParams'], args: [0], passing: 'flat' },
  {
    from: ['path', 'upath', 'path-browserify', 'pathe'],
    calls: ['join', 'resolve', 'normalize', 'dirname', 'extname', 'basename', 'relative', 'toUnix', 'normalizeSafe'],
    passing: 'flat',
  },
  { from: ['path'], calls: ['parse', 'format'], passing: 'deep' },
  {
    from: ['util', 'sprintf-js', 'printf', 'string-format'],
    calls: ['format', 'sprintf', 'vsprintf', ''],
    passing: 'deep',
  },
  { from: ['Object'], calls: ['assign'], passing: 'same' },
  { from: ['Object'], calls: ['freeze', 'seal', 'preventExtensions', 'create'], args: [0], passing: 'same' },
  { from: ['Object'], calls: ['values'], args: [0], passing: 'values' },
  { from: ['Object'], calls: ['keys', 'getOwnPropertyNames'], args: [0], passing: 'keys' },
  { from: ['Reflect'], calls: ['ownKeys'], args: [0], passing: 'keys' },
  { from: ['Object'], calls: ['entries'], args: [0], passing: 'entries' },
  { from: ['Object'], calls: ['fromEntries'], args: [0], passing: 'deep' },
  { from: ['Array'], calls: ['from', 'of'], passing: 'same' },
  {
    from: ['Promise', 'bluebird', 'q'],
    calls: ['all', 'allSettled', 'race', 'any', 'resolve', 'map', 'props'],
    args: [0],
    passing: 'same',
  },
  { from: ['Set', 'Map', 'Array', 'Headers', 'Map', 'Readable'], calls: ['', 'from'], args: [0], passing: 'same' },
  {
    from: ['lodash', 'underscore', 'lodash-es', 'ramda', 'radash', 'es-toolkit', 'remeda'],
    calls: [
      'clone',
      'cloneDeep',
      'pick',
      'omit',
      'omitBy',
      'pickBy',
      'extend',
      'assign',
      'assignIn',
      'merge',
      'mergeWith',
      'defaults',
      'defaultsDeep',
      'filter',
      'reject',
      'compact',
      'uniq',
      'sortBy',
      'orderBy',
      'reverse',
      'slice',
      'take',
      'drop',
      'concat',
      'union',
      'flatten',
      'flattenDeep',
      'toString',
      'castArray',
      'toArray',
      'identity',
      'chain',
      'fromPairs',
      'mapKeys',
      'tap',
      'first',
      'last',
      'head',
    ],
    passing: 'same',
  },
  {
    from: ['lodash', 'underscore', 'lodash-es', 'ramda', 'es-toolkit'],
    calls: [
      'trim',
      'trimStart',
      'trimEnd',
      'toLower',
      'toUpper',
      'lowerCase',
      'upperFirst',
      'capitalize',
      'startCase',
      'replace',
      'split',
      'join',
      'truncate',
      'padStart',
      'padEnd',
      'repeat',
      'unescape',
      'deburr',
      'lowerFirst',
    ],
    passing: 'deep',
  },
  {
    from: ['lodash', 'underscore', 'lodash-es'],
    calls: ['values', 'get', 'find', 'result', 'map', 'flatMap', 'property'],
    args: [0],
    passing: 'values',
  },
  { from: ['lodash', 'underscore'], calls: ['keys', 'keysIn'], args: [0], passing: 'keys' },
  {
    from: [
      'object-assign',
      'xtend',
      'extend',
      'deepmerge',
      'merge-deep',
      'deep-extend',
      'node.extend',
      'merge',
      'lodash.merge',
      'lodash.clonedeep',
      'defu',
      'clone',
      'klona',
      'rfdc',
    ],
    calls: ['', 'all', 'recursive', 'klona', 'merge', 'clonedeep', 'extend'],
    passing: 'same',
  },
  {
    from: ['validator'],
    calls: ['trim', 'ltrim', 'rtrim', 'stripLow', 'unescape', 'normalizeEmail', 'blacklist', 'escape', 'toString'],
    args: [0],
    passing: 'flat',
  },
  {
    from: ['marked', 'markdown-it', 'showdown', 'remarkable', 'micromark', 'snarkdown', 'commonmark'],
    calls: ['', 'parse', 'render', 'marked', 'makeHtml', 'micromark', 'renderInline'],
    args: [0],
    passing: 'flat',
  },
  {
    from: ['ejs', 'pug', 'handlebars', 'mustache', 'nunjucks', 'lodash', 'dot', 'eta'],
    calls: ['render', 'renderString', 'template', 'compile'],
    args: [0],
    passing: 'flat',
  },
  {
    from: ['iconv-lite', 'he', 'html-entities', 'entities', 'punycode', 'zlib'],
    calls: [
      'decode',
      'unescape',
      'toUnicode',
      'inflateSync',
      'gunzipSync',
      'unzipSync',
      'inflateRawSync',
      'brotliDecompressSync',
    ],
    args: [0],
    passing: 'flat',
  },
];

const BY_NAME: ReadonlyMap<string, readonly Propagator[]> = (() => {
  const groups = new Map<string, Propagator[]>();
  for (const propagator of PROPAGATORS) {
    for (const name of propagator.calls) groups.set(name, [...(groups.get(name) ?? []), propagator]);
  }
  return groups;
})();

export const propagatorOf = (api: string): Pick<Propagator, 'args' | 'passing'> | undefined =>
  BY_NAME.get(lastName(api))?.find(({ from }) => from.some((root) => isFrom(api, root)));

/** Methods of strings, arrays, maps and promises, told by their names where the receiver's kind is unknown. */
export type MethodPassing = 'same' | 'text' | 'element' | 'joined' | 'callback' | 'mapped' | 'reduced';

export const METHODS: ReadonlyMap<string, MethodPassing> = new Map([
  ...of('text', [
    'trim',
    'trimStart',
    'trimEnd',
    'trimLeft',
    'trimRight',
    'toString',
    'toLowerCase',
    'toUpperCase',
    'toLocaleLowerCase',
    'toLocaleUpperCase',
    'substring',
    'substr',
    'replace',
    'replaceAll',
    'normalize',
    'padStart',
    'padEnd',
    'repeat',
    'charAt',
    'split',
    'match',
    'matchAll',
    'toJSON',
    'format',
    'toLocaleString',
    'text',
    'href',
    'toObject',
    'decode',
  ]),
  ...of('same', [
    'slice',
    'concat',
    'filter',
    'reverse',
    'sort',
    'flat',
    'splice',
    'toSorted',
    'toReversed',
    'toSpliced',
    'with',
    'valueOf',
    'catch',
    'finally',
    'values',
    'entries',
    'subarray',
    'lean',
    'clone',
    'unwrap',
    'json',
    'promise',
    'timeout',
  ]),
  ...of('element', ['find', 'findLast', 'pop', 'shift', 'at', 'get', 'getAll', 'next', 'item']),
  ...of('joined', ['join']),
  ...of('callback', ['then', 'map', 'flatMap', 'from']),
  ...of('reduced', ['reduce', 'reduceRight']),
]);

function of(passing: MethodPassing, names: readonly string[]): readonly (readonly [string, MethodPassing])[] {
  return names.map((name) => [name, passing] as const);
}

/** Methods that hand the elements of their object, or the value of a promise, to their callback. */
export const ITERATING = new Set([
  'map',
  'forEach',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'flatMap',
  'each',
  'eachSeries',
  'mapSeries',
  'sort',
]);

/** Methods that put their arguments into their object. */
export const MUTATING = new Set(['push', 'unshift', 'add', 'append', 'set', 'splice', 'enqueue', 'write']);

/** Packages whose results are not made of their arguments: databases, clients, hashes, file systems. */
export const OPAQUE_PACKAGES =
  /^(mysql2?|pg|pg-promise|postgres|sqlite3|better-sqlite3|mssql|tedious|oracledb|knex|sequelize|typeorm|mongoose|mongodb|redis|ioredis|@prisma|prisma|drizzle|kysely|crypto|bcrypt|bcryptjs|bcrypt-nodejs|argon2|scrypt|jsonwebtoken|jose|uuid|nanoid|axios|got|node-fetch|undici|fetch|request|superagent|needle|fs|fs-extra|graceful-fs|child_process|nodemailer|passport|express|fastify|koa|hono|winston|pino|console|debug|process|md5|sha1|sha256|object-hash|ms|@aws-sdk|aws-sdk|stripe|twilio|@nestjs|i18n|i18next|jest|sinon|dns|net|http|https|url-exists|zod|joi|yup|ajv|cookie-parser|multer|bullmq|bull|amqplib|kafkajs|moment|dayjs|luxon|date-fns|chalk|Date|Math|Number|Boolean|Symbol|Error|TypeError|RangeError|Promise|Array|Object|Map|Set|WeakMap|Reflect|Intl|performance|setTimeout|setInterval|setImmediate|require|import|Function|RegExp)(?![\w-])/;
