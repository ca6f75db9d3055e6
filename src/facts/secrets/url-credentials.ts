import { isPlaceholder, isReference } from './placeholders.ts';
import { isIdentifier } from './named-verdict.ts';
import type { SecretFact } from './secret-fact.ts';

/** No URL in the wild has a longer user and password; more is not looked at. */
const MAX_USERINFO = 512;
const ENDS_AUTHORITY = /[\s"'`<>\\|^]/;
/** User and password in one word that documentation uses for both. */
const SAMPLE_WORDS = new Set(
  'user username usr userid login name admin root pass passwd password pwd pw psw secret token key'.split(' '),
);
const SAMPLE_HOSTS =
  /(?:^|\.)(?:example\.(?:com|org|net|edu)|[\w-]+\.(?:example|test|invalid)|your[\w-]*(?:\.\w+)*|host|hostname|domain(?:\.com)?|server|foo\.com|bar\.com)$|^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$/i;

/** Passwords and tokens in the user part of URLs of any scheme (RFC 3986 §3.2.1). */
export function urlCredentialsIn(text: string): readonly SecretFact[] {
  const found: SecretFact[] = [];
  let sign = -1;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    if (sign < at + 3) sign = text.indexOf('@', at + 3);
    if (sign === -1) break;
    if (sign - at > MAX_USERINFO) continue;
    const credential = credentialAfter(text, at);
    if (credential) found.push(credential);
  }
  return found;
}

function credentialAfter(text: string, separator: number): SecretFact | undefined {
  const from = separator + 3;
  const at = endOfUserinfo(text, from);
  if (at === -1) return undefined;
  const scheme = /[a-z][a-z0-9+.-]{0,30}$/i.exec(text.slice(Math.max(0, separator - 31), separator))?.[0].toLowerCase();
  const host = /^\[?[\w.:-]{1,255}/.exec(text.slice(at + 1, at + 256))?.[0].replace(/:\d*$/, '') ?? '';
  if (!scheme || host === '') return undefined;
  const colon = text.indexOf(':', from);
  const [user, password, start] =
    colon !== -1 && colon < at
      ? [text.slice(from, colon), text.slice(colon + 1, at), colon + 1]
      : ['', text.slice(from, at), from];
  const hasPassword = start !== from;
  if (!(hasPassword ? isPassword(user, decoded(password), host) : isToken(password, host))) return undefined;
  return {
    start,
    end: at,
    detector: 'url-credential',
    kind: 'url',
    name: hasPassword ? `the password of a ${scheme} URL` : `a token in a ${scheme} URL`,
    grade: 'high',
    masked: '***',
    strength: isLocal(host) && isIdentifier(password) ? 'word' : 'shaped',
    host,
    ...(user !== '' && !isReference(user) && { user: decoded(user) }),
    ...(isLocal(host) && { mode: 'local' as const }),
  };
}

/** Offset of the last `@` of the authority; a password may hold `@`, `/`, `?` and `#` that nobody encoded. */
function endOfUserinfo(text: string, from: number): number {
  let found = -1;
  let pathStarted = false;
  for (let i = from; i < Math.min(text.length, from + MAX_USERINFO); i += 1) {
    const character = text[i] ?? '';
    if (character === '@') {
      if (pathStarted && found !== -1) break;
      found = i;
      if (pathStarted) break;
    } else if (ENDS_AUTHORITY.test(character) || character === ',' || character === ';') break;
    else if (character === '/' || character === '?' || character === '#') {
      if (found !== -1 || text[i + 1] === '/') break;
      // a path before any @: only a password that began with `user:` may go on
      const colon = text.indexOf(':', from);
      if (colon === -1 || colon >= i || /^\d+$/.test(text.slice(colon + 1, i)) || i === colon + 1) return -1;
      pathStarted = true;
    }
  }
  return found;
}

function isPassword(user: string, password: string, host: string): boolean {
  if (password === '' || password.length > 300 || isReference(password) || /^[$:[]|[{}()]|\]$/.test(password))
    return false;
  if (isPlaceholder(password) || SAMPLE_HOSTS.test(host) || /^[*.x-]+$/i.test(password)) return false;
  const lower = password.toLowerCase();
  if (/%(?:s|d|\(|%)/.test(password)) return false;
  const sample = SAMPLE_WORDS.has(lower) || /^(?:my)?(?:db)?[_-]?(?:pass(?:word)?|pwd)\d{0,3}$/i.test(password);
  if (sample) return false;
  const isName = isIdentifier(password) && /pass|pwd|secret|token|key/i.test(password);
  return !(isName && (isIdentifier(host) || /^[A-Z_]+$/.test(password))) && user.length < 200;
}

/** A user without a password is a token where it looks like nothing a person is called. */
const isToken = (user: string, host: string): boolean =>
  /^[\w.~-]{20,200}$/.test(user) &&
  /\d/.test(user) &&
  /[A-Za-z]/.test(user) &&
  !/sentry|glitchtip|bugsink/i.test(host) &&
  !SAMPLE_HOSTS.test(host) &&
  !isPlaceholder(user) &&
  !/^[a-z]+(?:[.-][a-z]+)*\d{0,4}$/i.test(user);

/** Reached only from the machine itself or its own container network. */
const isLocal = (host: string): boolean =>
  !host.includes('.') ||
  /^(?:127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|\.(?:local|internal|localhost)$/.test(host);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
