import type { SinkArgument, SinkRow } from './sink.ts';

const at = (...indexes: readonly (number | 'last' | 'all')[]): readonly SinkArgument[] =>
  indexes.map((index) => ({ index }));
const inside = (index: number, ...names: readonly string[]): readonly SinkArgument[] =>
  names.map((name) => ({ index, path: name === '' ? [] : name.split('.') }));

const SQL_TEXT =
  /\b(select|insert\s+into|update|delete\s+from|where|order\s+by|values\s*\(|create\s+table|drop\s+table|alter\s+table|union|exec)\b/i;
const SQL_RECEIVER =
  /^(db|database|pool|conn|connection|client|pg|pgclient|mysql|sqlite|sql|knex|sequelize|tx|trx|datasource|entitymanager|queryrunner|con|dbconn|dbconnection|pgpool|cursor)$/i;

const SQL: readonly SinkRow[] = [
  {
    sink: 'sql',
    label: 'sql',
    from: [
      'mysql', 'mysql2', 'pg', 'pg-pool', 'postgres', '@vercel/postgres', '@neondatabase/serverless', 'mariadb', 'promise-mysql', 'sqlite3', 'sqlite',
      'better-sqlite3', 'node:sqlite', 'sqlite.DatabaseSync', 'mssql', 'tedious', 'oracledb', 'cassandra-driver', 'snowflake-sdk', 'slonik',
      'sequelize', 'sequelize-typescript', 'typeorm', '@nestjs/typeorm', 'pg-promise', 'massive', 'bun', 'libsql', '@libsql/client', '@planetscale/database',
      'pg-native', 'serverless-mysql', 'knex', '@google-cloud/bigquery', '@clickhouse/client', 'alasql', 'sql.js', 'duckdb', 'mysql-promise', '@mikro-orm/core',
    ], // prettier-ignore
    calls: [
      'query', 'execute', 'execSql', 'exec', 'run', 'all', 'get', 'each', 'prepare', 'any', 'one', 'none', 'many', 'oneOrNone', 'manyOrNone',
      'multi', 'result', 'iterate', 'batch', 'unsafe', 'queryStream', 'createQueryJob', 'map', 'simple', 'pluck', 'queryRaw',
    ], // prettier-ignore
    through: /^(?!(alasql|knex|bun)[^a-z].*\.(get|map|all)$)/,
    args: inside(0, '', 'text', 'sql', 'query'),
    text: SQL_TEXT,
    receiver: SQL_RECEIVER,
  },
  {
    sink: 'sql',
    label: 'sql',
    from: ['knex', 'objection', '@mikro-orm/core', '@mikro-orm/knex', 'bookshelf'],
    calls: [
      'raw',
      'whereRaw',
      'orWhereRaw',
      'andWhereRaw',
      'havingRaw',
      'orderByRaw',
      'groupByRaw',
      'joinRaw',
      'fromRaw',
      'selectRaw',
      'distinctOn',
    ],
    args: at(0),
    text: SQL_TEXT,
    receiver: SQL_RECEIVER,
  },
  {
    sink: 'sql',
    label: 'sql',
    calls: ['whereRaw', 'orWhereRaw', 'havingRaw', 'orderByRaw', 'groupByRaw', 'joinRaw'],
    args: at(0),
    receiver: /./,
  },
  {
    sink: 'sql',
    label: 'sql',
    from: ['sequelize', 'sequelize-typescript'],
    calls: ['literal', 'query'],
    args: inside(0, '', 'query'),
  },
  {
    sink: 'sql',
    label: 'sql',
    calls: ['query', 'literal'],
    args: inside(0, '', 'query'),
    receiver: /^(sequelize|orm)$/i,
  },
  {
    sink: 'sql',
    label: 'sql',
    from: ['typeorm', '@nestjs/typeorm'],
    calls: ['where', 'andWhere', 'orWhere', 'having', 'andHaving', 'orHaving', 'select', 'addSelect', 'orderBy', 'addOrderBy', 'groupBy', 'addGroupBy', 'leftJoin', 'innerJoin', 'leftJoinAndSelect', 'innerJoinAndSelect', 'set', 'Raw'], // prettier-ignore
    through: /createQueryBuilder|QueryBuilder|typeorm\.Raw/,
    args: at(0, 1),
  },
  {
    sink: 'sql',
    label: 'sql',
    calls: ['where', 'andWhere', 'orWhere', 'having'],
    args: at(0),
    text: /^[\w.`"]+\s*(=|<|>|like|in)\s*/i,
    receiver: /^(qb|querybuilder|query|builder|createQueryBuilder\(\))$/i,
  },
  {
    sink: 'sql',
    label: 'sql',
    from: ['@prisma/client', 'prisma'],
    calls: ['$queryRawUnsafe', '$executeRawUnsafe', 'raw'],
    args: at(0),
  },
  { sink: 'sql', label: 'sql', calls: ['$queryRawUnsafe', '$executeRawUnsafe'], args: at(0), receiver: /./ },
  { sink: 'sql', label: 'sql', from: ['drizzle-orm', 'kysely', 'postgres', 'slonik', '@databases/sql'], calls: ['raw', 'unsafe', '__dangerous__rawValue'], args: at(0) }, // prettier-ignore
];

const SHELL: readonly SinkRow[] = [
  { sink: 'shell', label: 'shell', from: ['child_process'], calls: ['exec', 'execSync'], args: at(0) },
  {
    sink: 'shell',
    label: 'shell',
    from: ['shelljs', 'node-cmd', 'shell-exec', 'child-process-promise', 'execa', 'child_process_promise', 'promisify-child-process', 'await-exec', 'node-exec-promise', 'exec-sh', 'sudo-prompt', 'node-powershell', 'adm-cmd', 'zx', 'exec-promise', 'npm-run'],
    calls: ['exec', 'run', 'get', 'runSync', '', 'execSync', 'command', 'commandSync', 'execaCommand', 'execaCommandSync', 'invoke', 'asyncExec'],
    through: /^(?!execa$|execa\.(exec|run|get)$|zx$|child-process-promise$)/,
    args: at(0),
  }, // prettier-ignore
  {
    sink: 'shell',
    label: 'shell',
    from: ['child_process', 'cross-spawn', 'execa', 'child-process-promise'],
    calls: ['spawn', 'spawnSync', 'execFile', 'execFileSync', '', 'sync', 'execa', 'execaSync'],
    args: [{ index: 1, path: ['*'] }],
    when: { index: 2, path: ['shell'], is: [true, '/bin/sh', '/bin/bash', 'bash', 'sh', 'cmd.exe', 'powershell.exe'] },
  },
  {
    sink: 'shell',
    label: 'shell',
    from: ['child_process', 'cross-spawn', 'execa', 'child-process-promise'],
    calls: ['spawn', 'spawnSync', 'execFile', 'execFileSync', '', 'sync', 'execa', 'execaSync'],
    args: [{ index: 1, path: ['*'] }],
    when: {
      index: 0,
      is: [
        'sh',
        'bash',
        '/bin/sh',
        '/bin/bash',
        'zsh',
        'cmd',
        'cmd.exe',
        'powershell',
        'powershell.exe',
        '/usr/bin/env bash',
      ],
    },
  },
  {
    sink: 'program',
    label: 'shell',
    from: ['child_process', 'cross-spawn', 'execa', 'child-process-promise'],
    calls: ['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork', 'sync', '', 'execa', 'execaSync'],
    args: at(0),
  },
  {
    sink: 'shell',
    label: 'shell',
    from: ['ssh2', 'node-ssh', 'simple-ssh', 'ssh2-promise'],
    calls: ['exec', 'execCommand', 'shell'],
    args: at(0),
  },
];

const CODE: readonly SinkRow[] = [
  {
    sink: 'code',
    label: 'code',
    from: ['eval', 'Function', 'AsyncFunction', 'GeneratorFunction'],
    calls: [''],
    through: /^\w+$/,
    args: at('all'),
  },
  {
    sink: 'code',
    label: 'code',
    from: ['vm', 'vm2', 'sandbox', 'isolated-vm', 'notevil', 'safe-eval', 'static-eval', 'eval', 'node-eval', 'safer-eval', 'require-from-string', 'module', 'eval5', 'interpreter', 'saferphore', 'jailed'],
    calls: ['runInContext', 'runInNewContext', 'runInThisContext', 'Script', 'SourceTextModule', 'compileFunction', 'run', '', 'eval', 'compileScript', '_compile', 'evaluate'],
    through: /^(?!vm$|vm2$|isolated-vm$|module$)/,
    args: at(0),
  }, // prettier-ignore
  { sink: 'code', label: 'code', from: ['mathjs', 'expr-eval', 'jsonpath-plus', 'math-expression-evaluator', 'filtrex', 'hot-formula-parser'], calls: ['eval', 'evaluate', 'parse', 'compile', 'JSONPath', 'Parser.evaluate', 'compileExpression'], args: at(0) }, // prettier-ignore
  {
    sink: 'code',
    label: 'code',
    from: ['puppeteer', 'playwright', 'puppeteer-core', 'playwright-core', '@playwright/test'],
    calls: ['evaluate', 'evaluateOnNewDocument', 'addInitScript', 'evaluateHandle', 'waitForFunction', '$eval'],
    args: at(0),
  },
  { sink: 'code', label: 'code', from: ['setTimeout', 'setInterval', 'setImmediate'], calls: [''], args: at(0) },
];

const FS_ONE = [
  'readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'createReadStream', 'createWriteStream', 'unlink', 'unlinkSync',
  'rm', 'rmSync', 'rmdir', 'rmdirSync', 'mkdir', 'mkdirSync', 'readdir', 'readdirSync', 'open', 'openSync', 'opendir', 'truncate', 'truncateSync',
  'chmod', 'chmodSync', 'chown', 'cp', 'cpSync', 'remove', 'removeSync', 'emptyDir', 'ensureDir', 'ensureDirSync', 'ensureFile', 'outputFile', 'outputFileSync',
  'outputJson', 'readJson', 'readJSON', 'readJsonSync', 'writeJson', 'writeJSON', 'copy', 'move', 'mkdirp', 'mkdirs', 'readlink', 'lstat', 'stat', 'statSync',
]; // prettier-ignore
const FS_TWO = ['rename', 'renameSync', 'copyFile', 'copyFileSync', 'link', 'linkSync', 'symlink', 'symlinkSync', 'copy', 'copySync', 'move', 'moveSync', 'cp', 'cpSync']; // prettier-ignore
const FS = ['fs', 'fs-extra', 'graceful-fs', 'mz/fs', '@nestjs/common.fs', 'memfs', 'pn/fs', 'fs-jetpack'];

const PATH: readonly SinkRow[] = [
  { sink: 'path', label: 'path', from: FS, calls: FS_ONE.filter((name) => !/^l?stat/.test(name)), args: at(0) },
  { sink: 'path', label: 'path', from: FS, calls: FS_TWO, args: at(0, 1) },
  { sink: 'path', label: 'path', from: ['rimraf', 'del', 'mkdirp', 'make-dir', 'load-json-file', 'write-json-file', 'jsonfile', 'trash', 'tail', 'line-reader'], calls: ['', 'sync', 'rimraf', 'readFile', 'writeFile', 'readFileSync', 'deleteAsync', 'eachLine', 'mkdirp'], args: at(0) }, // prettier-ignore
  {
    sink: 'path',
    label: 'path',
    on: ['express-response'],
    calls: ['sendFile', 'sendfile'],
    args: at(0),
    unless: { index: 1, has: 'root' },
  },
  { sink: 'path', label: 'path', on: ['express-response'], calls: ['download'], args: at(0) },
  { sink: 'path', label: 'path', on: ['express-request', 'fastify-request'], calls: ['mv'], args: at(0) },
  { sink: 'path', label: 'path', calls: ['mv'], args: at(0), receiver: /file|upload|image|avatar|photo|picture/i },
  {
    sink: 'path',
    label: 'path',
    from: ['koa-send', 'send'],
    calls: [''],
    args: at(1),
    unless: { index: 2, has: 'root' },
  },
];

const FILTERS = [
  'find', 'findOne', 'findOneAndUpdate', 'findOneAndDelete', 'findOneAndRemove', 'findOneAndReplace', 'findById', 'findByIdAndUpdate', 'findByIdAndDelete',
  'findByIdAndRemove', 'updateOne', 'updateMany', 'update', 'deleteOne', 'deleteMany', 'remove', 'removeOne', 'removeMany', 'count', 'countDocuments', 'replaceOne', 'exists', 'where',
  'distinct', 'findAndModify', 'aggregate', 'and', 'or', 'nor', 'match',
]; // prettier-ignore
const MONGO = ['mongodb', 'mongoose', 'monk', 'mongoist', 'mongojs', 'marsdb', 'nedb', '@nestjs/mongoose', 'mongodb-client-encryption', '@seald-io/nedb', 'promised-mongo', 'tingodb', 'camo', '@typegoose/typegoose', 'typegoose']; // prettier-ignore
const MODEL = /^([A-Z]\w*|\w*(model|collection|coll?|repo)s?)$/;

const DOCUMENTS: readonly SinkRow[] = [
  {
    sink: 'query-object',
    label: 'object',
    from: MONGO,
    calls: FILTERS,
    args: [{ index: 0, path: ['**'] }],
    receiver: MODEL,
  },
  { sink: 'query-object', label: 'object', from: MONGO, calls: ['distinct'], args: [{ index: 1, path: ['**'] }] },
  {
    sink: 'query-code',
    label: 'code',
    from: MONGO,
    calls: [...FILTERS, '$where'],
    args: inside(0, '$where', '$or.*.$where', '$expr.$function.body'),
    receiver: MODEL,
  },
  {
    sink: 'query-code',
    label: 'code',
    from: MONGO,
    calls: ['aggregate'],
    args: inside(0, '*.$match.$where'),
    receiver: MODEL,
  },
  {
    sink: 'query-code',
    label: 'code',
    from: MONGO,
    calls: ['$where', 'mapReduce', 'group', 'eval'],
    args: at(0, 1),
    receiver: MODEL,
  },
  {
    sink: 'query-code',
    label: 'code',
    from: ['redis', 'ioredis', '@redis/client'],
    calls: ['eval', 'EVAL', 'script'],
    args: at(0),
  },
  {
    sink: 'query-text',
    label: 'query-language',
    from: ['neo4j-driver', 'influx', '@influxdata/influxdb-client', 'gremlin', 'arangojs', 'couchbase', 'ldapjs', 'ldapts', 'activedirectory', 'xpath', 'jsforce', 'n1ql', 'jmespath', 'jsonpath', 'jsonata', 'sparql-http-client', 'fontoxpath', 'libxmljs', 'libxmljs2', 'xmldom'],
    calls: ['run', 'query', 'queryRaw', 'submit', 'search', 'select', 'select1', 'evaluate', 'find', 'queryRows', 'iterateQuery', 'collectRows', '', 'value', 'apply', 'searchUser', 'parse', 'findUsers', 'executeQuery', 'n1ql'],
    args: [...at(0, 1), ...inside(1, 'filter'), ...inside(0, 'filter')],
    through: /^(?!(libxmljs2?|xmldom)\.(?!.*(find|get)$))/,
  }, // prettier-ignore
];

const TEMPLATES: readonly SinkRow[] = [
  {
    sink: 'template',
    label: 'template',
    from: ['ejs', 'pug', 'jade', 'handlebars', 'hbs', 'nunjucks', 'lodash', 'underscore', 'dot', 'eta', 'squirrelly', 'art-template', 'swig', 'swig-templates', 'twig', 'liquidjs', 'dustjs-linkedin', 'hogan.js', 'velocityjs', 'mustache', 'lodash.template', 'doT', 'ect', 'haml', 'hamljs', 'whiskers', 'just', 'marko', 'mote'],
    calls: ['render', 'compile', 'template', 'renderString', 'renderStringAsync', 'parseAndRender', 'parse', 'renderAsync', '', 'precompile', 'fromString', 'compileClient', 'twig', 'parseAndRenderSync', 'Template'],
    through: /^(?!(lodash|underscore|hbs|dot|nunjucks|ejs|pug|handlebars)$|(lodash|underscore)\.(render|compile|parse)|nunjucks\.(.*\.)?(render|parse)$|liquidjs\.parse$)/,
    args: inside(0, '', 'data'),
  }, // prettier-ignore
];

const DATA: readonly SinkRow[] = [
  { sink: 'deserialize', label: 'code', from: ['node-serialize', 'serialize-to-js', 'funcster', 'cryo', 'serialijse', 'node-serialize-js'], calls: ['unserialize', 'deserialize', 'deepDeserialize', 'parse'], args: at(0) }, // prettier-ignore
  { sink: 'deserialize', label: 'code', from: ['v8'], calls: ['deserialize'], args: at(0) },
  {
    sink: 'merge',
    label: 'keys',
    from: ['lodash', 'lodash.merge', 'lodash.defaultsdeep', 'lodash.mergewith', 'deepmerge', 'merge-deep', 'deep-extend', 'extend', 'node.extend', 'merge', 'defaults-deep', '@hapi/hoek', 'hoek', 'mixin-deep', 'assign-deep', 'flat', 'object-path', 'dot-prop', 'dottie', 'set-value', 'lodash.set', 'jquery-extend', 'just-extend', 'deep-assign', 'merge-options', 'unflatten', 'upmerge', 'putil-merge', 'smart-extend', 'aggregate-object', 'merge-objects'],
    calls: ['merge', 'mergeWith', 'defaultsDeep', 'mergewith', 'defaultsdeep', '', 'recursive', 'applyToDefaults', 'unflatten', 'all', 'extend'],
    through: /^(?!lodash$|flat$|@hapi\/hoek$|hoek$|object-path$|dot-prop$|dottie$|set-value$|lodash\.set$|lodash\.extend$)/,
    args: at('all'),
  }, // prettier-ignore
  { sink: 'merge', label: 'property-name', from: ['lodash', 'lodash.set', 'object-path', 'dot-prop', 'dottie', 'set-value', 'underscore'], calls: ['set', 'setWith', 'update', 'setProperty', '', 'zipObjectDeep'], through: /^(?!lodash$|underscore$|object-path$|dot-prop$|dottie$)/, args: at(1) }, // prettier-ignore
  {
    sink: 'record',
    label: 'keys',
    from: [...MONGO, 'sequelize', 'sequelize-typescript', 'typeorm', '@nestjs/typeorm', '@nestjs/sequelize', 'objection', 'bookshelf', '@mikro-orm/core'],
    calls: ['create', 'insert', 'insertOne', 'insertMany', 'build', 'bulkCreate', 'save', 'insertGraph', 'upsertGraph', 'forge'],
    args: at(0),
    receiver: MODEL,
  }, // prettier-ignore
  { sink: 'record', label: 'keys', from: [...MONGO], calls: ['update', 'updateOne', 'updateMany', 'findOneAndUpdate', 'findByIdAndUpdate', 'replaceOne', 'findOneAndReplace'], args: inside(1, '', '$set'), receiver: MODEL }, // prettier-ignore
  {
    sink: 'record',
    label: 'keys',
    from: ['sequelize', 'sequelize-typescript'],
    calls: ['update', 'upsert', 'set'],
    args: at(0),
  },
  { sink: 'record', label: 'keys', from: ['typeorm', '@nestjs/typeorm'], calls: ['update'], args: at(1) },
  {
    sink: 'record',
    label: 'keys',
    from: ['typeorm', '@nestjs/typeorm'],
    calls: ['upsert', 'merge', 'preload'],
    args: at(0, 1),
  },
  { sink: 'record', label: 'keys', from: ['@prisma/client'], calls: ['create', 'update', 'upsert', 'updateMany', 'createMany'], args: inside(0, 'data', 'create', 'update') }, // prettier-ignore
  { sink: 'record', label: 'keys', from: ['knex', 'objection'], calls: ['insert', 'update', 'patch', 'insertAndFetch', 'patchAndFetchById', 'updateAndFetchById', 'patchAndFetch'], args: at(0) }, // prettier-ignore
  { sink: 'record', label: 'keys', from: ['drizzle-orm'], calls: ['values', 'set'], args: at(0) },
  { sink: 'regex', label: 'regex', from: ['RegExp'], calls: [''], args: at(0) },
  {
    sink: 'module',
    label: 'module',
    from: ['require', 'import', 'module.createRequire()', 'require.resolve'],
    calls: ['', 'resolve'],
    args: at(0),
  },
  { sink: 'module', label: 'module', from: ['worker_threads', 'child_process', 'Worker'], calls: ['Worker', 'fork', ''], through: /Worker|fork/, args: at(0) }, // prettier-ignore
  { sink: 'xml', label: 'html', from: ['libxmljs', 'libxmljs2', 'libxslt', 'node-libxml'], calls: ['parseXml', 'parseXmlString', 'parseXmlAsync', 'parse', 'parseHtml', 'fromString'], args: at(0) }, // prettier-ignore
];

const HTTP_CLIENTS = [
  'axios', 'got', 'ky', 'node-fetch', 'undici', 'fetch', 'request', 'request-promise', 'request-promise-native', 'superagent', 'needle', 'bent', 'phin',
  'wreck', '@hapi/wreck', 'cross-fetch', 'isomorphic-fetch', 'make-fetch-happen', 'axios-retry', 'unfetch', 'ofetch', 'popsicle', 'simple-get', 'urllib', 'httpie', 'typed-rest-client', '@nestjs/axios', 'follow-redirects', 'node-libcurl', 'isomorphic-unfetch', 'minimal-request-promise', 'got-fetch', 'centra', 'tiny-json-http', 'cloudscraper', 'download', 'image-downloader', 'open-graph-scraper', 'link-preview-js', 'rss-parser', 'feedparser-promised', 'page-metadata-parser', 'url-metadata', 'unfurl.js', 'ogs',
]; // prettier-ignore
const VERBS = ['', 'get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request', 'fetch', 'stream', 'del', 'all', 'json', '$get', 'default', 'curly', 'concat', 'native', 'parseURL', 'getLinkPreview', 'unfurl', 'image', 'extend', 'jsonp', 'postForm', 'ofetch', 'raw', 'create']; // prettier-ignore

const NETWORK: readonly SinkRow[] = [
  {
    sink: 'url',
    label: 'url-host',
    from: HTTP_CLIENTS,
    calls: VERBS,
    through:
      /^(?!(undici|needle\.stream|superagent|request\.(defaults|jar)|@nestjs\/axios)$|axios\.create$|.*(interceptors|headers|defaults|searchParams)\b)/,
    args: inside(0, '', 'url', 'uri', 'baseURL', 'prefixUrl', 'host', 'hostname'),
  },
  {
    sink: 'url',
    label: 'url-host',
    from: ['axios', 'got', 'ky'],
    calls: ['get', 'create', 'extend', ''],
    args: inside(1, 'baseURL', 'prefixUrl'),
  },
  { sink: 'url', label: 'url-host', from: ['needle'], calls: ['', 'request'], args: at(1) },
  { sink: 'url', label: 'url-host', from: ['http', 'https', 'http2', 'tls'], calls: ['get', 'request', 'connect'], args: inside(0, '', 'host', 'hostname', 'href') }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['puppeteer', 'puppeteer-core', 'playwright', 'playwright-core', 'webdriverio', 'selenium-webdriver', 'phantom'], calls: ['goto', 'url', 'get', 'open'], args: at(0) }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['http-proxy', 'http-proxy-middleware', 'express-http-proxy', 'fast-proxy', '@fastify/http-proxy', 'httpxy', 'redbird'], calls: ['web', 'ws', 'createProxyMiddleware', '', 'proxy', 'createProxyServer'], args: [...inside(2, 'target'), ...inside(0, 'target', '')] }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['html-pdf', 'wkhtmltopdf', 'sharp', 'jimp', 'simple-git', 'isomorphic-git', 'nodegit', 'git-clone'], calls: ['', 'create', 'read', 'clone', 'Clone'], through: /^(?!sharp$|html-pdf|simple-git$)/, args: at(0) }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', on: ['express-response', 'koa-context', 'fastify-reply', 'hapi-toolkit', 'hono-context'], calls: ['redirect'], args: at(0, 1) }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', on: ['express-response'], calls: ['location'], args: at(0) },
  {
    sink: 'redirect',
    label: 'redirect',
    on: ['express-response', 'node-response', 'koa-context', 'fastify-reply', 'hono-context'],
    calls: ['setHeader', 'set', 'header'],
    args: at(1),
    when: { index: 0, is: ['Location', 'location', 'LOCATION', 'Refresh', 'refresh'] },
  },
  { sink: 'redirect', label: 'redirect', on: ['express-response', 'node-response'], calls: ['writeHead'], args: [...inside(1, 'Location', 'location'), ...inside(2, 'Location', 'location')] }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', from: ['next/navigation', '@remix-run/node', 'react-router', '@remix-run/server-runtime'], calls: ['redirect', 'permanentRedirect'], args: at(0) }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', from: ['@sveltejs/kit'], calls: ['redirect'], args: at(1) },
  { sink: 'redirect', label: 'redirect', from: ['next/server', 'Response'], calls: ['redirect'], args: at(0) },
  { sink: 'mail', label: 'header', from: ['nodemailer', '@sendgrid/mail', 'mailgun-js', 'resend', 'postmark'], calls: ['sendMail', 'send', 'sendEmail'], args: inside(0, 'cc', 'bcc', 'envelope', 'headers', 'raw', 'attachments.*.path', 'attachments.*.href') }, // prettier-ignore
];

const PAGES: readonly SinkRow[] = [
  {
    sink: 'html',
    label: 'html',
    on: ['express-response', 'node-response'],
    calls: ['send', 'write', 'end'],
    args: at(0),
  },
  { sink: 'html', label: 'html', on: ['hono-context'], calls: ['html', 'body'], args: at(0) },
  { sink: 'html', label: 'html', on: ['fastify-reply'], calls: ['send'], args: at(0) },
  { sink: 'html', label: 'html', on: ['hapi-toolkit'], calls: ['response'], args: at(0) },
  {
    sink: 'html',
    label: 'html',
    from: ['Response', 'next/server.NextResponse'],
    calls: ['', 'NextResponse'],
    args: at(0),
  },
  { sink: 'html', label: 'html', from: ['puppeteer', 'puppeteer-core', 'playwright', 'html-pdf', 'html-pdf-node', 'pdfkit'], calls: ['setContent', 'create'], args: at(0) }, // prettier-ignore
  {
    sink: 'render-options',
    label: 'keys',
    on: ['express-response', 'koa-context', 'hapi-toolkit'],
    calls: ['render', 'view'],
    args: at(1),
  },
  { sink: 'render-options', label: 'keys', on: ['fastify-reply'], calls: ['view', 'viewAsync'], args: at(1) },
  {
    sink: 'view',
    label: 'path',
    on: ['express-response', 'koa-context', 'hapi-toolkit'],
    calls: ['render', 'view'],
    args: at(0),
  },
];

export const SINKS: readonly SinkRow[] = [
  ...SQL,
  ...SHELL,
  ...CODE,
  ...PATH,
  ...DOCUMENTS,
  ...TEMPLATES,
  ...DATA,
  ...NETWORK,
  ...PAGES,
];
