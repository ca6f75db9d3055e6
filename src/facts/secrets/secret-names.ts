import { AnchorSearch } from './anchor-search.ts';
import { wordsOf } from './placeholders.ts';

/** What the name of a key says its value is: a person's password, a key or token, or neither. */
export type SecretName = 'password' | 'key';

const PASSWORD_WORDS = new Set('password passwd passphrase pwd passwort'.split(' '));
const KEY_WORDS = new Set('secret secrets token credential credentials apikey secretkey authtoken pepper'.split(' '));
const KEY_PAIRS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    api: ['key', 'secret', 'token'],
    private: ['key'],
    access: ['key', 'token'],
    auth: ['key', 'token', 'pass'],
    signing: ['key', 'secret'],
    encryption: ['key'],
    secret: ['key'],
    master: ['key'],
    app: ['key'],
    account: ['key'],
    cookie: ['key'],
    session: ['key'],
    hmac: ['key'],
    jwt: ['key'],
    db: ['pass'],
    smtp: ['pass'],
    mail: ['pass'],
    email: ['pass'],
    user: ['pass'],
    redis: ['pass'],
    mysql: ['pass'],
    mongo: ['pass'],
  }).map(([first, seconds]) => [first, new Set(seconds)]),
);

/** Wherever in a name, they make it the name of something about a secret. */
const VETO = new Set(
  (
    'error errors err message msg label title hint placeholder issuer regex pattern policy reset forgot forgotten ' +
    'change changed confirm confirmation confirmed csrf xsrf public keyboard monkey author invalid wrong incorrect ' +
    'missing required validate validation validator i18n translation sitekey tokenizer encoding hashed template test ' +
    'button icon style css class dialog modal input form show toggle hide schema dto entity'
  ).split(' '),
);
/** The same behind the word that means the secret. */
const VETO_AFTER = new Set(
  (
    'length size min max text description desc help url uri endpoint host path paths file filename filepath dir field ' +
    'fields name names header headers type types kind expiry expires expiration expire ttl lifetime age duration timeout ' +
    'interval rule rules strength format verify verification address id ids count counts limit limits algorithm ' +
    'algorithms alg prefix suffix column param parameter params option options config mode status state enabled ' +
    'disabled exists visible page screen view route subject event action actions scope scopes audience provider service ' +
    'manager factory repository controller handler middleware guard strategy response request model table link color ' +
    'selector query version ref arn env var variable location method function callback hash rounds site syntax symbol ' +
    'contract store storage usage budget bucket cache source component feature value values at by in on for from of is ' +
    'pair period position start end index list map set digest cipher backend engine driver'
  ).split(' '),
);

/** What the name of a variable, property or setting promises; undefined where it promises no secret. */
export function secretNameOf(name: string): SecretName | undefined {
  const words = wordsOf(name);
  if (words.length > 8 || words.some((word) => VETO.has(word))) return undefined;
  for (const [i, word] of words.entries()) {
    const promised = promisedBy(word, words[i + 1]);
    // `passwordKey` names the key under which a password is found
    if (promised && words.slice(i + 1).some((later) => VETO_AFTER.has(later))) return undefined;
    if (promised) return promised === 'password' && words.at(-1) === 'key' ? 'key' : promised;
  }
  return undefined;
}

function promisedBy(word: string, next = ''): SecretName | undefined {
  if (PASSWORD_WORDS.has(word) || /(?:password|passwd|passphrase)$/.test(word)) return 'password';
  if (next === 'pass' && KEY_PAIRS.get(word)?.has('pass')) return 'password';
  if (KEY_WORDS.has(word) || KEY_PAIRS.get(word)?.has(next)) return 'key';
  return /(?:apikey|secretkey|authtoken|accesstoken|secret)$/.test(word) ? 'key' : undefined;
}

/** Finds every place whose surroundings may be such a name. */
export const SECRET_WORDS = new AnchorSearch(
  /secret|token|authorization|_auth\b|npmAuth|passw|passphrase|[_-]pass\b|\bpass\b|pwd|credential|api[_-]?key|(?:private|access|auth|signing|encryption|master|app|account|cookie|session|hmac|jwt)[_-]?key|authtoken|pepper|userpass|smtppass|dbpass/i,
  // the letters these start with
  'sec tok aut _au npm pas _pa -pa pwd cre api pri acc sig enc mas app coo ses hma jwt pep use smt dbp'.split(' '),
);
