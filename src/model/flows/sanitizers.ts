import { isFrom, lastName } from './api-path.ts';
import { STRING_LABELS } from './label.ts';
import type { Label } from './label.ts';

/** A function whose result lacks some labels its argument had. */
export interface Sanitizer {
  /** Packages or globals it comes from. */
  readonly from: readonly string[];
  /** The last part of its path; empty for the package itself. */
  readonly calls: readonly string[];
  readonly clears: 'all' | readonly Label[];
}

const URL_ENCODED: readonly Label[] = [
  'html',
  'url-path',
  'url-host',
  'redirect',
  'header',
  'log',
  'shell',
  'template',
  'argument',
  'regex',
  'query-language',
  'object',
  'keys',
];
const SLUG: readonly Label[] = [...STRING_LABELS.filter((label) => label !== 'property-name'), 'object', 'keys'];

export const SANITIZERS: readonly Sanitizer[] = [
  {
    from: ['Number', 'parseInt', 'parseFloat', 'BigInt', 'Boolean', 'Math', 'Date', 'isNaN'],
    calls: ['', '*'],
    clears: 'all',
  },
  { from: ['JSON', 'util'], calls: ['stringify', 'inspect'], clears: ['log'] },
  { from: ['String'], calls: [''], clears: ['object', 'keys'] },
  { from: ['Buffer', 'buffer.Buffer'], calls: ['from', 'concat'], clears: ['object', 'keys'] },
  { from: ['encodeURIComponent', 'escape'], calls: [''], clears: URL_ENCODED },
  { from: ['querystring', 'qs', 'query-string'], calls: ['escape', 'stringify', 'encode'], clears: URL_ENCODED },
  { from: ['URLSearchParams'], calls: ['toString'], clears: URL_ENCODED },
  { from: ['encodeURI'], calls: [''], clears: ['html', 'header', 'log', 'shell', 'object', 'keys'] },
  {
    from: [
      'escape-html',
      'sanitize-html',
      'xss',
      'striptags',
      'escape-goat',
      'html-escaper',
      'htmlencode',
      'lodash.escape',
    ],
    calls: ['', 'escape', 'filterXSS', 'process', 'htmlEscape', 'htmlEncode', 'escapeHtml'],
    clears: ['html'],
  },
  {
    from: ['he', 'html-entities', 'entities'],
    calls: ['encode', 'escape', 'escapeUTF8', 'encodeHTML', 'encodeXML', 'escapeText', 'encodeNonAsciiHTML'],
    clears: ['html'],
  },
  { from: ['lodash', 'underscore', 'validator'], calls: ['escape'], clears: ['html'] },
  { from: ['handlebars', 'nunjucks', 'mustache'], calls: ['escapeExpression', 'escape'], clears: ['html'] },
  {
    from: ['dompurify', 'isomorphic-dompurify', 'xss-filters', 'hono/html'],
    calls: ['sanitize', '*', 'html'],
    clears: ['html'],
  },
  { from: ['validator'], calls: ['toInt', 'toFloat', 'toBoolean', 'toDate'], clears: 'all' },
  { from: ['validator'], calls: ['whitelist'], clears: SLUG },
  { from: ['mysql', 'mysql2', 'sqlstring', 'sequelize'], calls: ['escape', 'escapeId', 'format'], clears: ['sql'] },
  { from: ['pg-format'], calls: ['', 'ident', 'literal', 'withArray', 'string'], clears: ['sql'] },
  {
    from: ['pg', 'pg-promise', 'postgres'],
    calls: ['escapeLiteral', 'escapeIdentifier', 'format', 'name', 'alias', 'buildFromEntity'],
    clears: ['sql'],
  },
  { from: ['path'], calls: ['basename', 'extname'], clears: ['path', 'module'] },
  {
    from: ['sanitize-filename', 'filenamify', 'path-sanitizer'],
    calls: ['', 'filenamify'],
    clears: ['path', 'module'],
  },
  {
    from: ['slugify', '@sindresorhus/slugify', 'slug', 'speakingurl', 'limax', 'github-slugger'],
    calls: ['', 'slug', 'slugify'],
    clears: SLUG,
  },
  {
    from: ['shell-quote', 'shell-escape', 'shescape', 'any-shell-escape', 'puka'],
    calls: ['', 'quote', 'escape', 'quoteAll', 'escapeAll', 'sh'],
    clears: ['shell'],
  },
  {
    from: ['escape-string-regexp', 'escape-regexp', 'regex-escape', 'regexp.escape', 'lodash.escaperegexp'],
    calls: ['', 'escape', 'escaperegexp'],
    clears: ['regex'],
  },
  { from: ['lodash', 'RegExp'], calls: ['escapeRegExp', 'escape'], clears: ['regex'] },
  {
    from: ['ldap-escape', 'ldapjs', 'ldapts'],
    calls: ['filter', 'dn', 'escape', 'escapeFilter'],
    clears: ['query-language'],
  },
  {
    from: ['mongo-sanitize', 'express-mongo-sanitize', 'mongo-escape'],
    calls: ['', 'sanitize', 'escape'],
    clears: ['object', 'keys'],
  },
  {
    from: ['mongodb', 'mongoose', 'bson'],
    calls: ['ObjectId', 'ObjectID', 'createFromHexString', 'toObjectId'],
    clears: 'all',
  },
  { from: ['content-disposition'], calls: [''], clears: ['header', 'html', 'path'] },
  { from: ['isnumeric', 'lodash.tonumber'], calls: [''], clears: 'all' },
  {
    from: ['lodash'],
    calls: [
      'toNumber',
      'tonumber',
      'toInteger',
      'parseInt',
      'clamp',
      'size',
      'isString',
      'camelCase',
      'kebabCase',
      'snakeCase',
    ],
    clears: 'all',
  },
  { from: ['semver'], calls: ['valid', 'clean', 'coerce'], clears: 'all' },
];

const BY_NAME: ReadonlyMap<string, readonly Sanitizer[]> = (() => {
  const groups = new Map<string, Sanitizer[]>();
  for (const sanitizer of SANITIZERS) {
    for (const name of sanitizer.calls) groups.set(name, [...(groups.get(name) ?? []), sanitizer]);
  }
  return groups;
})();

/** Whether the result of a call lacks a label whatever its arguments are. */
export function sanitizes(api: string, label: Label): boolean {
  const candidates = [...(BY_NAME.get(lastName(api)) ?? []), ...(BY_NAME.get('*') ?? [])];
  return candidates.some(
    ({ from, clears }) =>
      (clears === 'all' ? label !== 'size' || /^(Boolean|isNaN)/.test(api) : clears.includes(label)) &&
      from.some((root) => isFrom(api, root)),
  );
}

/** Functions we cannot see whose names promise something. */
export const promises = (name: string, label: Label): boolean =>
  (label === 'html' && /(escape|sanitiz|purif|clean).*(html|xml)?$|encodeHtml|htmlEncode|stripTags/i.test(name)) ||
  (label === 'sql' &&
    /^(escape|sqlEscape|escapeSql|quote(Ident|Literal)?|escape(Id|Identifier|Literal|String))$/i.test(name)) ||
  (label === 'regex' && /escape.*reg/i.test(name)) ||
  (label === 'shell' && /(escape|quote).*(shell|arg)|shell.*(escape|quote)/i.test(name)) ||
  (label === 'path' && /(sanitiz|clean|safe).*(file|path|name)|slugify|uuid/i.test(name));
