/**
 * What an attacker may put into a value. The string labels say which syntax the text may break out of; a sanitizer
 * clears some of them. `object`: the value may be an object or array of the attacker's making. `keys`: so may the names
 * of its properties. `text`: it may be text of the attacker's making, `long-text`: of any length.
 */
export type Label = StringLabel | 'object' | 'keys' | 'size';

export const STRING_LABELS = [
  'sql',
  'code',
  'shell',
  'argument',
  'path',
  'url-host',
  'url-path',
  'redirect',
  'html',
  'header',
  'regex',
  'log',
  'property-name',
  'query-language',
  'template',
  'module',
  'secret',
  'text',
  'long-text',
] as const;

export type StringLabel = (typeof STRING_LABELS)[number];

/** Characters that make text dangerous; text that cannot hold any of them is harmless. */
/** Of `path` see `clearedByMatch`: without a dot there is no way up either. */
export const META_CHARACTERS: Readonly<Record<StringLabel, string>> = {
  sql: '\'"`;\\=(',
  code: '([`.=;',
  shell: ';&|`$()<>\n \'"\\*?~!{}[]#',
  argument: '-',
  path: '/\\',
  // what has a dot in it is a name of any host
  'url-host': '/\\@:?#.',
  'url-path': '/?#\\',
  redirect: '/\\:',
  html: '<>&"\'',
  header: '\r\n',
  regex: '()[]{}*+?|\\^$',
  log: '\r\n',
  'property-name': '_',
  'query-language': '()*\\\'"/[]{}|&',
  template: '<{$#%',
  module: '/\\.:',
  secret: 'aA0',
  text: 'aA0',
  'long-text': 'aA0',
};
