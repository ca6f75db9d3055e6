import { at, inside } from './argument.ts';
import type { SinkRow } from '../sink.ts';

const SQL_TEXT =
  /\b(select|insert\s+into|update|delete\s+from|where|order\s+by|values\s*\(|create\s+table|drop\s+table|alter\s+table|union|exec)\b/i;
const SQL_RECEIVER =
  /^(db|database|pool|conn|connection|client|pg|pgclient|mysql|sqlite|sql|knex|sequelize|tx|trx|datasource|entitymanager|queryrunner|con|dbconn|dbconnection|pgpool|cursor)$/i;

export const SQL: readonly SinkRow[] = [
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
    from: ['fastify', '@adonisjs/lucid', 'adonis-lucid', 'Database'],
    calls: ['query', 'execute', 'rawQuery', 'raw', 'whereRaw', 'orderByRaw', 'havingRaw'],
    through: /^fastify\(\).*\.(pg|mysql|mariadb|sqlite|mssql|db)\b|lucid|^Database\./,
    args: inside(0, '', 'text', 'sql'),
  },
  {
    sink: 'sql',
    label: 'sql',
    from: ['@aws-sdk/client-rds-data', '@aws-sdk/client-athena', '@aws-sdk/client-redshift-data'],
    calls: ['ExecuteStatementCommand', 'StartQueryExecutionCommand'],
    args: inside(0, 'sql', 'QueryString', 'Sql'),
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

const FILTERS = [
  'find', 'findOne', 'findOneAndUpdate', 'findOneAndDelete', 'findOneAndRemove', 'findOneAndReplace', 'findById', 'findByIdAndUpdate', 'findByIdAndDelete',
  'findByIdAndRemove', 'updateOne', 'updateMany', 'update', 'deleteOne', 'deleteMany', 'remove', 'removeOne', 'removeMany', 'count', 'countDocuments', 'replaceOne', 'exists', 'where',
  'distinct', 'findAndModify', 'aggregate', 'and', 'or', 'nor', 'match',
]; // prettier-ignore
export const MONGO = ['mongodb', 'mongoose', 'monk', 'mongoist', 'mongojs', 'marsdb', 'nedb', '@nestjs/mongoose', 'mongodb-client-encryption', '@seald-io/nedb', 'promised-mongo', 'tingodb', 'camo', '@typegoose/typegoose', 'typegoose']; // prettier-ignore
export const MODEL = /^([A-Z]\w*|\w*(model|collection|coll?|repo)s?)$/;

export const DOCUMENTS: readonly SinkRow[] = [
  {
    sink: 'query-object',
    label: 'object',
    from: MONGO,
    calls: FILTERS,
    args: [{ index: 0, path: ['**'] }],
    receiver: MODEL,
  },
  {
    sink: 'query-object',
    label: 'object',
    from: MONGO,
    calls: ['equals'],
    through: /\bwhere\(\)\.equals$/,
    args: [{ index: 0, path: ['**'] }],
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
    from: ['neo4j-driver', 'influx', '@influxdata/influxdb-client', 'gremlin', 'arangojs', 'couchbase', 'jsforce', 'n1ql', 'sparql-http-client', 'nano'],
    calls: ['run', 'query', 'queryRaw', 'submit', 'queryRows', 'iterateQuery', 'collectRows', 'executeQuery', 'n1ql', 'select', 'search'],
    args: at(0),
  }, // prettier-ignore
  {
    sink: 'query-text',
    label: 'query-language',
    from: ['ldapjs', 'ldapts', 'activedirectory', 'activedirectory2', 'ldapauth-fork', 'ldap-authentication', '@ldapjs/client'],
    calls: ['search', 'searchPaginated', 'bind', 'add', 'del', 'modify', 'modifyDN', 'compare', 'findUsers', 'findUser', 'findGroups', 'searchUser', 'find', 'parseFilter', 'parse'],
    args: [...at(0), ...inside(1, 'filter'), ...inside(0, 'filter', 'userDn', 'userSearchFilter')],
  }, // prettier-ignore
  {
    sink: 'query-text',
    label: 'query-language',
    from: ['xpath', 'xpath.js', 'fontoxpath', 'jsonata', 'JSONStream', 'xpath-ts'],
    calls: ['select', 'select1', 'evaluate', 'parse', 'evaluateXPath', 'evaluateXPathToNodes', 'evaluateXPathToString', '', 'useNamespaces()'],
    through: /^(?!xpath(-ts)?$|fontoxpath$|JSONStream$)/,
    args: at(0),
  }, // prettier-ignore
  { sink: 'query-text', label: 'query-language', from: ['xpath.js'], calls: [''], args: at(1) },
  { sink: 'query-text', label: 'query-language', from: ['jmespath', 'jsonpath', '@metrichor/jmespath'], calls: ['search', 'query', 'value', 'apply', 'paths', 'nodes', 'parent'], args: at(1) }, // prettier-ignore
  { sink: 'query-text', label: 'query-language', from: ['libxmljs', 'libxmljs2'], calls: ['find', 'get'], through: /\(\)\.(.*\.)?(find|get)$/, args: at(0) }, // prettier-ignore
  {
    sink: 'query-text',
    label: 'query-language',
    from: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'aws-sdk', 'dynamodb'],
    calls: ['ExecuteStatementCommand', 'executeStatement', 'ScanCommand', 'QueryCommand', 'scan', 'query'],
    args: inside(0, 'Statement', 'FilterExpression', 'KeyConditionExpression', 'ProjectionExpression'),
  },
];
