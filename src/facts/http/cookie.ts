import type { CookieFact, CookieValue, Field, Range } from './http-facts.ts';

/** RFC 6265 §5.2, with places. A line without `=` or without a name is a cookie no browser keeps: undefined. */
export function cookieOf(field: Field): CookieFact | undefined {
  const parts = partsOf(field);
  const pair = parts[0];
  if (!pair) return undefined;
  const equals = pair.text.indexOf('=');
  const name = pair.text.slice(0, Math.max(equals, 0)).trim();
  if (name === '') return undefined;
  const value = unquoted(pair.text.slice(equals + 1).trim());
  const nameStart = pair.start + pair.text.indexOf(name);
  return {
    name,
    value: valueFactOf(value),
    attributes: parts.slice(1).flatMap(({ text, start }) => {
      const split = text.indexOf('=');
      const attribute = (split === -1 ? text : text.slice(0, split)).trim();
      const lead = text.length - text.trimStart().length;
      const at: Range = [start + lead, start + text.trimEnd().length];
      return attribute === ''
        ? []
        : [{ name: attribute.toLowerCase(), value: split === -1 ? '' : text.slice(split + 1).trim(), at }];
    }),
    size: name.length + (maskedLength(value) ?? value.length),
    at: field.at,
    nameAt: [nameStart, nameStart + name.length],
  };
}

function partsOf({ value, valueAt: [offset] }: Field): { text: string; start: number }[] {
  const parts: { text: string; start: number }[] = [];
  let start = 0;
  while (start <= value.length && parts.length < 50) {
    const semicolon = value.indexOf(';', start);
    const end = semicolon === -1 ? value.length : semicolon;
    parts.push({ text: value.slice(start, end), start: offset + start });
    start = end + 1;
  }
  return parts;
}

const unquoted = (value: string): string => (/^".*"$/.test(value) ? value.slice(1, -1) : value);

/** The probe writes `…(64 characters, signed)` in place of a value. */
const MASK = /^(\S{0,40})…\((\d+) characters(?:, ([^)]*))?\)$/;

const maskedLength = (value: string): number | undefined => {
  const mask = MASK.exec(value);
  return mask ? Number(mask[2]) : undefined;
};

function valueFactOf(value: string): CookieValue {
  const mask = MASK.exec(value);
  if (mask) return maskedFactOf(mask[3] ?? '');
  return describedValue(value);
}

function maskedFactOf(words: string): CookieValue {
  const [shape, ...rest] = words.split(', ');
  if (shape === 'jwt') {
    const said = new Map(rest.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
    return {
      shape: 'jwt',
      jwt: {
        alg: said.get('alg') ?? '',
        expires: said.get('expires') === 'yes',
        claims: (said.get('claims') ?? '').split('+').filter((claim) => claim !== ''),
      },
    };
  }
  if (shape === 'signed' || shape === 'opaque' || shape === 'empty') return { shape };
  return { shape: 'plain' };
}

/** What a cookie's value is by its form. */
export function describedValue(value: string): CookieValue {
  if (value === '') return { shape: 'empty' };
  const decoded = percentDecoded(value);
  const jwt = jwtOf(decoded);
  if (jwt) return { shape: 'jwt', jwt };
  if (/^s:.+\.[\w+/=-]{20,}$/.test(decoded)) return { shape: 'signed' };
  if (/^(?:[\da-f]{16,}|(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,})$/i.test(decoded)) return { shape: 'opaque' };
  return { shape: 'plain' };
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function jwtOf(value: string): CookieValue['jwt'] {
  const parts = /^([\w-]{8,})\.([\w-]{2,})\.[\w-]*$/.exec(value);
  const header = parts && jsonObject(parts[1] ?? '');
  const claims = parts && jsonObject(parts[2] ?? '');
  const alg = header?.get('alg');
  if (!claims || typeof alg !== 'string') return undefined;
  return {
    alg: /^[\w-]{1,12}$/.test(alg) ? alg : 'unknown',
    expires: claims.has('exp'),
    claims: [...claims.keys()].filter((name) => /^[\w.-]{1,40}$/.test(name)).slice(0, 30),
  };
}

function jsonObject(base64url: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
