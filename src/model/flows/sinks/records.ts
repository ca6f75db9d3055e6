import { at } from './argument.ts';
import type { SinkRow } from '../sink.ts';

const SECRET_NAMES =
  /^(password|passwd|pwd|passphrase|new_?password|old_?password|current_?password|password_?confirm(ation)?|secret|client_?secret|token|access_?token|refresh_?token|id_?token|api_?key|authorization|set-cookie|ssn|card_?number|credit_?card|cvv|cvc|otp|pin_?code|private_?key)$/i;
const LOG_METHODS = [
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'trace',
  'fatal',
  'verbose',
  'silly',
  'http',
  'notice',
  'success',
  'table',
  'dir',
];

export const RECORDS: readonly SinkRow[] = [
  {
    sink: 'log-secret',
    label: 'secret',
    from: [
      'console',
      'winston',
      'pino',
      'bunyan',
      'log4js',
      'loglevel',
      'signale',
      'consola',
      'tracer',
      'npmlog',
      'debug',
      '@nestjs/common.Logger',
      'roarr',
      'tslog',
      'fastify',
    ],
    calls: [...LOG_METHODS, ''],
    through:
      /^(?!(winston|pino|bunyan|log4js|debug|fastify)$|(winston|pino|bunyan|log4js|tslog)\.\w+$|fastify\((?!.*\blog\.))/,
    args: [{ index: 'all', path: ['**'] }],
    sources: SECRET_NAMES,
    receiver: /^(log|logger|logging|_log|_logger|winston|appLogger|req\.log)$/,
  },
  {
    sink: 'log-secret',
    label: 'secret',
    from: ['fs'],
    calls: ['appendFile', 'appendFileSync'],
    args: [{ index: 1 }],
    sources: SECRET_NAMES,
  },
  {
    sink: 'fast-hash',
    label: 'secret',
    from: ['crypto'],
    calls: ['update'],
    through: /createHash\(\)/,
    args: at(0),
    sources: /pass(word|wd|phrase)?$|^pwd$/i,
  },
  {
    sink: 'fast-hash',
    label: 'secret',
    from: [
      'md5',
      'sha1',
      'sha256',
      'js-md5',
      'js-sha1',
      'js-sha256',
      'blueimp-md5',
      'crypto-js',
      'hash.js',
      'object-hash',
      'ts-md5',
    ],
    calls: ['', 'md5', 'sha1', 'sha256', 'sha512', 'MD5', 'SHA1', 'SHA256', 'SHA512', 'update', 'hashStr', 'hex'],
    args: at(0),
    sources: /pass(word|wd|phrase)?$|^pwd$/i,
  },
];
