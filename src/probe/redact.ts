import { maskOf } from '../document/mask.ts';
import type { Pair } from './exchange.ts';

/** What the user gave to log in: never written anywhere. */
export interface Credentials {
  readonly headers: readonly Pair[];
}

/** Takes every form of the user's secrets out of a text: as given, in base64, percent-encoded. */
export function redactorOf(credentials: readonly Credentials[]): (text: string) => string {
  const forms = new Set<string>();
  for (const [, value] of credentials.flatMap(({ headers }) => headers)) {
    for (const secret of secretsIn(value)) {
      for (const form of formsOf(secret)) if (form.length >= 4) forms.add(form);
    }
  }
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, form) => clean.replaceAll(form, maskOf(form)), text);
}

/** The value itself, and its parts that are secret alone: a token after its scheme, each cookie, a password. */
function secretsIn(value: string): readonly string[] {
  const token = /^\w+ +(\S+)$/.exec(value)?.[1];
  const decoded = token && /^Basic /i.test(value) ? Buffer.from(token, 'base64').toString('utf8') : undefined;
  const password = decoded?.slice(decoded.indexOf(':') + 1);
  const cookies = value.split(';').map((cookie) => cookie.slice(cookie.indexOf('=') + 1).trim());
  return [value, token, decoded, password, ...cookies].filter((secret) => secret !== undefined);
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64');
  return [secret, base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), encodeURIComponent(secret)];
}
