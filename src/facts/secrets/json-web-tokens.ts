import { maskOf } from '../../document/mask.ts';
import type { SecretFact, SecretGrade } from './secret-fact.ts';

const JWT = /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{4,8000}\.[\w-]{16,1500}(?![\w-])/g;

/** Signed JSON Web Tokens (RFC 7519). One nobody signed opens nothing. */
export function jsonWebTokensIn(text: string): readonly SecretFact[] {
  if (!text.includes('eyJ')) return [];
  const found: SecretFact[] = [];
  for (const { index, 0: token } of text.matchAll(JWT)) {
    const [header, payload] = token.split('.').map(objectOf);
    if (!header || !payload || typeof header['alg'] !== 'string' || header['alg'] === 'none') continue;
    if (payload['sub'] === '1234567890') continue; // the sample of jwt.io
    found.push({
      start: index,
      end: index + token.length,
      detector: 'json-web-token',
      kind: 'jwt',
      masked: maskOf(token, 'eyJ'),
      strength: 'verified',
      ...describedBy(payload),
    });
  }
  return found;
}

function describedBy(payload: Readonly<Record<string, unknown>>): {
  name: string;
  grade: SecretGrade;
  mode?: 'public';
  expires?: number;
} {
  const expires = typeof payload['exp'] === 'number' ? { expires: payload['exp'] } : {};
  const role = payload['role'];
  if (role === 'anon') return { name: 'a public (anon) JWT', grade: 'info', mode: 'public', ...expires };
  if (role === 'service_role') return { name: 'a Supabase service_role JWT', grade: 'critical', ...expires };
  if (role === 'admin' || payload['admin'] === true)
    return { name: 'an administrator’s JWT', grade: 'high', ...expires };
  if (payload['exp'] === undefined) return { name: 'a JWT that never expires', grade: 'high' };
  return { name: 'a JWT', grade: 'medium', ...expires };
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
