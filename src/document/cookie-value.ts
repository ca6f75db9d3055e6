/** What a cookie's value looks like; never the value. */
export interface CookieValue {
  readonly shape: 'empty' | 'jwt' | 'signed' | 'opaque' | 'plain';
  /** Of a JWT, as far as it says them without a key: `alg`, whether it expires, names of its claims. */
  readonly jwt?: { readonly alg: string; readonly expires: boolean; readonly claims: readonly string[] };
}

export function cookieValueOf(value: string): CookieValue {
  if (value === '') return { shape: 'empty' };
  const decoded = percentDecoded(value);
  const jwt = jwtOf(decoded);
  if (jwt) return { shape: 'jwt', jwt };
  if (/^s:.+\.[\w+/=-]{20,}$/.test(decoded)) return { shape: 'signed' };
  const isRandom = /^(?:[\da-f]{16,}|(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,})$/i.test(decoded);
  return { shape: isRandom ? 'opaque' : 'plain' };
}

/** How it is written down: `…(64 characters, signed)`. */
export function writtenCookieValue(value: string): string {
  const { shape, jwt } = cookieValueOf(value);
  const said = jwt ? `, alg=${jwt.alg}, expires=${jwt.expires ? 'yes' : 'no'}, claims=${jwt.claims.join('+')}` : '';
  return `…(${value.length} characters, ${shape}${said})`;
}

const WRITTEN = /^…\((\d{1,9}) characters(?:, ([^)]*))?\)$/;

/** What was written down, read again; undefined where it is a value itself. */
export function readCookieValue(written: string): (CookieValue & { readonly characters: number }) | undefined {
  const match = WRITTEN.exec(written);
  if (!match) return undefined;
  const characters = Number(match[1]);
  const [shape = '', ...rest] = (match[2] ?? '').split(', ');
  if (shape === 'signed' || shape === 'opaque' || shape === 'empty') return { shape, characters };
  if (shape !== 'jwt') return { shape: 'plain', characters };
  const said = new Map(rest.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const claims = (said.get('claims') ?? '').split('+').filter((claim) => claim !== '');
  return { shape, characters, jwt: { alg: said.get('alg') ?? '', expires: said.get('expires') === 'yes', claims } };
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
