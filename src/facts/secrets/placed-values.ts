import type { Document } from '../../document/document.ts';
import { maskOf } from '../../document/mask.ts';
import { isFiller, isPlaceholder, isReference } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';

/** Calls whose argument is a secret by its place, up to the quote of a literal. Linear: the pieces cannot overlap. */
const CALLS: readonly RegExp[] = [
  /\b(?:jwt|JWT|jsonwebtoken)\.(?:sign|verify)\((?:[^,(){}\n]|\([^()\n]{0,200}\)|\{[^{}\n]{0,200}\}){1,200},\s{0,20}["'`]/g,
  /\bcreateHmac\(\s{0,20}["'][\w-]{1,30}["']\s{0,20},\s{0,20}["'`]/g,
  /\bcookieParser\(\s{0,20}["'`]/g,
];
/** Calls whose argument has the format of one issuer, up to its first character. */
const TOKEN_CALLS: readonly (readonly [call: RegExp, detector: string, name: string])[] = [
  [/\.login\(\s{0,20}["'`](?=[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}["'`])/g, 'discord-token', 'a Discord bot token'],
  [/["'`]AC[0-9a-f]{32}["'`]\s{0,20},\s{0,20}["'`](?=[0-9a-f]{32}["'`])/g, 'twilio-token', 'a Twilio auth token'],
];
/** `host:port:database:user:password` and `user:hash`. */
const LAST_FIELD = /(^|\/)(\.pgpass|\.htpasswd)$/;

/** Tokens whose format means something only where they stand, in code; passwords of a user list of PgBouncer. */
export function placedTokensIn({ text, language, path }: Document): readonly SecretFact[] {
  if (/(^|\/)userlist\.txt$/.test(path)) return clearPasswordsOf(text);
  if (language === 'json') return registryLoginsOf(text);
  if (language !== 'javascript') return [];
  return TOKEN_CALLS.flatMap(([call, detector, name]) =>
    [...text.matchAll(call)].flatMap(({ index, 0: matched }) => {
      const start = index + matched.length;
      const value = /^[\w.-]{0,100}/.exec(text.slice(start, start + 100))?.[0] ?? '';
      if (isFiller(value)) return [];
      return [
        {
          start,
          end: start + value.length,
          detector,
          kind: 'token' as const,
          name,
          grade: 'critical' as const,
          strength: 'shaped' as const,
          masked: maskOf(value),
        },
      ];
    }),
  );
}

/** `"auths": { "ghcr.io": { "auth": "dXNlcjpwYXNz" } }`, as docker login writes it. */
const registryLoginsOf = (text: string): readonly SecretFact[] =>
  !text.includes('"auths"')
    ? []
    : [...text.matchAll(/"auth"\s{0,10}:\s{0,10}"(?=([A-Za-z0-9+/=]{8,4000})")/g)].flatMap(
        ({ index, 0: matched, 1: value = '' }) => {
          const start = index + matched.length;
          if (!/^[\x20-\x7e]{1,200}:[\x20-\x7e]{4,}$/.test(Buffer.from(value, 'base64').toString('latin1'))) return [];
          return [
            {
              start,
              end: start + value.length,
              detector: 'docker-login',
              kind: 'token' as const,
              name: 'the login of a container registry',
              grade: 'critical' as const,
              strength: 'shaped' as const,
              masked: maskOf(value),
            },
          ];
        },
      );

/** `"user" "password"`, where the password is not hashed. */
const clearPasswordsOf = (text: string): readonly SecretFact[] =>
  [...text.matchAll(/^[ \t]{0,20}"[^"\n]{1,100}"[ \t]{1,20}"(?!md5|SCRAM)/gm)].flatMap(({ index, 0: matched }) => {
    const start = index + matched.length;
    const value = /^[^"\n]{0,200}/.exec(text.slice(start, start + 200))?.[0] ?? '';
    const [fact] = hidden(text, start, start + value.length);
    return fact ? [{ ...fact, key: 'userlist.txt', name: 'the password of a database user', strength: 'guessed' }] : [];
  });

/** Values that are secrets by where they stand, whatever they look like and without any name. Hidden, not judged. */
export function placedValuesIn({ text, language, path }: Document): readonly SecretFact[] {
  if (LAST_FIELD.test(path)) return lastFieldsOf(text);
  if (language !== 'javascript') return [];
  return CALLS.flatMap((call) =>
    [...text.matchAll(call)].flatMap(({ index, 0: matched }) => {
      const start = index + matched.length;
      const quote = matched.at(-1) ?? '';
      const line = text.slice(start, start + 300).split('\n', 1)[0] ?? '';
      const end = start + line.indexOf(quote);
      return end < start ? [] : hidden(text, start, end);
    }),
  );
}

function lastFieldsOf(text: string): readonly SecretFact[] {
  const found: SecretFact[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const content = line.trimEnd();
    const colon = content.lastIndexOf(':');
    if (colon !== -1 && !content.startsWith('#'))
      found.push(...hidden(text, start + colon + 1, start + content.length));
    start += line.length + 1;
  }
  return found;
}

function hidden(text: string, start: number, end: number): readonly SecretFact[] {
  const value = text.slice(start, end);
  if (value.length < 4 || isReference(value) || isPlaceholder(value)) return [];
  return [
    {
      start,
      end,
      detector: 'placed-secret',
      kind: 'named',
      name: 'a secret',
      grade: 'high',
      strength: 'word',
      masked: maskOf(value),
    },
  ];
}
