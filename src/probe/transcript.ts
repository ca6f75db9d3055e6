import type { Document } from '../document/document.ts';
import { writtenCookieValue } from '../document/cookie-value.ts';
import { maskOf } from '../document/mask.ts';
import { escaped } from './escaped.ts';
import type { Answer, Pair, Question, Record } from './exchange.ts';

/** Characters of a body that are written down; the rest is counted only. */
const MAX_BODY = 512 * 1024;
const MAX_VALUE = 8192;
const SECRET_REQUEST_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

/** The record as the text its verdicts are drawn from. `number` makes the path unique and keeps the order. */
export function documentOf(record: Record, number: number, redact: (text: string) => string): Document {
  const step = record.kind === 'http' ? record.question.step : record.handshake.step;
  const text = redact(record.kind === 'http' ? exchangeText(record) : handshakeText(record));
  return {
    path: `live/${String(number).padStart(2, '0')}-${step}.http`,
    text,
    language: 'http',
    tracked: 'untracked',
  };
}

function exchangeText({ question, answer, notes }: Record & { kind: 'http' }): string {
  const secret = new Set(SECRET_REQUEST_HEADERS);
  const lines = [
    ...noteLines([...notes, ...bodyNotes(question, answer)]),
    `${question.method} ${question.url.href} HTTP/1.1`,
    ...question.headers.map(
      ([name, value]) => `${name}: ${secret.has(name.toLowerCase()) ? maskOf(value) : paddingOf(value)}`,
    ),
    '',
    ...(question.body !== undefined && question.size === undefined ? [question.body, ''] : []),
  ];
  if (answer.kind === 'silence')
    return [...lines, `NO ANSWER ${answer.cause} ${answer.detail}`.trimEnd(), ''].join('\n');
  lines.push(`HTTP/1.1 ${String(answer.status).padStart(3, '0')} ${escaped(answer.reason)}`.trimEnd());
  lines.push(...answer.headers.map(headerLine), '');
  return `${lines.join('\n')}\n${bodyText(answer)}`;
}

/** What is sent for its size alone is counted, not written. */
const paddingOf = (value: string): string => (/^x{1000,}$/.test(value) ? `xxxx…(${value.length} bytes)` : value);

function bodyNotes(question: Question, answer: Answer): readonly Pair[] {
  const notes: Pair[] = [];
  if (question.size !== undefined) notes.push(['request-body', `${question.size} bytes`]);
  if (answer.kind !== 'response' || answer.wireBytes === 0) return notes;
  const cut = answer.cut === undefined ? '' : `, cut: ${answer.cut}`;
  notes.push(['body', `${answer.body.length} bytes${cut}`]);
  return notes;
}

function headerLine([name, value]: Pair): string {
  const shown = name.toLowerCase() === 'set-cookie' ? withMaskedValue(value) : value;
  const cut = shown.length > MAX_VALUE ? `${shown.slice(0, MAX_VALUE)}…` : shown;
  return `${escaped(name)}: ${escaped(cut, 'field value')}`;
}

/** A body as text: what is no text is counted, not written. */
function bodyText({ headers, body }: Answer & { kind: 'response' }): string {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].toLowerCase() ?? '';
  if (/^(?:image\/(?!svg)|font\/|audio\/|video\/|application\/(?:octet-stream|zip|gzip|pdf|wasm))/.test(type))
    return '';
  if (body.subarray(0, 1024).includes(0)) return '';
  const charset = /charset\s*=\s*"?(iso-8859-1|latin1|windows-1252|utf-16le)/.exec(type)?.[1];
  const encoding = charset === 'utf-16le' ? 'utf-16le' : charset === undefined ? 'utf-8' : 'windows-1252';
  const text = new TextDecoder(encoding).decode(body.subarray(0, MAX_BODY * 4)).slice(0, MAX_BODY);
  return escaped(text.replaceAll('\r\n', '\n'), 'many lines');
}

function handshakeText({ handshake, notes }: Record & { kind: 'tls' }): string {
  const { url, offer, state, detail, fields } = handshake;
  return [
    ...noteLines(notes),
    `TLS ${url.href} ${offer}`,
    '',
    `TLS ${state} ${detail}`.trimEnd(),
    ...fields.map(([name, value]) => `${name}: ${escaped(value.slice(0, MAX_VALUE))}`),
    '',
  ].join('\n');
}

const noteLines = (notes: readonly Pair[]): readonly string[] =>
  notes.map(([name, value]) => `# ${name}: ${escaped(value)}`);

/** A cookie with a description in the place of its value: `sid=…(64 characters, signed); Path=/`. */
function withMaskedValue(cookie: string): string {
  const semicolon = cookie.indexOf(';');
  const pair = semicolon === -1 ? cookie : cookie.slice(0, semicolon);
  const equals = pair.indexOf('=');
  const value = pair.slice(equals + 1).trim();
  if (equals === -1 || value === '') return cookie;
  const attributes = semicolon === -1 ? '' : cookie.slice(semicolon);
  return `${pair.slice(0, equals)}=${writtenCookieValue(value)}${attributes}`;
}
