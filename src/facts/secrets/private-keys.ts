import { createPrivateKey } from 'node:crypto';
import { entropyOf } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';

const BEGIN = /-----BEGIN ((?:[A-Z0-9]+ ){0,3})PRIVATE KEY(?: BLOCK)?-----/g;
/** The start of `-----BEGIN ` in base 64. */
const ENCODED_BEGIN = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,20000}={0,2}/g;
const JWK_TYPE = /["']?\bkty["']?\s{0,4}:\s{0,4}["'](RSA|EC|OKP|oct)["']/g;
const PUTTY = /PuTTY-User-Key-File-\d: /g;

const MAX_KEY_LENGTH = 16_384;
/** The shortest real key, Ed25519 in PKCS #8, has 64 characters of base 64. */
const SHORTEST_BODY = 60;

/** Private keys as PEM (also escaped, quoted and joined line by line, or in base 64 once more), JWK and PuTTY files. */
export function privateKeysIn(text: string): readonly SecretFact[] {
  const found: SecretFact[] = [];
  if (text.includes('PRIVATE KEY')) {
    for (const begin of text.matchAll(BEGIN)) {
      const key = pemAt(text, begin.index, begin[0], begin[1]?.trim() ?? '');
      if (key) found.push(key);
    }
  }
  if (text.includes('LS0tLS1CRUdJTi')) {
    for (const { index, 0: encoded } of text.matchAll(ENCODED_BEGIN)) {
      if (!Buffer.from(encoded, 'base64').subarray(0, 60).toString('latin1').includes('PRIVATE KEY')) continue;
      found.push(keyFact(index, index + encoded.length, 'a private key in base 64', 'shaped'));
    }
  }
  if (text.includes('kty')) found.push(...jwksIn(text));
  if (text.includes('PuTTY-User-Key-File-')) {
    for (const { index } of text.matchAll(PUTTY)) {
      const body = /Private-Lines: \d+\r?\n([\s\S]{40,4000}?)\r?\nPrivate-MAC/.exec(
        text.slice(index, index + MAX_KEY_LENGTH),
      );
      if (!body?.[1]) continue;
      const start = index + body.index + body[0].indexOf(body[1]);
      found.push(keyFact(start, start + body[1].length, 'a PuTTY private key', 'shaped'));
    }
  }
  return found;
}

function pemAt(text: string, start: number, begin: string, label: string): SecretFact | undefined {
  const window = text.slice(start, start + MAX_KEY_LENGTH);
  const tail = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(window);
  const nextBegin = window.indexOf('-----BEGIN', begin.length);
  if (!tail || (nextBegin !== -1 && nextBegin < tail.index)) return undefined;
  const body = bodyOf(window.slice(begin.length, tail.index));
  if (body.length < SHORTEST_BODY || entropyOf(body.slice(0, 400)) < 3.5 || /[^A-Za-z0-9+/=]/.test(body)) {
    return undefined;
  }
  const kind = label === '' ? '' : `${label === 'OPENSSH' ? 'OpenSSH' : label === 'ENCRYPTED' ? 'encrypted' : label} `;
  const details = label.startsWith('PGP') || label === 'ENCRYPTED' ? undefined : readKey(label, body);
  const article = /^(?:EC|RSA|OpenSSH|encrypted)/.test(kind) ? 'an' : 'a';
  return {
    ...keyFact(
      start,
      start + tail.index + tail[0].length,
      `${article} ${kind}private key`,
      details === undefined ? 'shaped' : 'verified',
    ),
    masked: `${begin}…${details ? ` (${details})` : ''}`,
    ...(label === 'ENCRYPTED' && { grade: 'high' as const }),
  };
}

/** What is left of a key between its first and last line without escapes, quotes, joins, headers and white space. */
const bodyOf = (between: string): string =>
  between
    .replaceAll(/\\+[nr]/g, '\n')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => !/^\W{0,4}(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash): |^=[A-Za-z0-9+/]{4}$/.test(line))
    .map((line) => line.replace(/["'`][\s+,;\\)]{0,8}$/, '').replace(/^(?:[+,] ?)?["'`]/, ''))
    .join('')
    .replaceAll(/[\s\\]/g, '');

/** Type and size of a key that a decoder accepts. */
function readKey(label: string, body: string): string | undefined {
  if (label === 'OPENSSH') {
    return Buffer.from(body, 'base64').toString('latin1').startsWith('openssh-key-v1') ? 'OpenSSH' : undefined;
  }
  try {
    const lines = body.replaceAll(/(.{64})(?=.)/g, '$1\n');
    const prefix = label === '' ? '' : `${label} `;
    const key = createPrivateKey(
      `-----BEGIN ${prefix}PRIVATE KEY-----\n${lines}\n-----END ${prefix}PRIVATE KEY-----\n`,
    );
    const bits = key.asymmetricKeyDetails?.modulusLength ?? key.asymmetricKeyDetails?.namedCurve;
    return [key.asymmetricKeyType, bits].filter((part) => part !== undefined).join(' ');
  } catch {
    return undefined;
  }
}

/** The private member of JSON Web Keys: `d` of an asymmetric key, `k` of a symmetric one (RFC 7518 §6). */
function jwksIn(text: string): readonly SecretFact[] {
  const found: SecretFact[] = [];
  for (const { index, 1: type } of text.matchAll(JWK_TYPE)) {
    const from = Math.max(0, text.lastIndexOf('{', index));
    const closing = text.indexOf('}', index);
    const object = text.slice(from, closing === -1 ? index + 4096 : Math.min(closing, index + 8192));
    const member = type === 'oct' ? 'k' : 'd';
    const value = new RegExp(`(?:^|[{,\\s])["']?${member}["']?\\s{0,4}:\\s{0,4}["']([A-Za-z0-9_-]{20,1400})["']`).exec(
      object,
    );
    if (!value?.[1] || entropyOf(value[1]) < 3) continue;
    const start = from + value.index + value[0].lastIndexOf(value[1]);
    found.push(keyFact(start, start + value[1].length, 'a private JSON Web Key', 'shaped'));
  }
  return found;
}

const keyFact = (start: number, end: number, name: string, strength: SecretFact['strength']): SecretFact => ({
  start,
  end,
  detector: 'private-key',
  kind: 'private-key',
  name,
  grade: 'critical',
  masked: `…(${end - start} characters)`,
  strength,
});
