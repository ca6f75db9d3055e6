import type { Document } from '../../document/document.ts';
import { maskOf } from '../../document/mask.ts';
import { verdictOn } from './named-verdict.ts';
import { SECRET_WORDS, secretNameOf } from './secret-names.ts';
import type { SecretFact } from './secret-fact.ts';
import { valueAfter } from './value-after.ts';

const NAME_CHARACTER = /[\w$.-]/;
const MAX_NAME = 80;
const REGISTRY_FILE = /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|bunfig\.toml)$/;
const REGISTRY_KEY = /^(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent|token|password)$/;

/** Literals bound to the name of a secret, in code, settings and command lines. */
export function namedValuesIn(document: Document): readonly SecretFact[] {
  const { text } = document;
  // the values in the description of an API are examples
  if (/^\s{0,20}\{?\s{0,20}["']?(?:openapi|swagger)["']?\s{0,4}:/m.test(text.slice(0, 500))) return [];
  const found: SecretFact[] = [];
  let done = 0;
  for (let hit = SECRET_WORDS.next(text, 0); hit; hit = SECRET_WORDS.next(text, done)) {
    const { start, end } = nameAround(text, hit.index, hit.index + hit.found.length);
    done = end;
    if (end - start > MAX_NAME) continue;
    const secret = secretBoundTo(document, start, end);
    if (!secret) continue;
    found.push(secret);
    done = Math.max(done, secret.end);
  }
  return found;
}

function nameAround(text: string, from: number, to: number): { start: number; end: number } {
  let start = from;
  while (start > 0 && from - start < MAX_NAME && NAME_CHARACTER.test(text[start - 1] ?? '')) start -= 1;
  let end = to;
  while (end < text.length && end - to < MAX_NAME && NAME_CHARACTER.test(text[end] ?? '')) end += 1;
  while (end > to && /[.-]/.test(text[end - 1] ?? '')) end -= 1;
  return { start, end };
}

function secretBoundTo(document: Document, start: number, end: number): SecretFact | undefined {
  const { text, path } = document;
  const name = text.slice(start, end).replace(/^-+/, '');
  const key = name.slice(name.lastIndexOf('.') + 1);
  const registry = REGISTRY_FILE.test(path) && REGISTRY_KEY.test(key);
  const promised =
    registry || /^authorization$/i.test(key)
      ? 'key'
      : /^pass$/i.test(key) && hasUserBeside(text, start)
        ? 'password'
        : secretNameOf(key);
  if (promised === undefined || isSealed(text, start)) return undefined;
  const bound = valueAfter(document, { start, end });
  if (!bound) return undefined;
  const value = text.slice(bound.start, bound.end);
  if (/^[0-9a-f]{32}$/.test(value) && isSearchKey(text, start)) return undefined;
  if (promised === 'password' && /@example\.(?:com|org|net)\b/.test(around(text, start, 120))) return undefined;
  const verdict = verdictOn({ name, key, promised, value, bound, registry, language: document.language });
  if (!verdict) return undefined;
  const { skip = 0, ...rest } = verdict;
  return {
    start: bound.start + skip,
    end: bound.end,
    key: name,
    masked: maskOf(value.slice(skip)),
    ...(bound.fallback && { fallback: true as const }),
    ...(document.language === 'yaml' && isInSecretObject(text, start) && { object: true as const }),
    ...rest,
  };
}

/** `user: 'mailer', pass: '…'`: the word alone says too little. */
const hasUserBeside = (text: string, at: number): boolean =>
  /\b(?:user|username|login|email)["']?[ \t]{0,4}[:=]/i.test(around(text, at, 150));

/** `encrypted: { token: … }`: nobody can read it. */
const isSealed = (text: string, at: number): boolean =>
  /\bencrypted["']?\s{0,4}:\s{0,20}\{[^{}]{0,100}$/i.test(text.slice(Math.max(0, at - 150), at));

/** In a document of YAML that is a Secret of Kubernetes, and no template of one. */
function isInSecretObject(text: string, at: number): boolean {
  const from = text.lastIndexOf('\n---', at);
  const to = text.indexOf('\n---', at);
  const object = text.slice(Math.max(0, from), to === -1 ? undefined : to);
  return /^[ -]*kind: *["']?Secret["']?\s*$/m.test(object) && !object.includes('{{');
}

/** Beside the application and the index it searches stands a key that browsers are given. */
const isSearchKey = (text: string, at: number): boolean =>
  /\bindexName\b|\bdocsearch\b/i.test(around(text, at, 200)) && !/admin|write/i.test(around(text, at, 60));

const around = (text: string, at: number, distance: number): string =>
  text.slice(Math.max(0, at - distance), at + distance);
